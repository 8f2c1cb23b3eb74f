import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The program of the process that works on policy: beside the bundle, or this folder's source. */
export function attemptEntry(): string {
  const bundled = join(import.meta.dirname, 'attemptMain.js')
  return existsSync(bundled) ? bundled : join(import.meta.dirname, 'attemptMain.ts')
}
