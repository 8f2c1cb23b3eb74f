/** GUID text in braces and lower case: the one form used inside polagent. Spec: policy-objects.md section 0. */
export type Guid = string & { readonly __guid: unique symbol }

const pattern = /^\s*\{?\s*([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})\s*\}?\s*$/i

/** The form in use already; stores have hundreds of thousands of references in it. */
const plain = /^\{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}$/

/** Reads a GUID with or without braces, in any case, blanks tolerated; `undefined` when it is none. */
export function parseGuid(text: string): Guid | undefined {
  if (plain.test(text)) return text as Guid
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

const textOrder = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15]
const hexDigit = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))
const dash = '-'.charCodeAt(0)
/** Character codes of the text being built; one flat string a GUID matters when a list has a million of them. */
const codes: number[] = Array.from('{00000000-0000-0000-0000-000000000000}', (char) => char.charCodeAt(0))

/** The 16 stored bytes (first three groups little-endian) as text. */
export function guidFromBytes(bytes: Uint8Array, offset = 0): Guid {
  let at = 1
  for (const index of textOrder) {
    if (index < 0) {
      codes[at] = dash
      at += 1
      continue
    }
    const byte = bytes[offset + index] as number
    codes[at] = hexDigit[byte >>> 4] as number
    codes[at + 1] = hexDigit[byte & 15] as number
    at += 2
  }
  return String.fromCharCode.apply(null, codes) as Guid
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
