import { isAllZero } from '../../base/bytes.ts'
import { PolagentError } from '../../base/errors.ts'
import type { Address, Filter, Port, ServerKind } from '../../policy/filter.ts'
import { anyPort } from '../../policy/filter.ts'
import { type Families, ipv4, ipv6, ipv6FromBytes, ipv6Mask, maxIpv4 } from '../../policy/ip.ts'
import {
  type AddressData,
  decodeFilterParts,
  type FilterRecord1,
  type FilterRecord2,
  type PortData,
  record1FromEnd,
  record2FromEnd,
} from '../ipsec-data/index.ts'

/** Legacy-Special-Filter and IPsec-Address-Type values of the server kinds (policy-objects.md 2.6.2, 2.6.3) [S]. */
export const serverCodes: Record<ServerKind, { readonly special: number; readonly type: number }> = {
  'dns-servers': { special: 1, type: 0x10 },
  'wins-servers': { special: 2, type: 0x20 },
  dhcp: { special: 3, type: 0x40 },
  gateway: { special: 4, type: 0x80 },
}
/** The other IPsec-Address-Type values [S]. */
export const addressTypeCodes = { any: 0, host: 1, range: 2, subnet: 4, me: 8 } as const
export const specialDestinationBit = 0x80
export const flagReplacesExpansion = 8

const serverBySpecial = new Map(serverEntries().map(([kind, codes]) => [codes.special, kind]))
const serverByType = new Map(serverEntries().map(([kind, codes]) => [codes.type, kind]))

function serverEntries(): [ServerKind, { special: number; type: number }][] {
  return Object.entries(serverCodes) as [ServerKind, { special: number; type: number }][]
}

export interface FiltersMeaning {
  readonly filters: readonly Filter[]
  /** Bytes after the last filter beyond the one trailing byte of old writers; what they say is not known. */
  readonly ignoredBytes: number
}

/**
 * The effective filters of a list: version 1 records, less those a version 2 record with flag 8 replaces, then the
 * version 2 records (policy-objects.md 2.6.4). Throws when the blob is malformed or a record says something unknown:
 * the whole list is then unusable.
 */
export function filtersOfBlob(bytes: Uint8Array): FiltersMeaning {
  const replacing = new Set<string>()
  const { part1, part2, rest } = decodeFilterParts(bytes, filterOfRecord1, (record, end) => {
    if ((record.flags & flagReplacesExpansion) !== 0) replacing.add(record.id)
    return filterOfRecord2(record, end)
  })
  const ignoredBytes = Math.max(0, (part1?.gap.length ?? 0) - 1) + Math.max(0, rest.length - 1)
  const later = part2?.records ?? []
  if (part1 === undefined) return { filters: later, ignoredBytes }
  // Where no id agrees the expansions are kept: they cover the same addresses, so keeping them does no harm.
  const earlier = replacing.size === 0 ? part1.records : part1.records.filter((filter) => !replacing.has(filter.id))
  return { filters: later.length === 0 ? earlier : [...earlier, ...later], ignoredBytes }
}

export function filterOfRecord1(record: FilterRecord1, end: number): Filter {
  const protocol = checkedProtocol(record.protocol, 'Legacy-Protocol', end - record1FromEnd.protocol)
  let source = legacyAddress(record.sourceAddress, record.sourceMask, record.sourceName.text)
  let destination = legacyAddress(record.destinationAddress, record.destinationMask, record.destinationName.text)
  if (record.special !== 0) {
    const server = serverBySpecial.get(record.special & ~specialDestinationBit)
    if (server === undefined) {
      const what = `0x${record.special.toString(16)} is no known kind of server`
      throw malformed('Legacy-Special-Filter', end - record1FromEnd.special, what)
    }
    if ((record.special & specialDestinationBit) === 0) source = { kind: server, families: 'ipv4' }
    else destination = { kind: server, families: 'ipv4' }
  }
  const filter: Filter = {
    id: record.id,
    mirrored: record.mirror !== 0,
    protocol,
    source,
    destination,
    sourcePort: record.sourcePort === 0 ? anyPort : singlePort(record.sourcePort),
    destinationPort: record.destinationPort === 0 ? anyPort : singlePort(record.destinationPort),
  }
  return withTexts(record, record.isTunnel === 0 ? filter : { ...filter, legacyTunnel: ipv4(record.tunnelAddress) })
}

const anyIpv4: Address = { kind: 'any', families: 'ipv4' }
const meIpv4: Address = { kind: 'me', families: 'ipv4' }

/** Address and mask pairs of version 1 records (policy-objects.md 2.6.2). */
function legacyAddress(address: number, mask: number, name: string): Address {
  // "Reading it as Me or any would be wrong in a dangerous way" where a name stands beside no address.
  if (address === 0 && (mask === 0 || mask === maxIpv4) && name !== '') return { kind: 'name', name }
  if (mask === 0) return anyIpv4
  if (address === 0 && mask === maxIpv4) return meIpv4
  if (mask === maxIpv4) return { kind: 'host', address: ipv4(address) }
  return { kind: 'subnet', address: ipv4(address), mask: ipv4(mask) }
}

/** Ports repeat in large lists: one object each. */
const singlePorts = new Map<number, Port>()

function singlePort(port: number): Port {
  const known = singlePorts.get(port)
  if (known !== undefined) return known
  const made: Port = { kind: 'single', port }
  singlePorts.set(port, made)
  return made
}

