import { PolagentError } from '../../base/errors.ts'
import type { Address, Filter, Port, ServerKind } from '../../policy/filter.ts'
import { anyPort } from '../../policy/filter.ts'
import { type Families, ipv4, ipv6, ipv6FromBytes, ipv6Mask, maxIpv4 } from '../../policy/ip.ts'
import type { AddressData, FilterBlob, FilterRecord1, FilterRecord2, PortData } from '../ipsec-data/index.ts'

/** Legacy-Special-Filter and IPsec-Address-Type values of the server kinds (policy-objects.md 2.6.2, 2.6.3) [S]. */
export const serverCodes: Record<ServerKind, { readonly special: number; readonly type: number }> = {
  'dns-servers': { special: 1, type: 0x10 },
  'wins-servers': { special: 2, type: 0x20 },
  dhcp: { special: 3, type: 0x40 },
  gateway: { special: 4, type: 0x80 },
}
export const specialDestinationBit = 0x80
export const flagReplacesExpansion = 8

const serverBySpecial = new Map(serverEntries().map(([kind, codes]) => [codes.special, kind]))
const serverByType = new Map(serverEntries().map(([kind, codes]) => [codes.type, kind]))

function serverEntries(): [ServerKind, { special: number; type: number }][] {
  return Object.entries(serverCodes) as [ServerKind, { special: number; type: number }][]
}

/**
 * The effective filters of a list: version 1 records, less those a version 2 record with flag 8 replaces, then the
 * version 2 records (policy-objects.md 2.6.4). Throws FILTER-level PolagentError when a record says something unknown:
 * the whole list is then unusable.
 */
export function filtersOfBlob(blob: FilterBlob): Filter[] {
  const records1 = blob.part1?.records ?? []
  const records2 = blob.part2?.records ?? []
  const later = records2.map((record, index) => filterOfRecord2(record, `Filter-Spec2[${index}]`))
  const replaced = replacedIds(records1, records2)
  const filters: Filter[] = []
  for (const [index, record] of records1.entries()) {
    if (replaced.size > 0 && replaced.has(record.id)) continue
    filters.push(filterOfRecord1(record, `Filter-Spec1[${index}]`))
  }
  return later.length === 0 ? filters : filters.concat(later)
}

/**
 * Ids of version 1 records that are only the expansion of a version 2 record. Where no id agrees the expansions are
 * kept: they cover the same addresses, so keeping them does no harm.
 */
function replacedIds(records1: readonly FilterRecord1[], records2: readonly FilterRecord2[]): Set<string> {
  const ids = new Set<string>()
  for (const record of records2) if ((record.flags & flagReplacesExpansion) !== 0) ids.add(record.id)
  if (ids.size > 0 && !records1.some((record) => ids.has(record.id))) ids.clear()
  return ids
}

function filterOfRecord1(record: FilterRecord1, field: string): Filter {
  const special = record.special & ~specialDestinationBit
  const server = serverBySpecial.get(special)
  if (record.special !== 0 && server === undefined) {
    throw malformed(`${field}.Legacy-Special-Filter`, `0x${record.special.toString(16)} is no known kind of server`)
  }
  const isDestinationSpecial = (record.special & specialDestinationBit) !== 0
  const specialSide: Address | undefined = server === undefined ? undefined : { kind: server, families: 'ipv4' }
  const source =
    specialSide !== undefined && !isDestinationSpecial
      ? specialSide
      : legacyAddress(record.sourceAddress, record.sourceMask, record.sourceName.text)
  const destination =
    specialSide !== undefined && isDestinationSpecial
      ? specialSide
      : legacyAddress(record.destinationAddress, record.destinationMask, record.destinationName.text)
  return {
    ...commonFields(record, record.protocol, field),
    source,
    destination,
    sourcePort: legacyPort(record.sourcePort),
    destinationPort: legacyPort(record.destinationPort),
    ...(record.isTunnel === 0 ? {} : { legacyTunnel: ipv4(record.tunnelAddress) }),
  }
}

const anyIpv4: Address = { kind: 'any', families: 'ipv4' }
const meIpv4: Address = { kind: 'me', families: 'ipv4' }

/** Address and mask pairs of version 1 records (policy-objects.md 2.6.2). */
function legacyAddress(address: number, mask: number, name: string): Address {
  if (mask === 0) return anyIpv4
  if (address === 0 && mask === maxIpv4) return name === '' ? meIpv4 : { kind: 'name', name }
  if (mask === maxIpv4) return { kind: 'host', address: ipv4(address) }
  return { kind: 'subnet', address: ipv4(address), mask: ipv4(mask) }
}

