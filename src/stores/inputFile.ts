import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, type Stats } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { concatBytes } from '../base/bytes.ts'
import { PolagentError } from '../base/errors.ts'
import { fileError } from './storeErrors.ts'

/** Bytes that are looked at before an input is read whole. */
export const prefixLength = 65_536
/** What is read of a file whose size is not known, between two looks at the limit. */
const pieceLength = 1_048_576

/**
 * Judges an input by its first bytes (all of them when `isWhole`): throws when it is nothing we read, else says how many
 * bytes are read of it at most. Garbage of any size costs one look.
 */
export type LimitFor = (prefix: Uint8Array, isWhole: boolean) => number

/**
 * Reads a regular file. Never waits: a FIFO or device is refused, except where the path names an open descriptor of this
 * process (`/dev/stdin`, the `/dev/fd/63` of a shell's `<(command)`). Errors: INPUT_UNREADABLE, INPUT_ACCESS_DENIED,
 * INPUT_NOT_A_FILE, INPUT_TOO_LARGE, and what `limitFor` throws.
 */
export function readInputFile(path: string, limitFor: LimitFor): Uint8Array {
  const isDescriptor = /^\/(?:dev\/(?:stdin$|fd\/\d+$)|proc\/self\/fd\/\d+$)/.test(path)
  const descriptor = opened(path, isDescriptor)
  try {
    const stat = fstatSync(descriptor)
    if (!stat.isFile() && !(isDescriptor && (stat.isFIFO() || stat.isSocket()))) {
      throw new PolagentError('INPUT_NOT_A_FILE', { file: path, what: kindOf(stat) })
    }
    return readDescriptor(descriptor, path, stat.isFile() ? stat.size : 0, limitFor)
  } catch (error) {
    throw error instanceof PolagentError ? error : fileError('INPUT_UNREADABLE', path, error)
  } finally {
    closeSync(descriptor)
  }
}

function opened(path: string, isDescriptor: boolean): number {
  try {
    // Without O_NONBLOCK, opening a FIFO waits for a writer.
    return openSync(path, isDescriptor ? constants.O_RDONLY : constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    const isSocket = (error as NodeJS.ErrnoException).code === 'ENXIO'
    if (isSocket) throw new PolagentError('INPUT_NOT_A_FILE', { file: path, what: 'it is a socket', cause: error })
    throw fileError('INPUT_UNREADABLE', path, error)
  }
}

/** `size` is what the file says it has; 0 also means that it does not know (files of /proc). */
function readDescriptor(descriptor: number, path: string, size: number, limitFor: LimitFor): Uint8Array {
  const prefix = readPiece(descriptor, prefixLength)
  const limit = judged(path, prefix, prefix.length < prefixLength, limitFor)
  if (size > limit) throw tooLarge(path, size, limit)
  if (prefix.length < prefixLength) return prefix
  if (size > prefix.length) {
    // One allocation of the right size; a file that grows meanwhile is read as long as it was.
    const whole = new Uint8Array(size)
    whole.set(prefix)
    const read = readInto(descriptor, whole, prefix.length)
    return read === size ? whole : whole.subarray(0, read)
  }
  const parts = [prefix]
  let length = prefix.length
  for (;;) {
    const piece = readPiece(descriptor, pieceLength)
    if (piece.length === 0) return concatBytes(parts)
    length += piece.length
    if (length > limit) throw tooLarge(path, length, limit)
    parts.push(piece)
  }
}

function readPiece(descriptor: number, length: number): Uint8Array {
  const piece = new Uint8Array(length)
  return piece.subarray(0, readInto(descriptor, piece, 0))
}

/** Fills `target` from `at` on as far as there is something to read, and says up to where. */
function readInto(descriptor: number, target: Uint8Array, at: number): number {
  let end = at
  while (end < target.length) {
    // One read call takes less than 2 GiB.
    const read = readSync(descriptor, target, end, Math.min(target.length - end, 0x4000_0000), null)
    if (read === 0) break
    end += read
  }
  return end
}

/** Reads a stream, for example standard input, to its end. The same errors. */
export async function readInputStream(stream: Readable, name: string, limitFor: LimitFor): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  let limit: number | undefined
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      parts.push(chunk)
      length += chunk.length
      if (limit === undefined && length >= prefixLength) {
        limit = judged(name, concatBytes(parts).subarray(0, prefixLength), false, limitFor)
      }
      if (limit !== undefined && length > limit) throw tooLarge(name, length, limit)
    }
  } catch (error) {
    throw error instanceof PolagentError ? error : fileError('INPUT_UNREADABLE', name, error)
  }
  const whole = concatBytes(parts)
  if (limit === undefined) judged(name, whole, true, limitFor)
  return whole
}

/** Transaction logs beside a hive (`X.LOG`, `X.LOG1`, `X.LOG2`, in any case), in this order; registry-store.md 5.8. */
export function readHiveLogs(hive: string, limit: number): Uint8Array[] {
  const wanted = ['.log', '.log1', '.log2'].map((suffix) => basename(hive).toLowerCase() + suffix)
  const byName = new Map(namesIn(dirname(hive)).map((name) => [name.toLowerCase(), name]))
  return wanted.flatMap((lower) => {
    const name = byName.get(lower)
    return name === undefined ? [] : [readInputFile(join(dirname(hive), name), () => limit)]
  })
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    // The hive itself could be read; without the right to list its directory there are no logs to be found.
    return []
  }
}

function judged(name: string, prefix: Uint8Array, isWhole: boolean, limitFor: LimitFor): number {
  try {
    return limitFor(prefix, isWhole)
  } catch (error) {
    throw error instanceof PolagentError ? error.at({ file: name }) : error
  }
}

function tooLarge(file: string, size: number, limit: number): PolagentError {
  return new PolagentError('INPUT_TOO_LARGE', { file, what: `${mebibytes(size)} MB, at most ${mebibytes(limit)} MB` })
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 1_048_576)
}

function kindOf(stat: Stats): string {
  if (stat.isDirectory()) return 'it is a directory'
  if (stat.isFIFO()) return 'it is a FIFO'
  if (stat.isSocket()) return 'it is a socket'
  return 'it is a device'
}
