import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { LocalStore } from '../../src/stores/localStore.ts'
import { digestOf } from '../../src/stores/generations.ts'
import { type StateDirectory, stateDirectoryOf } from '../../src/stores/stateDirectory.ts'
import { lineCodec, namesOf, withName } from '../support/lineStoreCodec.ts'
import { SeededRandom } from '../support/seededRandom.ts'

const writerSource = join(import.meta.dirname, 'programs/storeWriter.ts')
const kills = 120
/** Writers that run, and are killed, at the same time. */
const together = 4

let bundles = ''
let writer = ''
let root = ''
let directory: StateDirectory
beforeAll(() => {
  // One file starts in a third of the time, and there are more than a hundred starts.
  bundles = mkdtempSync(join(tmpdir(), 'polagent-writer-'))
  writer = join(bundles, 'storeWriter.mjs')
  buildSync({ entryPoints: [writerSource], bundle: true, platform: 'node', format: 'esm', outfile: writer })
})
afterAll(() => rmSync(bundles, { recursive: true, force: true }))
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'polagent-kill-'))
  directory = stateDirectoryOf(root, {})
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function store(): LocalStore {
  return new LocalStore({ directory, codec: lineCodec, now: () => new Date().toISOString(), waitSeconds: 30 })
}

interface Writer {
  readonly child: ChildProcess
  /** Numbers it has said are in the store. */
  readonly said: () => number
  readonly isReady: Promise<void>
  readonly ended: Promise<number | null>
}

function startWriter(name: string, count = 0): Writer {
  const child = spawn(process.execPath, [writer, root, name, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  const ready = Promise.withResolvers<void>()
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    if (text.includes('ready')) ready.resolve()
  })
  return {
    child,
    said: () => text.split('\n').slice(0, -1).length - 1,
    isReady: ready.promise,
    ended: new Promise((resolve) => child.on('close', (code) => resolve(code))),
  }
}

/** How many names of one writer there are; they must be 1, 2, 3 … without a gap. */
function written(names: readonly string[], name: string): number {
  const numbers = names.filter((one) => one.startsWith(`${name}-`)).map((one) => Number(one.slice(name.length + 1)))
  expect(numbers).toEqual(numbers.map((_, index) => index + 1))
  return numbers.length
}

test(`after kill -9 at ${kills} random instants the store is the old or the new one, and the next change works`, async () => {
  const seed = Date.now() >>> 0
  const random = new SeededRandom(seed)
  for (let turn = 0; turn < kills; turn += together) {
    const writers = Array.from({ length: together }, (_, n) => startWriter(`W${turn + n}`))
    await Promise.all(
      writers.map(async (one) => {
        await one.isReady
        await new Promise((done) => setTimeout(done, random.below(160) / 2))
        one.child.kill('SIGKILL')
        await one.ended
      }),
    )
    const names = existsSync(directory.hive) ? namesOf(store().read().stores) : []
    writers.forEach((one, n) => {
      const found = written(names, `W${turn + n}`)
      // What was acknowledged is there; at most the one change that was under way is there as well.
      expect(found, `seed ${seed}, turn ${turn}`).toBeGreaterThanOrEqual(one.said())
      expect(found, `seed ${seed}, turn ${turn}`).toBeLessThanOrEqual(one.said() + 1)
    })
    if (turn % 12 === 0) await checkRecovery(`after ${turn}`)
  }
})

/** The lock of the dead is taken over at once, nothing half-written remains, and the history tells what is there. */
async function checkRecovery(name: string): Promise<void> {
  const before = performance.now()
  await store().update((stores) => withName(stores, name), `add ${name}`)
  expect(performance.now() - before).toBeLessThan(5000)
  const { generations, isChangedOutside } = store().history()
  expect(isChangedOutside).toBe(false)
  const numbers = generations.map(({ number }) => number)
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b))
  for (const { number, sha256 } of generations) {
    const bytes = readFileSync(join(directory.generations, `${String(number).padStart(6, '0')}.hive`))
    expect(digestOf(bytes)).toBe(sha256)
  }
  expect(readdirSync(directory.store).toSorted()).toEqual(['generations', 'policy.hive'])
  expect(readdirSync(directory.generations)).toHaveLength(generations.length + 1)
  expect(generations.map(({ reason }) => reason)).not.toContain('changed outside polagent')
}

test.each([2, 8])('%i processes that change the store at once lose no change', async (processes) => {
  const each = 12
  const writers = Array.from({ length: processes }, (_, n) => startWriter(`P${n}`, each))
  const codes = await Promise.all(writers.map((one) => one.ended))
  expect(codes).toEqual(codes.map(() => 0))
  const names = namesOf(store().read().stores)
  for (let n = 0; n < processes; n += 1) expect(written(names, `P${n}`)).toBe(each)
  expect(names).toHaveLength(processes * each)
})

test('killed writers among living ones cost the living ones nothing', async () => {
  const seed = Date.now() >>> 0
  const random = new SeededRandom(seed)
  const living = Array.from({ length: 3 }, (_, n) => startWriter(`L${n}`, 15))
  const victims: Writer[] = []
  for (let n = 0; n < 8; n += 1) {
    const victim = startWriter(`V${n}`)
    victims.push(victim)
    await victim.isReady
    await new Promise((done) => setTimeout(done, random.below(30)))
    victim.child.kill('SIGKILL')
    await victim.ended
  }
  expect(await Promise.all(living.map((one) => one.ended))).toEqual([0, 0, 0])
  const names = namesOf(store().read().stores)
  for (let n = 0; n < 3; n += 1) expect(written(names, `L${n}`)).toBe(15)
  victims.forEach((victim, n) => {
    expect(written(names, `V${n}`), `seed ${seed}`).toBeGreaterThanOrEqual(victim.said())
  })
})
