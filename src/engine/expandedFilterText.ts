import type { Address } from '../policy/filter.ts'
import { addressText, trafficText } from '../policy/filterWords.ts'
import { formatIp } from '../policy/ip.ts'
import type { ExpandedFilter } from './expandedFilter.ts'

/** One processed filter in words: `from any to me, tcp to port 445`; a mirror image with its own sides. */
export function expandedFilterText(
  filter: Pick<ExpandedFilter, 'filter' | 'isMirrorImage' | 'family' | 'sourcePort' | 'destinationPort' | 'tunnel'>,
): string {
  const { isMirrorImage, tunnel } = filter
  const source = isMirrorImage ? filter.filter.destination : filter.filter.source
  const destination = isMirrorImage ? filter.filter.source : filter.filter.destination
  const traffic = { ...filter.filter, sourcePort: filter.sourcePort, destinationPort: filter.destinationPort }
  const parts = [
    `from ${sideText(source)} to ${sideText(destination)}${filter.family === 'ipv6' ? ' (IPv6)' : ''}`,
    trafficText(traffic),
    ...(tunnel === undefined ? [] : [`tunnel to ${formatIp(tunnel.endpoint)}`]),
  ]
  return parts.join(', ')
}

/** The family is said once for the whole filter. */
function sideText(address: Address): string {
  return addressText('families' in address ? { ...address, families: 'ipv4' } : address)
}
