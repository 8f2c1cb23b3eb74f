import type { Address, Filter, Port } from '../../../policy/filter.ts'
import { type Families, type Ip, ipv6ToBytes, maxIpv4, prefixLengthOfMask } from '../../../policy/ip.ts'
import {
  type AddressData,
  blobString,
  type FilterRecord1,
  type FilterRecord2,
  type PortData,
} from '../../ipsec-data/index.ts'
import { addressTypeCodes, serverCodes, specialDestinationBit } from '../filterMeaning.ts'
import { notStorable, storableText } from './storable.ts'

/** Whether a version 1 record says the filter exactly (policy-objects.md 2.6.2, 2.6.5). */
export function isVersion1(filter: Filter): boolean {
  const servers = [filter.source, filter.destination].filter((side) => side.kind in serverCodes)
  return (
    servers.length < 2 &&
    isVersion1Address(filter.source, filter.sourceName) &&
    isVersion1Address(filter.destination, filter.destinationName) &&
    isVersion1Port(filter.sourcePort) &&
    isVersion1Port(filter.destinationPort)
  )
}

function isVersion1Address(address: Address, displayName: string | undefined): boolean {
  switch (address.kind) {
    case 'any':
    case 'me':
      // With a name beside it the same bytes mean that name, yet to be resolved.
      return address.families === 'ipv4' && (displayName ?? '') === ''
    case 'host':
      // 0.0.0.0 with all bits set means "me".
      return address.address.family === 'ipv4' && address.address.bits !== 0
    case 'subnet':
      return address.address.family === 'ipv4' && !(address.address.bits === 0 && address.mask.bits === maxIpv4)
    case 'range':
      return false
    case 'name':
      return true
    default:
      return address.families === 'ipv4'
  }
}

/** Port 0 of a version 1 record means any. */
function isVersion1Port(port: Port): boolean {
  return port.kind === 'any' || (port.kind === 'single' && port.port !== 0)
}

export function record1OfFilter(filter: Filter): FilterRecord1 {
  const source = pairOf(filter.source)
  const destination = pairOf(filter.destination)
  return {
    version: 1,
    ...textsOf(filter),
    id: filter.id,
    mirror: filter.mirrored ? 1 : 0,
    sourceAddress: source.address,
    sourceMask: source.mask,
    destinationAddress: destination.address,
    destinationMask: destination.mask,
    tunnelAddress: filter.legacyTunnel === undefined ? 0 : ipv4Bits(filter.legacyTunnel),
    protocol: protocolOf(filter),
    sourcePort: filter.sourcePort.kind === 'single' ? portNumber(filter.sourcePort.port) : 0,
    destinationPort: filter.destinationPort.kind === 'single' ? portNumber(filter.destinationPort.port) : 0,
    isTunnel: filter.legacyTunnel === undefined ? 0 : 1,
    special: specialOf(filter),
    options: 0,
  }
}

const anyPair = { address: 0, mask: 0 }
const mePair = { address: 0, mask: maxIpv4 }

/** Address and mask of one side; a server's side is marked elsewhere and left zero. */
function pairOf(address: Address): { readonly address: number; readonly mask: number } {
  switch (address.kind) {
    case 'host':
      return { address: ipv4Bits(address.address), mask: maxIpv4 }
    case 'subnet':
      return { address: ipv4Bits(address.address), mask: ipv4Bits(address.mask) }
    case 'me':
    case 'name':
      return mePair
    default:
      return anyPair
  }
}

function specialOf(filter: Filter): number {
  if (filter.source.kind in serverCodes) return serverCodes[filter.source.kind as keyof typeof serverCodes].special
  if (!(filter.destination.kind in serverCodes)) return 0
  return serverCodes[filter.destination.kind as keyof typeof serverCodes].special | specialDestinationBit
}

