import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AgentStatus } from '../../src/agent/agentStatus.ts'
import { endAgents, startAgent } from '../support/agentProcess.ts'
import { checkout, polagent } from '../support/polagent.ts'

/** A file system of its own, small enough to fill; mounting it needs root. */
let root = ''
let disk = ''
let stateDir = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'polagent-disk-'))
  disk = join(root, 'disk')
  mkdirSync(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk])
  stateDir = join(disk, 'state')
})
afterEach(async () => {
  endAgents()
  await new Promise((done) => setTimeout(done, 200))
  execFileSync('umount', ['--lazy', disk])
  rmSync(root, { recursive: true, force: true })
})

const example = join(checkout, 'examples/server-hardening.yaml')

/** Takes the last byte; the answer gives all of it back. */
function fill(): () => void {
  const path = join(disk, 'ballast')
  const descriptor = openSync(path, 'w')
  try {
    for (let size = 65_536; size >= 1; ) {
      try {
        writeSync(descriptor, Buffer.alloc(size, 1))
      } catch {
        size = Math.floor(size / 2)
      }
    }
  } finally {
    closeSync(descriptor)
  }
  return () => rmSync(path)
}

async function status(): Promise<AgentStatus> {
  const run = await polagent(['status', '--json', '--state-dir', stateDir])
  return JSON.parse(run.out) as AgentStatus
}

async function loggedIds(): Promise<number[]> {
  const run = await polagent(['events', '--json', '--state-dir', stateDir])
  return run.out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { id: number }).id)
}

test('a change of the store fails with 112 and leaves it as it was; with space again it works', async () => {
  expect((await polagent(['import', example, '--assign', '--state-dir', stateDir])).status).toBe(0)
  const hive = join(stateDir, 'store/policy.hive')
  const before = readFileSync(hive)
  const empty = fill()
  const run = await polagent(['unassign', '--state-dir', stateDir])
  expect(run.status).toBe(4)
  expect(run.err).toMatch(/STORE_NOT_WRITTEN/)
  expect(run.err).toMatch(/disk is full/)
  expect(readFileSync(hive)).toEqual(before)
  empty()
  expect((await polagent(['unassign', '--state-dir', stateDir])).status).toBe(0)
  const history = JSON.parse((await polagent(['history', '--json', '--state-dir', stateDir])).out) as {
    generations: unknown[]
  }
  expect(history.generations).toHaveLength(2)
})

test('the agent goes on; events wait, are told by status, and are all logged when there is space', async () => {
  await polagent(['import', example, '--assign', '--state-dir', stateDir])
  const agent = startAgent(stateDir)
  await agent.nextSituation()
  const empty = fill()
  // A few events may still fit into what the log has allocated.
  let reloads = 0
  for (; reloads < 40 && (await status()).eventLog.failure === undefined; reloads += 1) {
    expect((await polagent(['reload', '--state-dir', stateDir])).status).toBe(0)
  }
  const { eventLog } = await status()
  expect(eventLog.failure).toMatchObject({ win32: 112 })
  expect(eventLog.failure?.waiting).toBeGreaterThan(0)
  expect(agent.takeEvents().some((event) => event.startsWith('4712 ') && event.includes('112'))).toBe(true)
  empty()
  await agent.waitFor(() => agent.lines.some((line) => line.kind === 'note'), 'note that the log works again', 30)
  expect((await status()).eventLog.failure).toBeUndefined()
  agent.kill('SIGTERM')
  expect(await agent.ended).toBe(0)
  const ids = await loggedIds()
  expect(ids.filter((id) => id === 5465)).toHaveLength(reloads)
  expect(ids.filter((id) => id === 4712)).toHaveLength(1)
  expect(ids.at(-1)).toBe(5479)
})

test('the agent starts on a full disk, and logs later', async () => {
  await polagent(['import', example, '--assign', '--state-dir', stateDir])
  const empty = fill()
  const agent = startAgent(stateDir)
  expect(await agent.nextSituation()).toMatchObject({ state: 'local', policy: { name: 'Server hardening' } })
  expect((await status()).eventLog.failure).toMatchObject({ win32: 112 })
  empty()
  await agent.waitFor(() => agent.lines.some((line) => line.kind === 'note'), 'note that the log works again', 30)
  agent.kill('SIGTERM')
  expect(await agent.ended).toBe(0)
  expect((await loggedIds()).toSorted((a, b) => a - b)).toEqual([4709, 4712, 5460, 5471, 5478, 5479])
})
