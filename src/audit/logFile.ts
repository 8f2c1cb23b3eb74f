import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { PolagentError } from '../base/errors.ts'
import { auditError, isDenial } from './auditErrors.ts'
import { applicationId, continueAfter, createSchema, lastGivenNumber, schemaVersion } from './logSchema.ts'
import { numbersAhead } from './numberCeiling.ts'

/**
 * A log is an old copy when it is further behind the ceiling than a writer that was killed leaves it: the numbers set
 * aside, and the batch that was not committed.
 */
const farBehind = 2 * numbersAhead

/** How long to wait for another process that writes. */
const busyMilliseconds = 2000

export interface OpenFile {
  readonly database: DatabaseSync
  /** Tells whether the path still leads to the file that was opened. */
  readonly identity: string
  readonly close: () => void
}

/** Device and inode of the file at `path`; empty when there is none. */
export function fileIdentity(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false })
  return found === undefined ? '' : `${found.dev}:${found.ino}`
}

/**
 * Opens the log for writing and makes it if there is none. `ceiling` is a number no record can have exceeded (0 when not
 * known): a log that is new, or far behind because an old copy was put back, goes on from there.
 */
export function openForWriting(path: string, ceiling: number): OpenFile {
  let database: DatabaseSync | undefined
  try {
    // SQLite would give the file and those beside it the permissions of the umask; it takes ours when they are there.
    closeSync(openSync(path, 'a', 0o600))
    database = new DatabaseSync(path, { timeout: busyMilliseconds })
    database.exec('PRAGMA cache_size = -256')
    if (isFresh(database)) {
      // Lets the file shrink when old events are removed.
      database.exec('PRAGMA auto_vacuum = INCREMENTAL')
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; BEGIN IMMEDIATE;')
      // Another process may have made it meanwhile.
      if (isFresh(database)) {
        createSchema(database)
        if (ceiling > 0) continueAfter(database, ceiling)
      }
      database.exec('COMMIT')
    }
    checkIsLog(database, path)
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
    if (ceiling - lastGivenNumber(database) > farBehind) continueAfter(database, ceiling)
    database.exec('PRAGMA wal_autocheckpoint = 250; PRAGMA journal_size_limit = 1048576;')
    const opened = database
    return { database, identity: fileIdentity(path), close: () => opened.close() }
  } catch (error) {
    closeQuietly(database)
    throw auditError(error, path, 'write')
  }
}

function isFresh(database: DatabaseSync): boolean {
  const schema = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()
  return schema?.['tables'] === 0 && pragma(database, 'application_id') === 0
}

/** Opens the log for reading; nothing in it is changed. */
export function openForReading(path: string): OpenFile {
  try {
    const found = statSync(path)
    if (!found.isFile()) throw new PolagentError('AUDIT_NOT_A_LOG', { file: path, what: 'it is not a regular file' })
    checkBeginning(path)
    try {
      return openReadable(path, path, () => {})
    } catch (error) {
      if (!isDenial(error)) throw error
      return openWithoutDirectory(path)
    }
  } catch (error) {
    throw auditError(error, path, 'read')
  }
}

const sqliteMagic = 'SQLite format 3\0'

/** Tells a file of another kind from a damaged log. */
function checkBeginning(path: string): void {
  const bytes = Buffer.alloc(sqliteMagic.length)
  const descriptor = openSync(path, 'r')
  try {
    const length = readSync(descriptor, bytes)
    if (length === 0) throw new PolagentError('AUDIT_LOG_MISSING', { file: path, what: 'the file is empty' })
  } finally {
    closeSync(descriptor)
  }
  const text = bytes.toString('latin1')
  if (text === sqliteMagic) return
  const what = text.startsWith('ElfFile\0')
    ? 'it is a Windows event log (.evtx), which this version does not read'
    : 'it does not begin as one'
  throw new PolagentError('AUDIT_NOT_A_LOG', { file: path, what })
}

/**
 * A log in write-ahead mode needs two files beside it, which cannot be made in a directory that is not ours. When all
 * is in the main file it is read as it stands; when some is still in the write-ahead file, a copy of both is read.
 */
function openWithoutDirectory(path: string): OpenFile {
  const writeAhead = statSync(`${path}-wal`, { throwIfNoEntry: false })
  if (writeAhead === undefined || writeAhead.size === 0) {
    return openReadable(`${pathToFileURL(path).href}?immutable=1`, path, () => {})
  }
  const copies = mkdtempSync(join(tmpdir(), 'polagent-log-'))
  const remove = (): void => rmSync(copies, { recursive: true, force: true })
  try {
    const copy = join(copies, basename(path))
    copyFileSync(path, copy)
    copyFileSync(`${path}-wal`, `${copy}-wal`)
    return openReadable(copy, path, remove)
  } catch (error) {
    remove()
    throw error
  }
}

function openReadable(location: string, path: string, afterClose: () => void): OpenFile {
  const database = new DatabaseSync(location, { readOnly: true, timeout: busyMilliseconds })
  try {
    database.exec('PRAGMA cache_size = -1024')
    if (isFresh(database))
      throw new PolagentError('AUDIT_LOG_MISSING', { file: path, what: 'it is only just being made' })
    checkIsLog(database, path)
    return {
      database,
      identity: fileIdentity(path),
      close: () => {
        database.close()
        afterClose()
      },
    }
  } catch (error) {
    closeQuietly(database)
    throw error
  }
}

function checkIsLog(database: DatabaseSync, path: string): void {
  if (pragma(database, 'application_id') !== applicationId) {
    throw new PolagentError('AUDIT_NOT_A_LOG', { file: path, what: 'it is a database of another program' })
  }
  const version = pragma(database, 'user_version')
  if (version > schemaVersion) throw new PolagentError('AUDIT_LOG_NEWER', { file: path, what: `version ${version}` })
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0])
}

/** Renames a damaged log and what lies beside it; gives the new name. */
export function moveAside(path: string, when: Date): string {
  const stamp = when.toISOString().replaceAll(/[-:]|\.\d+/g, '')
  let aside = `${path}.damaged-${stamp}`
  for (let n = 2; existsSync(aside); n += 1) aside = `${path}.damaged-${stamp}-${n}`
  try {
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix)
    }
  } catch (error) {
    throw auditError(error, path, 'write')
  }
  return aside
}

function closeQuietly(database: DatabaseSync | undefined): void {
  try {
    database?.close()
  } catch {
    // The failure before this one is the one to report.
  }
}
