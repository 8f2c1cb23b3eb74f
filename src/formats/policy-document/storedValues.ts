import { equalBytes } from '../../base/bytes.ts'
import {
  dwordValue,
  multiStringValue,
  numberOfValue,
  type RegistryKey,
  RegistryType,
  type RegistryValue,
  stringValue,
  textOfValue,
  textsOfValue,
} from '../../policy/registryValue.ts'
import type { StoredObject } from '../../policy/storedObject.ts'
import type { KeyProperties, StoredKey, StoredValue } from './storedPart.ts'
import { nowhere } from './document.ts'

export function sameValue(a: RegistryValue, b: RegistryValue): boolean {
  return a.name === b.name && a.type === b.type && equalBytes(a.data, b.data)
}

/** A value in the form that is easiest to read and still exact. */
export function storedValueOf(value: RegistryValue): StoredValue {
  const base = { at: nowhere, name: value.name, type: value.type }
  switch (value.type) {
    case RegistryType.string:
    case RegistryType.expandString: {
      const text = textOfValue(value)
      if (equalBytes(stringValue('', text).data, value.data)) return { ...base, text }
      break
    }
    case RegistryType.multiString: {
      const texts = textsOfValue(value)
      if (equalBytes(multiStringValue('', texts).data, value.data)) return { ...base, texts }
      break
    }
    case RegistryType.dword: {
      const number = numberOfValue(value)
      if (number !== undefined) return { ...base, number }
      break
    }
  }
  return { ...base, data: value.data }
}

function registryValueOf(value: StoredValue): RegistryValue {
  const { name, type } = value
  if (value.text !== undefined) return { name, type, data: stringValue(name, value.text).data }
  if (value.texts !== undefined) return { name, type, data: multiStringValue(name, value.texts).data }
  if (value.number !== undefined) return { name, type, data: dwordValue(name, value.number).data }
  return { name, type, data: value.data ?? new Uint8Array(0) }
}

export interface ValueDifference {
  readonly values?: readonly StoredValue[]
  readonly absent?: readonly string[]
}

/** What turns the values of `made` into those of `original`; the order of values has no meaning. */
export function differenceOf(original: readonly RegistryValue[], made: readonly RegistryValue[]): ValueDifference {
  const madeByName = new Map(made.map((value) => [value.name.toLowerCase(), value]))
  const counts = new Map<string, number>()
  for (const value of original) {
    const name = value.name.toLowerCase()
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const values = original.filter((value) => {
    const name = value.name.toLowerCase()
    const other = madeByName.get(name)
    return counts.get(name) !== 1 || other === undefined || !sameValue(value, other)
  })
  const absent = made.filter((value) => !counts.has(value.name.toLowerCase())).map((value) => value.name)
  return {
    ...(values.length === 0 ? {} : { values: values.map(storedValueOf) }),
    ...(absent.length === 0 ? {} : { absent }),
  }
}

export function withDifference(made: readonly RegistryValue[], difference: ValueDifference): readonly RegistryValue[] {
  if (difference.values === undefined && difference.absent === undefined) return made
  const replaced = new Set<string>()
  for (const name of difference.absent ?? []) replaced.add(name.toLowerCase())
  for (const value of difference.values ?? []) replaced.add(value.name.toLowerCase())
  const kept = made.filter((value) => !replaced.has(value.name.toLowerCase()))
  return [...kept, ...(difference.values ?? []).map(registryValueOf)]
}

type KeyInfo = NonNullable<StoredObject['keyInfo']>

export function keyPropertiesOf(info: KeyInfo | undefined): KeyProperties | undefined {
  if (info === undefined) return undefined
  return {
    at: nowhere,
    ...(info.lastWritten === undefined ? {} : { written: info.lastWritten }),
    ...(info.className === undefined ? {} : { class: info.className }),
    ...(info.security === undefined ? {} : { security: info.security }),
    ...(info.flags === undefined ? {} : { flags: info.flags }),
  }
}

/** What must be said of a key when `usual` is what most keys have. */
export function keyPropertiesBeside(
  info: KeyInfo | undefined,
  usual: KeyProperties | undefined,
): KeyProperties | undefined {
  const own = keyPropertiesOf(info) ?? { at: nowhere }
  const said: Record<string, unknown> = {}
  for (const name of keyPropertyNames) {
    if (sameProperty(own[name], usual?.[name])) continue
    said[name] = own[name] ?? false
  }
  return Object.keys(said).length === 0 ? undefined : { at: nowhere, ...said }
}

export const keyPropertyNames = ['written', 'class', 'security', 'flags'] as const

function sameProperty(a: unknown, b: unknown): boolean {
  return a instanceof Uint8Array && b instanceof Uint8Array ? equalBytes(a, b) : a === b
}

/** The reverse of keyPropertiesBeside. */
export function keyInfoFrom(said: KeyProperties | undefined, usual?: KeyProperties): KeyInfo | undefined {
  if (said === undefined && usual === undefined) return undefined
  const found = { ...usual, ...said }
  const info: KeyInfo = {
    ...(typeof found.written === 'bigint' ? { lastWritten: found.written } : {}),
    ...(found.class instanceof Uint8Array ? { className: found.class } : {}),
    ...(found.security instanceof Uint8Array ? { security: found.security } : {}),
    ...(typeof found.flags === 'number' ? { flags: found.flags } : {}),
  }
  return Object.keys(info).length === 0 ? undefined : info
}

/** How deep keys below an area are carried; no known writer makes any. */
const keyDepthLimit = 10

/** A whole key; `onLost` is told of each that is nested more deeply than the document can say. */
export function storedKeyOf(
  key: RegistryKey,
  usual: KeyProperties | undefined,
  onLost: (name: string) => void,
  depth = 0,
): StoredKey {
  const keys: StoredKey[] = []
  for (const subkey of key.subkeys) {
    if (depth < keyDepthLimit) keys.push(storedKeyOf(subkey, usual, onLost, depth + 1))
    else onLost(subkey.name)
  }
  const properties = keyPropertiesBeside(key, usual)
  return {
    at: nowhere,
    name: key.name,
    ...(key.values.length === 0 ? {} : { values: key.values.map(storedValueOf) }),
    ...(keys.length === 0 ? {} : { keys }),
    ...(properties === undefined ? {} : { key: properties }),
  }
}

export function registryKeyOf(key: StoredKey, usual: KeyProperties | undefined): RegistryKey {
  return {
    name: key.name,
    values: (key.values ?? []).map(registryValueOf),
    subkeys: (key.keys ?? []).map((subkey) => registryKeyOf(subkey, usual)),
    ...keyInfoFrom(key.key, usual),
  }
}
