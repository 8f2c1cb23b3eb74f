import { PolagentError } from '../../base/errors.ts'
import { baseBlockLength, binHeaderLength, largestBinsData, magic, pageLength } from './layout.ts'

const largestSmallCell = pageLength - binHeaderLength

/**
 * Lays cells into bins: one after the other into a bin of one page, and a cell that does not fit a page into a bin of
 * its own. What is left of a bin becomes a free cell (5.2, 5.3).
 */
export class CellAllocator {
  #bytes: Uint8Array
  #view: DataView
  /** All offsets count from the start of the hive bins data. */
  #end = 0
  #next = 0
  #openEnd = 0

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(baseBlockLength + Math.max(pageLength, capacity))
    this.#view = new DataView(this.#bytes.buffer)
  }

  /** Valid until the next `allocate`. */
  get view(): DataView {
    return this.#view
  }

  get bytes(): Uint8Array {
    return this.#bytes
  }

  /** A cell in use for a record of that length, zeroed, at `after` or behind it; gives its offset. */
  allocate(recordLength: number, after = 0): number {
    const length = Math.ceil((recordLength + 4) / 8) * 8
    if (length > largestSmallCell) return this.#ownBin(length)
    if (this.#next + length > this.#openEnd || this.#next < after) {
      this.#closeBin(this.#next, this.#openEnd)
      this.#next = this.#newBin(pageLength) + binHeaderLength
      this.#openEnd = this.#end
    }
    const offset = this.#next
    this.#view.setInt32(baseBlockLength + offset, -length, true)
    this.#next += length
    return offset
  }

  /** Where the record of a cell begins in `view`. */
  static recordAt(offset: number): number {
    return baseBlockLength + offset + 4
  }

  /** Ends the last bin; gives the size of the hive bins data. */
  finish(): number {
    this.#closeBin(this.#next, this.#openEnd)
    this.#next = 0
    this.#openEnd = 0
    return this.#end
  }

  #ownBin(length: number): number {
    const size = Math.ceil((length + binHeaderLength) / pageLength) * pageLength
    const offset = this.#newBin(size) + binHeaderLength
    this.#view.setInt32(baseBlockLength + offset, -length, true)
    this.#closeBin(offset + length, this.#end)
    return offset
  }

  #newBin(size: number): number {
    const start = this.#end
    this.#reserve(start + size)
    this.#end += size
    const at = baseBlockLength + start
    this.#view.setUint32(at, magic.hbin, true)
    this.#view.setUint32(at + 4, start, true)
    this.#view.setUint32(at + 8, size, true)
    return start
  }

  #closeBin(from: number, end: number): void {
    if (from < end) this.#view.setInt32(baseBlockLength + from, end - from, true)
  }

  #reserve(binsSize: number): void {
    if (binsSize > largestBinsData)
      throw new PolagentError('HIVE_UNWRITABLE', { what: 'it would be larger than 2 GiB' })
    const needed = baseBlockLength + binsSize
    if (needed <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(needed, Math.min(this.#bytes.length * 2, baseBlockLength + largestBinsData)))
    grown.set(this.#bytes)
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}
