import type { RegistryValue } from '../../policy/registryValue.ts'
import type { Cell } from './cells.ts'
import { cellAt, fileOffset, type HiveContext, reportFree } from './hiveContext.ts'
import { keyField } from './keyNode.ts'
import { nowhere, signature, valueFlag, valueRecordLength } from './layout.ts'
import { decodeName, upperName } from './nameOrder.ts'
import { valueData } from './valueData.ts'

/** Fields of a vk record (5.6); offsets count from its start. */
export const valueField = { nameLength: 2, dataLength: 4, dataOffset: 8, type: 12, flags: 16, name: 20 } as const

/** The values of the key whose record is in `node`, in the order they are stored in. */
export function valuesOf(hive: HiveContext, node: Cell, path: string): RegistryValue[] {
  const { view } = hive
  const told = view.getUint32(node.start + keyField.valueCount, true)
  const offset = view.getUint32(node.start + keyField.valueList, true)
  if (told === 0) return forgottenValues(hive, node, offset, path)
  const list = cellAt(hive, offset)
  if (typeof list === 'string') {
    const what = `${told} values, ${list}`
    hive.findings.add('HIVE_VALUE_LIST', { offset: node.start + keyField.valueList, path, what })
    return []
  }
  if (!hive.cells.use(offset)) {
    hive.findings.add('HIVE_CELL_USED_TWICE', { offset: fileOffset(offset), path, what: 'a list of values' })
    return []
  }
  reportFree(hive, list, path)
  const capacity = Math.floor(list.length / 4)
  const isCountRight = told <= capacity
  if (!isCountRight) {
    const what = `${told} values are announced, ${capacity} fit their list`
    hive.findings.add('HIVE_VALUE_COUNT', { offset: node.start + keyField.valueCount, path, what })
  }
  return listedValues(hive, list, Math.min(told, capacity), isCountRight, path)
}

/** A key without values has no list; if a list of values is there all the same, it is the number that is damaged. */
function forgottenValues(hive: HiveContext, node: Cell, offset: number, path: string): RegistryValue[] {
  if (offset === nowhere) return []
  const list = cellAt(hive, offset)
  if (typeof list === 'string' || list.isFree || list.length < 4 || hive.cells.isUsed(offset)) return []
  const first = valueCellAt(hive, hive.view.getUint32(list.start, true))
  if (typeof first === 'string' || first.isFree || hive.cells.isUsed(first.offset)) return []
  hive.cells.use(offset)
  const what = 'none are announced, but there is a list of them'
  hive.findings.add('HIVE_VALUE_COUNT', { offset: node.start + keyField.valueCount, path, what })
  return listedValues(hive, list, Math.floor(list.length / 4), false, path)
}

/** When the number is wrong, the rest of the list is padding, and what is no value in it is no loss. */
function listedValues(hive: HiveContext, list: Cell, count: number, isCountRight: boolean, path: string) {
  const values: RegistryValue[] = []
  const names = new Set<string>()
  for (let i = 0; i < count; i += 1) {
    const at = list.start + 4 * i
    const value = valueAt(hive, hive.view.getUint32(at, true), at, isCountRight, path)
    if (value === undefined) continue
    values.push(value)
    const upper = upperName(value.name)
    if (names.has(upper)) {
      hive.findings.add('HIVE_VALUE_DUPLICATE', { offset: at, path, what: quoted(value.name) })
    }
    names.add(upper)
  }
  return values
}

function valueAt(hive: HiveContext, offset: number, at: number, reportsLoss: boolean, path: string) {
  const { view, bytes, findings } = hive
  const cell = valueCellAt(hive, offset)
  if (typeof cell === 'string') {
    if (reportsLoss) findings.add('HIVE_VALUE_LOST', { offset: at, path, what: cell })
    return undefined
  }
  const place = { offset: fileOffset(offset), path }
  if (!hive.cells.use(offset)) {
    if (reportsLoss) findings.add('HIVE_CELL_USED_TWICE', { ...place, what: 'a value' })
    return undefined
  }
  reportFree(hive, cell, path)
  const flags = hive.minor > 1 ? view.getUint16(cell.start + valueField.flags, true) : 0
  const told = view.getUint16(cell.start + valueField.nameLength, true)
  const length = Math.min(told, cell.length - valueRecordLength)
  const isLatin = (flags & valueFlag.latinName) !== 0
  const name = decodeName(bytes, cell.start + valueField.name, length, isLatin)
  if (length < told || (!isLatin && told % 2 !== 0)) findings.add('HIVE_VALUE_NAME', { ...place, what: quoted(name) })
  if ((flags & valueFlag.tombstone) !== 0) {
    findings.add('HIVE_VALUE_TOMBSTONE', { ...place, what: quoted(name) })
    return undefined
  }
  const type = view.getUint32(cell.start + valueField.type, true)
  return { name, type, data: valueData(hive, cell.start + valueField.dataLength, path) }
}

function valueCellAt(hive: HiveContext, offset: number): Cell | string {
  const cell = cellAt(hive, offset)
  if (typeof cell === 'string') return cell
  if (cell.length < valueRecordLength || hive.view.getUint16(cell.start, true) !== signature.vk) {
    return `no value is at byte ${fileOffset(offset)}`
  }
  return cell
}

/** Names in messages are cut; a damaged one may be 65,535 characters long. */
export function quoted(name: string): string {
  return name === '' ? 'the default value' : `"${name.length <= 80 ? name : `${name.slice(0, 79)}…`}"`
}
