import type { Finding } from '../../base/finding.ts'
import type { RegistryKey } from '../../policy/registryValue.ts'
import type { HiveLogs } from './recovery.ts'

/** What the base block says, as it is after logs were applied. */
export interface HiveInfo {
  readonly majorVersion: number
  readonly minorVersion: number
  /** Last part of the path the hive had on Windows. */
  readonly fileName: string
  /** FILETIME; not kept up since Windows 8.1. */
  readonly lastWritten: bigint
  /** Bytes of hive bins data that were read. */
  readonly binsSize: number
  /** Whether the file was marked as being written, or its first block had a wrong checksum. */
  readonly wasDirty: boolean
  /** What was added from logs, in the order it was done. */
  readonly logs: HiveLogs
}

export interface HiveTotals {
  readonly keys: number
  readonly values: number
}

/**
 * A hive that is being read. Keys are read when they are asked for, and `findings` tells what was found up to now: at
 * first about the file and its bins, then about each key that was visited. `walk` visits them all.
 */
export interface HiveReading {
  readonly root: RegistryKey
  readonly info: HiveInfo
  readonly findings: readonly Finding[]
  /** Visits every key and value, and checks what only matters to Windows: descriptors, lengths of longest names. */
  walk(): HiveTotals
  /**
   * Keys that are whole though no list leads to them, topmost ones first; each is named by a finding. `deleted`: also
   * keys in free space, as far as they can still be read. Visits everything.
   */
  orphans(options?: { readonly deleted?: boolean }): readonly RegistryKey[]
}
