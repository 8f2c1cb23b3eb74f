import { baseChecksum } from '../../src/formats/regf/baseBlock.ts'
import { marvin32 } from '../../src/formats/regf/marvin32.ts'

/** A state of a hive before and after a write, from which logs are made. */
export interface Page {
  /** From the start of the hive bins data. */
  readonly offset: number
  readonly bytes: Uint8Array
}

const pageLength = 4096

/** The pages in which two states of a hive differ, or that only the later one has. */
export function changedPages(before: Uint8Array, after: Uint8Array, length = pageLength): Page[] {
  const pages: Page[] = []
  for (let at = 4096; at < after.length; at += length) {
    const bytes = after.slice(at, at + length)
    const old = before.subarray(at, at + length)
    if (old.length !== bytes.length || bytes.some((byte, i) => byte !== old[i]))
      pages.push({ offset: at - 4096, bytes })
  }
  return pages
}

/** The same hive with other sequence numbers and, if wanted, time; the checksum is right again. */
export function withSequence(hive: Uint8Array, primary: number, secondary: number, time?: bigint): Uint8Array {
  const copy = hive.slice()
  const view = new DataView(copy.buffer)
  view.setUint32(4, primary, true)
  view.setUint32(8, secondary, true)
  if (time !== undefined) {
    view.setBigUint64(12, time, true)
    if (copy.length > 4096 + 28) view.setBigUint64(4096 + 20, time, true)
  }
  view.setUint32(508, baseChecksum(copy), true)
  return copy
}

/** The first sector of a log of that hive. */
export function logSector(hive: Uint8Array, fileType: number, sequence: number, binsSize: number): Uint8Array {
  const sector = hive.slice(0, 512)
  const view = new DataView(sector.buffer)
  view.setUint32(4, sequence, true)
  view.setUint32(8, sequence, true)
  view.setUint32(28, fileType, true)
  view.setUint32(40, binsSize, true)
  view.setUint32(508, baseChecksum(sector), true)
  return sector
}

/** An entry of the new log format. */
export function logEntry(sequence: number, binsSize: number, pages: readonly Page[]): Uint8Array {
  const used = 40 + 8 * pages.length + pages.reduce((length, page) => length + page.bytes.length, 0)
  const entry = new Uint8Array(Math.ceil(used / 512) * 512)
  const view = new DataView(entry.buffer)
  view.setUint32(0, 0x454c_7648, true)
  view.setUint32(4, entry.length, true)
  view.setUint32(12, sequence, true)
  view.setUint32(16, binsSize, true)
  view.setUint32(20, pages.length, true)
  let at = 40 + 8 * pages.length
  for (const [i, page] of pages.entries()) {
    view.setUint32(40 + 8 * i, page.offset, true)
    view.setUint32(44 + 8 * i, page.bytes.length, true)
    entry.set(page.bytes, at)
    at += page.bytes.length
  }
  return sealed(entry)
}

/** Puts the hashes of an entry right. */
export function sealed(entry: Uint8Array): Uint8Array {
  const view = new DataView(entry.buffer, entry.byteOffset)
  const [low, high] = marvin32(entry, 40, entry.length)
  view.setUint32(24, low, true)
  view.setUint32(28, high, true)
  const [headLow, headHigh] = marvin32(entry, 0, 32)
  view.setUint32(32, headLow, true)
  view.setUint32(36, headHigh, true)
  return entry
}

/** A log of the old format that leads from `before` to `after`. `fileType`: 2 on Windows 2000. */
export function oldLog(before: Uint8Array, after: Uint8Array, sequence: number, fileType = 1): Uint8Array {
  const binsSize = after.length - 4096
  const sector = logSector(after, fileType, sequence, binsSize)
  const bitmap = new Uint8Array(binsSize / 512 / 8)
  const pages = changedPages(before, after)
  for (const page of pages) bitmap[page.offset / 4096] = 0xff
  const vector = new Uint8Array(Math.ceil((4 + bitmap.length) / 512) * 512)
  vector.set([0x44, 0x49, 0x52, 0x54])
  vector.set(bitmap, 4)
  return joined([sector, vector, ...pages.map((page) => page.bytes)])
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}
