import { equalBytes } from '../../../base/bytes.ts'
import { referenceAttributes } from '../../../policy/attributes.ts'
import { parseReference, referenceKey } from '../../../policy/reference.ts'
import { type RegistryValue, textsOfValue } from '../../../policy/registryValue.ts'
import type { StoredObject } from '../../../policy/storedObject.ts'

/** What changes when nothing about the object itself does. */
const ignored: ReadonlySet<string> = new Set(['ipsecownersreference', 'whenchanged'])
const references: ReadonlySet<string> = new Set(Object.keys(referenceAttributes).map((name) => name.toLowerCase()))

/** Whether two objects say the same: all values but the owners and the time, references by what they lead to. */
export function sameContent(a: StoredObject, b: StoredObject): boolean {
  if (a.subkeys.length > 0 || b.subkeys.length > 0) return false
  const left = comparable(a)
  const right = comparable(b)
  if (left.size !== right.size) return false
  for (const [name, value] of left) {
    const other = right.get(name)
    if (other === undefined || !sameValue(name, value, other)) return false
  }
  return true
}

function comparable(object: StoredObject): Map<string, RegistryValue> {
  const values = new Map<string, RegistryValue>()
  for (const value of object.values) {
    const name = value.name.toLowerCase()
    if (!ignored.has(name) && !values.has(name)) values.set(name, value)
  }
  return values
}

function sameValue(name: string, a: RegistryValue, b: RegistryValue): boolean {
  if (!references.has(name)) return a.type === b.type && equalBytes(a.data, b.data)
  const left = new Set(textsOfValue(a).map(targetOf))
  const right = new Set(textsOfValue(b).map(targetOf))
  return left.size === right.size && [...left].every((target) => right.has(target))
}

function targetOf(text: string): string {
  const reference = parseReference(text)
  return reference === undefined ? text : referenceKey(reference)
}
