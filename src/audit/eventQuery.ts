import type { SQLInputValue } from 'node:sqlite'
import { type EventResult, resultKeywords } from '../events/eventHeaders.ts'
import type { EventRecord } from '../events/eventRecord.ts'
import type { EventTicks } from '../events/eventTime.ts'

/** Which events of a log; all that is given must hold. */
export interface EventQuery {
  readonly ids?: readonly number[]
  /** First and last time, both included. */
  readonly since?: EventTicks
  readonly until?: EventTicks
  /** Only records with a higher number. */
  readonly after?: number
  readonly result?: EventResult
  /** Any further condition; applied before `limit`. */
  readonly where?: (record: EventRecord) => boolean
  readonly limit?: number
  /** By record number. */
  readonly order?: 'oldest-first' | 'newest-first'
}

export interface SqlQuery {
  readonly sql: string
  readonly values: readonly SQLInputValue[]
}

const columns = `
  e.record, e.time / 10000 AS milliseconds, e.time % 10000 AS ticks, e.id, h.version, h.level, h.opcode, h.task,
  h.keywords, o.computer, o.process, o.thread, o.user, e.fields`

/** A damaged log may have lost the row a record refers to; the record is given nevertheless. */
const source = 'event e LEFT JOIN header h USING (header) LEFT JOIN origin o USING (origin)'

export function selectSql(query: EventQuery): SqlQuery {
  const { clause, values } = conditions(query)
  const order = query.order === 'newest-first' ? 'DESC' : 'ASC'
  // A condition in JavaScript comes first; only without one can SQLite count.
  const limit = query.limit !== undefined && query.where === undefined ? ` LIMIT ${Math.trunc(query.limit)}` : ''
  return { sql: `SELECT ${columns} FROM ${source}${clause} ORDER BY e.record ${order}${limit}`, values }
}

export function countSql(query: EventQuery): SqlQuery {
  const { clause, values } = conditions(query)
  return { sql: `SELECT count(*) AS events FROM ${source}${clause}`, values }
}

function conditions(query: EventQuery): { readonly clause: string; readonly values: SQLInputValue[] } {
  const terms: string[] = []
  const values: SQLInputValue[] = []
  const add = (term: string, value: SQLInputValue): void => {
    terms.push(term)
    values.push(value)
  }
  if (query.ids !== undefined) {
    add('e.id IN (SELECT value FROM json_each(?))', JSON.stringify(query.ids))
  }
  if (query.since !== undefined) add('e.time >= ?', query.since)
  if (query.until !== undefined) add('e.time <= ?', query.until)
  if (query.after !== undefined) add('e.record > ?', query.after)
  if (query.result !== undefined) add('h.keywords = ?', resultKeywords[query.result])
  return { clause: terms.length === 0 ? '' : ` WHERE ${terms.join(' AND ')}`, values }
}
