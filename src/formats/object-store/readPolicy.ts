import type { Report } from '../../base/finding.ts'
import { attributeNumber } from '../../policy/attributes.ts'
import { integrityFinding } from '../../policy/integrityFinding.ts'
import type { Policy, Rule } from '../../policy/model.ts'
import type { StoreArea, StoredObject } from '../../policy/storedObject.ts'
import { defaultPollingIntervalSeconds, versionInformationNfa } from '../../policy/wellKnown.ts'
import { decodePolicyBlob } from '../ipsec-data/index.ts'
import { collecting } from './collect.ts'
import { namesOf } from './names.ts'
import { decodeObjectData } from './objectData.ts'
import type { ObjectIndex } from './objectIndex.ts'
import type { MainModeReading } from './readMainMode.ts'

export interface PolicySurroundings {
  readonly area: StoreArea
  readonly index: ObjectIndex
  readonly mainModeOf: (object: StoredObject) => MainModeReading
  readonly ruleOf: (object: StoredObject) => Rule
  readonly assigned: ReadonlySet<StoredObject>
}

/** A policy always reads; `problems` says why the whole of it cannot be used (policy-objects.md 4.4). */
export function readPolicy(object: StoredObject, around: PolicySurroundings, report: Report): Policy {
  const { report: note, errors } = collecting(report)
  const blob = decodeObjectData(object, decodePolicyBlob, note)
  const mainModeObject = around.index.followOne(object, 'ipsecISAKMPReference', 'ipsecISAKMPPolicy', note)
  const reading = mainModeObject === undefined ? undefined : around.mainModeOf(mainModeObject)
  const mainMode = reading?.mainMode
  if (mainMode === undefined) note(integrityFinding('POLICY_NO_MAIN_MODE', object))

  // A missing rule is that rule's failure, not the policy's.
  const ruleObjects = around.index
    .followAll(object, 'ipsecNFAReference', 'ipsecNFA', report)
    .filter((rule) => rule.id !== versionInformationNfa)
  const rules = ruleObjects.map(around.ruleOf)
  const names = namesOf(object)
  if (names.name === undefined) note(integrityFinding('POLICY_UNNAMED', object))
  if (around.index.references(object, 'ipsecNFAReference').length === 0)
    note(integrityFinding('POLICY_NO_RULES', object))
  const defaultRules = rules.filter((rule) => rule.isDefaultResponse).length
  if (defaultRules !== 1) note(integrityFinding('POLICY_DEFAULT_RULE', object, `${defaultRules} found`))

  const whenChanged = attributeNumber(object, 'whenChanged')
  return {
    id: object.id,
    name: names.name ?? object.key,
    ...(names.description === undefined ? {} : { description: names.description }),
    area: around.area,
    isAssigned: around.assigned.has(object),
    pollingIntervalSeconds: effectiveInterval(blob?.pollingIntervalSeconds ?? 0),
    ...(mainMode === undefined ? {} : { mainMode }),
    rules,
    missingRules: missingRules(object, ruleObjects, around.index),
    ...(whenChanged === undefined ? {} : { whenChanged }),
    object,
    problems: [...errors, ...(reading?.problems ?? [])],
  }
}

function missingRules(object: StoredObject, found: readonly StoredObject[], index: ObjectIndex): string[] {
  const ids = new Set<string>(found.map((rule) => rule.id))
  return index
    .references(object, 'ipsecNFAReference')
    .filter(({ reference }) => {
      if (reference?.class !== 'ipsecNFA') return true
      return reference.id !== versionInformationNfa && !ids.has(reference.id)
    })
    .map(({ text }) => text)
}

function effectiveInterval(stored: number): number {
  return stored === 0 ? defaultPollingIntervalSeconds : stored
}
