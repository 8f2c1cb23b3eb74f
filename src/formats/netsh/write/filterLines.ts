import type { Address, Filter, Port } from '../../../policy/filter.ts'
import { filterText } from '../../../policy/filterWords.ts'
import { formatIp, prefixLengthOfMask } from '../../../policy/ip.ts'
import { protocolName } from '../../../policy/protocol.ts'
import { readAddress, serverWords } from '../parse/addresses.ts'
import { quoted, sayable, type Tell } from './netshNames.ts'

/** Ranges of ports are told port by port up to this many. */
const mostPorts = 4096

/** `add filter` lines for one filter: one, several for a range of ports, none when netsh cannot say it. */
export function filterLines(list: string, filter: Filter, tell: Tell): string[] {
  const parts = splitFamilies(filter)
  if (parts === undefined) return leftOut(filter, 'its addresses are IPv6 on no named side', tell)
  if (filter.legacyTunnel !== undefined) return leftOut(filter, 'it has a tunnel of its own', tell)
  if ((filter.sourceName ?? '') !== '' || (filter.destinationName ?? '') !== '') {
    tell('NETSH_NOT_SAYABLE', `the DNS name beside an address (${filterText(filter)})`)
  }
  return parts.flatMap((part) => familyLines(list, part, tell))
}

function leftOut(filter: Filter, why: string, tell: Tell): string[] {
  tell('NETSH_LEFT_OUT', `the filter ${filterText(filter)}: ${why}`)
  return []
}

/** `me` and `any` take the family of the other side; both families become two filters. */
function splitFamilies(filter: Filter): Filter[] | undefined {
  const { source, destination } = filter
  if (!('families' in source) && !('families' in destination)) return [filter]
  const families = new Set<string>()
  for (const side of [source, destination]) {
    if ('families' in side && side.families !== 'both') families.add(side.families)
    if (side.kind === 'host' || side.kind === 'subnet') families.add(side.address.family)
    if (side.kind === 'range') families.add(side.first.family)
  }
  if (families.size > 1) return undefined
  const wanted = families.size === 0 ? (['ipv4', 'ipv6'] as const) : ([...families] as ('ipv4' | 'ipv6')[])
  const parts = wanted.map((family) => ({
    ...filter,
    source: 'families' in source ? { ...source, families: family } : source,
    destination: 'families' in destination ? { ...destination, families: family } : destination,
  }))
  return parts.every(isFamilySayable) ? parts : undefined
}

/** IPv6 must be seen on one side: an address, or any as `::` with mask 0. */
function isFamilySayable(filter: Filter): boolean {
  const sides = [filter.source, filter.destination]
  if (!sides.some((side) => 'families' in side && side.families === 'ipv6')) return true
  return (
    sides.some((side) => !('families' in side) || side.kind === 'any') && !sides.some((side) => side.kind === 'name')
  )
}

function familyLines(list: string, filter: Filter, tell: Tell): string[] {
  const source = sideTags('src', filter.source)
  const destination = sideTags('dst', filter.destination)
  if (typeof source === 'string') return leftOut(filter, source, tell)
  if (typeof destination === 'string') return leftOut(filter, destination, tell)
  const hasPorts = filter.protocol === 6 || filter.protocol === 17
  if (!hasPorts && (filter.sourcePort.kind !== 'any' || filter.destinationPort.kind !== 'any')) {
    return leftOut(filter, 'ports go with TCP and UDP only', tell)
  }
  const sourcePorts = portsOf(filter.sourcePort)
  const destinationPorts = portsOf(filter.destinationPort)
  if (sourcePorts === undefined || destinationPorts === undefined) {
    return leftOut(filter, 'netsh has no port 0 and no large ranges of ports', tell)
  }
  const count = sourcePorts.length * destinationPorts.length
  if (count > mostPorts) return leftOut(filter, `its ranges of ports make ${count} filters`, tell)
  if (count > 1) tell('NETSH_NOT_SAYABLE', `a range of ports, told as ${count} filters (${filterText(filter)})`)
  const description = filter.description ?? ''
  const tail = [
    ...(description === '' ? [] : [`description=${quoted(sayable(description, 'the description of a filter', tell))}`]),
    `protocol=${quoted(protocolWord(filter.protocol))}`,
    `mirrored=${quoted(filter.mirrored ? 'yes' : 'no')}`,
    ...source.mask,
    ...destination.mask,
  ]
  const head = ['add filter', `filterlist=${quoted(list)}`, source.address, destination.address, ...tail].join(' ')
  return sourcePorts.flatMap((from) =>
    destinationPorts.map((to) => {
      const ports = hasPorts ? [`srcport=${quoted(String(from))}`, `dstport=${quoted(String(to))}`] : []
      return [head, ...ports].join(' ')
    }),
  )
}

interface SideTags {
  readonly address: string
  readonly mask: readonly string[]
}

const wordOfServer = new Map<string, string>(Object.entries(serverWords).map(([word, kind]) => [kind, word]))

/** The tags of one side, or why there are none. */
function sideTags(side: 'src' | 'dst', address: Address): SideTags | string {
  const tags = (text: string, mask?: string): SideTags => ({
    address: `${side}addr=${quoted(text)}`,
    mask: mask === undefined ? [] : [`${side}mask=${quoted(mask)}`],
  })
  switch (address.kind) {
    case 'any':
      return address.families === 'ipv6' ? tags('::', '0') : tags('any')
    case 'me':
      return tags('me')
    case 'host':
      if (BigInt(address.address.bits) === 0n) return `${formatIp(address.address)} is no address to netsh`
      return tags(formatIp(address.address))
    case 'subnet':
      return subnetTags(address, tags)
    case 'range':
      return tags(`${formatIp(address.first)}-${formatIp(address.last)}`)
    case 'name': {
      const reading = readAddress(address.name)
      const isSame = reading.ok && reading.value.kind === 'name' && reading.value.name === address.name
      return isSame ? tags(address.name) : `"${address.name}" is no DNS name to netsh`
    }
    default: {
      const word = wordOfServer.get(address.kind)
      return word === undefined ? `${address.kind} has no word` : tags(word)
    }
  }
}

function subnetTags(
  address: Extract<Address, { kind: 'subnet' }>,
  tags: (text: string, mask?: string) => SideTags,
): SideTags | string {
  const length = prefixLengthOfMask(address.mask)
  if (length === undefined) return `the mask ${formatIp(address.mask)} is not contiguous`
  if (length === 0) return 'a mask of 0 beside an address'
  const width = address.address.family === 'ipv4' ? 32 : 128
  if (length === width)
    return BigInt(address.address.bits) === 0n ? 'it is no address to netsh' : tags(formatIp(address.address))
  return tags(formatIp(address.address), width === 32 ? formatIp(address.mask) : String(length))
}

const portZero = [0]

/** Ports to tell one by one; any is 0. */
function portsOf(port: Port): readonly number[] | undefined {
  switch (port.kind) {
    case 'any':
      return portZero
    case 'single':
      return port.port === 0 ? undefined : [port.port]
    case 'range': {
      const count = port.last - port.first + 1
      if (port.first === 0 && port.last === 0xffff) return portZero
      if (port.first === 0 || count > mostPorts) return undefined
      return Array.from({ length: count }, (_, index) => port.first + index)
    }
  }
}

function protocolWord(protocol: number): string {
  const name = protocolName(protocol).toUpperCase()
  return ['ANY', 'ICMP', 'TCP', 'UDP', 'RAW'].includes(name) ? name : String(protocol)
}
