import { parseReference, referenceKey } from '../../../policy/reference.ts'
import { attributeReferences } from '../../../policy/attributes.ts'
import type { ObjectStore, StoredObject } from '../../../policy/storedObject.ts'
import { ownersByTarget } from '../links.ts'
import { referenceText } from '../referenceText.ts'
import { type ReferenceChange, withReferences, withValues } from './editValues.ts'

/**
 * The store with ipsecOwnersReference of every object written anew from the forward references (registry-store.md 2.5
 * rule 2). Entries that are right keep their text.
 */
export function withBackReferences(store: ObjectStore): ObjectStore {
  const owners = ownersByTarget(store)
  return {
    ...store,
    objects: store.objects.map((object) => withOwners(object, owners.get(referenceKey(object)) ?? [], store)),
  }
}

/** The object with exactly these owners. */
export function withOwners(
  object: StoredObject,
  owners: readonly StoredObject[],
  store: Pick<ObjectStore, 'keyPath'>,
): StoredObject {
  if (object.class === 'ipsecPolicy' || isHidden(object)) return object
  return withValues(object, withReferences(object.values, 'ipsecOwnersReference', owners, ownersOf(store)))
}

/** The object without the owners of these reference keys. */
export function withoutOwners(
  object: StoredObject,
  gone: ReadonlySet<string>,
  store: Pick<ObjectStore, 'keyPath'>,
): StoredObject {
  const rest = attributeReferences(object, 'ipsecOwnersReference')
    .map((text) => parseReference(text))
    .filter((reference) => reference !== undefined)
    .filter((reference) => !gone.has(referenceKey(reference)))
  return withValues(object, withReferences(object.values, 'ipsecOwnersReference', rest, ownersOf(store)))
}

function ownersOf(store: Pick<ObjectStore, 'keyPath'>): ReferenceChange {
  return { spell: (reference) => referenceText(store.keyPath, reference), keepMalformed: true }
}

function isHidden(object: StoredObject): boolean {
  return object.directory !== undefined && object.values.length === 0
}
