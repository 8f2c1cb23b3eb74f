import type { BaseBlock } from './baseBlock.ts'
import { baseSectorLength, magic, pageLength } from './layout.ts'
import { marvin32 } from './marvin32.ts'

/** Log entries begin at multiples of this, and are multiples of it long. */
const entryUnit = 512
const entryHeaderLength = 40

/** A page that an entry puts into the hive. `start` is a byte of the log, `offset` counts from the hive bins data. */
export interface LogPage {
  readonly offset: number
  readonly start: number
  readonly length: number
}

/** An entry of the new log format (8.1 and later, 5.8) that is whole. */
export interface LogEntry {
  readonly sequence: number
  readonly binsSize: number
  readonly pages: readonly LogPage[]
}

export interface NewLog {
  readonly bytes: Uint8Array
  readonly base: BaseBlock
  /** Consecutive entries from the one the log's own base block names. */
  readonly entries: readonly LogEntry[]
  /** Where and why reading ended before the end of the file; `undefined` when nothing more looks like an entry. */
  readonly fault: { readonly offset: number; readonly what: string } | undefined
}

/**
 * Reads the entries up to the first that is faulty or out of sequence. `largestSize`: hive bins data that an entry may
 * ask for at most, so that a small log cannot make a huge hive.
 */
export function readNewLog(bytes: Uint8Array, base: BaseBlock, largestSize: number): NewLog {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries: LogEntry[] = []
  let expected = base.primarySequence
  let at = baseSectorLength
  while (at + entryHeaderLength <= bytes.length && view.getUint32(at, true) === magic.hvle) {
    const sequence = view.getUint32(at + 12, true)
    // What remains of an earlier use of the file is older.
    if (sequence !== expected) break
    const entry = readEntry(bytes, view, at, largestSize)
    if (typeof entry === 'string') return { bytes, base, entries, fault: { offset: at, what: entry } }
    entries.push(entry)
    expected = (expected + 1) >>> 0
    at += view.getUint32(at + 4, true)
  }
  return { bytes, base, entries, fault: undefined }
}

function readEntry(bytes: Uint8Array, view: DataView, at: number, largestSize: number): LogEntry | string {
  const length = view.getUint32(at + 4, true)
  if (length < entryHeaderLength || length % entryUnit !== 0) return `its length ${length} is impossible`
  if (length > bytes.length - at) return 'the log ends within it'
  if (!isHash(view, at + 32, marvin32(bytes, at, at + 32))) return 'the hash of its header is wrong'
  if (!isHash(view, at + 24, marvin32(bytes, at + entryHeaderLength, at + length)))
    return 'the hash of its pages is wrong'
  const binsSize = view.getUint32(at + 16, true)
  if (binsSize === 0 || binsSize % pageLength !== 0 || binsSize > largestSize) {
    return `the hive size ${binsSize} in it is impossible`
  }
  const count = view.getUint32(at + 20, true)
  if (count > (length - entryHeaderLength) / 8) return `it announces ${count} pages, more than fit`
  const pages: LogPage[] = []
  let start = at + entryHeaderLength + 8 * count
  for (let i = 0; i < count; i += 1) {
    const offset = view.getUint32(at + entryHeaderLength + 8 * i, true)
    const size = view.getUint32(at + entryHeaderLength + 8 * i + 4, true)
    if (size > at + length - start) return 'its pages are longer than it is'
    if (offset + size > binsSize) return 'a page lies behind the end of the hive'
    pages.push({ offset, start, length: size })
    start += size
  }
  return { sequence: view.getUint32(at + 12, true), binsSize, pages }
}

function isHash(view: DataView, at: number, [low, high]: readonly [number, number]): boolean {
  return view.getUint32(at, true) === low && view.getUint32(at + 4, true) === high
}
