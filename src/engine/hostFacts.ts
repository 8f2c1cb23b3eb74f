import type { ServerKind } from '../policy/filter.ts'
import type { Ip } from '../policy/ip.ts'

/** What processing needs to know about the computer it is done for. Passed in; a new value means processing again. */
export interface HostFacts {
  /** Every address of this computer: what `me` stands for. */
  readonly addresses: readonly Ip[]
  readonly servers: Readonly<Record<ServerKind, readonly Ip[]>>
  /** DNS names (lower case) to addresses; a name that is missing here does not resolve. */
  readonly names: ReadonlyMap<string, readonly Ip[]>
  /** Connection types that exist here; rules for others apply to nothing. Absent: all. */
  readonly connectionTypes?: readonly ('lan' | 'dialup')[]
}

export const noHostFacts: HostFacts = {
  addresses: [],
  servers: { 'dns-servers': [], 'wins-servers': [], dhcp: [], gateway: [] },
  names: new Map(),
}
