import { anyPort, type Port } from '../../policy/filter.ts'
import type { Parsed } from './parsed.ts'

/** Reads `any`, `443`, `1024-65535`; 0 is any, as in netsh. */
export function parsePort(text: string): Parsed<Port> {
  if (text === '' || text === 'any' || text === '*') return { value: anyPort }
  const dash = text.indexOf('-')
  const first = numberOf(dash < 0 ? text : text.slice(0, dash))
  const last = dash < 0 ? first : numberOf(text.slice(dash + 1))
  if (first === undefined || last === undefined)
    return { fault: `"${text}" is no port: 1-65535, a range, or any`, at: 0 }
  if (dash < 0) return { value: first === 0 ? anyPort : { kind: 'single', port: first } }
  if (last < first) return { fault: 'the range of ports ends before it begins', at: dash + 1 }
  return { value: { kind: 'range', first, last } }
}

function numberOf(text: string): number | undefined {
  if (!/^\d{1,5}$/.test(text)) return undefined
  const number = Number(text)
  return number <= 65_535 ? number : undefined
}

/** `undefined` for what the document cannot say: a single port 0 other than any. */
function portWord(port: Port): string | undefined {
  switch (port.kind) {
    case 'any':
      return 'any'
    case 'single':
      return port.port === 0 ? undefined : String(port.port)
    case 'range':
      return `${port.first}-${port.last}`
  }
}

/** `:443`, `1024-65535:443`, `53:any`; empty when both are any. */
export function portsText(source: Port, destination: Port): string | undefined {
  const from = portWord(source)
  const to = portWord(destination)
  if (from === undefined || to === undefined) return undefined
  if (source.kind === 'any') return destination.kind === 'any' ? '' : `:${to}`
  return `${from}:${to}`
}
