import type { Policy, PolicyArea, PolicySet } from './model.ts'
import { parseReference } from './reference.ts'
import { findValue, textOfValue } from './registryValue.ts'
import type { StoreArea } from './storedObject.ts'

/** Which policies a computer with this store would have in force. */
export type EffectivePolicies =
  /** At most one of the persistent area and one of the others, in this order. */
  | { readonly kind: 'policies'; readonly policies: readonly Policy[] }
  /** No area assigns a policy. */
  | { readonly kind: 'none' }
  /** Something is assigned that is not there, or more than one policy is. */
  | { readonly kind: 'missing'; readonly area: StoreArea; readonly assignment: string }

/** Policy of a domain counts before local policy, which is then ignored and not merged (registry-store.md 1 [D]). */
const mainAreas: readonly StoreArea[] = ['directory', 'cache', 'local']

/** The persistent policy always, and beside it the one of the domain, or else the local one. */
export function effectivePolicies(set: PolicySet): EffectivePolicies {
  const policies: Policy[] = []
  for (const choice of [persistentChoice(set), mainChoice(set)]) {
    if (choice === undefined) continue
    if (choice.policy === undefined) return { kind: 'missing', area: choice.area, assignment: choice.assignment }
    policies.push(choice.policy)
  }
  return policies.length === 0 ? { kind: 'none' } : { kind: 'policies', policies }
}

/** An assignment, and the policy it leads to if that is there. */
export interface Choice {
  readonly area: StoreArea
  readonly assignment: string
  readonly policy?: Policy
}

function persistentChoice(set: PolicySet): Choice | undefined {
  return choiceOf(set.areas.find((area) => area.area === 'persistent' && area.assignment !== undefined))
}

function mainChoice(set: PolicySet): Choice | undefined {
  const pointed = groupPolicyChoice(set)
  if (pointed !== undefined) return pointed
  for (const wanted of mainAreas) {
    const choice = choiceOf(set.areas.find((area) => area.area === wanted && area.assignment !== undefined))
    if (choice !== undefined) return choice
  }
  return undefined
}

function choiceOf(area: PolicyArea | undefined): Choice | undefined {
  if (area?.assignment === undefined || area.assignment === '') return undefined
  const { area: name, assignment, assigned } = area
  return { area: name, assignment, ...(assigned === undefined ? {} : { policy: assigned }) }
}

/** What Group Policy wrote into GPTIPSECPolicy: the policy's path in the directory; its copy lies in the cache area. */
export function groupPolicyChoice(set: PolicySet): Choice | undefined {
  const value = set.groupPolicyPointer && findValue(set.groupPolicyPointer.values, 'DSIPSECPolicyPath')
  const assignment = value === undefined ? '' : textOfValue(value)
  if (assignment === '') return undefined
  const reference = parseReference(assignment)
  const policy = set.areas
    .filter((area) => area.area === 'cache' || area.area === 'directory')
    .flatMap((area) => area.policies)
    .find((one) => one.id === reference?.id)
  return { area: 'cache', assignment, ...(policy === undefined ? {} : { policy }) }
}
