import type { Address, Port } from '../../../policy/filter.ts'
import { formatIp } from '../../../policy/ip.ts'
import { portText } from '../../../policy/filterWords.ts'
import { protocolName } from '../../../policy/protocol.ts'
import type { StoreArea } from '../../../policy/storedObject.ts'
import { labels } from '../table/labels.ts'

export function yesNo(value: boolean): string {
  return value ? labels.yes : labels.no
}

export function textOrNone(text: string | undefined): string {
  return text === undefined || text === '' ? labels.none : text
}

/** `Local Store <HOST>` */
export function storeText(area: StoreArea, machine: string): string {
  return `${labels.stores[area]} <${machine}>`
}

export function addressText(address: Address): string {
  switch (address.kind) {
    case 'host':
    case 'subnet':
      return formatIp(address.address)
    case 'range':
      return `${formatIp(address.first)}-${formatIp(address.last)}`
    default:
      return labels.addresses[address.kind]
  }
}

/** `undefined` where there is no mask to tell: me, servers, ranges, names. */
export function maskText(address: Address): string | undefined {
  switch (address.kind) {
    case 'any':
      return address.families === 'ipv6' ? '::' : '0.0.0.0'
    case 'host':
      return address.address.family === 'ipv4' ? '255.255.255.255' : '128'
    case 'subnet':
      return formatIp(address.mask)
    default:
      return undefined
  }
}

/** The name that stands beside the address, or what stands for it. */
export function nameText(
  address: Address,
  name: string | undefined,
  dnsNameOf: ((address: string) => string | undefined) | undefined,
): string {
  switch (address.kind) {
    case 'name':
      return address.name
    case 'host':
      return textOrNone(name ?? dnsNameOf?.(formatIp(address.address)))
    case 'subnet':
    case 'range':
      return textOrNone(name)
    default:
      return labels.addresses[address.kind]
  }
}

export function portWord(port: Port): string {
  return port.kind === 'any' ? labels.any : portText(port)
}

export function protocolWord(protocol: number): string {
  return protocolName(protocol).toUpperCase()
}
