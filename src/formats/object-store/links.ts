import { attributeReferences, type ReferenceAttribute } from '../../policy/attributes.ts'
import type { ObjectClass } from '../../policy/objectClass.ts'
import { type ObjectReference, parseReference } from '../../policy/reference.ts'
import { ObjectIndex } from './objectIndex.ts'
import type { ObjectStore, StoredObject } from '../../policy/storedObject.ts'

/** The forward references of each class, and what they lead to (policy-objects.md 1.2). */
export const forwardReferences: Partial<
  Record<ObjectClass, readonly { field: ReferenceAttribute; to: ObjectClass }[]>
> = {
  ipsecPolicy: [
    { field: 'ipsecISAKMPReference', to: 'ipsecISAKMPPolicy' },
    { field: 'ipsecNFAReference', to: 'ipsecNFA' },
  ],
  ipsecNFA: [
    { field: 'ipsecFilterReference', to: 'ipsecFilter' },
    { field: 'ipsecNegotiationPolicyReference', to: 'ipsecNegotiationPolicy' },
  ],
}

/** What an object's attribute leads to, malformed references left out. */
export function targetsOf(object: StoredObject, field: ReferenceAttribute): ObjectReference[] {
  return attributeReferences(object, field)
    .map((text) => parseReference(text))
    .filter((reference) => reference !== undefined)
}

/**
 * For each object, by reference key, the objects whose forward references lead to it. With an index the references it
 * has taken apart already are used.
 */
export function ownersByTarget(
  store: Pick<ObjectStore, 'objects'>,
  index: ObjectIndex = new ObjectIndex(store),
): Map<string, StoredObject[]> {
  const owners = new Map<string, StoredObject[]>()
  for (const object of store.objects) {
    for (const { field } of forwardReferences[object.class] ?? []) {
      for (const { key } of index.references(object, field)) {
        if (key === '') continue
        const known = owners.get(key)
        if (known === undefined) owners.set(key, [object])
        else if (known.at(-1) !== object) known.push(object)
      }
    }
  }
  return owners
}
