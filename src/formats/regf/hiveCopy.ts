import { type BaseBlock, baseChecksum, readBaseBlock } from './baseBlock.ts'
import { baseBlockLength, baseSectorLength } from './layout.ts'
import type { LogPage } from './newLog.ts'

/** A copy of a hive that pages of logs are put into. */
export class HiveCopy {
  readonly bytes: Uint8Array
  readonly #view: DataView

  /** `binsSize`: hive bins data it must have room for. */
  constructor(hive: Uint8Array, binsSize: number) {
    this.bytes = new Uint8Array(Math.max(hive.length, baseBlockLength + binsSize))
    this.bytes.set(hive)
    this.#view = new DataView(this.bytes.buffer)
  }

  /** Takes the base block over from a log, for a hive whose own is damaged. */
  putBase(log: Uint8Array): void {
    this.bytes.fill(0, 0, baseBlockLength)
    this.bytes.set(log.subarray(0, baseSectorLength))
  }

  putPages(log: Uint8Array, pages: readonly LogPage[]): void {
    for (const { offset, start, length } of pages) {
      this.bytes.set(log.subarray(start, start + length), baseBlockLength + offset)
    }
  }

  /** Marks it as a complete hive of that size, and gives its base block. */
  finish(binsSize: number, sequence: number): BaseBlock {
    this.#view.setUint32(4, sequence, true)
    this.#view.setUint32(8, sequence, true)
    this.#view.setUint32(28, 0, true)
    this.#view.setUint32(40, binsSize, true)
    this.#view.setUint32(508, baseChecksum(this.bytes), true)
    return readBaseBlock(this.bytes) as BaseBlock
  }
}
