import type { Address } from '../policy/filter.ts'
import type { Policy } from '../policy/model.ts'

/** DNS names that must be looked up when the policy is processed. */
export function namesIn(policy: Policy): string[] {
  const names = new Set<string>()
  const note = (address: Address): void => {
    if (address.kind === 'name') names.add(address.name)
  }
  for (const rule of policy.rules) {
    for (const list of rule.filterLists) {
      for (const filter of list.filters) {
        note(filter.source)
        note(filter.destination)
      }
    }
  }
  return [...names]
}
