import { statSync } from 'node:fs'
import { hostname } from 'node:os'
import type { DatabaseSync } from 'node:sqlite'
import { PolagentError } from '../base/errors.ts'
import type { Report } from '../base/finding.ts'
import type { EventInput, EventRecord } from '../events/eventRecord.ts'
import { auditError, isDamage } from './auditErrors.ts'
import { countSql, type EventQuery, selectSql } from './eventQuery.ts'
import { type EventRow, recordOfRow } from './eventRow.ts'
import { EventWriter } from './eventWriter.ts'
import { fileIdentity, moveAside, type OpenFile, openForReading, openForWriting } from './logFile.ts'
import { NumberCeiling } from './numberCeiling.ts'

export interface EventLogOptions {
  /** For queries only; the file must exist and is not changed. */
  readonly readOnly?: boolean
  /** Told when a damaged or vanished log had to be replaced. */
  readonly report?: Report
  /** What the records say of where they come from; otherwise this host and process. */
  readonly computer?: string
  readonly processId?: number
}

/**
 * The durable log of events, an SQLite database in write-ahead mode: what `append` has returned survives `kill -9` and
 * power failure, and readers work while the agent writes.
 *
 * const log = EventLog.open('/var/lib/polagent/events.db')
 * log.append({ id: 5460, fields: ['Servers'], time: '2024-05-06T07:08:09.123Z' }).recordNumber // → 1
 */
export class EventLog {
  readonly path: string
  readonly #options: EventLogOptions
  readonly #ceiling: NumberCeiling
  #file: OpenFile
  #writer: EventWriter | undefined

  private constructor(path: string, options: EventLogOptions) {
    this.path = path
    this.#options = options
    this.#ceiling = new NumberCeiling(path)
    this.#file = options.readOnly === true ? openForReading(path) : this.#openWritable()
  }

  /**
   * Opens the log; without `readOnly` it is made when there is none, and replaced when it is damaged. Errors:
   * AUDIT_LOG_MISSING, AUDIT_LOG_UNREADABLE, AUDIT_NOT_A_LOG, AUDIT_LOG_DAMAGED, AUDIT_LOG_NEWER,
   * AUDIT_LOG_NOT_WRITTEN, AUDIT_DISK_FULL, AUDIT_LOG_BUSY.
   */
  static open(path: string, options: EventLogOptions = {}): EventLog {
    return new EventLog(path, options)
  }

  /** Adds an event; it is on disk when this returns. When it throws, nothing was added. */
  append(event: EventInput): EventRecord {
    return this.appendAll([event])[0] as EventRecord
  }

  /** Adds events as one step: all of them, or, when it throws, none. */
  appendAll(events: readonly EventInput[]): readonly EventRecord[] {
    if (this.#options.readOnly === true) {
      throw new PolagentError('AUDIT_LOG_NOT_WRITTEN', { file: this.path, what: 'it was opened for reading' })
    }
    if (events.length === 0) return []
    this.#reopenWhenReplaced()
    try {
      return this.#appendOnce(events)
    } catch (error) {
      if (!isDamage(error)) throw auditError(error, this.path, 'write')
      this.#replaceDamaged(error)
      try {
        return this.#appendOnce(events)
      } catch (again) {
        throw auditError(again, this.path, 'write')
      }
    }
  }

  /** The records a query asks for, read as they are taken. */
  *query(query: EventQuery = {}): Generator<EventRecord, void, undefined> {
    const { sql, values } = selectSql(query)
    const { where } = query
    const limit = query.limit ?? Number.POSITIVE_INFINITY
    let given = 0
    try {
      for (const row of this.#file.database.prepare(sql).iterate(...values)) {
        if (given >= limit) return
        const record = recordOfRow(row as unknown as EventRow, this.path)
        if (where !== undefined && !where(record)) continue
        given += 1
        yield record
      }
    } catch (error) {
      throw auditError(error, this.path, 'read')
    }
  }

