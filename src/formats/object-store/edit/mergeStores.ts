import type { Report } from '../../../base/finding.ts'
import type { Guid } from '../../../base/guid.ts'
import { attributeText } from '../../../policy/attributes.ts'
import type { IntegrityCode } from '../../../policy/integrityTable.ts'
import { integrityFinding } from '../../../policy/integrityFinding.ts'
import { objectClassTitle } from '../../../policy/objectClass.ts'
import { referenceKey } from '../../../policy/reference.ts'
import { findValue } from '../../../policy/registryValue.ts'
import type { ObjectStore, StoredObject } from '../../../policy/storedObject.ts'
import { isActivePolicy } from '../assignment.ts'
import { forwardReferences, ownersByTarget, targetsOf } from '../links.ts'
import { directTargets } from '../memberObjects.ts'
import { ObjectIndex } from '../objectIndex.ts'
import { withOwners } from './backReferences.ts'
import { convertArea } from './convertArea.ts'
import { deleteObjects } from './deletePolicy.ts'
import { renamedConflicts } from './renamedConflicts.ts'
import { sameContent } from './sameContent.ts'

export interface MergeOptions {
  /** Only these policies and what they use; all objects when absent. */
  readonly policies?: readonly Guid[]
  /** What becomes of an object whose id the store has already, with other content. */
  readonly onConflict: 'replace' | 'keep' | 'new-ids'
  /** Needed for `new-ids`. */
  readonly newId?: () => Guid
}

/**
 * `into` with the objects of `from`. An object that is there already with the same content is left alone; the owners of
 * shared objects are those of both. Which policy is assigned does not change. Rules and settings that a replaced policy
 * no longer uses are removed.
 */
export function mergeStores(into: ObjectStore, from: ObjectStore, options: MergeOptions, report: Report): ObjectStore {
  const converted = convertedFor(into, from, report)
  const source = options.onConflict === 'new-ids' ? renamedConflicts(into, converted, options, report) : converted
  const taken = takenObjects(into, source, options, report)
  const merged = joined(into, taken)
  const withOthers = options.policies === undefined ? withUnknownContent(merged, source) : merged
  return withoutLeftovers(into, withOthers, report)
}

function convertedFor(into: ObjectStore, from: ObjectStore, report: Report): ObjectStore {
  const { area, keyPath } = into
  return area === 'directory'
    ? convertArea(from, { area, containerDn: keyPath[0] ?? '' }, report)
    : convertArea(from, { area, keyPath }, report)
}

/** Objects to put into the store: new ones, and with `replace` those that differ. */
function takenObjects(
  into: ObjectStore,
  from: ObjectStore,
  options: MergeOptions,
  report: Report,
): Map<string, StoredObject> {
  const present = new ObjectIndex(into)
  const source = new ObjectIndex(from)
  const taken = new Map<string, StoredObject>()
  // A set gives what is added while it is walked as well; below a policy or rule that is kept nothing is taken.
  const walked = new Set<StoredObject>(startingPoints(from, source, options))
  for (const object of walked) {
    const old = present.find(object.class, object.id)
    const isSame = old !== undefined && sameContent(old, object)
    if (old !== undefined && !isSame) {
      const isKept = options.onConflict === 'keep'
      report(mergeFinding(isKept ? 'MERGE_KEPT' : 'MERGE_REPLACED', object))
      if (isKept) continue
    }
    if (!isSame) taken.set(referenceKey(object), object)
    for (const target of directTargets(source, object)) walked.add(target)
  }
  return taken
}

/** The policies that are wanted, or all policies and what nothing refers to. */
function startingPoints(from: ObjectStore, index: ObjectIndex, options: MergeOptions): StoredObject[] {
  if (options.policies !== undefined) {
    return options.policies.map((id) => index.find('ipsecPolicy', id)).filter((object) => object !== undefined)
  }
  const owners = ownersByTarget(from)
  return from.objects.filter((object) => index.isFirst(object) && !owners.has(referenceKey(object)))
}

function mergeFinding(code: IntegrityCode, object: StoredObject, what?: string) {
  const name = attributeText(object, 'ipsecName')
  const title = `${objectClassTitle[object.class]}${name === undefined || name === '' ? '' : ` "${name}"`}`
  return integrityFinding(code, object, what === undefined ? title : `${title}, ${what}`)
}

/** The objects together, and the back references of those that came or are referred to by what came. */
function joined(into: ObjectStore, taken: ReadonlyMap<string, StoredObject>): ObjectStore {
  const index = new ObjectIndex(into)
  const kept = into.objects.map((object) =>
    index.isFirst(object) ? (taken.get(referenceKey(object)) ?? object) : object,
  )
  const added = [...taken.values()].filter((object) => index.find(object.class, object.id) === undefined)
  const objects = [...kept, ...added]
  const owners = ownersByTarget({ objects })
  const affected = new Set<string>(taken.keys())
  for (const object of [...taken.values(), ...into.objects.filter((old) => taken.has(referenceKey(old)))]) {
    for (const { field } of forwardReferences[object.class] ?? []) {
      for (const reference of targetsOf(object, field)) affected.add(referenceKey(reference))
    }
  }
  return {
    ...into,
    objects: objects.map((object) =>
      affected.has(referenceKey(object)) ? withOwners(object, owners.get(referenceKey(object)) ?? [], into) : object,
    ),
  }
}

/** Values and keys nobody knows are taken over when the store has none of that name. */
function withUnknownContent(store: ObjectStore, from: ObjectStore): ObjectStore {
  const values = from.values.filter(
    (value) => !isActivePolicy(value) && findValue(store.values, value.name) === undefined,
  )
  const names = new Set(store.otherKeys.map((key) => key.name.toLowerCase()))
  const keys = from.otherKeys.filter((key) => !names.has(key.name.toLowerCase()))
  return { ...store, values: [...store.values, ...values], otherKeys: [...store.otherKeys, ...keys] }
}

/** Rules and settings that had an owner before and have none now, and what only they used, less named shares. */
function withoutLeftovers(before: ObjectStore, after: ObjectStore, report: Report): ObjectStore {
  const ownedBefore = ownersByTarget(before)
  const ownedNow = ownersByTarget(after)
  const leftovers = after.objects.filter((object) => {
    if (object.class !== 'ipsecNFA' && object.class !== 'ipsecISAKMPPolicy') return false
    return ownedBefore.has(referenceKey(object)) && !ownedNow.has(referenceKey(object))
  })
  if (leftovers.length === 0) return after
  for (const object of leftovers) report(mergeFinding('MERGE_REMOVED', object))
  return deleteObjects(after, leftovers, { keepShared: true })
}