export function record2OfFilter(filter: Filter): FilterRecord2 {
  if (filter.legacyTunnel !== undefined) {
    throw notStorable('filter.legacyTunnel', 'only filters in the form of Windows 2000 have a tunnel of their own')
  }
  return {
    version: 2,
    ...textsOf(filter),
    id: filter.id,
    mirror: filter.mirrored ? 1 : 0,
    source: addressDataOf(filter.source),
    destination: addressDataOf(filter.destination),
    sourcePort: portDataOf(filter.sourcePort),
    destinationPort: portDataOf(filter.destinationPort),
    protocol: protocolOf(filter),
    flags: 0,
  }
}

const familiesCode: Record<Families, number> = { ipv4: 1, ipv6: 2, both: 3 }
const none = new Uint8Array(16)

function addressDataOf(address: Address): AddressData {
  switch (address.kind) {
    case 'any':
    case 'me':
      return {
        type: addressTypeCodes[address.kind],
        version: familiesCode[address.families],
        address: none,
        secondary: none,
      }
    case 'host':
      return withAddress(addressTypeCodes.host, address.address, none)
    case 'subnet':
      return withAddress(addressTypeCodes.subnet, address.address, maskField(address.mask))
    case 'range':
      if (address.first.family !== address.last.family || address.last.bits < address.first.bits) {
        throw notStorable('filter.range', 'the last address comes before the first, or is of another family')
      }
      return withAddress(addressTypeCodes.range, address.first, addressField(address.last))
    case 'name':
      // A single address of zero with a name beside it: to be resolved (as in version 1).
      return { type: addressTypeCodes.host, version: familiesCode.ipv4, address: none, secondary: none }
    default:
      return {
        type: serverCodes[address.kind].type,
        version: familiesCode[address.families],
        address: none,
        secondary: none,
      }
  }
}

function withAddress(type: number, ip: Ip, secondary: Uint8Array): AddressData {
  return { type, version: familiesCode[ip.family], address: addressField(ip), secondary }
}

function addressField(ip: Ip): Uint8Array {
  if (ip.family === 'ipv6') return ipv6ToBytes(ip.bits)
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setUint32(0, ip.bits, false)
  return bytes
}

/** An IPv4 mask, or the prefix length of an IPv6 one. */
function maskField(mask: Ip): Uint8Array {
  if (mask.family === 'ipv4') return addressField(mask)
  const length = prefixLengthOfMask(mask)
  if (length === undefined) throw notStorable('filter.mask', 'an IPv6 mask must be a prefix')
  const bytes = new Uint8Array(16)
  bytes[0] = length
  return bytes
}

function portDataOf(port: Port): PortData {
  switch (port.kind) {
    case 'any':
      return { type: 0, first: 0, last: 0 }
    case 'single':
      return { type: 1, first: portNumber(port.port), last: 0 }
    case 'range':
      if (port.last < port.first) throw notStorable('filter.ports', 'the last port comes before the first')
      return { type: 2, first: portNumber(port.first), last: portNumber(port.last) }
  }
}

/** A side given by name alone carries the name in its text field. */
function textsOf(filter: Filter): Pick<FilterRecord1, 'sourceName' | 'destinationName' | 'description'> {
  return {
    sourceName: blobString(nameOf(filter.source, filter.sourceName)),
    destinationName: blobString(nameOf(filter.destination, filter.destinationName)),
    description: blobString(storableText(filter.description ?? '', 'filter.description')),
  }
}

function nameOf(address: Address, displayName: string | undefined): string {
  const name = address.kind === 'name' ? address.name : (displayName ?? '')
  if (address.kind === 'name' && name === '') throw notStorable('filter.name', 'the name is empty')
  return storableText(name, 'filter.name')
}

function protocolOf(filter: Filter): number {
  if (!Number.isInteger(filter.protocol) || filter.protocol < 0 || filter.protocol > 255) {
    throw notStorable('filter.protocol', `${filter.protocol} is no IP protocol number`)
  }
  return filter.protocol
}

function portNumber(port: number): number {
  if (!Number.isInteger(port) || port < 0 || port > 0xffff)
    throw notStorable('filter.port', `${port} is no port number`)
  return port
}

function ipv4Bits(ip: Ip): number {
  if (ip.family !== 'ipv4') throw notStorable('filter.address', 'an IPv4 address is wanted')
  return ip.bits
}
