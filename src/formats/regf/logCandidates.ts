import { isAllZero } from '../../base/bytes.ts'
import { type BaseBlock, readBaseBlock } from './baseBlock.ts'
import type { HiveFindings } from './hiveFindings.ts'
import { baseSectorLength, largestBinsData } from './layout.ts'
import { type NewLog, readNewLog } from './newLog.ts'
import { type OldLog, readOldLog } from './oldLog.ts'

/** A log's place among those that were passed, from 0, and what to call it. */
interface Numbered {
  readonly index: number
  readonly name: string
}

export type NumberedNewLog = NewLog & Numbered
export type NumberedOldLog = OldLog & Numbered

/** The logs that belong to a hive and can be read, by format. */
export interface LogCandidates {
  readonly newLogs: readonly NumberedNewLog[]
  readonly oldLogs: readonly NumberedOldLog[]
}

/** Sorts the logs by format; the empty files that Windows keeps are left out without a word. */
export function logCandidates(
  logs: readonly Uint8Array[],
  hive: BaseBlock,
  hiveLength: number,
  findings: HiveFindings,
): LogCandidates {
  const newLogs: NumberedNewLog[] = []
  const oldLogs: NumberedOldLog[] = []
  for (const [index, bytes] of logs.entries()) {
    if (isAllZero(bytes.subarray(0, baseSectorLength))) continue
    const name = logs.length === 1 ? 'the log' : `log ${index + 1} of ${logs.length}`
    const largestSize = Math.min(largestBinsData, hiveLength + 16 * bytes.length + 16_777_216)
    const base = readBaseBlock(bytes)
    if (base === undefined) {
      findings.add('HIVE_LOG_UNUSABLE', { offset: 0, what: `${name} is shorter than a sector` })
      continue
    }
    if (isForeign(base, hive)) {
      const what = `${name} is of "${base.fileName}", the hive of "${hive.fileName}"`
      findings.add('HIVE_LOG_FOREIGN', { offset: 48, what })
      continue
    }
    const log = readLog(bytes, base, largestSize)
    if (typeof log === 'string') findings.add('HIVE_LOG_UNUSABLE', { offset: 0, what: `${name}: ${log}` })
    else if ('entries' in log) newLogs.push({ ...log, index, name })
    else oldLogs.push({ ...log, index, name })
  }
  return { newLogs, oldLogs }
}

/** Logs carry the name of their hive; a damaged base block tells none. */
function isForeign(log: BaseBlock, hive: BaseBlock): boolean {
  if (!log.isSigned || !log.isChecksumRight || !hive.isSigned || !hive.isChecksumRight) return false
  if (log.fileName === '' || hive.fileName === '') return false
  return log.fileName.toLowerCase() !== hive.fileName.toLowerCase()
}

function readLog(bytes: Uint8Array, base: BaseBlock, largestSize: number): NewLog | OldLog | string {
  if (!base.isSigned) return 'it does not begin with "regf"'
  if (!base.isChecksumRight) return 'its checksum is wrong'
  if (base.primarySequence !== base.secondarySequence) return 'it was being written itself'
  if (base.fileType === 6) return readNewLog(bytes, base, largestSize)
  if (base.fileType === 1 || base.fileType === 2) return readOldLog(bytes, base, largestSize)
  return `its file type ${base.fileType} is that of no log`
}