function legacyPort(port: number): Port {
  return port === 0 ? anyPort : { kind: 'single', port }
}

function filterOfRecord2(record: FilterRecord2, field: string): Filter {
  return {
    ...commonFields(record, record.protocol, field),
    source: addressOfData(record.source, record.sourceName.text, `${field}.Source-Address-Data`),
    destination: addressOfData(record.destination, record.destinationName.text, `${field}.Destination-Address-Data`),
    sourcePort: portOfData(record.sourcePort, `${field}.Source-Port-Data`),
    destinationPort: portOfData(record.destinationPort, `${field}.Destination-Port-Data`),
  }
}

function commonFields(
  record: FilterRecord1 | FilterRecord2,
  protocol: number,
  field: string,
): Pick<Filter, 'id' | 'mirrored' | 'protocol' | 'description' | 'sourceName' | 'destinationName'> {
  if (protocol > 255) throw malformed(`${field}.Protocol`, `${protocol} is no IP protocol number`)
  return {
    id: record.id,
    mirrored: record.mirror !== 0,
    protocol,
    ...(record.description.text === '' ? {} : { description: record.description.text }),
    ...(record.sourceName.text === '' ? {} : { sourceName: record.sourceName.text }),
    ...(record.destinationName.text === '' ? {} : { destinationName: record.destinationName.text }),
  }
}

function addressOfData(data: AddressData, name: string, field: string): Address {
  const families = familiesOf(data.version, field)
  const server = serverByType.get(data.type)
  if (server !== undefined) return { kind: server, families }
  switch (data.type) {
    case 0:
      return { kind: 'any', families }
    case 8:
      return { kind: 'me', families }
    case 1:
      if (isZero(data.address) && name !== '') return { kind: 'name', name }
      return { kind: 'host', address: ipOf(data.address, oneFamily(families, field)) }
    case 2:
      return rangeOf(data, oneFamily(families, field), field)
    case 4:
      return subnetOf(data, oneFamily(families, field), field)
    default:
      throw malformed(`${field}.IPsec-Address-Type`, `0x${data.type.toString(16)} is no known address type`)
  }
}

function familiesOf(version: number, field: string): Families {
  switch (version) {
    case 1:
      return 'ipv4'
    case 2:
      return 'ipv6'
    case 3:
      return 'both'
    default:
      throw malformed(`${field}.IPsec-Address-Version`, `${version} is no known address version`)
  }
}

function oneFamily(families: Families, field: string): 'ipv4' | 'ipv6' {
  if (families === 'both') throw malformed(`${field}.IPsec-Address-Version`, '3 (both) does not go with an address')
  return families
}

function ipOf(bytes: Uint8Array, family: 'ipv4' | 'ipv6') {
  return family === 'ipv4' ? ipv4(firstFour(bytes)) : ipv6(ipv6FromBytes(bytes))
}

function rangeOf(data: AddressData, family: 'ipv4' | 'ipv6', field: string): Address {
  const first = ipOf(data.address, family)
  const last = ipOf(data.secondary, family)
  if (last.bits < first.bits) {
    throw malformed(`${field}.IP-Address-Secondary`, 'the range ends before it begins')
  }
  return { kind: 'range', first, last }
}

function subnetOf(data: AddressData, family: 'ipv4' | 'ipv6', field: string): Address {
  const address = ipOf(data.address, family)
  if (family === 'ipv4') return { kind: 'subnet', address, mask: ipv4(firstFour(data.secondary)) }
  const length = data.secondary[0] as number
  if (length > 128) throw malformed(`${field}.IP-Address-Secondary`, `${length} is no IPv6 prefix length`)
  return { kind: 'subnet', address, mask: ipv6(ipv6Mask(length)) }
}

function portOfData(data: PortData, field: string): Port {
  switch (data.type) {
    case 0:
      return anyPort
    case 1:
      return { kind: 'single', port: data.first }
    case 2:
      if (data.last < data.first) throw malformed(field, 'the range of ports ends before it begins')
      return { kind: 'range', first: data.first, last: data.last }
    default:
      throw malformed(`${field}.type`, `${data.type} is no known port type`)
  }
}

function firstFour(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, false)
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}

function malformed(field: string, what: string): PolagentError {
  return new PolagentError('BLOB_MALFORMED', { field, what })
}
