import { PolagentError } from '../../../base/errors.ts'
import type { Guid } from '../../../base/guid.ts'
import { attributeText } from '../../../policy/attributes.ts'
import type { ObjectClass } from '../../../policy/objectClass.ts'
import { parseReference, referenceKey } from '../../../policy/reference.ts'
import { textOfValue } from '../../../policy/registryValue.ts'
import type { ObjectStore, StoredObject } from '../../../policy/storedObject.ts'
import { isActivePolicy } from '../assignment.ts'
import { forwardReferences, ownersByTarget } from '../links.ts'
import { ObjectIndex } from '../objectIndex.ts'
import { withoutOwners } from './backReferences.ts'

export interface DeleteOptions {
  /** Named filter lists and actions that no rule uses any more stay in the store. */
  readonly keepShared?: boolean
}

/**
 * The store without the policy and without what only it used: its main mode settings and rules, then the filter lists
 * and actions of those rules (registry-store.md 2.7). What other policies use stays, less its references to what is
 * gone. When the policy was assigned, none is.
 */
export function deletePolicy(store: ObjectStore, policyId: Guid, options: DeleteOptions = {}): ObjectStore {
  const policies = store.objects.filter((object) => object.class === 'ipsecPolicy' && object.id === policyId)
  if (policies.length === 0) throw new PolagentError('NOT_FOUND', { what: `policy ${policyId}` })
  const without = deleteObjects(store, policies, options)
  const values = without.values.filter((value) => {
    return !isActivePolicy(value) || parseReference(textOfValue(value))?.id !== policyId
  })
  return values.length === without.values.length ? without : { ...without, values }
}

/** Classes in the order in which their owners go before them. */
const levels: readonly (readonly ObjectClass[])[] = [
  ['ipsecISAKMPPolicy', 'ipsecNFA'],
  ['ipsecFilter', 'ipsecNegotiationPolicy'],
]

/** The store without these objects and without what only they used. */
export function deleteObjects(store: ObjectStore, first: readonly StoredObject[], options: DeleteOptions): ObjectStore {
  const index = new ObjectIndex(store)
  const owners = ownersByTarget(store, index)
  const byKey = Map.groupBy(store.objects, referenceKey)
  const gone = new Set<StoredObject>(first)
  const touched = new Set<StoredObject>()
  for (const classes of levels) {
    const judged = new Set<StoredObject>()
    for (const owner of gone) {
      for (const target of usedBy(owner, index, byKey)) {
        if (!classes.includes(target.class) || judged.has(target)) continue
        judged.add(target)
        const isUsed = (owners.get(referenceKey(target)) ?? []).some((other) => !gone.has(other))
        if (isUsed || (options.keepShared === true && isNamedShare(target))) touched.add(target)
        else gone.add(target)
      }
    }
  }
  const goneKeys = new Set([...gone].map(referenceKey))
  return {
    ...store,
    objects: store.objects
      .filter((object) => !gone.has(object))
      .map((object) => (touched.has(object) ? withoutOwners(object, goneKeys, store) : object)),
  }
}

/** Objects of any number with the ids an owner refers to. */
function usedBy(
  owner: StoredObject,
  index: ObjectIndex,
  byKey: ReadonlyMap<string, readonly StoredObject[]>,
): StoredObject[] {
  return (forwardReferences[owner.class] ?? []).flatMap(({ field }) =>
    index.references(owner, field).flatMap(({ key }) => byKey.get(key) ?? []),
  )
}

/** A filter list or action that editors offer to other rules as well. */
export function isNamedShare(object: StoredObject): boolean {
  const isShareable = object.class === 'ipsecFilter' || object.class === 'ipsecNegotiationPolicy'
  return isShareable && (attributeText(object, 'ipsecName') ?? '') !== ''
}