export function filterOfRecord2(record: FilterRecord2, end: number): Filter {
  const protocol = checkedProtocol(record.protocol, 'Filter-Protocol', end - record2FromEnd.protocol)
  const at = (field: string, fromEnd: number): FieldPlace => ({ field, offset: end - fromEnd })
  return withTexts(record, {
    id: record.id,
    mirrored: record.mirror !== 0,
    protocol,
    source: addressOfData(record.source, record.sourceName.text, at('Source-Address-Data', record2FromEnd.source)),
    destination: addressOfData(
      record.destination,
      record.destinationName.text,
      at('Destination-Address-Data', record2FromEnd.destination),
    ),
    sourcePort: portOfData(record.sourcePort, at('Source-Port-Data', record2FromEnd.sourcePort)),
    destinationPort: portOfData(record.destinationPort, at('Destination-Port-Data', record2FromEnd.destinationPort)),
  })
}

/**
 * Most filters have no names and no description; those are given as they are. A name that is the address itself is not
 * told twice.
 */
function withTexts(record: FilterRecord1 | FilterRecord2, filter: Filter): Filter {
  const description = record.description.text
  const sourceName = filter.source.kind === 'name' ? '' : record.sourceName.text
  const destinationName = filter.destination.kind === 'name' ? '' : record.destinationName.text
  if (description === '' && sourceName === '' && destinationName === '') return filter
  return {
    ...filter,
    ...(description === '' ? {} : { description }),
    ...(sourceName === '' ? {} : { sourceName }),
    ...(destinationName === '' ? {} : { destinationName }),
  }
}

function checkedProtocol(protocol: number, field: string, offset: number): number {
  if (protocol > 255) throw malformed(field, offset, `${protocol} is no IP protocol number`)
  return protocol
}

/** Name of a compound field and the offset of its first byte. */
interface FieldPlace {
  readonly field: string
  readonly offset: number
}

/** Offsets within address data and port data (policy-objects.md 2.6.3). */
const within = { version: 4, secondary: 24, lastPort: 6 } as const

function addressOfData(data: AddressData, name: string, at: FieldPlace): Address {
  const families = familiesOf(data.version, at)
  const server = serverByType.get(data.type)
  if (server !== undefined) return { kind: server, families }
  switch (data.type) {
    case addressTypeCodes.any:
      return { kind: 'any', families }
    case addressTypeCodes.me:
      return { kind: 'me', families }
    case addressTypeCodes.host:
      if (isAllZero(data.address) && name !== '') return { kind: 'name', name }
      return { kind: 'host', address: ipOf(data.address, oneFamily(families, at)) }
    case addressTypeCodes.range:
      return rangeOf(data, oneFamily(families, at), at)
    case addressTypeCodes.subnet:
      return subnetOf(data, oneFamily(families, at), at)
    default:
      throw malformed(
        `${at.field}.IPsec-Address-Type`,
        at.offset,
        `0x${data.type.toString(16)} is no known address type`,
      )
  }
}

function familiesOf(version: number, at: FieldPlace): Families {
  switch (version) {
    case 1:
      return 'ipv4'
    case 2:
      return 'ipv6'
    case 3:
      return 'both'
    default:
      throw malformed(
        `${at.field}.IPsec-Address-Version`,
        at.offset + within.version,
        `${version} is no known address version`,
      )
  }
}

function oneFamily(families: Families, at: FieldPlace): 'ipv4' | 'ipv6' {
  if (families === 'both')
    throw malformed(
      `${at.field}.IPsec-Address-Version`,
      at.offset + within.version,
      '3 (both) does not go with an address',
    )
  return families
}

function ipOf(bytes: Uint8Array, family: 'ipv4' | 'ipv6') {
  return family === 'ipv4' ? ipv4(firstFour(bytes)) : ipv6(ipv6FromBytes(bytes))
}

function rangeOf(data: AddressData, family: 'ipv4' | 'ipv6', at: FieldPlace): Address {
  const first = ipOf(data.address, family)
  const last = ipOf(data.secondary, family)
  if (last.bits < first.bits) {
    throw malformed(`${at.field}.IP-Address-Secondary`, at.offset + within.secondary, 'the range ends before it begins')
  }
  return { kind: 'range', first, last }
}

function subnetOf(data: AddressData, family: 'ipv4' | 'ipv6', at: FieldPlace): Address {
  const address = ipOf(data.address, family)
  if (family === 'ipv4') return { kind: 'subnet', address, mask: ipv4(firstFour(data.secondary)) }
  const length = data.secondary[0] as number
  if (length > 128)
    throw malformed(
      `${at.field}.IP-Address-Secondary`,
      at.offset + within.secondary,
      `${length} is no IPv6 prefix length`,
    )
  return { kind: 'subnet', address, mask: ipv6(ipv6Mask(length)) }
}

function portOfData(data: PortData, at: FieldPlace): Port {
  switch (data.type) {
    case 0:
      return anyPort
    case 1:
      return singlePort(data.first)
    case 2:
      if (data.last < data.first)
        throw malformed(`${at.field}.last`, at.offset + within.lastPort, 'the range of ports ends before it begins')
      return { kind: 'range', first: data.first, last: data.last }
    default:
      throw malformed(`${at.field}.type`, at.offset, `${data.type} is no known port type`)
  }
}

function firstFour(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, false)
}

function malformed(field: string, offset: number, what: string): PolagentError {
  return new PolagentError('BLOB_MALFORMED', { field, offset, what })
}
