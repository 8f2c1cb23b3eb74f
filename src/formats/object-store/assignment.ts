import type { Report } from '../../base/finding.ts'
import { integrityFinding } from '../../policy/integrityFinding.ts'
import { parseReference } from '../../policy/reference.ts'
import { textsOfValue } from '../../policy/registryValue.ts'
import type { ObjectStore, StoredObject } from '../../policy/storedObject.ts'
import type { ObjectIndex } from './objectIndex.ts'

/** Value of the area key that names the assigned policy (registry-store.md 2.4). */
export const activePolicyValue = 'ActivePolicy'

export interface Assignment {
  /** As written. */
  readonly text?: string
  readonly object?: StoredObject
}

/** Which policy is assigned in a store: by ActivePolicy, or by the GPO entries read beside a directory container. */
export function readAssignment(store: ObjectStore, index: ObjectIndex, report: Report): Assignment {
  const texts = assignmentTexts(store)
  const distinct = new Set(texts.map((text) => parseReference(text)?.id ?? text))
  if (distinct.size > 1) report(integrityFinding('ASSIGNMENT_SEVERAL', undefined, texts.join(', '), areaPlace(store)))
  const text = texts[0]
  if (text === undefined) return {}
  const reference = parseReference(text)
  if (reference?.class !== 'ipsecPolicy') {
    report(integrityFinding('ASSIGNMENT_MALFORMED', undefined, text, areaPlace(store)))
    return { text }
  }
  const object = index.find('ipsecPolicy', reference.id)
  if (object === undefined) {
    report(integrityFinding('ASSIGNMENT_DANGLING', undefined, text, areaPlace(store)))
    return { text }
  }
  return { text, object }
}

function assignmentTexts(store: ObjectStore): string[] {
  const fromGpos = (store.gpoAssignments ?? []).flatMap((assignment) => assignment.references)
  return [...store.values.filter(isActivePolicy).flatMap(textsOfValue), ...fromGpos]
}

export function isActivePolicy(value: { readonly name: string }): boolean {
  return value.name.toLowerCase() === activePolicyValue.toLowerCase()
}

function areaPlace(store: ObjectStore): { object: string; field: string } {
  return { object: store.keyPath.join('\\'), field: activePolicyValue }
}
