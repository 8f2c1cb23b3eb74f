import type { Address, Filter, Port } from '../../policy/filter.ts'
import { type Ip, sameIp } from '../../policy/ip.ts'

/** Whether two filters say the same, ids and texts included. */
export function sameFilter(a: Filter, b: Filter): boolean {
  return (
    a.id === b.id &&
    a.mirrored === b.mirrored &&
    a.protocol === b.protocol &&
    (a.description ?? '') === (b.description ?? '') &&
    (a.sourceName ?? '') === (b.sourceName ?? '') &&
    (a.destinationName ?? '') === (b.destinationName ?? '') &&
    sameAddress(a.source, b.source) &&
    sameAddress(a.destination, b.destination) &&
    samePort(a.sourcePort, b.sourcePort) &&
    samePort(a.destinationPort, b.destinationPort) &&
    sameOptionalIp(a.legacyTunnel, b.legacyTunnel)
  )
}

function sameAddress(a: Address, b: Address): boolean {
  switch (a.kind) {
    case 'host':
      return b.kind === 'host' && sameIp(a.address, b.address)
    case 'subnet':
      return b.kind === 'subnet' && sameIp(a.address, b.address) && sameIp(a.mask, b.mask)
    case 'range':
      return b.kind === 'range' && sameIp(a.first, b.first) && sameIp(a.last, b.last)
    case 'name':
      return b.kind === 'name' && a.name === b.name
    default:
      return a.kind === b.kind && 'families' in b && a.families === b.families
  }
}

function samePort(a: Port, b: Port): boolean {
  switch (a.kind) {
    case 'any':
      return b.kind === 'any'
    case 'single':
      return b.kind === 'single' && a.port === b.port
    case 'range':
      return b.kind === 'range' && a.first === b.first && a.last === b.last
  }
}

function sameOptionalIp(a: Ip | undefined, b: Ip | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameIp(a, b)
}
