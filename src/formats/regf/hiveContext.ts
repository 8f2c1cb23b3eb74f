import type { Cell, Cells } from './cells.ts'
import type { HiveFindings } from './hiveFindings.ts'
import { baseBlockLength } from './layout.ts'

/** What every part of the reader needs of the hive. */
export interface HiveContext {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly cells: Cells
  readonly findings: HiveFindings
  /** Format version 1.minor. */
  readonly minor: number
  /** Deleted records are wanted: free cells are as good as used ones. */
  readonly deleted: boolean
  /** Descriptors by the offset of their sk cell; `undefined` for one that cannot be read. */
  readonly security: Map<number, Uint8Array | undefined>
  /** Offsets of keys by the parent they name; made when a damaged list calls for it. */
  readonly keysByParent: () => ReadonlyMap<number, readonly number[]>
  /** Bounds on work that honest hives cannot exceed. */
  readonly budget: Budget
}

export interface Budget {
  /** Bytes of big data that may still be put together; overlapping cells could make more than the file is long. */
  bigData: number
  /** List elements that may still be looked through for a key that names another parent. */
  lookups: number
}

/** Byte in the file of something in a cell. */
export function fileOffset(offset: number): number {
  return baseBlockLength + offset
}

export function cellAt(hive: HiveContext, offset: number): Cell | string {
  return hive.cells.at(offset, hive.deleted)
}

/** Reports a cell that is used though it is marked as free. */
export function reportFree(hive: HiveContext, cell: Cell, path: string): void {
  if (cell.isFree && !hive.deleted) hive.findings.add('HIVE_CELL_FREE', { offset: fileOffset(cell.offset), path })
}
