import { type Guid, guidFromBytes, guidToBytes } from '../../base/guid.ts'
import { nameGuids } from '../../base/nameGuid.ts'
import type { Filter } from '../../policy/filter.ts'
import { splitFamilies } from '../object-store/author/splitFamilies.ts'
import { zeroGuid } from '../ipsec-data/index.ts'
import type { DocumentFilter } from './document.ts'
import { filterLine, type FilterWords } from './filterLine.ts'
import { Fingerprint } from './fingerprint.ts'

/**
 * Ids of stored filters, found again by what the filters say, so that they survive when others are added, moved or
 * taken out. Filters that say the same take their ids in order.
 */
export class FilterIds {
  readonly #queues = new Map<string | number, Guid[]>()
  readonly #keyOf: (line: string) => string | number

  private constructor(keyOf: (line: string) => string | number) {
    this.#keyOf = keyOf
  }

  static ofFilters(filters: readonly Filter[]): FilterIds {
    const ids = new FilterIds((line) => line)
    for (const filter of filters) {
      const line = filterLine(filter)
      if (line !== undefined) ids.#put(line, filter.id)
    }
    return ids.#reversed()
  }

  /** From 20 bytes a filter: a check of its line, then its id. `undefined` when the length does not fit. */
  static ofBytes(bytes: Uint8Array): FilterIds | undefined {
    if (bytes.length % recordLength !== 0) return undefined
    const ids = new FilterIds(shortCheck)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let at = 0; at < bytes.length; at += recordLength) {
      ids.#put(view.getUint32(at, true), guidFromBytes(bytes, at + 4))
    }
    return ids.#reversed()
  }

  #put(key: string | number, id: Guid): void {
    const queue = this.#queues.get(key)
    if (queue === undefined) this.#queues.set(key, [id])
    else queue.push(id)
  }

  /** Taking from the end is cheap, however many filters say the same. */
  #reversed(): this {
    for (const queue of this.#queues.values()) queue.reverse()
    return this
  }

  take(line: string): Guid | undefined {
    return this.#queues.get(this.#keyOf(line))?.pop()
  }
}

const recordLength = 20

function shortCheck(line: string): number {
  return new Fingerprint().add(line).short
}

/** The reverse of FilterIds.ofBytes. */
export function filterIdBytes(filters: readonly Filter[]): Uint8Array {
  const bytes = new Uint8Array(filters.length * recordLength)
  const view = new DataView(bytes.buffer)
  for (const [index, filter] of filters.entries()) {
    view.setUint32(index * recordLength, shortCheck(lineOf(filter)), true)
    bytes.set(guidToBytes(filter.id), index * recordLength + 4)
  }
  return bytes
}

/** Words that cannot be one line are still told apart. */
export function lineOf(filter: FilterWords): string {
  return (
    filterLine(filter) ?? JSON.stringify(filter, (key, value: unknown) => (key === 'id' ? undefined : plain(value)))
  )
}

function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString(16) : value
}

/**
 * The filters as they are stored: one for any address of both families becomes two. An id that is not written is that
 * of the stored filter that says the same, else it is derived from the list and from what the filter says.
 */
export function filtersWithIds(
  filters: readonly { readonly value: DocumentFilter }[],
  list: Guid,
  known: FilterIds | undefined,
): Filter[] {
  const derive = nameGuids(list)
  const counts = new Map<string, number>()
  const found: Filter[] = []
  for (const { value } of filters) {
    const written = value.id
    for (const filter of splitFamilies({ ...value, id: written ?? zeroGuid }, () => zeroGuid)) {
      if (written !== undefined && filter.id === written) {
        found.push(filter)
        continue
      }
      const id = known?.take(lineOf(filter)) ?? derivedId(filter, derive, counts)
      found.push({ ...filter, id })
    }
  }
  return found
}

/** The description is no part of what a filter is (netsh-ipsec.md 4.1). */
function derivedId(filter: FilterWords, derive: (name: string) => Guid, counts: Map<string, number>): Guid {
  const line = lineOf(withoutDescription(filter))
  const count = counts.get(line) ?? 0
  counts.set(line, count + 1)
  return derive(count === 0 ? `filter/${line}` : `filter/${line}#${count}`)
}

function withoutDescription(filter: FilterWords): FilterWords {
  if (filter.description === undefined) return filter
  const { description: _description, ...bare } = filter
  return bare
}
