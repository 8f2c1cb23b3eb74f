import { anyPort, type Port } from '../policy/filter.ts'

/** A range of one port is that port, a range of all ports is any port [R]. */
export function plainPort(port: Port): Port {
  if (port.kind !== 'range') return port
  if (port.first === port.last) return { kind: 'single', port: port.first }
  return port.first === 0 && port.last === 0xffff ? anyPort : port
}

export function isAnyPort(port: Port): boolean {
  return port.kind === 'any' || (port.kind === 'range' && port.first === 0 && port.last === 0xffff)
}
