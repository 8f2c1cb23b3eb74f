import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { regRootOf, registryRootOf } from '../src/formats/object-store/index.ts'
import { writeReg } from '../src/formats/reg/index.ts'
import { writeHive } from '../src/formats/regf/index.ts'
import { generateStore } from './support/generatePolicy.ts'
import type { BenchReport } from './support/report.ts'

const root = resolve(import.meta.dirname, '..')
const launcher = join(root, 'polagent')
const packet = [
  '--from',
  '203.0.113.9',
  '--to',
  '192.0.2.10',
  '--me',
  '192.0.2.10',
  '--protocol',
  'tcp',
  '--dport',
  '445',
]

/** Whole commands as a user meets them: start, idle agent, large stores. */
export async function run(report: BenchReport): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'polagent-bench-'))
  try {
    measureStart(report)
    await measureIdleAgent(directory, report)
    measureLargeHives(directory, report)
    measureRegText(directory, report)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function measureStart(report: BenchReport): void {
  // Beside each other, so that both meet the same load.
  const pairs = Array.from(
    { length: 15 },
    () => [seconds(process.execPath, ['-e', '0']), seconds(launcher, ['--version'])] as const,
  )
  const peer = median(pairs.map(([one]) => one))
  const value = median(pairs.map(([, other]) => other))
  report({
    name: 'polagent --version, through the launcher',
    value: round(value / peer),
    unit: 'x',
    budget: 2.5,
    peer: `node -e 0: ${milliseconds(peer)} ms, ours: ${milliseconds(value)} ms`,
  })
}

async function measureIdleAgent(directory: string, report: BenchReport): Promise<void> {
  const state = join(directory, 'state')
  const policy = join(root, 'examples/server-hardening.yaml')
  must(spawnSync(launcher, ['import', policy, '--assign', '--state-dir', state], { encoding: 'utf8' }))
  const agent = spawn(launcher, ['run', '--observe', '--state-dir', state], { stdio: 'ignore' })
  const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' })
  try {
    for (let tries = 0; !isSettled(state); tries += 1) {
      if (tries > 100) throw new Error('the agent does not settle')
      await delay(100)
    }
    await delay(3000)
    const peer = residentMegabytes(bare.pid)
    const value = residentMegabytes(agent.pid)
    report({
      name: 'idle agent, memory above bare node',
      value: round(value - peer),
      unit: 'MB',
      budget: 30,
      peer: `node waiting: ${round(peer)} MB`,
      ratio: round(value / peer),
    })
  } finally {
    agent.kill()
    bare.kill()
  }
}

function isSettled(state: string): boolean {
  const result = spawnSync(launcher, ['status', '--json', '--state-dir', state], { encoding: 'utf8' })
  if (result.status !== 0) return false
  const status = JSON.parse(result.stdout) as { isBusy?: boolean; policy?: unknown }
  return status.isBusy === false && status.policy !== undefined
}

/** The whole command: read, check, process, compile, and answer for one packet. */
function measureLargeHives(directory: string, report: BenchReport): void {
  let before: number | undefined
  for (const filters of [1000, 10_000, 100_000, 1_000_000]) {
    const path = join(directory, `${filters}.hive`)
    writeFileSync(path, writeHive(registryRootOf([generateStore(filters)]), { fileName: 'SOFTWARE' }))
    const runs = Array.from({ length: filters > 100_000 ? 1 : 3 }, () => measured(['explain', path, ...packet]))
    const time = median(runs.map((one) => one.seconds))
    const memory = Math.max(...runs.map((one) => one.megabytes))
    const isJudged = filters === 100_000
    const name = `explain on a hive of ${filters.toLocaleString('en')} filters`
    report({
      name: `${name}, whole command`,
      value: round(time),
      unit: 's',
      ...(isJudged ? { budget: 2 } : {}),
      ...(before === undefined ? {} : { peer: 'a tenth of the filters', ratio: round(time / before) }),
    })
    report({ name: `${name}, memory`, value: round(memory), unit: 'MB', ...(isJudged ? { budget: 400 } : {}) })
    before = time
  }
}

/** In the process that was started for it: `show` less the start of the program. */
function measureRegText(directory: string, report: BenchReport): void {
  const path = join(directory, 'large.reg')
  let filters = 1000
  let bytes = writeReg(regRootOf([generateStore(filters)]))
  while (bytes.length < 1_048_576) {
    filters += 100
    bytes = writeReg(regRootOf([generateStore(filters)]))
  }
  writeFileSync(path, bytes)
  const program = `
    import { readFileSync } from 'node:fs'
    import { readReg } from ${JSON.stringify(join(root, 'src/formats/reg/index.ts'))}
    import { findStores, policySetOf } from ${JSON.stringify(join(root, 'src/formats/object-store/index.ts'))}
    const start = performance.now()
    const { root, findings } = readReg(readFileSync(${JSON.stringify(path)}))
    policySetOf({ source: 'reg', format: 'reg', stores: findStores(root, () => {}), findings })
    process.stdout.write(String(performance.now() - start))`
  const times = Array.from({ length: 5 }, () => {
    const result = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    must(result)
    return Number(result.stdout)
  })
  report({
    name: `.reg of ${round(bytes.length / 1_048_576)} MB read and checked, first time in a process`,
    value: round(median(times)),
    unit: 'ms',
    budget: 150,
  })
}

function measured(args: readonly string[]): { readonly seconds: number; readonly megabytes: number } {
  // The shell reports the largest resident size of what it waited for.
  const script = `${JSON.stringify(launcher)} "$@" >/dev/null & pid=$!
    peak=0
    while kill -0 $pid 2>/dev/null; do
      now=$(sed -n 's/^VmHWM:[[:blank:]]*\\([0-9]*\\).*/\\1/p' /proc/$pid/status 2>/dev/null)
      [ "\${now:-0}" -gt "$peak" ] && peak=$now
      sleep 0.02
    done
    wait $pid || exit $?
    echo $peak`
  const start = performance.now()
  const result = spawnSync('sh', ['-c', script, 'sh', ...args], { encoding: 'utf8' })
  const time = (performance.now() - start) / 1000
  must(result)
  return { seconds: time, megabytes: Number(result.stdout) / 1024 }
}

function seconds(program: string, args: readonly string[]): number {
  const start = performance.now()
  must(spawnSync(program, args, { encoding: 'utf8' }))
  return (performance.now() - start) / 1000
}

function must(result: { readonly status: number | null; readonly stderr: string }): void {
  if (result.status !== 0) throw new Error(`status ${result.status}: ${result.stderr}`)
}

function residentMegabytes(pid: number | undefined): number {
  const match = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))
  return Number(match?.[1]) / 1024
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] as number
}

function round(number: number): number {
  return Number(number.toPrecision(3))
}

function milliseconds(time: number): number {
  return Math.round(time * 1000)
}
