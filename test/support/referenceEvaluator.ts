import type { HostFacts, Packet } from '../../src/engine/index.ts'
import type { Address, Filter, Port } from '../../src/policy/filter.ts'
import type { Families, Ip } from '../../src/policy/ip.ts'
import type { Policy, Rule } from '../../src/policy/model.ts'

/**
 * The judge of the engine: written from filter-order.md and policy-objects.md only, slow and obvious. For each packet it
 * walks all filters, keeps those that match and picks the best. It shares no code with src/engine.
 */
export interface ReferenceDecision {
  readonly verdict: 'block' | 'permit' | 'protect'
  readonly policy: string
  readonly rule: string
  readonly list: string
  readonly position: number
  readonly isMirrorImage: boolean
}

interface Side {
  /** The side is `me`. */
  readonly isMe: boolean
  readonly matches: (ip: Ip) => boolean
  /** Mask bits in a family. */
  readonly bits: (family: 'ipv4' | 'ipv6') => number
  /** H one address, N some, A any. */
  readonly letter: (family: 'ipv4' | 'ipv6') => 'H' | 'N' | 'A'
}

interface Candidate {
  readonly decision: ReferenceDecision
  readonly matches: (packet: Packet) => boolean
  /** Compared element by element; greater wins. */
  readonly key: (family: 'ipv4' | 'ipv6') => readonly number[]
  /** Smaller wins when the keys are equal. */
  readonly tieBreak: readonly (string | number)[]
}

export class ReferenceEvaluator {
  readonly #candidates: readonly Candidate[]

  constructor(policies: readonly Policy[], facts: HostFacts) {
    this.#candidates = policies.flatMap((policy) => policy.rules.flatMap((rule) => candidatesOf(policy, rule, facts)))
  }

  /** Every matching filter, the deciding one first. */
  matching(packet: Packet): ReferenceDecision[] {
    if (packet.source.family !== packet.destination.family) return []
    const { family } = packet.source
    return this.#candidates
      .filter((candidate) => candidate.matches(packet))
      .map((candidate) => ({ candidate, key: candidate.key(family) }))
      .toSorted((a, b) => compareKeys(b.key, a.key) || compareTies(a.candidate.tieBreak, b.candidate.tieBreak))
      .map(({ candidate }) => candidate.decision)
  }
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    if (value !== b[index]) return value - (b[index] as number)
  }
  return 0
}

function compareTies(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [index, value] of a.entries()) {
    if (value !== b[index]) return value < (b[index] as string | number) ? -1 : 1
  }
  return 0
}

function candidatesOf(policy: Policy, rule: Rule, facts: HostFacts): Candidate[] {
  if (!rule.isActive || rule.isDefaultResponse) return []
  const type = rule.connectionType
  if (type !== 'all' && facts.connectionTypes !== undefined && !facts.connectionTypes.includes(type)) return []
  return rule.filterLists.flatMap((list) =>
    list.filters.flatMap((filter, position) =>
      (filter.mirrored ? [false, true] : [false]).map((isMirrorImage) => {
        const use = useOf(rule, filter, facts)
        const from = sideOf(isMirrorImage ? filter.destination : filter.source, facts)
        const to = sideOf(isMirrorImage ? filter.source : filter.destination, facts)
        const fromPort = isMirrorImage ? filter.destinationPort : filter.sourcePort
        const toPort = isMirrorImage ? filter.sourcePort : filter.destinationPort
        return {
          decision: {
            verdict: use.verdict,
            policy: policy.id,
            rule: rule.id,
            list: list.id,
            position,
            isMirrorImage,
          },
          matches: (packet: Packet) =>
            from.matches(packet.source) &&
            to.matches(packet.destination) &&
            (filter.protocol === 0 || filter.protocol === packet.protocol) &&
            portMatches(fromPort, packet.sourcePort) &&
            portMatches(toPort, packet.destinationPort) &&
            goesThatWay(from, to, packet) &&
            (type === 'all' || packet.connectionType === undefined || packet.connectionType === type),
          key: (family: 'ipv4' | 'ipv6') => [
            policy.area === 'persistent' ? 1 : 0,
            use.isTunnel ? 1 : 0,
            10 - addressRank(from.letter(family) + to.letter(family)),
            to.bits(family),
            from.bits(family),
            6 - protocolRank(filter.protocol, fromPort, toPort),
            use.restriction,
          ],
          tieBreak: [policy.id, rule.id, list.id, position, isMirrorImage ? 1 : 0],
        }
      }),
    ),
  )
}

