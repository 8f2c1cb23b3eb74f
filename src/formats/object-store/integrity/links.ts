import { attributeReferences, type ReferenceAttribute } from '../../../policy/attributes.ts'
import type { ObjectClass } from '../../../policy/objectClass.ts'
import { parseReference, referenceKey } from '../../../policy/reference.ts'
import type { ObjectStore, StoredObject } from '../../../policy/storedObject.ts'

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

/** Reference keys an object's attribute leads to, malformed ones left out. */
export function targetKeys(object: StoredObject, field: ReferenceAttribute): string[] {
  return attributeReferences(object, field)
    .map((text) => parseReference(text))
    .filter((reference) => reference !== undefined)
    .map(referenceKey)
}

/** For each object, by reference key, the objects whose forward references lead to it. */
export function ownersByTarget(store: ObjectStore): Map<string, StoredObject[]> {
  const owners = new Map<string, StoredObject[]>()
  for (const object of store.objects) {
    for (const { field } of forwardReferences[object.class] ?? []) {
      for (const key of targetKeys(object, field)) {
        const known = owners.get(key)
        if (known === undefined) owners.set(key, [object])
        else if (!known.includes(object)) known.push(object)
      }
    }
  }
  return owners
}
