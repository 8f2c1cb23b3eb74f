import type { Ip } from '../policy/ip.ts'

/** `in` arrives at this computer, `out` leaves it. */
export type PacketDirection = 'in' | 'out'

/** What is asked about: one packet as it is without IPsec. */
export interface Packet {
  /** Absent: the addresses alone say it, see `directionOf`. */
  readonly direction?: PacketDirection
  readonly source: Ip
  readonly destination: Ip
  /** IP protocol number; absent or 0: not said, so only filters for any protocol match. */
  readonly protocol?: number
  /** Absent: the packet has no ports (ICMP, a later fragment) or they are not said; filters for ports do not match. */
  readonly sourcePort?: number
  readonly destinationPort?: number
  /** The kind of interface it passes; absent: any, so rules for each kind count. */
  readonly connectionType?: 'lan' | 'dialup'
}
