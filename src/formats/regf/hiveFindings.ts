import type { Finding } from '../../base/finding.ts'
import { type HiveFindingCode, type HiveFindingRow, hiveFindingTable } from './hiveFindingTable.ts'

export interface HivePlace {
  /** Byte in the file. */
  readonly offset: number
  /** Path of the key, from below the root; the root itself is not told. */
  readonly path?: string
  /** What exactly, in words. */
  readonly what?: string
}

/** Findings kept one by one; beyond that they are only counted, so that garbage cannot fill the memory. */
const keptFindings = 10_000
/** Characters of a path that are told; the end says most. */
const toldPath = 1024

/** Collects what is found while the hive is visited. */
export class HiveFindings {
  readonly #kept: Finding[] = []
  readonly #counted = new Map<HiveFindingCode, number>()
  #hasErrors = false

  add(code: HiveFindingCode, place: HivePlace): void {
    if (hiveFindingTable[code].severity === 'error') this.#hasErrors = true
    if (this.#kept.length >= keptFindings) this.#counted.set(code, (this.#counted.get(code) ?? 0) + 1)
    else this.#kept.push(findingOf(code, place))
  }

  /** Whether anything was lost up to now. */
  get hasErrors(): boolean {
    return this.#hasErrors
  }

  /** Everything so far. */
  list(): Finding[] {
    return [...this.#kept, ...[...this.#counted].map(([code, count]) => furtherOf(code, count))]
  }
}

function findingOf(code: HiveFindingCode, place: HivePlace): Finding {
  const row: HiveFindingRow = hiveFindingTable[code]
  const { offset, path, what } = place
  return {
    severity: row.severity,
    code,
    message: what === undefined ? row.title : `${row.title}: ${what}`,
    advice: row.advice,
    ...(row.win32 === undefined ? {} : { win32: row.win32 }),
    ...(path === undefined || path === '' ? {} : { field: toldOf(path) }),
    offset,
  }
}

function toldOf(path: string): string {
  return path.length <= toldPath ? path : `…${path.slice(-toldPath)}`
}

function furtherOf(code: HiveFindingCode, count: number): Finding {
  return findingOf(code, { offset: 0, what: `${count} more of this kind` })
}
