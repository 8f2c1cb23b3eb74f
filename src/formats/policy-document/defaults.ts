import type { Algorithm } from '../../policy/model.ts'
import { defaultMainModeLifetimeSeconds, defaultPollingIntervalSeconds } from '../../policy/wellKnown.ts'
import type { OfferWords, SuiteWords } from './methodWords.ts'

/** What the Windows command line gives where nothing is said (netsh-ipsec.md 3.6, 4.2-4.4; policy-objects.md 2.3, 2.5.3). */
export const documentDefaults = {
  pollingIntervalSeconds: defaultPollingIntervalSeconds, // D
  mainModeLifetimeSeconds: defaultMainModeLifetimeSeconds, // D
  /** As the command line of Windows 10 and 11 stores them. */
  mainModeMethods: [
    { encryption: '3des', integrity: 'sha1', group: 'group2' },
    { encryption: '3des', integrity: 'sha1', group: 'group14' },
  ] satisfies SuiteWords[], // O
  /** Of a filter action that negotiates. */
  methods: [
    { algorithms: [esp('sha1')], lifetimeKilobytes: 100_000, lifetimeSeconds: 3600 },
    { algorithms: [esp('md5')], lifetimeKilobytes: 100_000, lifetimeSeconds: 3600 },
  ] satisfies OfferWords[], // R
  /** Of the default response rule. */
  responseMethods: [
    { algorithms: [esp('sha1')], lifetimeKilobytes: 0, lifetimeSeconds: 0 },
    { algorithms: [{ protocol: 'ah', integrity: 'sha1' }], lifetimeKilobytes: 0, lifetimeSeconds: 0 },
  ] satisfies OfferWords[], // O
} as const

function esp(integrity: 'sha1' | 'md5'): Algorithm {
  return { protocol: 'esp', cipher: '3des', integrity }
}

/** Actions that need not be defined: a rule may say just `block` or `permit`. */
export const builtInActions = { block: 'Block', permit: 'Permit' } as const
