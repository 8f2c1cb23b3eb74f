import type { AuthenticationMethod, FilterAction, Offer, Rule } from '../policy/model.ts'
import type { ExpandedFilter, Tunnel } from './expandedFilter.ts'

/** What happens to a packet. `none`: no filter matches, so it passes as it is, as on Windows. */
export type Verdict =
  | { readonly kind: 'none' }
  | { readonly kind: 'block'; readonly filter: ExpandedFilter }
  | { readonly kind: 'permit'; readonly filter: ExpandedFilter }
  | ProtectVerdict

export interface ProtectVerdict {
  readonly kind: 'protect'
  readonly filter: ExpandedFilter
  readonly rule: Rule
  readonly filterAction: FilterAction
  /** In order of preference. */
  readonly offers: readonly Offer[]
  readonly authentication: readonly AuthenticationMethod[]
  /** Tunnel mode; absent: transport mode. */
  readonly tunnel?: Tunnel
  readonly perfectForwardSecrecy: boolean
  readonly acceptUnsecuredInbound: boolean
  readonly fallBackToClear: boolean
}

/** The verdict a filter gives. */
export function verdictOf(filter: ExpandedFilter): Verdict {
  const { filterAction } = filter
  if (filter.action === 'permit') return { kind: 'permit', filter }
  if (filter.action === 'block' || filterAction?.action !== 'negotiate') return { kind: 'block', filter }
  return {
    kind: 'protect',
    filter,
    rule: filter.rule,
    filterAction,
    offers: filterAction.offers,
    authentication: filter.rule.authentication,
    ...(filter.tunnel === undefined ? {} : { tunnel: filter.tunnel }),
    perfectForwardSecrecy: filterAction.perfectForwardSecrecy,
    acceptUnsecuredInbound: filterAction.acceptUnsecuredInbound,
    fallBackToClear: filterAction.fallBackToClear,
  }
}
