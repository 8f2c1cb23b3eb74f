/** A filter that could not be put in force, as event 5477 names it. */
export interface FailedFilter {
  /** The filter in words; never key material. */
  readonly filter: string
  readonly rule: string
  readonly win32: number
  readonly reason: string
}

/** A rule of which nothing or only a part is in force. */
export interface FailedRule {
  readonly rule: string
  /** Names are optional and may repeat; the id tells rules apart. */
  readonly ruleId?: string
  readonly win32: number
  readonly reason: string
}

/** What is done with the packets a filter matches. */
export type FilterVerdict = 'block' | 'permit' | 'protect'

/** What one apply has put in force. */
export interface AppliedCounts {
  readonly filters: number
  /** Rules of which every filter is in force. */
  readonly rules: number
  readonly verdicts: Readonly<Record<FilterVerdict, number>>
}

/** What became of one apply. Lists are cut to a bounded length; the counts are complete. */
export type ApplyOutcome = (
  | ({ readonly kind: 'all' } & AppliedCounts)
  | ({
      readonly kind: 'some'
      readonly win32: number
      readonly failedRules: readonly FailedRule[]
      readonly failedRuleCount: number
      readonly failedFilters: readonly FailedFilter[]
      readonly failedFilterCount: number
    } & AppliedCounts)
  /** Nothing is in force that was not in force before. */
  | { readonly kind: 'none'; readonly win32: number; readonly reason: string }
) & {
  /** The system did not give all network interfaces, so filters for this computer's addresses may be missing. */
  readonly isInterfaceListIncomplete?: true
}

/** What the enforcer works on: one processed filter with a name to report it by. */
export interface EnforceableFilter {
  /** Equal keys mean the same treatment of the same packets. */
  readonly key: string
  readonly text: string
  readonly rule: string
  readonly verdict: FilterVerdict
}

export interface EnforcementStep {
  readonly kind: 'add' | 'remove' | 'keep'
  readonly filter: EnforceableFilter
}

/**
 * Puts filters in force. `plan` says what `apply` would do; new protection comes before the old one goes. `apply` answers
 * per filter what failed; it does not throw for a filter.
 */
export interface Enforcer {
  readonly mode: 'observe' | 'enforce'
  plan(previous: readonly EnforceableFilter[], next: readonly EnforceableFilter[]): EnforcementStep[]
  apply(steps: readonly EnforcementStep[]): Promise<readonly FailedFilter[]>
}
