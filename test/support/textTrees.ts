import type { RegistryKey } from '../../src/policy/registryValue.ts'

/** A key of text as plain data without lines: names, values, subkeys, in the order they have. */
export interface PlainTextKey {
  readonly name: string
  readonly values: readonly { readonly name: string; readonly type: number; readonly data: readonly number[] }[]
  readonly subkeys: readonly PlainTextKey[]
}

export function plainTextKey(key: RegistryKey): PlainTextKey {
  return {
    name: key.name,
    values: key.values.map(({ name, type, data }) => ({ name, type, data: [...data] })),
    subkeys: key.subkeys.map(plainTextKey),
  }
}

/** The key at a path of names below a root; fails when there is none. */
export function keyAt(root: RegistryKey, ...path: readonly string[]): RegistryKey {
  let key = root
  for (const name of path) {
    const next = key.subkeys.find((subkey) => subkey.name === name)
    if (next === undefined) throw new Error(`no key ${name} in ${key.name}`)
    key = next
  }
  return key
}

export function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0))
}
