import { decodeUtf16, decodeUtf16Terminated, encodeUtf16Terminated } from '../base/utf16.ts'

/** Registry value types that policy objects use; any other number is kept as it is. */
export const RegistryType = {
  none: 0,
  string: 1,
  expandString: 2,
  binary: 3,
  dword: 4,
  dwordBigEndian: 5,
  link: 6,
  multiString: 7,
  resourceList: 8,
  fullResourceDescriptor: 9,
  resourceRequirementsList: 10,
  qword: 11,
} as const

/** A registry value exactly as stored. The default value has the name ''. */
export interface RegistryValue {
  readonly name: string
  readonly type: number
  readonly data: Uint8Array
}

/** A registry key as a reader found it or a writer shall write it. Readers may compute `values` and `subkeys` lazily. */
export interface RegistryKey {
  readonly name: string
  readonly values: readonly RegistryValue[]
  readonly subkeys: readonly RegistryKey[]
  /** FILETIME (100 ns since 1601); hives only. */
  readonly lastWritten?: bigint
  /** Hives only: class name bytes, self-relative security descriptor, nk flags beyond root and name encoding. */
  readonly className?: Uint8Array
  readonly security?: Uint8Array
  readonly flags?: number
  /** Byte offset in the hive file, or line in the text. */
  readonly offset?: number
  readonly line?: number
}

export function stringValue(name: string, text: string): RegistryValue {
  return { name, type: RegistryType.string, data: encodeUtf16Terminated(text) }
}

export function multiStringValue(name: string, texts: readonly string[]): RegistryValue {
  return {
    name,
    type: RegistryType.multiString,
    data: encodeUtf16Terminated(texts.map((text) => `${text}\0`).join('')),
  }
}

export function dwordValue(name: string, value: number): RegistryValue {
  const data = new Uint8Array(4)
  new DataView(data.buffer).setUint32(0, value, true)
  return { name, type: RegistryType.dword, data }
}

export function binaryValue(name: string, data: Uint8Array): RegistryValue {
  return { name, type: RegistryType.binary, data }
}

/** The first string of a REG_SZ, REG_EXPAND_SZ or REG_MULTI_SZ. */
export function textOfValue(value: RegistryValue): string {
  return decodeUtf16Terminated(value.data)
}

/** All strings of a REG_MULTI_SZ, the one of a REG_SZ; empty ones left out. */
export function textsOfValue(value: RegistryValue): string[] {
  if (value.type !== RegistryType.multiString) return [textOfValue(value)].filter((text) => text !== '')
  const text = decodeUtf16(value.data)
  const end = text.indexOf('\0')
  // One string is the usual case, and then there is nothing to take apart.
  if (end > 0 && end >= text.length - 2 && text.endsWith('\0')) return [text.slice(0, end)]
  return text.split('\0').filter((part) => part !== '')
}

/** A DWORD of either byte order, or `undefined` when the data is of another size. */
export function numberOfValue(value: RegistryValue): number | undefined {
  if (value.data.length !== 4) return undefined
  const view = new DataView(value.data.buffer, value.data.byteOffset, 4)
  return view.getUint32(0, value.type !== RegistryType.dwordBigEndian)
}

/** The value of that name without regard to case. */
export function findValue(values: readonly RegistryValue[], name: string): RegistryValue | undefined {
  return findNamed(values, name)
}

/** The subkey of that name without regard to case. */
export function findSubkey(key: RegistryKey, name: string): RegistryKey | undefined {
  return findNamed(key.subkeys, name)
}

/** Most names differ in length already; only the others are compared letter by letter. */
function findNamed<T extends { readonly name: string }>(items: readonly T[], name: string): T | undefined {
  const wanted = name.toLowerCase()
  for (const item of items) {
    if (item.name === name) return item
    if (item.name.length === name.length && item.name.toLowerCase() === wanted) return item
  }
  return undefined
}
