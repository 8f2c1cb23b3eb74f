import type { BaseBlock } from './baseBlock.ts'
import type { HiveFindings } from './hiveFindings.ts'
import { baseBlockLength, binHeaderLength, magic, pageLength } from './layout.ts'

/** The bins of a hive, by number. Offsets count from the start of the hive bins data. */
export interface Bins {
  readonly view: DataView
  /** Bytes of hive bins data that are present and belong to the hive; what follows in the file is slack. */
  readonly size: number
  /** Number of the bin each page lies in. */
  readonly binOfPage: Uint32Array
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  /** False where no header was found: the stretch between two bins that are whole. */
  readonly hasHeader: readonly boolean[]
  /** True where all bytes are zero. */
  readonly isZero: readonly boolean[]
}

/** Finds the bins (5.2) and says what is damaged of them. Linear in the number of pages. */
export function findBins(bytes: Uint8Array, base: BaseBlock, findings: HiveFindings): Bins {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = usableSize(view, base, findings)
  // Then the size told of the cut already.
  const isCutKnown = base.isSigned && base.isChecksumRight && base.binsSize > size
  const binOfPage = new Uint32Array(Math.ceil(size / pageLength))
  const starts: number[] = []
  const ends: number[] = []
  const hasHeader: boolean[] = []
  const isZero: boolean[] = []
  for (let at = 0; at < size; ) {
    const length = binLength(view, at)
    let end = length === undefined ? nextBin(view, at + pageLength, size) : at + length
    if (length !== undefined && length > pageLength) end = believableEnd(view, at, end, size, findings)
    isZero.push(length === undefined && isZeroBetween(view, at, end))
    if (length === undefined) reportGap(at, end, isZero.at(-1) === true, findings)
    if (end > size) {
      if (!isCutKnown) reportShortBin(size, end, findings)
      end = size
    }
    binOfPage.fill(starts.length, Math.floor(at / pageLength), Math.ceil(end / pageLength))
    starts.push(at)
    ends.push(end)
    hasHeader.push(length !== undefined)
    at = end
  }
  return { view, size, binOfPage, starts, ends, hasHeader, isZero }
}

function reportShortBin(size: number, end: number, findings: HiveFindings): void {
  findings.add('HIVE_TRUNCATED', { offset: baseBlockLength + size, what: `${end - size} bytes of the last bin` })
}

/** The size the base block tells, when it can be believed; else all that has the form of bins. */
function usableSize(view: DataView, base: BaseBlock, findings: HiveFindings): number {
  const present = Math.max(0, view.byteLength - baseBlockLength)
  const told = base.binsSize
  if (!base.isSigned) return present
  const isMultiple = told > 0 && told % pageLength === 0
  if (isMultiple && told <= present && (base.isChecksumRight || endsAt(view, told, present))) return told
  if (isMultiple && base.isChecksumRight) {
    findings.add('HIVE_TRUNCATED', {
      offset: view.byteLength,
      what: `${told} bytes of bins are announced, ${present} are present`,
    })
    return present
  }
  findings.add('HIVE_BINS_SIZE', { offset: 40, what: `${told} bytes are announced, ${present} are present` })
  return present
}

/** Whether no bin begins at `at`, so that the hive may well end there. */
function endsAt(view: DataView, at: number, present: number): boolean {
  return at === present || binLength(view, at) === undefined
}

/** Length of the bin whose header is at `at`, or `undefined` when there is none that is right. */
export function binLength(view: DataView, at: number): number | undefined {
  const start = baseBlockLength + at
  if (start + binHeaderLength > view.byteLength) return undefined
  if (view.getUint32(start, true) !== magic.hbin || view.getUint32(start + 4, true) !== at) return undefined
  const length = view.getUint32(start + 8, true)
  return length === 0 || length % pageLength !== 0 ? undefined : length
}

function nextBin(view: DataView, from: number, size: number): number {
  let at = from
  while (at < size && binLength(view, at) === undefined) at += pageLength
  return Math.min(at, size)
}

/**
 * Free space of a large bin may hold headers of bins that lay there before; a header of the right form inside ends the
 * bin only when its cells do not fill it.
 */
function believableEnd(view: DataView, start: number, end: number, size: number, findings: HiveFindings): number {
  const inner = nextBin(view, start + pageLength, Math.min(end, size))
  if (inner >= Math.min(end, size) || cellsFill(view, start, end, size)) return end
  findings.add('HIVE_BIN_DAMAGED', {
    offset: baseBlockLength + start,
    what: `its length ${end - start} reaches over the next bin`,
  })
  return inner
}

function cellsFill(view: DataView, start: number, end: number, size: number): boolean {
  let at = start + binHeaderLength
  while (at < end && at + 4 <= size) {
    const length = Math.abs(view.getInt32(baseBlockLength + at, true))
    if (length < 8 || length % 8 !== 0) return false
    at += length
  }
  return at === end
}

function isZeroBetween(view: DataView, start: number, end: number): boolean {
  for (let at = start; at + 4 <= end; at += 4) if (view.getUint32(baseBlockLength + at, true) !== 0) return false
  return true
}

function reportGap(start: number, end: number, isZero: boolean, findings: HiveFindings): void {
  const what = isZero ? `${end - start} bytes are all zero` : `${end - start} bytes without the header of a bin`
  findings.add('HIVE_BIN_DAMAGED', { offset: baseBlockLength + start, what })
}
