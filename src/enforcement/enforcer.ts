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
  readonly win32: number
  readonly reason: string
}

/** What became of one apply. Lists are cut to a bounded length; the counts are complete. */
export type ApplyOutcome =
  | { readonly kind: 'all'; readonly filters: number; readonly rules: number }
  | {
      readonly kind: 'some'
      readonly filters: number
      readonly rules: number
      readonly win32: number
      readonly failedRules: readonly FailedRule[]
      readonly failedFilters: readonly FailedFilter[]
      readonly failedFilterCount: number
    }
  /** Nothing is in force that was not in force before. */
  | { readonly kind: 'none'; readonly win32: number; readonly reason: string }

/** What the enforcer works on: one processed filter with a name to report it by. */
export interface EnforceableFilter {
  /** Equal keys mean the same treatment of the same packets. */
  readonly key: string
  readonly text: string
  readonly rule: string
}

export interface EnforcementStep {
  readonly kind: 'add' | 'remove' | 'keep'
  readonly filter: EnforceableFilter
}

/**
 * Puts filters in force. `plan` says in words what `apply` would do; new protection comes before the old one goes.
 * `apply` answers per filter what failed; it does not throw for a filter.
 */
export interface Enforcer {
  readonly mode: 'observe' | 'enforce'
  plan(previous: readonly EnforceableFilter[], next: readonly EnforceableFilter[]): EnforcementStep[]
  apply(steps: readonly EnforcementStep[]): Promise<readonly FailedFilter[]>
}
