import { mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
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
  const answer = await acquireLock(path, seconds)
  if (answer.kind !== 'held') throw new Error('the lock is busy')
  return answer.lock
}

interface Owner {
  readonly startTime?: string
  readonly boot?: string
  readonly pidNamespace?: string
}

/** What a lock of this process says, or of one that is gone when `changes` says so. */
function lockText(token: string, changes: Owner = {}): string {
  const { pid, startTime, boot, pidNamespace } = { ...ownIdentity(), ...changes }
  return [pid, startTime, boot, pidNamespace, token].join('.')
}

const dead = { startTime: '1' }

test('it is held by one at a time, and says who that is', async () => {
  const lock = await held()
  expect(await acquireLock(path, 0)).toEqual({ kind: 'busy', pid: process.pid })
  lock.release()
  lock.release()
  const again = await held()
  again.release()
  expect(readdirSync(directory)).toEqual([])
})

test('it is short enough to take no block on the disk', async () => {
  const lock = await held()
  expect(readlinkSync(path).length).toBeLessThanOrEqual(59)
  lock.release()
})

test('a second release does not take the lock from whoever came next', async () => {
  const first = await held()
  first.release()
  const second = await held()
  first.release()
  expect(await acquireLock(path, 0)).toMatchObject({ kind: 'busy' })
  second.release()
})

test('waiting takes it as soon as it is free', async () => {
  const lock = await held()
  const waiting = held(10)
  lock.release()
  ;(await waiting).release()
})

test.each<[string, Owner]>([
  ['a process of another start time', dead],
  ['another boot of the system', { boot: '00000000' }],
])('a lock left by %s is taken over, and nothing of it remains', async (_, owner) => {
  symlinkSync(lockText('d'.repeat(12), owner), path)
  const lock = await held()
  expect(readlinkSync(path)).toMatch(new RegExp(`^${process.pid}\\.`))
  expect(readdirSync(directory)).toEqual(['lock'])
  lock.release()
  expect(readdirSync(directory)).toEqual([])
})

test('what is no lock of ours holds nobody up', async () => {
  writeFileSync(path, 'a copy of the directory made a file of it')
  const lock = await held()
  lock.release()
  expect(readdirSync(directory)).toEqual([])
})

test('a process in another pid namespace counts as living, because we cannot tell', async () => {
  symlinkSync(lockText('d'.repeat(12), { ...dead, pidNamespace: '1' }), path)
  expect(await acquireLock(path, 0)).toEqual({ kind: 'busy', pid: process.pid })
})

test('a takeover by a process that died in the middle of it is taken over as well', async () => {
  symlinkSync(lockText('a'.repeat(12), dead), path)
  symlinkSync(lockText('b'.repeat(12), dead), `${path}.takeover.${'a'.repeat(12)}`)
  symlinkSync(lockText('c'.repeat(12), dead), `${path}.takeover.${'b'.repeat(12)}`)
  const lock = await held()
  lock.release()
  expect(readdirSync(directory)).toEqual([])
})

test('a takeover under way by a living process is left to it', async () => {
  symlinkSync(lockText('a'.repeat(12), dead), path)
  symlinkSync(lockText('e'.repeat(12)), `${path}.takeover.${'a'.repeat(12)}`)
  expect(await acquireLock(path, 0)).toMatchObject({ kind: 'busy' })
})

test('forty at once over the lock of a dead process: each gets it, never two together', async () => {
  symlinkSync(lockText('d'.repeat(12), dead), path)
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

test('what dead processes left beside it goes; what living ones are making stays', async () => {
  symlinkSync(lockText('1'.repeat(12), dead), `${path}.fresh.${'1'.repeat(12)}`)
  symlinkSync(lockText('2'.repeat(12)), `${path}.fresh.${'2'.repeat(12)}`)
  const lock = await held()
  lock.release()
  expect(readdirSync(directory)).toEqual([`lock.fresh.${'2'.repeat(12)}`])
})

test('this process is alive, one that never was is not', () => {
  expect(mayBeAlive(ownIdentity())).toBe(true)
  expect(mayBeAlive({ ...ownIdentity(), pid: 2 ** 22 + 1 })).toBe(false)
})
