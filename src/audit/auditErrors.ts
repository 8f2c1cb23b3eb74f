import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { type ErrorCode, PolagentError } from '../base/errors.ts'

/** Primary result codes of SQLite (sqlite.org/rescode.html); the low byte of an extended code. */
const sqlite = {
  busy: 5,
  locked: 6,
  noMemory: 7,
  readOnly: 8,
  inputOutput: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const

/** The primary result code of a failure of SQLite; `undefined` for other errors. */
function sqliteCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | undefined)?.errcode
  return typeof code === 'number' ? code & 0xff : undefined
}

/** The file is not, or no longer, what SQLite can read. */
export function isDamage(error: unknown): boolean {
  if (error instanceof PolagentError) return error.code === 'AUDIT_LOG_DAMAGED'
  const code = sqliteCode(error)
  return code === sqlite.corrupt || code === sqlite.notADatabase
}

/** The file may be well, but its directory does not let SQLite make what it needs beside it. */
export function isDenial(error: unknown): boolean {
  const code = sqliteCode(error)
  return code === sqlite.readOnly || code === sqlite.cannotOpen
}

/** Anything thrown while working on the log at `path` as one of our errors. */
export function auditError(error: unknown, path: string, purpose: 'read' | 'write'): PolagentError {
  if (error instanceof PolagentError) return error
  const what = (error as Error).message
  const make = (code: ErrorCode, win32?: number, words = what): PolagentError =>
    new PolagentError(code, { file: path, what: words, ...(win32 === undefined ? {} : { win32 }), cause: error })
  const failed = purpose === 'read' ? 'AUDIT_LOG_UNREADABLE' : 'AUDIT_LOG_NOT_WRITTEN'
  switch (sqliteCode(error)) {
    case sqlite.busy:
    case sqlite.locked:
      return make('AUDIT_LOG_BUSY')
    case sqlite.noMemory:
      return make('OUT_OF_MEMORY')
    case sqlite.corrupt:
    case sqlite.notADatabase:
      return make('AUDIT_LOG_DAMAGED')
    case sqlite.full:
      return make('AUDIT_DISK_FULL')
    case sqlite.inputOutput:
      return isDiskFull(path) ? make('AUDIT_DISK_FULL') : make(failed, 1117)
    case sqlite.readOnly:
    case sqlite.cannotOpen:
      return make(failed, 5)
    case undefined:
      return fileError(error, path, purpose, make)
    default:
      return make(failed)
  }
}

function fileError(
  error: unknown,
  path: string,
  purpose: 'read' | 'write',
  make: (code: ErrorCode, win32?: number, words?: string) => PolagentError,
): PolagentError {
  const failed = purpose === 'read' ? 'AUDIT_LOG_UNREADABLE' : 'AUDIT_LOG_NOT_WRITTEN'
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return purpose === 'read'
        ? new PolagentError('AUDIT_LOG_MISSING', { file: path, cause: error })
        : make(failed, 3, 'its directory does not exist')
    case 'ENOTDIR':
      return make(failed, 3, 'its directory does not exist')
    case 'EACCES':
    case 'EPERM':
      return make(failed, 5, 'permission denied')
    case 'EROFS':
      return make(failed, 19, 'the file system is read-only')
    case 'EISDIR':
      return make('AUDIT_NOT_A_LOG', 1500, 'it is a directory')
    case 'ENOSPC':
    case 'EDQUOT':
      return make('AUDIT_DISK_FULL')
    case 'EIO':
      return make(failed, 1117, 'input/output error')
    case 'ERR_OUT_OF_RANGE':
      // A number that no log of ours holds.
      return make(purpose === 'read' ? 'AUDIT_LOG_DAMAGED' : failed)
    default:
      return make(failed)
  }
}

/** SQLite reports a full disk under its shared memory file as an input/output error. */
function isDiskFull(path: string): boolean {
  try {
    return statfsSync(dirname(path)).bavail === 0
  } catch {
    return false
  }
}
