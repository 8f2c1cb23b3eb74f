import { PolagentError } from '../base/errors.ts'
import type { FilterRows } from './expandedFilters.ts'

/**
 * Most filters one processing may give. A list of 100,000 filters that 1,000 rules share would give 100 million; no
 * policy that people made comes near, and memory must not grow beyond the size of the input.
 */
export const mostRows = 1 << 22
/** Most filters that cannot be used; each is kept with its reason. */
export const mostTroubles = 1 << 20

/** Collects rows in tie order and gives them back in match order. */
export class RowBuilder {
  #length = 0
  #unit = new Uint32Array(64)
  #position = new Uint32Array(64)
  #flags = new Uint8Array(64)
  #weight = new Float64Array(64)

  add(unit: number, position: number, flags: number, weight: number): void {
    const at = this.#length
    if (at === this.#unit.length) this.#grow()
    this.#unit[at] = unit
    this.#position[at] = position
    this.#flags[at] = flags
    this.#weight[at] = weight
    this.#length = at + 1
  }

  #grow(): void {
    const capacity = this.#unit.length * 2
    if (capacity > mostRows) throw tooLarge(`more than ${mostRows} filters`)
    this.#unit = grown(this.#unit, new Uint32Array(capacity))
    this.#position = grown(this.#position, new Uint32Array(capacity))
    this.#flags = grown(this.#flags, new Uint8Array(capacity))
    this.#weight = grown(this.#weight, new Float64Array(capacity))
  }

  /** Greatest weight first; rows of one weight stay in the order they were added. Few weights are distinct. */
  sorted(): FilterRows {
    const length = this.#length
    const starts = this.#starts()
    const rows = {
      length,
      unit: new Uint32Array(length),
      position: new Uint32Array(length),
      flags: new Uint8Array(length),
      weight: new Float64Array(length),
    }
    for (let from = 0; from < length; from += 1) {
      const weight = this.#weight[from] as number
      const to = starts.get(weight) as number
      starts.set(weight, to + 1)
      rows.unit[to] = this.#unit[from] as number
      rows.position[to] = this.#position[from] as number
      rows.flags[to] = this.#flags[from] as number
      rows.weight[to] = weight
    }
    return rows
  }

  /** Where the rows of each weight begin. */
  #starts(): Map<number, number> {
    const counts = new Map<number, number>()
    for (let row = 0; row < this.#length; row += 1) {
      const weight = this.#weight[row] as number
      counts.set(weight, (counts.get(weight) ?? 0) + 1)
    }
    const starts = new Map<number, number>()
    let next = 0
    for (const weight of [...counts.keys()].toSorted((a, b) => b - a)) {
      starts.set(weight, next)
      next += counts.get(weight) as number
    }
    return starts
  }
}

export function tooLarge(what: string): PolagentError {
  return new PolagentError('PROCESS_TOO_LARGE', { what })
}

function grown<T extends Uint8Array | Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
}
