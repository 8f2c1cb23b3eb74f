import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AgentProcess, childrenOf, endAgents, residentKilobytes, startAgent } from '../support/agentProcess.ts'
import { largePolicyDocument } from '../support/largePolicy.ts'
import { polagent } from '../support/polagent.ts'

let root = ''
let stateDir = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'polagent-memory-'))
  stateDir = join(root, 'state')
})
afterEach(() => {
  endAgents()
  rmSync(root, { recursive: true, force: true })
})

const start = ['5478', '4709  local registry storage ']

async function importPolicy(name: string, filters: number): Promise<void> {
  const document = join(root, 'policy.json')
  writeFileSync(document, largePolicyDocument(name, filters))
  const run = await polagent(['import', document, '--assign', '--state-dir', stateDir])
  if (run.status !== 0) throw new Error(run.err)
}

test('a policy that needs more than --memory-limit is error 14; the agent stays small, and a smaller policy is taken up', async () => {
  await importPolicy('Large', 40_000)
  const agent = startAgent(stateDir, { args: ['--memory-limit', '10'] })
  const situation = await agent.nextSituation(120)
  expect(situation).toMatchObject({ state: 'none', lastFailure: { win32: 14 } })
  expect(situation.lastFailure?.reason).toContain('10 MB')
  const events = agent.takeEvents()
  expect(events.slice(0, 2)).toEqual(start)
  expect(events.at(-1)).toMatch(/^5461 .*14$/)
  // Nothing tells that memory is back, so the agent looks every minute and not ever more rarely.
  const waits = Date.parse(situation.nextPollAt as string) - Date.parse(situation.lastFailure?.at as string)
  expect(waits).toBe(60_000)
  expect(residentKilobytes(agent.pid) / 1024).toBeLessThan(100)
  rmSync(join(stateDir, 'store/policy.hive'))
  await importPolicy('Small', 20)
  await untilWell(agent)
  expect(agent.takeEvents().slice(-2)).toEqual(['5471 Small', '5460 Small'])
  // And back: what is in force stays.
  await importPolicy('Large', 40_000)
  expect(await agent.nextSituation(120)).toMatchObject({ policy: { name: 'Small' }, lastFailure: { win32: 14 } })
  agent.kill('SIGTERM')
  expect(await agent.ended).toBe(0)
})

test('a store larger than the limit is error 14 without being read', async () => {
  await importPolicy('Small', 20)
  const hive = join(stateDir, 'store/policy.hive')
  truncateSync(hive, statSync(hive).size + 20 * 1_048_576)
  const agent = startAgent(stateDir, { args: ['--memory-limit', '10'] })
  expect(await agent.nextSituation()).toMatchObject({ state: 'none', lastFailure: { win32: 14 } })
  expect(agent.takeEvents()).toEqual([...start, '5472  14', '5461  14'])
})

test('when the system kills the work for want of memory it is error 8, and what is in force stays', async () => {
  await importPolicy('Servers', 20_000)
  const agent = startAgent(stateDir)
  expect((await agent.nextSituation(60)).policy?.name).toBe('Servers')
  agent.takeEvents()
  const reload = polagent(['reload', '--state-dir', stateDir])
  // What the kernel's out-of-memory killer does, to the process that asked to be its first victim.
  await agent.waitFor(() => childrenOf(agent.pid).length > 0, 'process that works on policy')
  const [victim] = childrenOf(agent.pid) as [number]
  expect(readFileSync(`/proc/${victim}/oom_score_adj`, 'latin1').trim()).toBe('1000')
  process.kill(victim, 'SIGKILL')
  expect((await reload).status).toBe(4)
  expect((await reload).out).toContain('polagent helpmsg 8')
  expect(await agent.nextSituation()).toMatchObject({ policy: { name: 'Servers' }, lastFailure: { win32: 8 } })
  expect(agent.takeEvents().at(-1)).toMatch(/^5461 .*8$/)
})

test('when the system gives no process it is error 8; when it does again, the agent recovers by its own timer', async () => {
  await importPolicy('Servers', 20)
  // Root is exempt from this limit.
  const uid = 65_534
  chmodSync(root, 0o755)
  execFileSync('chown', ['-R', `${uid}:${uid}`, stateDir])
  const agent = startAgent(stateDir, { uid })
  expect((await agent.nextSituation()).policy?.name).toBe('Servers')
  agent.takeEvents()
  execFileSync('prlimit', ['--pid', String(agent.pid), '--nproc=1:'], { uid, gid: uid })
  expect((await polagent(['reload', '--state-dir', stateDir], { uid })).status).toBe(4)
  const failed = await agent.nextSituation()
  expect(failed).toMatchObject({ policy: { name: 'Servers' }, lastFailure: { win32: 8 } })
  expect(agent.takeEvents()).toEqual(['5472  8', '5461  8'])
  execFileSync('prlimit', ['--pid', String(agent.pid), '--nproc=1000:'], { uid, gid: uid })
  // Nobody tells it; it looks a minute later.
  const situation = await agent.nextSituation(100)
  expect(situation).toMatchObject({ policy: { name: 'Servers' }, backOffMinutes: 0 })
  expect(situation.lastFailure).toBeUndefined()
  expect(agent.takeEvents()).toEqual(['5471 Servers', '5460 Servers'])
})

async function untilWell(agent: AgentProcess): Promise<void> {
  for (;;) {
    const situation = await agent.nextSituation(60)
    if (situation.lastFailure === undefined && situation.policy !== undefined) return
  }
}
