import type { Address, Filter, Port } from './filter.ts'
import { type Families, formatIp, prefixLengthOfMask } from './ip.ts'
import { protocolName } from './protocol.ts'

/**
 * An address as people write it, and as the policy document has it.
 *
 * `any`, `me`, `192.0.2.1`, `192.0.2.0/24`, `192.0.2.0 mask 255.0.255.0`, `10.0.0.1-10.0.0.9`, `dns-servers`,
 * `host.example.com`
 */
export function addressText(address: Address): string {
  switch (address.kind) {
    case 'host':
      return formatIp(address.address)
    case 'subnet': {
      const length = prefixLengthOfMask(address.mask)
      return length === undefined
        ? `${formatIp(address.address)} mask ${formatIp(address.mask)}`
        : `${formatIp(address.address)}/${length}`
    }
    case 'range':
      return `${formatIp(address.first)}-${formatIp(address.last)}`
    case 'name':
      return address.name
    case 'any':
    case 'me':
    case 'dns-servers':
    case 'wins-servers':
    case 'dhcp':
    case 'gateway':
      return `${address.kind}${familySuffix(address.families)}`
  }
}

/** Windows without IPv6 in its records means IPv4: only the other cases are said. */
function familySuffix(families: Families): string {
  return families === 'ipv4' ? '' : families === 'ipv6' ? ' (IPv6)' : ' (IPv4 and IPv6)'
}

/** `any`, `445`, `1024-65535` */
export function portText(port: Port): string {
  switch (port.kind) {
    case 'any':
      return 'any'
    case 'single':
      return String(port.port)
    case 'range':
      return `${port.first}-${port.last}`
  }
}

/** One filter in words: `from any to me, tcp to port 445, mirrored`. */
export function filterText(filter: Filter): string {
  const source = sideText(filter.source, filter.sourceName)
  const destination = sideText(filter.destination, filter.destinationName)
  const parts = [`from ${source} to ${destination}`, trafficText(filter)]
  if (filter.mirrored) parts.push('mirrored')
  if (filter.legacyTunnel !== undefined) parts.push(`tunnel to ${formatIp(filter.legacyTunnel)}`)
  return parts.join(', ')
}

function sideText(address: Address, name: string | undefined): string {
  const text = addressText(address)
  return name === undefined || name === '' || name === text ? text : `${text} [${name}]`
}

/** `tcp from port 1024 to port 445`, `any protocol` */
export function trafficText(filter: Pick<Filter, 'protocol' | 'sourcePort' | 'destinationPort'>): string {
  const words = [filter.protocol === 0 ? 'any protocol' : protocolWord(filter.protocol)]
  if (filter.sourcePort.kind !== 'any') words.push(`from ${portWords(filter.sourcePort)}`)
  if (filter.destinationPort.kind !== 'any') words.push(`to ${portWords(filter.destinationPort)}`)
  return words.join(' ')
}

function protocolWord(protocol: number): string {
  const name = protocolName(protocol)
  return /^\d/.test(name) ? `protocol ${name}` : name
}

function portWords(port: Port): string {
  return port.kind === 'range' ? `ports ${portText(port)}` : `port ${portText(port)}`
}
