import type { Bins } from './bins.ts'
import { BitSet } from './bitSet.ts'
import type { HiveFindings } from './hiveFindings.ts'
import { baseBlockLength, binHeaderLength, nowhere, signature } from './layout.ts'

/** A cell that can be read (5.3). */
export interface Cell {
  /** From the start of the hive bins data, as other cells name it. */
  readonly offset: number
  /** Where its record begins, and how long it is at most. Bytes of the file. */
  readonly start: number
  readonly length: number
  readonly isFree: boolean
}

/** Why an offset leads to no cell, in words. */
export type CellFault = string

/** Offsets of cells are multiples of this. */
const cellUnit = 8

/**
 * The cells of a hive by offset. The cells of a bin are counted through when it is first looked into, so that an offset
 * into the middle of a cell is told from one to its start; behind a faulty cell each offset must do for itself.
 */
export class Cells {
  readonly bins: Bins
  /** Bytes of a cell before its record: its size; in versions before 1.2 also the cell before it. */
  readonly header: 4 | 8
  readonly #view: DataView
  readonly #findings: HiveFindings
  readonly #starts: BitSet
  readonly #used: BitSet
  /** Per bin: up to where its cells are counted through; -1 = not yet looked into. */
  readonly #soundEnds: Float64Array

  constructor(bins: Bins, header: 4 | 8, findings: HiveFindings) {
    this.bins = bins
    this.header = header
    this.#view = bins.view
    this.#findings = findings
    this.#starts = new BitSet(Math.ceil(bins.size / cellUnit))
    this.#used = new BitSet(Math.ceil(bins.size / cellUnit))
    this.#soundEnds = new Float64Array(bins.starts.length).fill(-1)
  }

  /** The cell at that offset. `anywhere`: also inside a free cell, where deleted records lie. */
  at(offset: number, anywhere = false): Cell | CellFault {
    if (offset === nowhere) return 'it leads nowhere'
    if (offset % cellUnit !== 0) return `its offset ${offset} is not a multiple of ${cellUnit}`
    if (offset + this.header > this.bins.size) return `its offset ${offset} lies behind the end`
    const bin = this.bins.binOfPage[offset >>> 12] as number
    const start = this.bins.starts[bin] as number
    const end = this.bins.ends[bin] as number
    if (offset < start + binHeaderLength && this.bins.hasHeader[bin] === true)
      return 'it leads into the header of a bin'
    const size = this.#view.getInt32(baseBlockLength + offset, true)
    const length = Math.abs(size)
    if (length < cellUnit || length % cellUnit !== 0 || offset + length > end) {
      return `the cell at byte ${baseBlockLength + offset} has the impossible size ${size}`
    }
    if (!anywhere && offset < this.#soundEnd(bin) && !this.#starts.has(offset / cellUnit)) {
      return `it leads into the middle of a cell (byte ${baseBlockLength + offset})`
    }
    const payload = length - this.header
    return { offset, start: baseBlockLength + offset + this.header, length: payload, isFree: size > 0 }
  }

  /** Marks a cell as used; false when it was so before. */
  use(offset: number): boolean {
    return this.#used.add(offset / cellUnit)
  }

  isUsed(offset: number): boolean {
    return this.#used.has(offset / cellUnit)
  }

  /** Offsets of all cells with a key in them, in use or (`deleted`) in free space. Visits the whole hive. */
  keyOffsets(deleted: boolean): number[] {
    const found: number[] = []
    for (let bin = 0; bin < this.bins.starts.length; bin += 1) {
      if (this.bins.isZero[bin] !== true) this.#keyOffsetsIn(bin, deleted, found)
    }
    return found
  }

  /** Cell by cell; where cells cannot be relied on, and for deleted keys in free cells, at each place a cell can be. */
  #keyOffsetsIn(bin: number, deleted: boolean, found: number[]): void {
    const end = this.bins.ends[bin] as number
    const soundEnd = this.#soundEnd(bin)
    const start = this.bins.starts[bin] as number
    let at = this.bins.hasHeader[bin] === true ? start + binHeaderLength : start
    while (at + cellUnit <= end) {
      const size = this.#view.getInt32(baseBlockLength + at, true)
      const next = at < soundEnd ? at + Math.abs(size) : at + cellUnit
      if (size < 0) {
        if (this.#isKeyAt(at, end)) found.push(at)
      } else if (deleted) {
        for (let inner = at; inner < next; inner += cellUnit) if (this.#isKeyAt(inner, end)) found.push(inner)
      }
      at = next
    }
  }

  #isKeyAt(at: number, end: number): boolean {
    const start = baseBlockLength + at + this.header
    if (at + this.header + 2 > end || this.#view.getUint16(start, true) !== signature.nk) return false
    return typeof this.at(at, true) !== 'string'
  }

  #soundEnd(bin: number): number {
    const known = this.#soundEnds[bin] as number
    if (known >= 0) return known
    const counted = this.bins.hasHeader[bin] === true ? this.#countThrough(bin) : (this.bins.starts[bin] as number)
    this.#soundEnds[bin] = counted
    return counted
  }

  #countThrough(bin: number): number {
    const end = this.bins.ends[bin] as number
    let at = (this.bins.starts[bin] as number) + binHeaderLength
    while (at + 4 <= end) {
      const size = this.#view.getInt32(baseBlockLength + at, true)
      const length = Math.abs(size)
      if (length < cellUnit || length % cellUnit !== 0 || at + length > end) {
        const what = `a cell with the impossible size ${size}`
        this.#findings.add('HIVE_CELLS_BROKEN', { offset: baseBlockLength + at, what })
        return at
      }
      this.#starts.add(at / cellUnit)
      at += length
    }
    return at
  }
}
