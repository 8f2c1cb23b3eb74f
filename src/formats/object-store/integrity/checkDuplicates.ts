import type { Report } from '../../../base/finding.ts'
import { parseGuid } from '../../../base/guid.ts'
import { attributeText } from '../../../policy/attributes.ts'
import { integrityFinding } from '../../../policy/integrityFinding.ts'
import { objectClassTitle } from '../../../policy/objectClass.ts'
import { referenceKey } from '../../../policy/reference.ts'
import type { ObjectStore, StoredObject } from '../../../policy/storedObject.ts'
import type { ObjectIndex } from '../objectIndex.ts'

/** Same id, or same name of one class (registry-store.md 2.5 rule 7). Rules may share names across policies. */
export function checkDuplicates(store: ObjectStore, index: ObjectIndex, report: Report): void {
  const byStoredId = new Map<string, StoredObject>()
  const byName = new Map<string, StoredObject>()
  for (const object of store.objects) {
    if (!index.isFirst(object)) {
      report(integrityFinding('DUPLICATE_ID', object))
      continue
    }
    checkStoredId(object, byStoredId, report)
    const name = attributeText(object, 'ipsecName')
    if (name === undefined || name === '' || !isNamedClass(object)) continue
    const key = `${object.class}\0${name.toLowerCase()}`
    const other = byName.get(key)
    if (other === undefined) byName.set(key, object)
    else
      report(
        integrityFinding(
          'DUPLICATE_NAME',
          object,
          `the ${objectClassTitle[object.class]} ${other.key} is called "${name}" too`,
        ),
      )
  }
}

/** ipsecID values that name another object of the class: two objects claim to be one. */
function checkStoredId(object: StoredObject, seen: Map<string, StoredObject>, report: Report): void {
  const text = attributeText(object, 'ipsecID')
  const id = text === undefined ? undefined : parseGuid(text)
  if (id === undefined) return
  const key = referenceKey({ class: object.class, id })
  const other = seen.get(key)
  if (other === undefined) seen.set(key, object)
  else report(integrityFinding('DUPLICATE_ID', object, `${other.key} has the same ipsecID`, { field: 'ipsecID' }))
}

function isNamedClass(object: StoredObject): boolean {
  return object.class === 'ipsecPolicy' || object.class === 'ipsecFilter' || object.class === 'ipsecNegotiationPolicy'
}
