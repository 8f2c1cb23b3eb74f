import { PolagentError } from '../base/errors.ts'

/**
 * The Win32 code each kind of trouble gives in 5461, 5462, 5472 and 5477. Windows does not document which code it uses
 * where, so the meaning of the code's own text decides [R]; only 5461's being decimal is from the documentation [D].
 */
export const failureCode = {
  /** ERROR_FILE_NOT_FOUND: no store, or a reference to an object that is not there. */
  missing: 2,
  /** ERROR_PATH_NOT_FOUND: no such state directory. */
  pathMissing: 3,
  /** ERROR_ACCESS_DENIED */
  denied: 5,
  /** ERROR_NOT_ENOUGH_MEMORY: the system gave no memory for a process. */
  notEnoughMemory: 8,
  /** ERROR_INVALID_DATA: an object's data cannot be decoded. */
  invalidData: 13,
  /** ERROR_OUTOFMEMORY: the work came to the end of the memory it may use. */
  outOfMemory: 14,
  /** ERROR_DISK_FULL */
  diskFull: 112,
  /** ERROR_BADDB: the file is no registry hive. */
  notAHive: 1009,
  /** ERROR_REGISTRY_CORRUPT: a hive, but damaged. */
  damagedHive: 1015,
  /** ERROR_REGISTRY_IO_FAILED: the disk does not give the file. */
  inputOutput: 1016,
  /** ERROR_INTERNAL_ERROR: a fault of polagent itself. */
  internal: 1359,
  /** ERROR_TIMEOUT: the work did not end. */
  timeout: 1460,
} as const

/** The code for anything thrown while loading or applying. */
export function failureCodeOf(error: unknown): number {
  if (error instanceof PolagentError) return error.win32 ?? failureCode.internal
  const errno = (error as NodeJS.ErrnoException | undefined)?.code
  if (errno !== undefined && errno in codeOfErrno) return codeOfErrno[errno] as number
  // V8 says so when an array cannot grow any more.
  if (error instanceof RangeError && /array buffer|array length|string length|memory/i.test(error.message)) {
    return failureCode.outOfMemory
  }
  return failureCode.internal
}

const codeOfErrno: Readonly<Record<string, number>> = {
  ENOENT: failureCode.missing,
  ENOTDIR: failureCode.pathMissing,
  EACCES: failureCode.denied,
  EPERM: failureCode.denied,
  EISDIR: failureCode.denied,
  ENOMEM: failureCode.notEnoughMemory,
  EAGAIN: failureCode.notEnoughMemory,
  ENOSPC: failureCode.diskFull,
  EDQUOT: failureCode.diskFull,
  EIO: failureCode.inputOutput,
}
