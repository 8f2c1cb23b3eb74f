import type { Finding, Report } from '../../base/finding.ts'
import type { FilterAction, FilterList, Policy, PolicyArea, PolicySet, Rule, SourceFormat } from '../../policy/model.ts'
import type { ObjectClass } from '../../policy/objectClass.ts'
import type { ObjectStore, StoreArea, StoredObject } from '../../policy/storedObject.ts'
import { versionInformationNfa } from '../../policy/wellKnown.ts'
import { readAssignment } from './assignment.ts'
import { checkGroupPolicy } from './integrity/checkGroupPolicy.ts'
import { checkObjects } from './integrity/checkObjects.ts'
import { groupPolicyPointerOf } from './ipsecKey.ts'
import { ObjectIndex } from './objectIndex.ts'
import { type FilterActionReading, readFilterAction } from './readFilterAction.ts'
import { readFilterList } from './readFilterList.ts'
import { readMainMode } from './readMainMode.ts'
import { readPolicy } from './readPolicy.ts'
import { readRule } from './readRule.ts'

export interface PolicySetInput {
  /** Name of the source for messages. */
  readonly source: string
  readonly format: SourceFormat
  readonly stores: readonly ObjectStore[]
  /** What the reader of the format already noticed. */
  readonly findings?: readonly Finding[]
}

/** Precedence of areas (registry-store.md 1). */
const areaOrder: Record<StoreArea, number> = { persistent: 0, local: 1, cache: 2, directory: 3 }

/**
 * Everything found in one source, decoded, with references resolved and every integrity finding. Nothing is guessed:
 * what is missing or broken makes its rule or policy failed, with the reason beside it.
 */
export function policySetOf(input: PolicySetInput): PolicySet {
  const findings: Finding[] = [...(input.findings ?? [])]
  const report: Report = (finding) => findings.push(finding)
  const areas = input.stores
    .toSorted((a, b) => areaOrder[a.area] - areaOrder[b.area])
    .map((store) => readArea(store, report))
  const groupPolicyPointer = groupPolicyPointerOf(input.stores)
  const set: PolicySet = {
    source: input.source,
    format: input.format,
    areas,
    ...(groupPolicyPointer === undefined ? {} : { groupPolicyPointer }),
    findings,
  }
  checkGroupPolicy(set, report)
  return set
}

function readArea(store: ObjectStore, report: Report): PolicyArea {
  const index = new ObjectIndex(store)
  const assignment = readAssignment(store, index, report)
  const filterListOf = once((object: StoredObject) => readFilterList(object, report))
  const filterActionOf = once((object: StoredObject) => readFilterAction(object, report))
  const mainModeOf = once((object: StoredObject) => readMainMode(object, report))
  const ruleOf = once((object: StoredObject) => readRule(object, { index, filterListOf, filterActionOf }, report))

  const ofClass = (objectClass: ObjectClass): StoredObject[] =>
    store.objects.filter((object) => object.class === objectClass && index.isFirst(object))
  const policies: Policy[] = ofClass('ipsecPolicy').map((object) =>
    readPolicy(object, { area: store.area, index, mainModeOf, ruleOf, assigned: assignment.objects }, report),
  )
  // Objects no policy reaches are read as well: their damage is a finding too.
  const filterLists: FilterList[] = ofClass('ipsecFilter').map(filterListOf)
  const readings: FilterActionReading[] = ofClass('ipsecNegotiationPolicy').map(filterActionOf)
  const rules: Rule[] = ofClass('ipsecNFA')
    .filter((object) => object.id !== versionInformationNfa)
    .map(ruleOf)
  for (const object of ofClass('ipsecISAKMPPolicy')) mainModeOf(object)

  checkObjects(store, index, { policies, rules }, report)
  const filterActions = readings
    .map((reading) => reading.action)
    .filter((action): action is FilterAction => action !== undefined)
  // In a directory several GPOs may assign policies; which one applies depends on the computer.
  const assigned = assignment.objects.size === 1 ? policies.find((policy) => policy.isAssigned) : undefined
  return {
    area: store.area,
    store,
    policies,
    filterLists,
    filterActions,
    ...(assigned === undefined ? {} : { assigned }),
    ...(assignment.text === undefined ? {} : { assignment: assignment.text }),
  }
}

function once<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const value = make(key)
    made.set(key, value)
    return value
  }
}
