import { type BaseBlock, emptyBaseBlock, isCleanBase, readBaseBlock } from './baseBlock.ts'
import { binLength } from './bins.ts'
import { HiveCopy } from './hiveCopy.ts'
import type { HiveFindings } from './hiveFindings.ts'
import { baseBlockLength, baseSectorLength, magic, pageLength } from './layout.ts'
import { type LogCandidates, logCandidates, type NumberedNewLog, type NumberedOldLog } from './logCandidates.ts'
import type { LogEntry } from './newLog.ts'

/** One log that was used. */
export interface AppliedLog {
  /** Its place among the logs that were passed, from 0. */
  readonly index: number
  readonly format: 'old' | 'new'
  /** Entries of the new format; an old log is one. */
  readonly entries: number
  /** Stretches of the hive that were replaced. */
  readonly pages: number
  /** Sequence number of the last change. */
  readonly lastSequence: number
}

export type HiveLogs = readonly AppliedLog[]

export interface RecoveredHive {
  readonly bytes: Uint8Array
  readonly base: BaseBlock
  readonly wasDirty: boolean
  readonly logs: HiveLogs
}

/** Adds what the logs hold when the hive is dirty, as Windows does when it loads it (5.8). The input is not changed. */
export function recoverHive(bytes: Uint8Array, logs: readonly Uint8Array[], findings: HiveFindings): RecoveredHive {
  const base = readBaseBlock(bytes) ?? emptyBaseBlock
  const candidates = logCandidates(logs, base, bytes.length, findings)
  if (isCleanBase(base)) {
    reportIgnored(base, candidates, findings)
    return { bytes, base, wasDirty: false, logs: [] }
  }
  return (
    recoverFromNew(bytes, base, candidates.newLogs, findings) ??
    recoverFromOld(bytes, base, candidates.oldLogs, findings) ??
    unmendedHive(bytes, findings)
  )
}

/** The hive as it is, without its logs. */
export function unmendedHive(bytes: Uint8Array, findings: HiveFindings): RecoveredHive {
  const base = readBaseBlock(bytes) ?? emptyBaseBlock
  reportUnmended(base, findings)
  return { bytes, base, wasDirty: true, logs: [] }
}

function reportUnmended(base: BaseBlock, findings: HiveFindings): void {
  const { primarySequence, secondarySequence } = base
  if (!base.isSigned) {
    findings.add('HIVE_BASE_BLOCK_LOST', { offset: 0 })
    return
  }
  if (!base.isChecksumRight) findings.add('HIVE_BASE_BLOCK_CHECKSUM', { offset: 508 })
  if (primarySequence !== secondarySequence) {
    findings.add('HIVE_DIRTY', { offset: 4, what: `sequence numbers ${primarySequence} and ${secondarySequence}` })
  }
}

/** A clean hive needs no log, but one that is newer says that hive and log are not of the same time. */
function reportIgnored(base: BaseBlock, candidates: LogCandidates, findings: HiveFindings): void {
  for (const log of candidates.newLogs) {
    const last = log.entries.at(-1)
    if (last === undefined || last.sequence <= base.primarySequence) continue
    const what = `${log.name} goes up to change ${last.sequence}, the hive to ${base.primarySequence}`
    findings.add('HIVE_LOG_IGNORED', { offset: 4, what })
  }
}

function isBaseGood(base: BaseBlock): boolean {
  return base.isSigned && base.isChecksumRight
}

/** The part of a log that is put into the hive. */
interface Chosen {
  readonly log: NumberedNewLog
  readonly entries: readonly LogEntry[]
}

/** New logs: the entries the hive does not have yet, over all logs in sequence. */
function recoverFromNew(
  bytes: Uint8Array,
  base: BaseBlock,
  newLogs: readonly NumberedNewLog[],
  findings: HiveFindings,
): RecoveredHive | undefined {
  const chosen = chosenEntries(base, newLogs, findings)
  const newest = chosen.at(-1)
  const last = newest?.entries.at(-1)
  if (newest === undefined || last === undefined) return undefined
  const copy = new HiveCopy(bytes, Math.max(...chosen.map(({ entries }) => largestSizeOf(entries))))
  if (!isBaseGood(base)) copy.putBase(newest.log.bytes)
  const logs = chosen.map(({ log, entries }): AppliedLog => {
    for (const entry of entries) copy.putPages(log.bytes, entry.pages)
    const pages = entries.reduce((count, entry) => count + entry.pages.length, 0)
    const lastSequence = entries.at(-1)?.sequence ?? 0
    const what = `${log.name}, ${entries.length} changes, ${pages} pages, up to change ${lastSequence}`
    findings.add('HIVE_LOG_APPLIED', { offset: baseSectorLength, what })
    return { index: log.index, format: 'new', entries: entries.length, pages, lastSequence }
  })
  const recovered = copy.finish(last.binsSize, (last.sequence + 1) >>> 0)
  return { bytes: copy.bytes, base: recovered, wasDirty: true, logs }
}

