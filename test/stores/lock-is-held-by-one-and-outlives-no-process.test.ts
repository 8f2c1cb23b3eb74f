import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { acquireLock, type HeldLock } from '../../src/stores/lockFile.ts'
import { mayBeAlive, ownIdentity } from '../../src/stores/processIdentity.ts'

let directory = ''
let path = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'polagent-lock-'))
  path = join(directory, 'lock')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

async function held(seconds = 0): Promise<HeldLock> {
  const answer = await acquireLock(path, 'test', seconds)
  if (answer.kind !== 'held') throw new Error('the lock is busy')
  return answer.lock
}

/** A lock of a process that cannot be alive: of this system's present boot, but with another start time. */
function lockOfTheDead(token = 'd'.repeat(24), more: object = {}): string {
  return JSON.stringify({ ...ownIdentity(), startTime: '1', token, purpose: 'died', ...more })
}

test('it is held by one at a time, and says who that is', async () => {
  const lock = await held()
  expect(await acquireLock(path, 'second', 0)).toEqual({ kind: 'busy', pid: process.pid, purpose: 'test' })
  lock.release()
  lock.release()
  const again = await held()
  again.release()
  expect(readdirSync(directory)).toEqual([])
})

test('a second release does not take the lock from whoever came next', async () => {
  const first = await held()
  first.release()
  const second = await held()
  first.release()
  expect(await acquireLock(path, 'third', 0)).toMatchObject({ kind: 'busy' })
  second.release()
})

test('waiting takes it as soon as it is free', async () => {
  const lock = await held()
  const waiting = held(10)
  lock.release()
  ;(await waiting).release()
})

test.each([
  ['a process of another start time', lockOfTheDead()],
  ['another boot of the system', lockOfTheDead(undefined, { startTime: '', bootId: 'earlier' })],
  ['a power failure, which left it empty', ''],
  ['a power failure, which left a part', '{"pid": 1, "tok'],
])('a lock left by %s is taken over, and nothing of it remains', async (_, content) => {
  writeFileSync(path, content)
  const lock = await held()
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid, purpose: 'test' })
  expect(readdirSync(directory)).toEqual(['lock'])
  lock.release()
  expect(readdirSync(directory)).toEqual([])
})

test('a process in another pid namespace counts as living, because we cannot tell', async () => {
  writeFileSync(path, lockOfTheDead(undefined, { pidNamespace: 'pid:[1]' }))
  expect(await acquireLock(path, 'test', 0)).toMatchObject({ kind: 'busy', pid: process.pid })
})

test('a takeover by a process that died in the middle of it is taken over as well', async () => {
  writeFileSync(path, lockOfTheDead('a'.repeat(24)))
  writeFileSync(`${path}.takeover.${'a'.repeat(24)}`, lockOfTheDead('b'.repeat(24)))
  writeFileSync(`${path}.takeover.${'b'.repeat(24)}`, lockOfTheDead('c'.repeat(24)))
  const lock = await held()
  lock.release()
  expect(readdirSync(directory)).toEqual([])
})

test('a takeover under way by a living process is left to it', async () => {
  writeFileSync(path, lockOfTheDead('a'.repeat(24)))
  writeFileSync(`${path}.takeover.${'a'.repeat(24)}`, JSON.stringify({ ...ownIdentity(), token: 'e'.repeat(24) }))
  expect(await acquireLock(path, 'test', 0)).toMatchObject({ kind: 'busy' })
})

test('forty at once over the lock of a dead process: each gets it, never two together', async () => {
  writeFileSync(path, lockOfTheDead())
  let holders = 0
  let most = 0
  await Promise.all(
    Array.from({ length: 40 }, async () => {
      const lock = await held(30)
      holders += 1
      most = Math.max(most, holders)
      await new Promise((done) => setImmediate(done))
      holders -= 1
      lock.release()
    }),
  )
  expect(most).toBe(1)
  expect(readdirSync(directory)).toEqual([])
})

test('what dead processes left beside it goes; what may be in the making stays', async () => {
  writeFileSync(`${path}.${'1'.repeat(24)}`, lockOfTheDead('1'.repeat(24)))
  writeFileSync(`${path}.${'2'.repeat(24)}`, '')
  writeFileSync(`${path}.${'3'.repeat(24)}`, '')
  utimesSync(`${path}.${'3'.repeat(24)}`, 1, 1)
  const lock = await held()
  lock.release()
  expect(readdirSync(directory)).toEqual([`lock.${'2'.repeat(24)}`])
})

test('this process is alive, one that never was is not', () => {
  expect(mayBeAlive(ownIdentity())).toBe(true)
  expect(mayBeAlive({ ...ownIdentity(), pid: 2 ** 22 + 1 })).toBe(false)
})
