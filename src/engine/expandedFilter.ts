import type { Finding } from '../base/finding.ts'
import type { Filter, Port } from '../policy/filter.ts'
import type { Family, Ip } from '../policy/ip.ts'
import type { ConnectionType, FilterAction, FilterList, Policy, Rule } from '../policy/model.ts'
import type { AddressSet } from './addressSet.ts'

/**
 * Which packets a filter is for. `in`: its destination is `me`; `out`: its source is `me`; `both`: neither side is, or
 * both are, so it holds for what arrives, what leaves and what is passed on.
 */
export type FilterDirection = 'in' | 'out' | 'both'

/** Where protected packets go in tunnel mode: the outer destination of the filter's direction (policy-objects.md 2.4). */
export interface Tunnel {
  readonly endpoint: Ip
  /** The DNS name the endpoint was given or found by. */
  readonly name?: string
  /** Says the rule, or the filter's own record in the form of Windows 2000. */
  readonly from: 'rule' | 'filter'
}

/** One filter as it is matched: of one direction and one family, special addresses resolved. */
export interface ExpandedFilter {
  /** Place in match order; 0 is looked at first. */
  readonly index: number
  readonly policy: Policy
  readonly rule: Rule
  readonly filterList: FilterList
  /** The filter as the list has it. */
  readonly filter: Filter
  /** Its place in the list; 0 is the first. */
  readonly position: number
  /** Source and destination, ports too, are those of `filter` exchanged. */
  readonly isMirrorImage: boolean
  readonly family: Family
  readonly direction: FilterDirection
  readonly source: AddressSet
  readonly destination: AddressSet
  /** IP protocol number, 0 = any. */
  readonly protocol: number
  readonly sourcePort: Port
  readonly destinationPort: Port
  /** `block` when the rule has failed, whatever the rule wanted. */
  readonly action: 'block' | 'permit' | 'negotiate'
  /** The rule's filter action, also when the rule has failed; absent when it cannot be read. */
  readonly filterAction?: FilterAction
  /** Why the filter blocks although its rule may say otherwise. */
  readonly failure?: Finding
  readonly tunnel?: Tunnel
  readonly connectionType: ConnectionType
  /** See weight.ts; greater is more specific. */
  readonly weight: number
  /** A special address stands for nothing here, so no packet matches. */
  readonly matchesNothing: boolean
}
