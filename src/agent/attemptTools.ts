import { toEnforceable } from '../enforcement/toEnforceable.ts'
import { ObserveEnforcer } from '../enforcement/observe.ts'
import { expandPolicy, namesToResolve } from '../engine/index.ts'
import { memberObjects, policySetOf } from '../formats/object-store/index.ts'
import { hostReadingOf } from '../stores/hostFacts.ts'
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
      const { stores, findings, damage } = store.read()
      const set = policySetOf({ source: 'local', format: 'hive', stores, findings })
      return { set, ...(damage === undefined ? {} : { damage }) }
    },
    objectsOf: memberObjects,
    readHost: (policy) => hostReadingOf(namesToResolve(policy)),
    process: (policy, facts) => toEnforceable(expandPolicy(policy, facts), failureCode.invalidData),
    enforcer: new ObserveEnforcer(),
  }
}
