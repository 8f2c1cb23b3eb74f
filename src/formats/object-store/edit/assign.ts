import { PolagentError } from '../../../base/errors.ts'
import type { Guid } from '../../../base/guid.ts'
import { parseReference } from '../../../policy/reference.ts'
import { findValue, stringValue, textOfValue } from '../../../policy/registryValue.ts'
import type { ObjectStore } from '../../../policy/storedObject.ts'
import { activePolicyValue } from '../assignment.ts'
import { referenceText } from '../referenceText.ts'
import { withoutValue, withValue } from './editValues.ts'

/** The store with this policy assigned and no other (registry-store.md 2.4); `undefined` assigns none. */
export function assign(store: ObjectStore, policyId: Guid | undefined): ObjectStore {
  if (store.area === 'directory') {
    throw new PolagentError('USAGE', { what: 'a policy in a directory is assigned by a group policy object' })
  }
  if (policyId === undefined) return { ...store, values: withoutValue(store.values, activePolicyValue) }
  const policy = store.objects.find((object) => object.class === 'ipsecPolicy' && object.id === policyId)
  if (policy === undefined) throw new PolagentError('NOT_FOUND', { what: `policy ${policyId}` })
  if (assignedId(store) === policyId) return store
  const value = stringValue(activePolicyValue, referenceText(store.keyPath, policy))
  return { ...store, values: withValue(withoutValue(store.values, activePolicyValue), value) }
}

/** The id ActivePolicy names, when it is there once and names a policy. */
function assignedId(store: ObjectStore): Guid | undefined {
  const named = store.values.filter((value) => value.name.toLowerCase() === activePolicyValue.toLowerCase())
  const value = named.length === 1 ? findValue(store.values, activePolicyValue) : undefined
  const reference = value === undefined ? undefined : parseReference(textOfValue(value))
  return reference?.class === 'ipsecPolicy' ? reference.id : undefined
}
