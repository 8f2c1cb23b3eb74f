import type { Finding } from '../base/finding.ts'
import type { Filter } from '../policy/filter.ts'
import type { FilterList, Policy, Rule } from '../policy/model.ts'
import type { ExpandedFilters } from './expandedFilters.ts'
import type { HostFacts } from './hostFacts.ts'

/** Everything processing makes of one policy, or of several that are in force together. */
export interface ExpandedPolicy {
  readonly policies: readonly Policy[]
  readonly facts: HostFacts
  /** In match order: the first that matches a packet decides. Made on demand: keep indexes, not filters. */
  readonly filters: ExpandedFilters
  /** Rules that cannot be used. What is known of their filters blocks. */
  readonly failedRules: readonly FailedRule[]
  /** Filters that should be in force and cannot be (event 5477). */
  readonly failedFilters: readonly FilterTrouble[]
  /** Filters that could never match a packet, whatever the host. */
  readonly neverMatching: readonly FilterTrouble[]
  /** Rules that are not meant to be enforced here. */
  readonly setAside: readonly SetAsideRule[]
  /** What is worth knowing beyond the above; and why a policy as a whole cannot be used. */
  readonly findings: readonly Finding[]
}

export interface FailedRule {
  readonly policy: Policy
  /** Absent when the policy refers to a rule that is not there. */
  readonly rule?: Rule
  /** The reference as written, when `rule` is absent. */
  readonly reference?: string
  readonly finding: Finding
  /** How many filters block in its place; 0 when none is known. */
  readonly blockingFilters: number
}

export interface FilterTrouble {
  readonly policy: Policy
  readonly rule: Rule
  readonly filterList: FilterList
  readonly filter: Filter
  /** Its place in the list; 0 is the first. */
  readonly position: number
  readonly finding: Finding
  /** It is among the filters and blocks; else it is not there, because no address is known that it could match. */
  readonly blocks: boolean
}

export interface SetAsideRule {
  readonly policy: Policy
  readonly rule: Rule
  readonly reason: 'inactive' | 'default-response' | 'connection-type'
}
