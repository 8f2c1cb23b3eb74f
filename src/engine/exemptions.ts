import { type Ip, maxIpv4 } from '../policy/ip.ts'
import type { Mark } from './marks.ts'
import type { Packet } from './packet.ts'

/**
 * Traffic that Windows lets past all filters, whatever the policy says, by the setting NoDefaultExempt (ipsecexempt of
 * netsh). Verdicts do not count with it; explain mentions it.
 */
export interface Exemption {
  readonly traffic: string
  /** Values of NoDefaultExempt with which the traffic is exempt. */
  readonly settings: readonly (0 | 1 | 2 | 3)[]
  readonly mark: Mark
  readonly includes: (packet: Packet) => boolean
}

/** NoDefaultExempt when it is not set: only IKE is exempt (Server 2003 and later) [D]. */
const defaultNoDefaultExempt = 3

export const exemptions: readonly Exemption[] = [
  {
    traffic: 'IKE (UDP ports 500 and 4500)',
    settings: [0, 1, 2, 3],
    mark: 'D',
    includes: (packet) => packet.protocol === 17 && (hasPort(packet, 500) || hasPort(packet, 4500)),
  },
  {
    traffic: 'Kerberos (port 88)',
    settings: [0, 2],
    mark: 'D',
    includes: (packet) => (packet.protocol === 6 || packet.protocol === 17) && hasPort(packet, 88),
  },
  { traffic: 'RSVP (protocol 46)', settings: [0, 2], mark: 'D', includes: (packet) => packet.protocol === 46 },
  {
    traffic: 'multicast',
    settings: [0, 1],
    mark: 'D',
    includes: ({ destination }) => isMulticast(destination),
  },
  {
    // The broadcast addresses of subnets are not known from a packet.
    traffic: 'broadcast',
    settings: [0, 1],
    mark: 'D',
    includes: ({ destination }) => destination.family === 'ipv4' && destination.bits === maxIpv4,
  },
]

/** A sentence for each exemption a packet may fall under. */
export function exemptionNotes(packet: Packet): string[] {
  return exemptions
    .filter((exemption) => exemption.includes(packet))
    .map(({ traffic, settings }) => {
      if (settings.length === 4) return `Windows lets ${traffic} past all filters.`
      const values = settings.join(' or ')
      const usual = settings.some((setting) => setting === defaultNoDefaultExempt)
        ? 'as is usual'
        : 'which is not usual'
      return `Windows lets ${traffic} past all filters where NoDefaultExempt is ${values}, ${usual}.`
    })
}

function hasPort(packet: Packet, port: number): boolean {
  return packet.sourcePort === port || packet.destinationPort === port
}

function isMulticast(ip: Ip): boolean {
  return ip.family === 'ipv4' ? ip.bits >>> 28 === 14 : ip.bits >> 120n === 0xffn
}
