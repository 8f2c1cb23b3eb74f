import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { PolagentError } from '../base/errors.ts'
import { eventHeader } from '../events/eventHeaders.ts'
import type { EventInput, EventRecord } from '../events/eventRecord.ts'
import { isoTimeOfTicks, ticksOfIsoTime } from '../events/eventTime.ts'

/** What records say of where they come from. */
export interface EventOrigin {
  readonly computer: string
  readonly processId: number
}

/** Writes to one open log. */
export class EventWriter {
  readonly #database: DatabaseSync
  readonly #origin: EventOrigin
  readonly #insertEvent: StatementSync
  /** Row numbers of headers by event id, and of our origin; known only once they are committed. */
  #headers = new Map<number, number>()
  #originRow: number | undefined

  constructor(database: DatabaseSync, origin: EventOrigin) {
    this.#database = database
    this.#origin = origin
    this.#insertEvent = database.prepare('INSERT INTO event (time, id, header, origin, fields) VALUES (?, ?, ?, ?, ?)')
  }

  append(events: readonly EventInput[], cover: (last: number) => void): readonly EventRecord[] {
    const times = events.map((event) => timeOf(event))
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      const origin = this.#ownOrigin()
      const records = events.map((event, index) => {
        const time = times[index] as bigint
        const header = this.#headerRow(event.id)
        const added = this.#insertEvent.run(time, event.id, header, origin, JSON.stringify(event.fields))
        return this.#record(event, time, Number(added.lastInsertRowid))
      })
      cover((records.at(-1) as EventRecord).recordNumber)
      this.#database.exec('COMMIT')
      return records
    } catch (error) {
      this.#headers = new Map()
      this.#originRow = undefined
      // SQLite has rolled back by itself after some failures.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }

  #record(event: EventInput, time: bigint, recordNumber: number): EventRecord {
    const { version, level, opcode, task, keywords } = eventHeader(event.id)
    return {
      recordNumber,
      id: event.id,
      version,
      time: isoTimeOfTicks(time),
      level,
      opcode,
      task,
      keywords,
      computer: this.#origin.computer,
      processId: this.#origin.processId,
      threadId: this.#origin.processId,
      fields: event.fields,
    }
  }

  #headerRow(id: number): number {
    const known = this.#headers.get(id)
    if (known !== undefined) return known
    const { version, level, opcode, task, keywords } = eventHeader(id)
    const values = [id, version, level, opcode, task, keywords]
    this.#database
      .prepare('INSERT OR IGNORE INTO header (id, version, level, opcode, task, keywords) VALUES (?, ?, ?, ?, ?, ?)')
      .run(...values)
    const row = this.#database
      .prepare(
        'SELECT header FROM header WHERE id = ? AND version = ? AND level = ? AND opcode = ? AND task = ? AND keywords = ?',
      )
      .get(...values)
    const header = Number(row?.['header'])
    this.#headers.set(id, header)
    return header
  }

  #ownOrigin(): number {
    if (this.#originRow !== undefined) return this.#originRow
    const { computer, processId } = this.#origin
    // On Linux the first thread of a process has the number of the process.
    const values = [computer, processId, processId, '']
    this.#database
      .prepare('INSERT OR IGNORE INTO origin (computer, process, thread, user) VALUES (?, ?, ?, ?)')
      .run(...values)
    const row = this.#database
      .prepare('SELECT origin FROM origin WHERE computer = ? AND process = ? AND thread = ? AND user = ?')
      .get(...values)
    this.#originRow = Number(row?.['origin'])
    return this.#originRow
  }
}

function timeOf(event: EventInput): bigint {
  const time = ticksOfIsoTime(event.time)
  if (time === undefined) throw new PolagentError('INTERNAL', { what: `event ${event.id} has no time: ${event.time}` })
  return time
}
