import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { EventLog, followLog } from '../../src/audit/index.ts'
import { SeededRandom } from '../support/seededRandom.ts'

const writer = join(import.meta.dirname, 'programs/writeEvents.ts')
const program = join(import.meta.dirname, '../../src/cli/main.ts')

let directory = ''
let path = ''

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'polagent-kill-'))
  path = join(directory, 'events.db')
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

interface Writer {
  readonly child: ChildProcess
  /** Record numbers that were said to be on disk, and what they hold. */
  readonly said: Map<number, string>
  readonly firstSaid: Promise<void>
  readonly ended: Promise<void>
}

function startWriter(start: number, count?: number): Writer {
  const child = spawn(
    process.execPath,
    [writer, path, String(start), ...(count === undefined ? [] : [String(count)])],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const said = new Map<number, string>()
  const first = Promise.withResolvers<void>()
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  lines.on('line', (line) => {
    const match = /^(\d+)=(event \d+)$/.exec(line)
    // The last line may have been cut by the kill.
    if (match !== null) said.set(Number(match[1]), match[2] as string)
    first.resolve()
  })
  const ended = new Promise<void>((resolve) => lines.on('close', resolve))
  return { child, said, firstSaid: first.promise, ended }
}

test('kill -9 at any instant: what was acknowledged is there, numbers rise without reuse', async () => {
  const seed = Date.now() >>> 0
  const random = new SeededRandom(seed)
  const acknowledged = new Map<number, string>()
  const firstNumbers: number[] = []
  for (let round = 0; round < 40; round += 1) {
    const { child, said, firstSaid, ended } = startWriter(round * 1_000_000)
    await firstSaid
    await new Promise((resolve) => setTimeout(resolve, random.below(60)))
    child.kill('SIGKILL')
    await ended
    const highest = Math.max(0, ...acknowledged.keys())
    for (const [number, text] of said) {
      expect(acknowledged.has(number), `number ${number} given twice (seed ${seed})`).toBe(false)
      acknowledged.set(number, text)
    }
    firstNumbers.push(Math.min(...said.keys()))
    expect(firstNumbers.at(-1), `seed ${seed}`).toBeGreaterThan(highest)
  }
  const log = EventLog.open(path, { readOnly: true })
  const records = [...log.query()]
  log.close()
  const found = new Map(records.map(({ recordNumber, fields }) => [recordNumber, fields[0]]))
  expect(acknowledged.size).toBeGreaterThan(200)
  for (const [number, text] of acknowledged) expect(found.get(number), `seed ${seed}`).toBe(text)
  // Without damage no number is skipped either.
  expect(records.map(({ recordNumber }) => recordNumber)).toEqual(records.map((_, index) => index + 1))
  // Batches are whole or absent: each begins at a multiple of seven and has twenty.
  const numbers = new Set(records.map(({ fields }) => Number(fields[0]?.slice('event '.length))))
  for (const number of numbers) {
    if (isBatchStart(number)) {
      for (let member = 0; member < 20; member += 1) expect(numbers.has(number + member), `seed ${seed}`).toBe(true)
    }
  }
})

/** Follows the writer's own count from the start of its round. */
function isBatchStart(number: number): boolean {
  let n = number - (number % 1_000_000)
  while (n < number) n += n % 7 === 0 ? 20 : 1
  return n === number && n % 7 === 0
}

test('another process is followed record by record, also through its violent end', async () => {
  const stop = new AbortController()
  const seen: string[] = []
  const following = (async () => {
    for await (const { fields } of followLog(path, { after: 0, signal: stop.signal })) {
      seen.push(fields[0] as string)
      if (fields[0] === 'event 2000999') stop.abort()
    }
  })()
  const first = startWriter(0)
  await first.firstSaid
  await new Promise((resolve) => setTimeout(resolve, 100))
  first.child.kill('SIGKILL')
  await first.ended
  const second = startWriter(2_000_000, 1000)
  await second.ended
  const last = setTimeout(() => stop.abort(), 20_000)
  await following
  clearTimeout(last)
  const log = EventLog.open(path, { readOnly: true })
  expect(seen).toEqual([...log.query()].map(({ fields }) => fields[0]).slice(0, seen.length))
  expect(seen).toContain('event 2000999')
  log.close()
})

test('polagent events follow shows events as they come and ends in order when interrupted', async () => {
  const child = spawn(process.execPath, [program, 'events', 'follow', '--state-dir', directory, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const waits = new Promise<string>((resolve) => child.stderr.once('data', (text: Buffer) => resolve(text.toString())))
  expect(await waits).toContain('does not exist yet')
  const lines: string[] = []
  const third = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line)
      if (lines.length === 3) resolve()
    })
  })
  const log = EventLog.open(path)
  for (let n = 0; n < 3; n += 1) log.append({ id: 5463, fields: [], time: new Date().toISOString() })
  await third
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve([code, signal])))
  child.kill('SIGINT')
  expect(await ended).toEqual([0, null])
  expect(lines.map((line) => (JSON.parse(line) as { recordNumber: number }).recordNumber)).toEqual([1, 2, 3])
  log.close()
})
