import { decodeName } from './nameOrder.ts'
import type { Cell } from './cells.ts'
import { cellAt, type HiveContext } from './hiveContext.ts'
import { keyFlag, keyNodeLength, signature } from './layout.ts'

/** Fields of an nk record (5.4); offsets count from its start. */
export const keyField = {
  flags: 2,
  lastWritten: 4,
  parent: 16,
  subkeyCount: 20,
  subkeyList: 28,
  valueCount: 36,
  valueList: 40,
  security: 44,
  className: 48,
  longestSubkeyName: 52,
  longestClassName: 56,
  longestValueName: 60,
  longestValueData: 64,
  nameLength: 72,
  classLength: 74,
  name: 76,
} as const

/** The cell of a key, or why it is none. */
export function keyCellAt(hive: HiveContext, offset: number): Cell | string {
  const cell = cellAt(hive, offset)
  if (typeof cell === 'string') return cell
  if (cell.length < keyNodeLength || hive.view.getUint16(cell.start, true) !== signature.nk) {
    return `no key is at byte ${cell.start - hive.cells.header}`
  }
  return cell
}

export function parentOf(hive: HiveContext, cell: Cell): number {
  return hive.view.getUint32(cell.start + keyField.parent, true)
}

export function flagsOf(hive: HiveContext, cell: Cell): number {
  return hive.view.getUint16(cell.start + keyField.flags, true)
}

/** The name, as far as it lies in the cell, and whether that is all of it. Before version 1.2 names are UTF-16. */
export function nameOfKey(hive: HiveContext, cell: Cell): { readonly name: string; readonly isWhole: boolean } {
  const told = hive.view.getUint16(cell.start + keyField.nameLength, true)
  const present = Math.min(told, cell.length - keyNodeLength)
  const isLatin = hive.minor > 1 && (flagsOf(hive, cell) & keyFlag.latinName) !== 0
  const name = decodeName(hive.bytes, cell.start + keyField.name, present, isLatin)
  return { name, isWhole: present === told && (isLatin || told % 2 === 0) }
}
