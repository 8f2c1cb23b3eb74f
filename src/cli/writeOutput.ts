import { existsSync, statSync } from 'node:fs'
import { PolagentError } from '../base/errors.ts'
import { replaceFile } from '../stores/atomicFile.ts'
import type { Io } from './io.ts'

/**
 * Writes a result to a file, which appears as a whole or not at all and is readable by its owner only (policies may hold
 * preshared keys), or to standard output. Bytes that are no text do not go to a terminal.
 */
export function writeOutput(bytes: Uint8Array, file: string | undefined, isBinary: boolean, io: Io): void {
  if (file === undefined || file === '-') {
    if (isBinary && io.outIsTerminal) {
      throw new PolagentError('USAGE', { what: 'this format is binary and not for a terminal; name a file with -o' })
    }
    io.outBytes(bytes)
    return
  }
  try {
    if (existsSync(file) && !statSync(file).isFile()) {
      throw new PolagentError('OUTPUT_FAILED', { file, what: 'it exists and is no regular file' })
    }
    replaceFile(file, bytes)
  } catch (error) {
    if (error instanceof PolagentError) throw error
    throw new PolagentError('OUTPUT_FAILED', { file, what: (error as Error).message, cause: error })
  }
}
