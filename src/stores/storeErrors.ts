import { type ErrorCode, PolagentError } from '../base/errors.ts'

/** Win32 codes of the system's own failures (texts of `net helpmsg`). */
export const win32OfErrno: Readonly<Record<string, number>> = {
  ENOENT: 2,
  ENOTDIR: 3,
  EACCES: 5,
  EPERM: 5,
  EISDIR: 5,
  ELOOP: 1921,
  ENAMETOOLONG: 206,
  EAGAIN: 8,
  ENOMEM: 8,
  EROFS: 19,
  ENOSPC: 112,
  EDQUOT: 112,
  EMFILE: 4,
  ENFILE: 4,
  EIO: 1016,
}

/** A failure the operating system reported, not one of ours and not a mistake in the program. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  const { syscall } = (error ?? {}) as NodeJS.ErrnoException
  return error instanceof Error && !(error instanceof PolagentError) && syscall !== undefined
}

/** A failed file operation as one of our errors, with the Win32 code of its cause. */
export function fileError(code: ErrorCode, file: string, error: unknown): PolagentError {
  const errno = (error as NodeJS.ErrnoException | undefined)?.code ?? ''
  const win32 = win32OfErrno[errno]
  const isDenied = code === 'INPUT_UNREADABLE' && win32 === 5
  return new PolagentError(isDenied ? 'INPUT_ACCESS_DENIED' : code, {
    file,
    what: errnoTitle[errno] ?? (error as Error).message,
    ...(win32 === undefined ? {} : { win32 }),
    cause: error,
  })
}

const errnoTitle: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of the path is no directory',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOMEM: 'not enough memory',
  EIO: 'input/output error',
}
