import { appendFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BenchModule } from './report.ts'

/** Runs one bench file and writes its rows, one JSON object a line. */
const [file, output] = process.argv.slice(2)
if (file === undefined || output === undefined) throw new Error('usage: runOne.ts BENCH OUTPUT')
writeFileSync(output, '')
const bench = (await import(pathToFileURL(resolve(file)).href)) as BenchModule
await bench.run((row) => appendFileSync(output, `${JSON.stringify(row)}\n`))
