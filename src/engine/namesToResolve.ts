import type { Address } from '../policy/filter.ts'
import type { Policy } from '../policy/model.ts'

/** DNS names, lower case, that must be looked up to process a policy: of filters and of tunnel endpoints. */
export function namesToResolve(policy: Policy): string[] {
  const names = new Set<string>()
  const note = (address: Address): void => {
    if (address.kind === 'name') names.add(address.name.toLowerCase())
  }
  for (const rule of policy.rules) {
    if (rule.isTunnel && rule.tunnelEndpoint === undefined && rule.tunnelEndpointName !== undefined) {
      names.add(rule.tunnelEndpointName.toLowerCase())
    }
    for (const list of rule.filterLists) {
      for (const filter of list.filters) {
        note(filter.source)
        note(filter.destination)
      }
    }
  }
  return [...names]
}
