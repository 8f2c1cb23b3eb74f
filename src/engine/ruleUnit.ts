import type { Finding } from '../base/finding.ts'
import type { FilterList, Policy, Rule } from '../policy/model.ts'
import type { Tunnel } from './expandedFilter.ts'
import { processingFinding } from './processingTable.ts'
import { ruleTitle } from './ruleTitle.ts'
import type { SpecialAddresses } from './specialAddresses.ts'
import { ruleWeight } from './weight.ts'
import type { WeighedAction } from './weightTables.ts'

/** One filter list as one rule of one policy uses it: everything its filters have in common. */
export interface RuleUnit {
  readonly policy: Policy
  readonly rule: Rule
  readonly filterList: FilterList
  readonly action: 'block' | 'permit' | 'negotiate'
  /** Why the rule cannot be used; its filters block. */
  readonly failure?: Finding
  readonly tunnel?: Tunnel
  /** Weight of policy and action, and of the tunnel when the rule has one. */
  readonly weight: number
}

/** How a rule is used: its action and tunnel, or why it has failed. */
export type RuleUse = Omit<RuleUnit, 'filterList'>

export function ruleUse(policy: Policy, rule: Rule, special: SpecialAddresses): RuleUse {
  const tunnel = tunnelOf(rule, special)
  const failure = failureOf(rule, tunnel)
  const weighed = failure === undefined ? weighedAction(rule) : 'block'
  const isTunnel = rule.isTunnel
  return {
    policy,
    rule,
    action: weighed === 'negotiate-or-clear' ? 'negotiate' : weighed,
    ...(failure === undefined ? {} : { failure }),
    ...(tunnel === undefined ? {} : { tunnel }),
    weight: ruleWeight(policy.area === 'persistent', isTunnel, weighed),
  }
}

function failureOf(rule: Rule, tunnel: Tunnel | undefined): Finding | undefined {
  const place = { ...rule.object.place, object: rule.object.key }
  const problem = rule.problems[0]
  if (problem !== undefined) return problem
  if (rule.filterAction === undefined) return processingFinding('RULE_FAILED', 'it has no filter action', place)
  if (rule.isTunnel && tunnel === undefined) {
    const name = rule.tunnelEndpointName ?? ruleTitle(rule)
    return processingFinding('RULE_TUNNEL_UNRESOLVED', name, place)
  }
  if (rule.interfaceName !== undefined && rule.filterAction.action === 'permit') {
    return processingFinding('RULE_INTERFACE_NAMED', rule.interfaceName, place)
  }
  return undefined
}

/** What the rule wants; asked only of a rule that has not failed. */
function weighedAction({ filterAction }: Rule): WeighedAction {
  if (filterAction === undefined) return 'block'
  if (filterAction.action !== 'negotiate') return filterAction.action
  return filterAction.fallBackToClear ? 'negotiate-or-clear' : 'negotiate'
}

/** The first address of a name is used; a name may have several [R]. */
function tunnelOf(rule: Rule, special: SpecialAddresses): Tunnel | undefined {
  if (!rule.isTunnel) return undefined
  const name = rule.tunnelEndpointName
  const endpoint = rule.tunnelEndpoint ?? (name === undefined ? undefined : special.named(name)[0])
  if (endpoint === undefined) return undefined
  return { endpoint, ...(name === undefined ? {} : { name }), from: 'rule' }
}
