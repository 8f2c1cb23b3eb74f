import { findValue, numberOfValue, RegistryType, textOfValue, textsOfValue } from './registryValue.ts'
import type { StoredObject } from './storedObject.ts'

/** Attributes whose values refer to other objects, and whether they may have several. */
export const referenceAttributes = {
  ipsecOwnersReference: 'many',
  ipsecNFAReference: 'many',
  ipsecFilterReference: 'many',
  ipsecISAKMPReference: 'one',
  ipsecNegotiationPolicyReference: 'one',
} as const

export type ReferenceAttribute = keyof typeof referenceAttributes

/** Text of an attribute; `undefined` when absent. */
export function attributeText(object: StoredObject, name: string): string | undefined {
  const value = findValue(object.values, name)
  return value === undefined ? undefined : textOfValue(value)
}

/** Number of an attribute (REG_DWORD, or digits in a string as the directory has them); `undefined` when absent or no number. */
export function attributeNumber(object: StoredObject, name: string): number | undefined {
  const value = findValue(object.values, name)
  if (value === undefined) return undefined
  if (value.type === RegistryType.string) {
    const text = textOfValue(value)
    return /^\d+$/.test(text) ? Number(text) : undefined
  }
  return numberOfValue(value)
}

export function attributeBytes(object: StoredObject, name: string): Uint8Array | undefined {
  return findValue(object.values, name)?.data
}

/** Reference texts as written, REG_SZ and REG_MULTI_SZ alike. */
export function attributeReferences(object: StoredObject, name: ReferenceAttribute): string[] {
  const value = findValue(object.values, name)
  return value === undefined ? [] : textsOfValue(value)
}
