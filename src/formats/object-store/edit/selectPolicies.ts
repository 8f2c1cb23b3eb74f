import { PolagentError } from '../../../base/errors.ts'
import type { Guid } from '../../../base/guid.ts'
import { parseReference, referenceKey } from '../../../policy/reference.ts'
import { textOfValue } from '../../../policy/registryValue.ts'
import type { ObjectStore, StoredObject } from '../../../policy/storedObject.ts'
import { isActivePolicy } from '../assignment.ts'
import { ownersByTarget } from '../links.ts'
import { reachableObjects } from '../memberObjects.ts'
import { ObjectIndex } from '../objectIndex.ts'
import { withOwners } from './backReferences.ts'

/** Only these policies and what they use; back references to what is left out are taken out. */
export function selectPolicies(store: ObjectStore, policyIds: readonly Guid[]): ObjectStore {
  const index = new ObjectIndex(store)
  const members = new Set(
    reachableObjects(
      index,
      policyIds.map((id) => policyOf(index, id)),
    ),
  )
  const objects = store.objects.filter((object) => members.has(object))
  const owners = ownersByTarget({ objects })
  const ids = new Set<string>(policyIds)
  const isOfThese = (text: string): boolean => ids.has(parseReference(text)?.id ?? '')
  const { surroundings: _left, ...rest } = store
  return {
    ...rest,
    values: store.values.filter((value) => !isActivePolicy(value) || isOfThese(textOfValue(value))),
    objects: objects.map((object) => withOwners(object, owners.get(referenceKey(object)) ?? [], store)),
    otherKeys: [],
    ...(store.gpoAssignments === undefined
      ? {}
      : { gpoAssignments: store.gpoAssignments.filter((one) => one.references.some(isOfThese)) }),
  }
}

function policyOf(index: ObjectIndex, id: Guid): StoredObject {
  const policy = index.find('ipsecPolicy', id)
  if (policy === undefined) throw new PolagentError('NOT_FOUND', { what: `policy ${id}` })
  return policy
}
