import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { referencePages } from './referencePages.ts'

/** Writes the reference pages; a test fails while they are not current. */
const root = resolve(import.meta.dirname, '..')
for (const [path, text] of await referencePages()) {
  writeFileSync(join(root, path), text)
  console.log(path)
}
