import type { BaseBlock } from './baseBlock.ts'
import type { Cell } from './cells.ts'
import { fileOffset, type HiveContext } from './hiveContext.ts'
import { flagsOf, keyCellAt } from './keyNode.ts'
import { keyFlag } from './layout.ts'

/** The cell of the root key: where the base block says, else the first key that is flagged as a root. */
export function findRoot(hive: HiveContext, base: BaseBlock): Cell | undefined {
  const told = base.isSigned ? keyCellAt(hive, base.rootOffset) : 'the first block is lost'
  if (typeof told !== 'string' && isRoot(hive, told)) return told
  const found = flaggedRoot(hive)
  if (typeof told !== 'string' && found === undefined) return told
  if (found === undefined) return undefined
  const why = typeof told === 'string' ? told : 'the key there is not marked as the root'
  if (base.isSigned) hive.findings.add('HIVE_ROOT_MOVED', { offset: 36, what: `${why}; found ${placeOf(found)}` })
  return found
}

function placeOf(cell: Cell): string {
  return `at byte ${fileOffset(cell.offset)}`
}

function isRoot(hive: HiveContext, cell: Cell): boolean {
  return (flagsOf(hive, cell) & keyFlag.root) !== 0
}

function flaggedRoot(hive: HiveContext): Cell | undefined {
  for (const offset of hive.cells.keyOffsets(false)) {
    const cell = keyCellAt(hive, offset)
    if (typeof cell !== 'string' && isRoot(hive, cell)) return cell
  }
  return undefined
}
