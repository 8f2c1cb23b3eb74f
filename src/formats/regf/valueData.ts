import type { Cell } from './cells.ts'
import { cellAt, fileOffset, type HiveContext, reportFree } from './hiveContext.ts'
import { segmentLength, signature } from './layout.ts'

const none = new Uint8Array(0)

/** The data of the vk record whose data fields are at file byte `at`: its size, and where it is (5.6). */
export function valueData(hive: HiveContext, at: number, path: string): Uint8Array {
  const told = hive.view.getUint32(at, true)
  const isInline = told >= 0x8000_0000
  const length = isInline ? told - 0x8000_0000 : told
  if (length === 0) return none
  if (isInline) return inlineData(hive, at, length, path)
  const offset = hive.view.getUint32(at + 4, true)
  const cell = cellAt(hive, offset)
  if (typeof cell === 'string') {
    hive.findings.add('HIVE_DATA_LOST', { offset: at + 4, path, what: cell })
    return none
  }
  if (!hive.cells.use(offset)) {
    hive.findings.add('HIVE_CELL_USED_TWICE', { offset: fileOffset(offset), path, what: 'data of a value' })
  }
  reportFree(hive, cell, path)
  if (isBigData(hive, cell, length)) return bigData(hive, cell, length, path)
  if (length > segmentLength && hive.minor > 3 && cell.length >= length) {
    hive.findings.add('HIVE_DATA_FORM', { offset: fileOffset(offset), path, what: 'it lies in one cell' })
  }
  if (cell.length < length) {
    const what = `${length} bytes are announced, ${cell.length} are in its cell`
    hive.findings.add('HIVE_DATA_CUT', { offset: fileOffset(offset), path, what })
  }
  return hive.bytes.subarray(cell.start, cell.start + Math.min(length, cell.length))
}

/** Up to four bytes in the place of the offset. */
function inlineData(hive: HiveContext, at: number, length: number, path: string): Uint8Array {
  if (length > 4) {
    const what = `${length} bytes are announced where 4 fit`
    hive.findings.add('HIVE_DATA_CUT', { offset: at, path, what })
  }
  return hive.bytes.subarray(at + 4, at + 4 + Math.min(4, length))
}

/** A cell that holds the data itself is longer than a db record, so that data which begins with "db" is not taken for one. */
function isBigData(hive: HiveContext, cell: Cell, length: number): boolean {
  if (length <= segmentLength || cell.length >= length || cell.length < 8) return false
  return hive.view.getUint16(cell.start, true) === signature.db
}

function bigData(hive: HiveContext, cell: Cell, length: number, path: string): Uint8Array {
  const { view } = hive
  const place = { offset: fileOffset(cell.offset), path }
  if (hive.minor <= 3) hive.findings.add('HIVE_DATA_FORM', { ...place, what: 'it lies in segments' })
  const listOffset = view.getUint32(cell.start + 4, true)
  const list = cellAt(hive, listOffset)
  if (typeof list === 'string' || !hive.cells.use(listOffset)) {
    const what = typeof list === 'string' ? list : 'the list of its segments is used twice'
    hive.findings.add('HIVE_DATA_LOST', { ...place, what })
    return none
  }
  reportFree(hive, list, path)
  const count = Math.min(view.getUint16(cell.start + 2, true), Math.floor(list.length / 4))
  const present = Math.min(length, count * segmentLength, hive.budget.bigData)
  const data = new Uint8Array(present)
  let filled = 0
  for (let i = 0; filled < present; i += 1) {
    const wanted = Math.min(segmentLength, present - filled)
    const segment = segmentAt(hive, view.getUint32(list.start + 4 * i, true), path)
    if (segment === undefined) break
    const usable = Math.min(wanted, segment.length)
    data.set(hive.bytes.subarray(segment.start, segment.start + usable), filled)
    filled += usable
    if (usable < wanted) break
  }
  hive.budget.bigData -= filled
  if (filled < length) {
    hive.findings.add('HIVE_DATA_CUT', { ...place, what: `${length} bytes are announced, ${filled} are there` })
  }
  return filled === data.length ? data : data.slice(0, filled)
}

/** What follows a lost segment cannot be used: where it belongs would be right, but what it is part of is not. */
function segmentAt(hive: HiveContext, offset: number, path: string): Cell | undefined {
  const cell = cellAt(hive, offset)
  if (typeof cell === 'string' || !hive.cells.use(offset)) return undefined
  reportFree(hive, cell, path)
  return cell
}
