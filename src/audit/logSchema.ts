import type { DatabaseSync } from 'node:sqlite'

/** 'PolA': tells a log of ours from any other SQLite database. */
export const applicationId = 0x506f6c41

/** Raise it with any change older programs cannot read. */
export const schemaVersion = 1

/**
 * Times are whole 100 ns since 1970 UTC. Header facts and origin of an event are kept apart, since a log has few
 * different ones. AUTOINCREMENT: a record number is never given twice, also after the newest records were deleted.
 */
const schema = `
  CREATE TABLE header (
    header INTEGER PRIMARY KEY,
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    level INTEGER NOT NULL,
    opcode INTEGER NOT NULL,
    task INTEGER NOT NULL,
    keywords TEXT NOT NULL,
    UNIQUE (id, version, level, opcode, task, keywords)
  ) STRICT;
  CREATE TABLE origin (
    origin INTEGER PRIMARY KEY,
    computer TEXT NOT NULL,
    process INTEGER NOT NULL,
    thread INTEGER NOT NULL,
    user TEXT NOT NULL,
    UNIQUE (computer, process, thread, user)
  ) STRICT;
  CREATE TABLE event (
    record INTEGER PRIMARY KEY AUTOINCREMENT,
    time INTEGER NOT NULL,
    id INTEGER NOT NULL,
    header INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    fields TEXT NOT NULL
  ) STRICT;
  CREATE INDEX event_id ON event (id);
`

/** Makes an empty database a log. */
export function createSchema(database: DatabaseSync): void {
  database.exec(schema)
  database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion};`)
}

/** The highest record number that was given. */
export function lastGivenNumber(database: DatabaseSync): number {
  return Number(database.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'event'`).get()?.['seq'] ?? 0)
}

/** Lets record numbers go on from `number`, which is higher than any that was given. */
export function continueAfter(database: DatabaseSync, number: number): void {
  // The sequence remembers the number of a deleted record.
  database.prepare(`INSERT INTO event VALUES (?, 0, 0, 0, 0, '[]')`).run(number)
  database.prepare('DELETE FROM event WHERE record = ?').run(number)
}
