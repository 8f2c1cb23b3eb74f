import type { Cell } from './cells.ts'
import { cellAt, fileOffset, type HiveContext, reportFree } from './hiveContext.ts'
import { keyField } from './keyNode.ts'
import { signature } from './layout.ts'

/** One element of a subkey list. */
export interface SubkeyElement {
  /** Of the nk cell. */
  readonly offset: number
  /** Where the element itself is. Byte in the file. */
  readonly at: number
  readonly check: 'none' | 'hint' | 'hash'
  /** Hint or hash; 0 when there is none. */
  readonly checkValue: number
}

export interface SubkeyElements {
  readonly elements: readonly SubkeyElement[]
  /** Elements that would fit behind the last one of a single list: their number may be what is damaged. */
  readonly spare: () => readonly SubkeyElement[]
  /** False when a list or part of it is lost. */
  readonly isWhole: boolean
}

const nothing: SubkeyElements = { elements: [], spare: () => [], isWhole: false }

/** The elements of a list of any form (5.5), lost parts reported for the key at `path`. */
export function subkeyElements(hive: HiveContext, listOffset: number, path: string): SubkeyElements {
  const cell = listCell(hive, listOffset, path, fileOffset(listOffset))
  if (cell === undefined) return nothing
  if (hive.view.getUint16(cell.start, true) !== signature.ri) return leafElementsOf(hive, cell, path)
  const count = boundedCount(hive, cell, 4, path)
  const elements: SubkeyElement[] = []
  let isWhole = count.isWhole
  for (let i = 0; i < count.count; i += 1) {
    const at = cell.start + 4 + 4 * i
    const leaf = listCell(hive, hive.view.getUint32(at, true), path, at)
    const leafElements = leaf === undefined ? nothing : leafElementsOf(hive, leaf, path)
    for (const element of leafElements.elements) elements.push(element)
    isWhole &&= leafElements.isWhole
  }
  return { elements, spare: () => [], isWhole }
}

/** A cell that is used as a list here and nowhere else; `at` is where its offset stands. */
function listCell(hive: HiveContext, offset: number, path: string, at: number): Cell | undefined {
  const cell = cellAt(hive, offset)
  if (typeof cell === 'string') {
    hive.findings.add('HIVE_SUBKEY_LIST', { offset: at, path, what: cell })
    return undefined
  }
  const place = { offset: fileOffset(offset), path }
  if (cell.length < 4) {
    hive.findings.add('HIVE_SUBKEY_LIST', { ...place, what: 'its cell is too small' })
    return undefined
  }
  if (!hive.cells.use(offset)) {
    hive.findings.add('HIVE_CELL_USED_TWICE', { ...place, what: 'a list of subkeys' })
    return undefined
  }
  reportFree(hive, cell, path)
  return cell
}

function leafElementsOf(hive: HiveContext, cell: Cell, path: string): SubkeyElements {
  const { view } = hive
  const kind = view.getUint16(cell.start, true)
  const isPlain = kind === signature.li
  if (!isPlain && kind !== signature.lf && kind !== signature.lh) {
    const what = kind === signature.ri ? 'a list of lists lies within another' : 'it has no signature of a list'
    hive.findings.add('HIVE_SUBKEY_LIST', { offset: fileOffset(cell.offset), path, what })
    return nothing
  }
  const size = isPlain ? 4 : 8
  const check = isPlain ? 'none' : kind === signature.lf ? 'hint' : 'hash'
  const count = boundedCount(hive, cell, size, path)
  const elementAt = (i: number): SubkeyElement => {
    const at = cell.start + 4 + size * i
    return { offset: view.getUint32(at, true), at, check, checkValue: isPlain ? 0 : view.getUint32(at + 4, true) }
  }
  const elements = Array.from({ length: count.count }, (_, i) => elementAt(i))
  const spare = (): SubkeyElement[] =>
    Array.from({ length: count.capacity - count.count }, (_, i) => elementAt(count.count + i))
  return { elements, spare, isWhole: count.isWhole }
}

interface Count {
  readonly count: number
  readonly capacity: number
  readonly isWhole: boolean
}

/** The number of elements a list tells, and no more than its cell holds. */
function boundedCount(hive: HiveContext, cell: Cell, size: number, path: string): Count {
  const told = hive.view.getUint16(cell.start + 2, true)
  const capacity = Math.floor((cell.length - 4) / size)
  if (told <= capacity) return { count: told, capacity, isWhole: true }
  const what = `${told} elements are announced, ${capacity} fit its cell`
  hive.findings.add('HIVE_SUBKEY_LIST', { offset: fileOffset(cell.offset), path, what })
  return { count: capacity, capacity, isWhole: false }
}

/** Whether the offset leads to a list in use whose first element is a key; used when the count says there is none. */
export function looksLikeList(hive: HiveContext, offset: number): number | undefined {
  const cell = cellAt(hive, offset)
  if (typeof cell === 'string' || cell.isFree || cell.length < 8 || hive.cells.isUsed(offset)) return undefined
  const kind = hive.view.getUint16(cell.start, true)
  const isList = kind === signature.li || kind === signature.lf || kind === signature.lh || kind === signature.ri
  if (!isList || hive.view.getUint16(cell.start + 2, true) === 0) return undefined
  const first = hive.view.getUint32(cell.start + 4, true)
  if (kind !== signature.ri) return first
  const leaf = cellAt(hive, first)
  return typeof leaf === 'string' || leaf.length < 8 ? undefined : hive.view.getUint32(leaf.start + 4, true)
}

/** Whether the lists of the key in `node` lead to the key at `offset`. Without reports, and within the budget. */
export function listsKey(hive: HiveContext, node: Cell, offset: number): boolean {
  const list = cellAt(hive, hive.view.getUint32(node.start + keyField.subkeyList, true))
  if (typeof list === 'string' || list.length < 4) return false
  if (hive.view.getUint16(list.start, true) !== signature.ri) return leafLists(hive, list, offset)
  const count = Math.min(hive.view.getUint16(list.start + 2, true), Math.floor((list.length - 4) / 4))
  for (let i = 0; i < count; i += 1) {
    const leaf = cellAt(hive, hive.view.getUint32(list.start + 4 + 4 * i, true))
    if (typeof leaf !== 'string' && leaf.length >= 4 && leafLists(hive, leaf, offset)) return true
  }
  return false
}

function leafLists(hive: HiveContext, leaf: Cell, offset: number): boolean {
  const kind = hive.view.getUint16(leaf.start, true)
  if (kind !== signature.li && kind !== signature.lf && kind !== signature.lh) return false
  const size = kind === signature.li ? 4 : 8
  const count = Math.min(hive.view.getUint16(leaf.start + 2, true), Math.floor((leaf.length - 4) / size))
  for (let i = 0; i < count; i += 1) {
    if (hive.budget.lookups <= 0) return false
    hive.budget.lookups -= 1
    if (hive.view.getUint32(leaf.start + 4 + size * i, true) === offset) return true
  }
  return false
}
