import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { BenchReport } from './support/report.ts'

const launcher = join(resolve(import.meta.dirname, '..'), 'polagent')
const sizes = [1000, 10_000, 130_000]

/** Scripts of `add filter` lines into the hive store, and a command at a store of 10,000 filters. */
export async function run(report: BenchReport): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'polagent-bench-'))
  try {
    const start = costOf(['--version'])
    for (const lines of sizes) measureScript(directory, lines, report)
    measurePrompt(directory, start.processorSeconds, report)
  } finally {
    rmSync(directory, { recursive: true })
  }
  await Promise.resolve()
}

function measureScript(directory: string, lines: number, report: BenchReport): void {
  const file = join(directory, `${lines}.netsh`)
  writeFileSync(file, scriptOf(lines))
  const cost = costOf(['netsh', '--state-dir', join(directory, `${lines}`), '-f', file])
  const isLargest = lines === sizes.at(-1)
  const name = `netsh -f, ${lines.toLocaleString('en-US')} add filter lines`
  report({
    name: `${name}, processor time`,
    value: round(cost.processorSeconds),
    unit: 's',
    ...(isLargest ? { budget: 3 } : {}),
    peer: `elapsed ${round(cost.seconds)} s`,
  })
  report({
    name: `${name}, memory`,
    value: Math.round(cost.megabytes),
    unit: 'MB',
    ...(isLargest ? { budget: 500 } : {}),
  })
}

/** What a line at the prompt takes, from sessions of few and of many lines. */
function measurePrompt(directory: string, start: number, report: BenchReport): void {
  const store = ['netsh', '--state-dir', join(directory, '10000')]
  const few = costOf(store, linesAtPrompt(1))
  const many = costOf(store, linesAtPrompt(101))
  report({
    name: 'netsh, one more line at the prompt on 10,000 filters',
    value: round(((many.seconds - few.seconds) / 100) * 1000),
    unit: 'ms',
    budget: 30,
    peer: `start of the program: ${Math.round(start * 1000)} ms`,
  })
}

function linesAtPrompt(count: number): string {
  const lines = Array.from({ length: count }, (_, at) => `add filterlist Some${count}-${at}`)
  return `ipsec static\n${lines.join('\n')}\nbye\n`
}

function scriptOf(lines: number): string {
  const filters = Array.from(
    { length: lines },
    (_, at) =>
      `add filter filterlist=L srcaddr=10.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255} dstaddr=me protocol=TCP dstport=${1 + (at % 60_000)}`,
  )
  const head = 'pushd ipsec static\nadd policy name=P activatedefaultrule=no\nadd filteraction name=B action=block'
  return `${head}\n${filters.join('\n')}\nadd rule name=R policy=P filterlist=L filteraction=B\npopd\n`
}

interface Cost {
  readonly seconds: number
  readonly processorSeconds: number
  readonly megabytes: number
}

/** `time` of the system says what the process and its children took. */
function costOf(args: readonly string[], input = ''): Cost {
  const start = performance.now()
  const child = spawnSync('/usr/bin/time', ['-f', 'cost %U %S %M', launcher, ...args], { encoding: 'utf8', input })
  const seconds = (performance.now() - start) / 1000
  const figures = /cost (\S+) (\S+) (\S+)/.exec(child.stderr)
  if (child.error !== undefined) throw new Error('Debian package time is needed', { cause: child.error })
  if (child.status !== 0 || figures === null) throw new Error(`polagent ${args.join(' ')}: ${child.stderr}`)
  const [user, system, kilobytes] = figures.slice(1).map(Number) as [number, number, number]
  return { seconds, processorSeconds: user + system, megabytes: kilobytes / 1024 }
}

function round(number: number): number {
  return Math.round(number * 100) / 100
}
