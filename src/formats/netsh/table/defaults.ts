import type { MainModeSuite, QuickModeSuite } from './tagTypes.ts'

/** What Windows 10 stores when nothing is said (netsh-ipsec.md 3.6, 4.3; policy-objects.md 2.3) [O]. */
export const defaultMainModeSuites: readonly MainModeSuite[] = [
  { encryption: '3des', integrity: 'sha1', group: 'group2' },
  { encryption: '3des', integrity: 'sha1', group: 'group14' },
]

/** Offers of `action=negotiate` without qmsecmethods (3.6) [R]. */
export const defaultQuickModeSuites: readonly QuickModeSuite[] = [
  {
    algorithms: [{ protocol: 'esp', cipher: '3des', integrity: 'sha1' }],
    lifetimeKilobytes: 100_000,
    lifetimeSeconds: 3600,
  },
  {
    algorithms: [{ protocol: 'esp', cipher: '3des', integrity: 'md5' }],
    lifetimeKilobytes: 100_000,
    lifetimeSeconds: 3600,
  },
]

/** Offers of the default response rule on Windows 10 (policy-objects.md 2.5.3) [O]. */
export const defaultResponseSuites: readonly QuickModeSuite[] = [
  {
    algorithms: [{ protocol: 'esp', cipher: '3des', integrity: 'sha1' }],
    lifetimeKilobytes: 0,
    lifetimeSeconds: 0,
  },
  { algorithms: [{ protocol: 'ah', integrity: 'sha1' }], lifetimeKilobytes: 0, lifetimeSeconds: 0 },
]

/** Minutes, as the tags have them [D]. */
export const defaultMainModeMinutes = 480
export const defaultPollingMinutes = 180
