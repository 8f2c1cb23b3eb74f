import { ruleTitle } from '../engine/index.ts'
import type { AppliedCounts, FailedFilter, FilterVerdict } from '../enforcement/enforcer.ts'
import type { EnforceablePolicy } from '../enforcement/toEnforceable.ts'
import type { Policy } from '../policy/model.ts'
import { listedFailures } from './attemptProtocol.ts'
import type { ApplyResult } from './policySource.ts'

/**
 * What has become of a policy when the filters in `refused` could not be put in force: all rules in, some, or nothing
 * (events.md 4.3). A policy without any rule is in force as it is.
 */
export function outcomeOf(policy: Policy, processed: EnforceablePolicy, refused: readonly FailedFilter[]): ApplyResult {
  const { failedRules } = processed
  const failedFilters = [...processed.failedFilters, ...refused]
  const counts = countsOf(policy, processed, refused)
  const first = failedRules[0] ?? failedFilters[0]
  if (first === undefined) return { kind: 'all', ...counts }
  if (counts.filters === 0) return { kind: 'none', win32: first.win32, reason: `rule "${first.rule}": ${first.reason}` }
  return {
    kind: 'some',
    ...counts,
    win32: first.win32,
    failedRules: failedRules.slice(0, listedFailures),
    failedRuleCount: failedRules.length,
    failedFilters: failedFilters.slice(0, listedFailures),
    failedFilterCount: failedFilters.length,
  }
}

function countsOf(policy: Policy, processed: EnforceablePolicy, refused: readonly FailedFilter[]): AppliedCounts {
  const verdicts: Record<FilterVerdict, number> = { block: 0, permit: 0, protect: 0 }
  const refusedTexts = new Set(refused.map((filter) => `${filter.rule}\n${filter.filter}`))
  for (const filter of processed.filters) {
    // Texts are made on demand; of a million filters only when they are needed.
    if (refusedTexts.size > 0 && refusedTexts.has(`${filter.rule}\n${filter.text}`)) continue
    verdicts[filter.verdict] += 1
  }
  const failed = new Set([
    ...processed.failedRules.map((rule) => rule.ruleId ?? rule.rule),
    ...[...processed.failedFilters, ...refused].map((filter) => filter.rule),
  ])
  const rules = policy.rules.filter(
    (rule) => rule.isActive && !rule.isDefaultResponse && !failed.has(rule.id) && !failed.has(ruleTitle(rule)),
  )
  return { filters: verdicts.block + verdicts.permit + verdicts.protect, rules: rules.length, verdicts }
}