function largestSizeOf(entries: readonly LogEntry[]): number {
  return entries.reduce((largest, entry) => Math.max(largest, entry.binsSize), 0)
}

/**
 * The log with the earlier entries comes first, and the next must go on where it ended. Of a hive with a damaged base
 * block only the log with the latest entries counts.
 */
function chosenEntries(base: BaseBlock, newLogs: readonly NumberedNewLog[], findings: HiveFindings): Chosen[] {
  const ordered = newLogs
    .filter((log) => log.entries.length > 0 || log.fault !== undefined)
    .toSorted((a, b) => a.base.primarySequence - b.base.primarySequence)
  const usable = isBaseGood(base) ? ordered : ordered.filter((log) => log.entries.length > 0).slice(-1)
  const chosen: Chosen[] = []
  let next: number | undefined
  for (const log of usable) {
    const from = next ?? (isBaseGood(base) ? base.secondarySequence : 0)
    const entries = log.entries.filter((entry) => entry.sequence >= from)
    const first = entries[0]
    const last = entries.at(-1)
    if (first === undefined || last === undefined) {
      if (log.entries.length > 0)
        findings.add('HIVE_LOG_STALE', { offset: 4, what: `${log.name} ends before change ${from}` })
    } else if (next !== undefined && first.sequence !== next) {
      const what = `change ${next} is missing, ${log.name} goes on with ${first.sequence}`
      findings.add('HIVE_LOG_ENDED', { offset: 4, what })
      break
    } else {
      chosen.push({ log, entries })
      next = last.sequence + 1
    }
    if (log.fault !== undefined) {
      findings.add('HIVE_LOG_ENDED', { offset: log.fault.offset, what: `${log.name}: ${log.fault.what}` })
    }
  }
  return chosen
}

/**
 * Old logs: the one that was begun together with the write that was broken off, which the time in both tells; the first
 * bin keeps a copy of that of the hive.
 */
function recoverFromOld(
  bytes: Uint8Array,
  base: BaseBlock,
  oldLogs: readonly NumberedOldLog[],
  findings: HiveFindings,
): RecoveredHive | undefined {
  const time = isBaseGood(base) ? base.lastWritten : firstBinTime(bytes)
  const fitting = oldLogs.filter((log) => time === undefined || log.base.lastWritten === time)
  for (const log of oldLogs) {
    if (!fitting.includes(log))
      findings.add('HIVE_LOG_FOREIGN', { offset: 12, what: `the time in ${log.name} is another` })
  }
  const usable = fitting.filter((log) => {
    const fault = faultOfPages(bytes, log)
    if (fault !== undefined) findings.add('HIVE_LOG_UNUSABLE', { ...fault, what: `${log.name}: ${fault.what}` })
    return fault === undefined
  })
  const [log] = usable.toSorted((a, b) => b.base.primarySequence - a.base.primarySequence)
  if (log === undefined) return undefined
  const copy = new HiveCopy(bytes, log.base.binsSize)
  if (!isBaseGood(base)) copy.putBase(log.bytes)
  copy.putPages(log.bytes, log.pages)
  const lastSequence = Math.max(log.base.primarySequence, isBaseGood(base) ? base.primarySequence : 0)
  const recovered = copy.finish(log.base.binsSize, lastSequence)
  findings.add('HIVE_LOG_APPLIED', { offset: baseSectorLength, what: `${log.name}, ${log.pages.length} stretches` })
  const applied: AppliedLog = { index: log.index, format: 'old', entries: 1, pages: log.pages.length, lastSequence }
  return { bytes: copy.bytes, base: recovered, wasDirty: true, logs: [applied] }
}

/** Nothing guards the pages of an old log but this: where a bin begins, one must begin in the log too. */
function faultOfPages(hive: Uint8Array, log: NumberedOldLog): { offset: number; what: string } | undefined {
  const hiveView = new DataView(hive.buffer, hive.byteOffset, hive.byteLength)
  const logView = new DataView(log.bytes.buffer, log.bytes.byteOffset, log.bytes.byteLength)
  for (const { offset, start } of log.pages) {
    if (offset % pageLength !== 0 || binLength(hiveView, offset) === undefined) continue
    if (logView.getUint32(start, true) === magic.hbin && logView.getUint32(start + 4, true) === offset) continue
    return { offset: start, what: 'a changed bin in it is damaged' }
  }
  return undefined
}

function firstBinTime(bytes: Uint8Array): bigint | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return binLength(view, 0) === undefined ? undefined : view.getBigUint64(baseBlockLength + 20, true)
}
