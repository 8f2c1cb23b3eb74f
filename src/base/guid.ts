/** GUID text in braces and lower case: the one form used inside polagent. Spec: policy-objects.md section 0. */
export type Guid = string & { readonly __guid: unique symbol }

const pattern = /^\s*\{?\s*([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})\s*\}?\s*$/i

/** Reads a GUID with or without braces, in any case, blanks tolerated; `undefined` when it is none. */
export function parseGuid(text: string): Guid | undefined {
  const match = pattern.exec(text)
  if (match === null) return undefined
  return `{${match.slice(1).join('-').toLowerCase()}}` as Guid
}

/** For constants in tables: throws when the text is no GUID, which is a mistake in the program. */
export function guid(text: string): Guid {
  const value = parseGuid(text)
  if (value === undefined) throw new TypeError(`not a GUID: ${text}`)
  return value
}

const hex = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'))
const textOrder = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15]

/** The 16 stored bytes (first three groups little-endian) as text. */
export function guidFromBytes(bytes: Uint8Array, offset = 0): Guid {
  let text = '{'
  for (const index of textOrder) text += index < 0 ? '-' : hex[bytes[offset + index] as number]
  return `${text}}` as Guid
}

/** The 16 bytes as stored in blobs. */
export function guidToBytes(value: Guid): Uint8Array {
  const bytes = new Uint8Array(16)
  let at = 1
  for (const index of textOrder) {
    if (index < 0) {
      at += 1
      continue
    }
    bytes[index] = Number.parseInt(value.slice(at, at + 2), 16)
    at += 2
  }
  return bytes
}

/** `{` + GUID in upper case + `}`, as Windows 2000 and the directory write it. */
export function upperGuid(value: Guid): string {
  return value.toUpperCase()
}
