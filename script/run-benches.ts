import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import type { BenchRow } from '../bench/support/report.ts'

/**
 * Runs each bench/*.bench.ts in a process of its own, so that none inherits the other's heap, and prints one table.
 * Ends with status 1 when a figure is over its budget.
 */
const root = resolve(import.meta.dirname, '..')
const words = process.argv.slice(2)
const isWriting = words.includes('--write')
const wanted = words.filter((word) => !word.startsWith('--'))

const files = globSync('bench/*.bench.ts', { cwd: root })
  .toSorted()
  .filter((file) => wanted.length === 0 || wanted.includes(basename(file, '.bench.ts')))
const scratch = mkdtempSync(join(tmpdir(), 'polagent-bench-'))
const rows: BenchRow[] = []
let isBroken = files.length === 0
try {
  for (const file of files) {
    console.error(`running ${file}`)
    const output = join(scratch, `${basename(file)}.jsonl`)
    const child = spawnSync(process.execPath, ['--expose-gc', 'bench/support/runOne.ts', file, output], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    if (child.status !== 0) {
      console.error(`${file} failed`)
      isBroken = true
      continue
    }
    for (const line of readFileSync(output, 'utf8').split('\n'))
      if (line !== '') rows.push(JSON.parse(line) as BenchRow)
  }
} finally {
  rmSync(scratch, { recursive: true })
}

const table = [
  '| what | figure | budget | against | ratio |',
  '| --- | ---: | ---: | --- | ---: |',
  ...rows.map(
    ({ name, value, unit, budget, peer, ratio }) =>
      `| ${name} | ${figure(value)} ${unit} | ${budget === undefined ? '' : `${figure(budget)} ${unit}`} | ${peer ?? ''} | ${ratio === undefined ? '' : figure(ratio)} |`,
  ),
].join('\n')
console.log(table)
if (isWriting) writeInto(join(root, 'docs/performance.md'), table)
const over = rows.filter((row) => row.budget !== undefined && row.value > row.budget)
for (const row of over) console.error(`over budget: ${row.name}`)
process.exitCode = isBroken || over.length > 0 ? 1 : 0

function figure(value: number): string {
  if (value === 0) return '0'
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return Number(value.toFixed(digits)).toLocaleString('en-US', { maximumFractionDigits: digits })
}

function writeInto(path: string, body: string): void {
  const text = readFileSync(path, 'utf8')
  const begin = '<!-- figures -->'
  const end = '<!-- end of figures -->'
  const [before, rest] = text.split(begin)
  const after = rest?.split(end)[1]
  if (after === undefined) throw new Error(`${path} has no place for the figures`)
  const machine = `${cpus().length} cores, ${cpus()[0]?.model.trim() ?? 'unknown processor'}, Node ${process.version}`
  writeFileSync(path, `${before}${begin}\n\nMeasured on ${machine}.\n\n${body}\n\n${end}${after}`)
}