  /** How many events there are, `limit` and `where` apart. */
  count(query: Omit<EventQuery, 'where' | 'limit' | 'order'> = {}): number {
    const { sql, values } = countSql(query)
    try {
      return Number(this.#file.database.prepare(sql).get(...values)?.['events'])
    } catch (error) {
      throw auditError(error, this.path, 'read')
    }
  }

  /** The number of the newest record; 0 when there is none. */
  lastRecordNumber(): number {
    try {
      return Number(this.#file.database.prepare('SELECT max(record) AS last FROM event').get()?.['last'] ?? 0)
    } catch (error) {
      throw auditError(error, this.path, 'read')
    }
  }

  /** The path leads to another file than the one that is open (it was replaced), or to none. */
  isReplaced(): boolean {
    return fileIdentity(this.path) !== this.#file.identity
  }

  close(): void {
    this.#writer = undefined
    this.#file.close()
  }

  #appendOnce(events: readonly EventInput[]): readonly EventRecord[] {
    this.#writer ??= new EventWriter(this.#file.database, {
      computer: this.#options.computer ?? hostname(),
      processId: this.#options.processId ?? process.pid,
    })
    return this.#writer.append(events, (last) => this.#ceiling.cover(last))
  }

  #openWritable(): OpenFile {
    try {
      const file = openForWriting(this.path, this.#ceiling.read())
      try {
        readBothEnds(file.database)
      } catch (error) {
        file.close()
        throw auditError(error, this.path, 'write')
      }
      return file
    } catch (error) {
      if (!isDamage(error)) throw error
      return this.#openAfterDamage(error)
    }
  }

  #replaceDamaged(error: unknown): void {
    this.#writer = undefined
    closeQuietly(this.#file)
    this.#file = this.#openAfterDamage(error)
  }

  #openAfterDamage(error: unknown): OpenFile {
    // Without the file beside the log, its size bounds the numbers it can have given: no record is smaller.
    const size = statSync(this.path, { throwIfNoEntry: false })?.size ?? 0
    const last = Math.max(this.#ceiling.read(), this.#ceiling.isKnown ? 0 : Math.ceil(size / smallestRecord))
    const aside = moveAside(this.path, new Date())
    const file = openForWriting(this.path, last)
    this.#options.report?.({
      severity: 'error',
      code: 'AUDIT_LOG_MOVED_ASIDE',
      message: `The event log was damaged (${(error as PolagentError).what ?? String(error)}). It is kept as ${aside}; a new one begins with record ${last + 1}`,
      advice: 'Look at the disk. What the old file still holds can be read with polagent events --file.',
      file: this.path,
      win32: 1500,
    })
    return file
  }

  #reopenWhenReplaced(): void {
    if (!this.isReplaced()) return
    this.#writer = undefined
    closeQuietly(this.#file)
    this.#file = this.#openWritable()
    this.#options.report?.({
      severity: 'warning',
      code: 'AUDIT_LOG_REPLACED',
      message: 'The event log was deleted or replaced while it was in use; events go to the file that has its name now',
      advice: 'Do not move or delete the log while the agent runs.',
      file: this.path,
    })
  }
}

/** Bytes of the smallest record in the table. */
const smallestRecord = 12

/** Sees that the pages an append will use can be read. */
function readBothEnds(database: DatabaseSync): void {
  database.prepare('SELECT count(*) FROM header').get()
  database.prepare('SELECT count(*) FROM origin').get()
  // Times are beyond what a JavaScript number holds.
  const columns = 'record, time / 10000, id, header, origin, fields'
  database.prepare(`SELECT ${columns} FROM event ORDER BY record LIMIT 10`).all()
  database.prepare(`SELECT ${columns} FROM event ORDER BY record DESC LIMIT 100`).all()
}

function closeQuietly(file: OpenFile): void {
  try {
    file.close()
  } catch {
    // It is given up in any case.
  }
}
