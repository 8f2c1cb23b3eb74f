import { PolagentError } from '../base/errors.ts'
import { noResultKeywords } from '../events/eventHeaders.ts'
import type { EventRecord } from '../events/eventRecord.ts'
import { isoTimeOfTicks } from '../events/eventTime.ts'

/** A row of the query in eventQuery.ts; header and origin are null when a damaged log has lost them. */
export interface EventRow {
  readonly record: number
  readonly milliseconds: number
  readonly ticks: number
  readonly id: number
  readonly version: number | null
  readonly level: number | null
  readonly opcode: number | null
  readonly task: number | null
  readonly keywords: string | null
  readonly computer: string | null
  readonly process: number | null
  readonly thread: number | null
  readonly user: string | null
  readonly fields: string
}

export function recordOfRow(row: EventRow, path: string): EventRecord {
  return {
    recordNumber: row.record,
    id: row.id,
    version: row.version ?? 0,
    time: isoTimeOfTicks(BigInt(row.milliseconds) * 10_000n + BigInt(row.ticks)),
    level: row.level ?? 0,
    opcode: row.opcode ?? 0,
    task: row.task ?? 0,
    keywords: row.keywords ?? noResultKeywords,
    computer: row.computer ?? '',
    processId: row.process ?? 0,
    threadId: row.thread ?? 0,
    ...(row.user === null || row.user === '' ? {} : { user: row.user }),
    fields: fieldsOf(row, path),
  }
}

function fieldsOf(row: EventRow, path: string): readonly string[] {
  try {
    const fields: unknown = JSON.parse(row.fields)
    if (Array.isArray(fields) && fields.every((field) => typeof field === 'string')) return fields
  } catch {
    // Said below.
  }
  throw new PolagentError('AUDIT_LOG_DAMAGED', { file: path, what: `the fields of record ${row.record}` })
}
