import { PolagentError } from '../base/errors.ts'
import { win32OfErrno } from '../stores/storeErrors.ts'

/**
 * The Win32 code each kind of trouble gives in 5461, 5462, 5472 and 5477. Windows does not document which code it uses
 * where, so the meaning of the code's own text decides [R]; only 5461's being decimal is from the documentation [D].
 * Failures of the file system have theirs in stores/storeErrors.ts, ours in base/errorTable.ts.
 */
export const failureCode = {
  /** ERROR_FILE_NOT_FOUND: no store, or a reference to an object that is not there. */
  missing: 2,
  /** ERROR_NOT_ENOUGH_MEMORY: the system gave no memory for the work. */
  notEnoughMemory: 8,
  /** ERROR_INVALID_DATA: an object's data cannot be decoded. */
  invalidData: 13,
  /** ERROR_OUTOFMEMORY: the work came to the end of the memory it may use. */
  outOfMemory: 14,
  /** ERROR_REGISTRY_CORRUPT: a hive, but damaged. */
  damagedHive: 1015,
  /** ERROR_INTERNAL_ERROR: a fault of polagent itself. */
  internal: 1359,
  /** ERROR_TIMEOUT: the work did not end. */
  timeout: 1460,
} as const

/** The code for anything thrown while loading or applying. */
export function failureCodeOf(error: unknown): number {
  if (error instanceof PolagentError) return error.win32 ?? failureCode.internal
  const errno = (error as NodeJS.ErrnoException | undefined)?.code
  const known = errno === undefined ? undefined : win32OfErrno[errno]
  if (known !== undefined) return known
  if (error instanceof RangeError) {
    // The allocator had no memory for a buffer; V8's own bounds on lengths and sizes are the other limit.
    if (/array buffer allocation failed/i.test(error.message)) return failureCode.notEnoughMemory
    if (/array buffer|array length|string length|maximum size/i.test(error.message)) return failureCode.outOfMemory
  }
  return failureCode.internal
}
