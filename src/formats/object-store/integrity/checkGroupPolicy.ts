import type { Report } from '../../../base/finding.ts'
import { groupPolicyChoice } from '../../../policy/effectivePolicies.ts'
import { integrityFinding } from '../../../policy/integrityFinding.ts'
import type { PolicySet } from '../../../policy/model.ts'

/**
 * What an assignment by Group Policy (GPTIPSECPolicy, registry-store.md 1) does to the other areas: local policy has no
 * effect beside it, and without a copy of the policy nothing here tells what it does.
 */
export function checkGroupPolicy(set: PolicySet, report: Report): void {
  const choice = groupPolicyChoice(set)
  if (choice === undefined) return
  if (choice.policy === undefined) report(integrityFinding('GROUP_POLICY_COPY_MISSING', undefined, choice.assignment))
  const local = set.areas.find((area) => area.area === 'local' && (area.assignment ?? '') !== '')
  if (local !== undefined) report(integrityFinding('ASSIGNMENT_OVERRIDDEN', undefined, choice.assignment))
}
