import { toEnforceable } from '../enforcement/toEnforceable.ts'
import { ObserveEnforcer } from '../enforcement/observe.ts'
import { expandPolicy } from '../engine/index.ts'
import { memberObjects, policySetOf } from '../formats/object-store/index.ts'
import type { Address } from '../policy/filter.ts'
import type { Policy } from '../policy/model.ts'
import { hostFactsOf } from '../stores/hostFacts.ts'
import { LocalStore } from '../stores/localStore.ts'
import type { StateDirectory } from '../stores/stateDirectory.ts'
import { hiveCodec } from '../stores/storeCodec.ts'
import type { AttemptTools } from './attemptWork.ts'
import { failureCode } from './failureCodes.ts'

/** The tools of the real program: hive, engine, this computer, observe mode. */
export function realAttemptTools(directory: StateDirectory): AttemptTools {
  const store = new LocalStore({ directory, codec: hiveCodec, now: () => new Date().toISOString() })
  return {
    readStore: () => {
      const { stores, findings } = store.read()
      return policySetOf({ source: 'local', format: 'hive', stores, findings })
    },
    objectsOf: memberObjects,
    factsFor: (policy) => hostFactsOf(namesIn(policy)),
    process: (policy, facts) => {
      const expanded = expandPolicy(policy, facts)
      return toEnforceable(expanded, failureCode.invalidData)
    },
    enforcer: new ObserveEnforcer(),
  }
}

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
