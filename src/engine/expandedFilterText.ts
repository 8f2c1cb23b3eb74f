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
  const family = filter.family === 'ipv6' ? ' (IPv6)' : ''
  const plain = (text: string): string => text.replace(/ \(IPv6\)$| \(IPv4 and IPv6\)$/, '')
  const parts = [
    `from ${plain(addressText(source))} to ${plain(addressText(destination))}${family}`,
    trafficText(traffic),
    ...(tunnel === undefined ? [] : [`tunnel to ${formatIp(tunnel.endpoint)}`]),
  ]
  return parts.join(', ')
}
