import type {
  AppliedCounts,
  EnforceableFilter,
  FailedFilter,
  FailedRule,
  FilterVerdict,
} from '../enforcement/enforcer.ts'
import type { Policy, Rule } from '../policy/model.ts'
import { listedFailures } from './attemptProtocol.ts'
import { failureCode } from './failureCodes.ts'
import type { ApplyResult } from './policySource.ts'

/** What processing gives: filters that can be put in force, and what failed. */
export interface Processed {
  readonly filters: readonly EnforceableFilter[]
  readonly failedRules: readonly FailedRule[]
  readonly failedFilters: readonly FailedFilter[]
}

/**
 * What has become of a policy when the filters in `refused` could not be put in force. All rules in, some, or nothing
 * (events.md 4.3); a policy without any rule is in force as it is.
 */
export function outcomeOf(policy: Policy, processed: Processed, refused: readonly FailedFilter[]): ApplyResult {
  const failedRules = distinctRules([...brokenRules(policy), ...processed.failedRules])
  const failedFilters = [...processed.failedFilters, ...refused]
  const counts = countsOf(policy, processed.filters, refused, failedRules, failedFilters)
  const first = failedRules[0] ?? failedFilters[0]
  if (first === undefined) return { kind: 'all', ...counts }
  if (counts.filters === 0) return { kind: 'none', win32: first.win32, reason: `${first.rule}: ${first.reason}` }
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

/** Rules that lead nowhere or cannot be decoded have failed; they are never absent (design 3). */
function brokenRules(policy: Policy): FailedRule[] {
  const missing = policy.missingRules.map((reference) => ({
    rule: reference,
    win32: failureCode.missing,
    reason: 'the rule is not in the store',
  }))
  const broken = policy.rules.filter(isEnforced).flatMap((rule) => {
    const problem = rule.problems[0]
    if (problem === undefined) return []
    const win32 = problem.win32 ?? failureCode.invalidData
    return [{ rule: ruleName(rule), ruleId: rule.id, win32, reason: problem.message }]
  })
  return [...missing, ...broken]
}

/** Processing tells of a broken rule as well; one failure a rule is enough. */
function distinctRules(failed: readonly FailedRule[]): FailedRule[] {
  const distinct = new Map<string, FailedRule>()
  for (const one of failed) {
    const key = one.ruleId ?? one.rule
    if (!distinct.has(key)) distinct.set(key, one)
  }
  return [...distinct.values()]
}

function countsOf(
  policy: Policy,
  filters: readonly EnforceableFilter[],
  refused: readonly FailedFilter[],
  failedRules: readonly FailedRule[],
  failedFilters: readonly FailedFilter[],
): AppliedCounts {
  const refusedTexts = new Set(refused.map((filter) => `${filter.rule}\n${filter.filter}`))
  const verdicts: Record<FilterVerdict, number> = { block: 0, permit: 0, protect: 0 }
  for (const filter of filters) {
    if (!refusedTexts.has(`${filter.rule}\n${filter.text}`)) verdicts[filter.verdict] += 1
  }
  const failed = new Set([
    ...failedRules.map((rule) => rule.ruleId ?? rule.rule),
    ...failedFilters.map((filter) => filter.rule),
  ])
  return {
    filters: verdicts.block + verdicts.permit + verdicts.protect,
    rules: policy.rules.filter((rule) => isEnforced(rule) && !failed.has(rule.id) && !failed.has(ruleName(rule)))
      .length,
    verdicts,
  }
}

function isEnforced(rule: Rule): boolean {
  return rule.isActive && !rule.isDefaultResponse
}

/** Rule names are optional; the list's name or the id says which one it is. */
export function ruleName(rule: Rule): string {
  return rule.name ?? rule.filterLists[0]?.name ?? rule.id
}
