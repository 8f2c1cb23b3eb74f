import type { Report } from '../../../base/finding.ts'
import { integrityFinding } from '../../../policy/integrityFinding.ts'
import { referenceKey } from '../../../policy/reference.ts'
import type { ObjectStore, StoredObject } from '../../../policy/storedObject.ts'
import { versionInformationNfa } from '../../../policy/wellKnown.ts'
import type { ObjectIndex } from '../objectIndex.ts'
import { ownersByTarget } from '../links.ts'

/** X refers to Y exactly when Y's ipsecOwnersReference lists X (registry-store.md 2.5 rule 2). */
export function checkBackReferences(store: ObjectStore, index: ObjectIndex, report: Report): void {
  const ownersOf = ownersByTarget(store, index)
  for (const object of store.objects) {
    if (object.class === 'ipsecPolicy' || object.id === versionInformationNfa || !index.isFirst(object)) continue
    if (object.directory !== undefined && object.values.length === 0) continue
    checkObject(object, ownersOf.get(referenceKey(object)) ?? [], index, report)
  }
}

function checkObject(object: StoredObject, owners: readonly StoredObject[], index: ObjectIndex, report: Report): void {
  const field = 'ipsecOwnersReference'
  const actual = new Set<string>(owners.map(referenceKey))
  const listed = new Set<string>()
  for (const { text, reference, key } of index.references(object, field)) {
    if (reference === undefined) {
      report(integrityFinding('REFERENCE_MALFORMED', object, text, { field }))
      continue
    }
    if (listed.has(key)) report(integrityFinding('REFERENCE_REPEATED', object, text, { field }))
    listed.add(key)
    if (actual.has(key)) continue
    const exists = index.find(reference.class, reference.id) !== undefined
    const what = exists ? `${text} does not refer to it` : `its owner ${text} does not exist`
    report(integrityFinding('REFERENCE_ONE_WAY', object, what, { field }))
  }
  for (const owner of owners) {
    if (listed.has(referenceKey(owner))) continue
    report(
      integrityFinding('REFERENCE_ONE_WAY', object, `${owner.key} refers to it and is not listed as its owner`, {
        field,
      }),
    )
  }
}
