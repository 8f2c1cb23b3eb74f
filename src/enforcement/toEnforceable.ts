import type { ExpandedFilter, ExpandedFilters, ExpandedPolicy } from '../engine/index.ts'
import { expandedFilterText, ruleTitle } from '../engine/index.ts'
import { filterText } from '../policy/filterWords.ts'
import type { EnforceableFilter, FailedFilter, FailedRule, FilterVerdict } from './enforcer.ts'
import { FilterKeys } from './filterKey.ts'

/** What processing gives an enforcer: filters that can be put in force, and what failed. */
export interface EnforceablePolicy {
  /** In match order. Filters that match nothing on this host are left out. */
  readonly filters: readonly EnforceableFilter[]
  /** Rules with problems, those the policy refers to and that are missing, and those processing could not use. */
  readonly failedRules: readonly FailedRule[]
  readonly failedFilters: readonly FailedFilter[]
}

/** The processed policy for an enforcer. `invalidDataCode` is the Win32 code of failures that have none of their own. */
export function toEnforceable(expanded: ExpandedPolicy, invalidDataCode: number): EnforceablePolicy {
  const keys = new FilterKeys()
  const filters: EnforceableFilter[] = []
  for (let index = 0; index < expanded.filters.length; index += 1) {
    if (!expanded.filters.matchesNothing(index)) filters.push(new ProcessedFilter(expanded.filters, index, keys))
  }
  return {
    filters,
    failedRules: expanded.failedRules.map(({ rule, reference, finding }) => ({
      rule: rule === undefined ? (reference ?? '') : ruleTitle(rule),
      ...(rule === undefined ? {} : { ruleId: rule.id }),
      win32: finding.win32 ?? invalidDataCode,
      reason: finding.message,
    })),
    failedFilters: expanded.failedFilters.map(({ rule, filter, finding }) => ({
      filter: filterText(filter),
      rule: ruleTitle(rule),
      win32: finding.win32 ?? invalidDataCode,
      reason: finding.message,
    })),
  }
}

/** A filter by its place: texts are made when asked for, so that a million filters stay small. */
class ProcessedFilter implements EnforceableFilter {
  readonly #filters: ExpandedFilters
  readonly #index: number
  readonly #keys: FilterKeys

  constructor(filters: ExpandedFilters, index: number, keys: FilterKeys) {
    this.#filters = filters
    this.#index = index
    this.#keys = keys
  }

  get #filter(): ExpandedFilter {
    return this.#filters.at(this.#index) as ExpandedFilter
  }

  get key(): string {
    return this.#keys.keyOf(this.#filter)
  }

  get text(): string {
    return expandedFilterText(this.#filter)
  }

  get rule(): string {
    return ruleTitle(this.#filter.rule)
  }

  get verdict(): FilterVerdict {
    const { action } = this.#filter
    return action === 'negotiate' ? 'protect' : action
  }
}
