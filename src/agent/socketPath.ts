import { closeSync, openSync } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Bytes in sun_path of a Unix socket's address, without the final NUL. */
const longestSocketPath = 107

/**
 * Calls `use` with a path that fits into a socket's address and leads to `path`: the system refuses longer ones, and
 * state directories can lie deep. The path holds only during the call, which is when the system looks at it.
 */
export function withSocketPath<T>(path: string, use: (path: string) => T): T {
  if (Buffer.byteLength(path) <= longestSocketPath) return use(path)
  const directory = openSync(dirname(path), 'r')
  try {
    return use(`/proc/self/fd/${directory}/${basename(path)}`)
  } finally {
    closeSync(directory)
  }
}
