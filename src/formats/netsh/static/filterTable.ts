import type { Address, Filter, Port } from '../../../policy/filter.ts'
import { formatIp } from '../../../policy/ip.ts'
import { portText } from '../../../policy/filterWords.ts'

/** What a filter can be found by; the order is that of the bits of a choice. */
const fields = [
  (filter: Filter): string => baseOf(filter.source),
  (filter: Filter): string => baseOf(filter.destination),
  (filter: Filter): string => String(filter.protocol),
  (filter: Filter): string => maskOf(filter.source),
  (filter: Filter): string => maskOf(filter.destination),
  (filter: Filter): string => shortPort(filter.sourcePort),
  (filter: Filter): string => shortPort(filter.destinationPort),
  (filter: Filter): string => (filter.mirrored ? 'm' : ''),
] as const

/** A choice of fields, one bit each. */
export const field = {
  source: 1,
  destination: 2,
  protocol: 4,
  sourceMask: 8,
  destinationMask: 16,
  sourcePort: 32,
  destinationPort: 64,
  mirrored: 128,
} as const
const everyField = 255

/**
 * The filters of one list, found by any choice of fields in constant time: each choice that was asked for has an index,
 * and there are few of them, so a script takes time proportional to its length whatever it adds and deletes.
 */
export class FilterTable {
  readonly #filters: Set<Filter>
  readonly #indexes = new Map<number, Map<string, Filter | Set<Filter>>>()

  constructor(filters: Iterable<Filter>) {
    this.#filters = new Set(filters)
  }

  filters(): Filter[] {
    return [...this.#filters]
  }

  get size(): number {
    return this.#filters.size
  }

  /** Whether a filter of the same meaning is there; ids and descriptions do not count (netsh-ipsec.md 4.1). */
  hasSame(filter: Filter): boolean {
    return this.#indexBy(everyField).has(keyOf(filter, everyField))
  }

  add(filter: Filter): void {
    this.#filters.add(filter)
    for (const [choice, index] of this.#indexes) put(index, keyOf(filter, choice), filter)
  }

  /** Takes out every filter that agrees with `like` in the chosen fields, and says how many there were. */
  deleteLike(like: Filter, choice: number): number {
    const found = this.#indexBy(choice).get(keyOf(like, choice))
    if (found === undefined) return 0
    const gone = found instanceof Set ? [...found] : [found]
    for (const filter of gone) {
      this.#filters.delete(filter)
      for (const [other, index] of this.#indexes) takeOut(index, keyOf(filter, other), filter)
    }
    return gone.length
  }

  #indexBy(choice: number): Map<string, Filter | Set<Filter>> {
    const known = this.#indexes.get(choice)
    if (known !== undefined) return known
    const made = new Map<string, Filter | Set<Filter>>()
    for (const filter of this.#filters) put(made, keyOf(filter, choice), filter)
    this.#indexes.set(choice, made)
    return made
  }
}

function put(index: Map<string, Filter | Set<Filter>>, key: string, filter: Filter): void {
  const known = index.get(key)
  if (known === undefined) index.set(key, filter)
  else if (known instanceof Set) known.add(filter)
  else index.set(key, new Set([known, filter]))
}

function takeOut(index: Map<string, Filter | Set<Filter>>, key: string, filter: Filter): void {
  const known = index.get(key)
  if (!(known instanceof Set)) index.delete(key)
  else if (known.delete(filter) && known.size === 0) index.delete(key)
}

function keyOf(filter: Filter, choice: number): string {
  let key = ''
  for (let bit = 0; bit < fields.length; bit += 1) {
    if ((choice & (1 << bit)) !== 0) key += `${(fields[bit] as (filter: Filter) => string)(filter)}|`
  }
  return key
}

/** An address without its mask. */
function baseOf(address: Address): string {
  switch (address.kind) {
    case 'host':
    case 'subnet':
      return formatIp(address.address)
    case 'range':
      return `${formatIp(address.first)}-${formatIp(address.last)}`
    case 'name':
      return address.name.toLowerCase()
    default:
      return address.kind
  }
}

function maskOf(address: Address): string {
  if (address.kind === 'subnet') return formatIp(address.mask)
  return address.kind === 'host' ? 'host' : ''
}

function shortPort(port: Port): string {
  return port.kind === 'any' ? '' : portText(port)
}