/** The rule's action, unless it cannot be used: then it blocks, whatever it wanted. */
function useOf(rule: Rule, filter: Filter, facts: HostFacts) {
  const isTunnel = rule.isTunnel || filter.legacyTunnel !== undefined
  const name = rule.tunnelEndpointName?.toLowerCase() ?? ''
  const hasRuleEndpoint = rule.tunnelEndpoint !== undefined || (facts.names.get(name) ?? []).length > 0
  const hasEndpoint = rule.isTunnel
    ? hasRuleEndpoint
    : filter.legacyTunnel === undefined || numberOf(filter.legacyTunnel) > 0n
  const action = rule.filterAction
  const isNarrowPermit = action?.action === 'permit' && rule.interfaceName !== undefined
  if (rule.problems.length > 0 || action === undefined || !hasEndpoint || isNarrowPermit || action.action === 'block') {
    return { verdict: 'block', restriction: 3, isTunnel } as const
  }
  if (action.action === 'permit') return { verdict: 'permit', restriction: 0, isTunnel } as const
  return { verdict: 'protect', restriction: action.fallBackToClear ? 1 : 2, isTunnel } as const
}

/** With a direction said, a filter from `me` is for what leaves, a filter to `me` for what arrives. */
function goesThatWay(from: Side, to: Side, packet: Packet): boolean {
  if (packet.direction === undefined || from.isMe === to.isMe) return true
  return packet.direction === (from.isMe ? 'out' : 'in')
}

function portMatches(port: Port, actual: number | undefined): boolean {
  if (isAny(port)) return true
  if (actual === undefined) return false
  if (port.kind === 'single') return port.port === actual
  return port.kind === 'range' && port.first <= actual && actual <= port.last
}

function isAny(port: Port): boolean {
  return port.kind === 'any' || (port.kind === 'range' && port.first === 0 && port.last === 65_535)
}

/** The table of filter-order.md, source then destination. */
function addressRank(letters: string): number {
  return ['HH', 'NH', 'HN', 'NN', 'AH', 'HA', 'AN', 'NA', 'AA'].indexOf(letters) + 1
}

function protocolRank(protocol: number, from: Port, to: Port): number {
  if (protocol === 0) return 5
  if (!isAny(from) && !isAny(to)) return 1
  if (!isAny(to)) return 2
  return isAny(from) ? 4 : 3
}

function sideOf(address: Address, facts: HostFacts): Side {
  switch (address.kind) {
    case 'any':
      return {
        isMe: false,
        matches: (ip) => isOf(ip, address.families),
        bits: () => 0,
        letter: () => 'A',
      }
    case 'host':
      return oneOf([address.address], false)
    case 'subnet': {
      const mask = numberOf(address.mask)
      const network = numberOf(address.address) & mask
      const ones = mask.toString(2).replaceAll('0', '').length
      const width = address.mask.family === 'ipv4' ? 32 : 128
      return {
        isMe: false,
        matches: (ip) => ip.family === address.address.family && (numberOf(ip) & mask) === network,
        bits: () => ones,
        letter: () => (ones === 0 ? 'A' : ones === width ? 'H' : 'N'),
      }
    }
    case 'range':
      return rangeSide(address.first, address.last)
    case 'me':
      return oneOf(
        facts.addresses.filter((ip) => isOf(ip, address.families)),
        true,
      )
    case 'name':
      return oneOf(facts.names.get(address.name.toLowerCase()) ?? [], false)
    default:
      return oneOf(
        facts.servers[address.kind].filter((ip) => isOf(ip, address.families)),
        false,
      )
  }
}

/** Counts as one address, however many there are. */
function oneOf(ips: readonly Ip[], isMe: boolean): Side {
  return {
    isMe,
    matches: (ip) => ips.some((one) => one.family === ip.family && one.bits === ip.bits),
    bits: (family) => (family === 'ipv4' ? 32 : 128),
    letter: () => 'H',
  }
}

function rangeSide(first: Ip, last: Ip): Side {
  const width = first.family === 'ipv4' ? 32 : 128
  const low = numberOf(first)
  const high = numberOf(last)
  const lowText = low.toString(2).padStart(width, '0')
  const highText = high.toString(2).padStart(width, '0')
  let common = 0
  while (common < width && lowText[common] === highText[common]) common += 1
  const isWhole = !lowText.slice(common).includes('1') && !highText.slice(common).includes('0')
  return {
    isMe: false,
    matches: (ip) => ip.family === first.family && low <= numberOf(ip) && numberOf(ip) <= high,
    bits: () => common,
    letter: () => (!isWhole ? 'N' : common === 0 ? 'A' : common === width ? 'H' : 'N'),
  }
}

function isOf(ip: Ip, families: Families): boolean {
  return families === 'both' || ip.family === families
}

function numberOf(ip: Ip): bigint {
  return BigInt(ip.bits)
}
