import type { Place } from '../../base/errors.ts'
import type { Report } from '../../base/finding.ts'
import { integrityFinding } from '../../policy/integrityFinding.ts'
import { parseReference } from '../../policy/reference.ts'
import { textsOfValue } from '../../policy/registryValue.ts'
import type { ObjectStore, StoredObject } from '../../policy/storedObject.ts'
import type { ObjectIndex } from './objectIndex.ts'

/** Value of the area key that names the assigned policy (registry-store.md 2.4). */
export const activePolicyValue = 'ActivePolicy'

export interface Assignment {
  /** As written; the first when there are several. */
  readonly text?: string
  /** The assigned policies that exist: at most one in a registry, one a GPO in a directory. */
  readonly objects: ReadonlySet<StoredObject>
}

/** Which policy is assigned in a store: by ActivePolicy, or by the GPO entries read beside a directory container. */
export function readAssignment(store: ObjectStore, index: ObjectIndex, report: Report): Assignment {
  const texts = [...activeTexts(store, report), ...gpoTexts(store, report)]
  const objects = new Set<StoredObject>()
  for (const text of texts) {
    const object = assignedObject(text, store, index, report)
    if (object !== undefined) objects.add(object)
  }
  if (objects.size > 1) {
    const keys = [...objects].map((object) => object.key)
    report(integrityFinding('ASSIGNMENT_SEVERAL_GPOS', undefined, keys.join(', '), areaPlace(store)))
  }
  reportStrayAssignments(store, report)
  const [text] = texts
  return { ...(text === undefined ? {} : { text }), objects }
}

/** A damaged name of ActivePolicy must not pass for "nothing is assigned". */
function reportStrayAssignments(store: ObjectStore, report: Report): void {
  for (const value of store.values) {
    if (isActivePolicy(value) || !textsOfValue(value).some((text) => parseReference(text)?.class === 'ipsecPolicy')) {
      continue
    }
    report(integrityFinding('ASSIGNMENT_STRAY', undefined, `"${value.name}"`, areaPlace(store)))
  }
}

/** What ActivePolicy says: nothing or one text; of several the first counts. */
function activeTexts(store: ObjectStore, report: Report): string[] {
  return firstOf(store.values.filter(isActivePolicy).flatMap(textsOfValue), areaPlace(store), report)
}

/** What each GPO says; the first reference of each counts (policy-objects.md 4.3). */
function gpoTexts(store: ObjectStore, report: Report): string[] {
  const texts = (store.gpoAssignments ?? []).flatMap(({ entry, references }) =>
    firstOf(references, { object: entry.dn, field: 'ipsecOwnersReference' }, report),
  )
  return [...new Map(texts.map((text) => [parseReference(text)?.id ?? text, text])).values()]
}

function firstOf(texts: readonly string[], place: Place, report: Report): string[] {
  const distinct = new Set(texts.map((text) => parseReference(text)?.id ?? text))
  if (distinct.size > 1) report(integrityFinding('ASSIGNMENT_SEVERAL', undefined, texts.join(', '), place))
  return texts.slice(0, 1)
}

function assignedObject(
  text: string,
  store: ObjectStore,
  index: ObjectIndex,
  report: Report,
): StoredObject | undefined {
  const reference = parseReference(text)
  if (reference?.class !== 'ipsecPolicy') {
    report(integrityFinding('ASSIGNMENT_MALFORMED', undefined, text, areaPlace(store)))
    return undefined
  }
  const object = index.find('ipsecPolicy', reference.id)
  if (object === undefined) report(integrityFinding('ASSIGNMENT_DANGLING', undefined, text, areaPlace(store)))
  return object
}

export function isActivePolicy(value: { readonly name: string }): boolean {
  return value.name.toLowerCase() === activePolicyValue.toLowerCase()
}

function areaPlace(store: ObjectStore): { object: string; field: string } {
  return { object: store.keyPath.join('\\'), field: activePolicyValue }
}
