import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { arrowViolations } from './arrows.ts'

/** Fails when a source file breaks the table of layers. */
const root = resolve(import.meta.dirname, '..')
const files = globSync('src/**/*.ts', { cwd: root }).toSorted()
const violations = files.flatMap((file) => arrowViolations(file, readFileSync(join(root, file), 'utf8')))
for (const { file, line, message } of violations) console.error(`${file}:${line}: ${message}`)
if (violations.length > 0) process.exit(1)
console.log(`arrows: ${files.length} files, all point down`)
