import type { Report } from '../../../base/finding.ts'
import { type ReferenceAttribute, referenceAttributes } from '../../../policy/attributes.ts'
import { integrityFinding } from '../../../policy/integrityFinding.ts'
import type { ObjectStore } from '../../../policy/storedObject.ts'
import { areaOfKeyName } from '../keyPaths.ts'
import type { ObjectIndex } from '../objectIndex.ts'

const names = Object.keys(referenceAttributes) as ReferenceAttribute[]

/**
 * References stay inside their store (registry-store.md 2.5 rule 1). What the cached copy of a directory policy refers
 * by is not known, so it is left alone (policy-objects.md 4.7).
 */
export function checkReferencePaths(store: ObjectStore, index: ObjectIndex, report: Report): void {
  if (store.area !== 'local' && store.area !== 'persistent') return
  for (const object of store.objects) {
    for (const field of names) {
      const written = index.references(object, field).find(({ text }) => leadsElsewhere(text, store))
      if (written !== undefined) report(integrityFinding('REFERENCE_ELSEWHERE', object, written.text, { field }))
    }
  }
}

function leadsElsewhere(text: string, store: ObjectStore): boolean {
  const end = text.lastIndexOf('\\')
  if (end < 0) return false
  const area = areaOfKeyName(text.slice(text.lastIndexOf('\\', end - 1) + 1, end))
  return area !== undefined && area !== store.area
}
