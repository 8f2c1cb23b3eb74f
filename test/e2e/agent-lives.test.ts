import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AgentStatus, ReloadReport } from '../../src/agent/agentStatus.ts'
import { type AgentProcess, childrenOf, endAgents, residentKilobytes, startAgent } from '../support/agentProcess.ts'
import { type Schema, schemaFaults } from '../support/jsonSchema.ts'
import { checkout, polagent } from '../support/polagent.ts'

let root = ''
let stateDir = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'polagent-agent-'))
  stateDir = join(root, 'state')
})
afterEach(() => {
  endAgents()
  rmSync(root, { recursive: true, force: true })
})

const example = join(checkout, 'examples/server-hardening.yaml')
const start = ['5478', '4709  local registry storage ']

async function said(...args: string[]): Promise<string> {
  const run = await polagent([...args, '--state-dir', stateDir])
  if (run.status !== 0) throw new Error(`polagent ${args.join(' ')}: ${run.status}\n${run.err}`)
  return run.out
}

async function runningWithPolicy(): Promise<AgentProcess> {
  await said('import', example, '--assign')
  const agent = startAgent(stateDir)
  await agent.nextSituation()
  return agent
}

async function stopped(agent: AgentProcess): Promise<string[]> {
  agent.kill('SIGTERM')
  expect(await agent.ended).toBe(0)
  return agent.takeEvents()
}

async function status(): Promise<AgentStatus> {
  return JSON.parse(await said('status', '--json')) as AgentStatus
}

function faults(value: unknown, schema: string): readonly string[] {
  return schemaFaults(value, JSON.parse(readFileSync(join(checkout, `docs/schema/${schema}`), 'utf8')) as Schema)
}

test('a policy is loaded, processed and told; the agent answers, and stops on SIGTERM', async () => {
  const agent = await runningWithPolicy()
  expect(agent.takeEvents()).toEqual([...start, '5471 Server hardening', '5460 Server hardening'])
  const now = await status()
  expect(now).toMatchObject({
    state: 'local',
    mode: 'observe',
    pid: agent.pid,
    policy: { name: 'Server hardening', failedRuleCount: 0, failedFilterCount: 0 },
    isBusy: false,
  })
  expect(now.policy?.filters).toBeGreaterThan(5)
  expect(faults(now, 'status.schema.json')).toEqual([])
  expect(await said('status')).toMatch(/Local policy "Server hardening" processed \(observe mode/)
  expect(await stopped(agent)).toEqual(['5479'])
  expect(agent.lines.flatMap((line) => faults(line, 'run.schema.json'))).toEqual([])
  // Nothing is left behind but the store and the log; both for the owner's eyes only.
  expect(readdirSync(stateDir).toSorted()).toEqual(expect.arrayContaining(['events.db', 'store']))
  expect(readdirSync(stateDir).filter((name) => /lock|sock/.test(name))).toEqual([])
  expect(statSync(stateDir).mode & 0o777).toBe(0o700)
  expect((await polagent(['status', '--state-dir', stateDir])).status).toBe(5)
  expect((await polagent(['reload', '--state-dir', stateDir])).status).toBe(5)
})

test('a change of the store is taken up within a second; an unassignment takes the filters away', async () => {
  const agent = await runningWithPolicy()
  agent.takeEvents()
  await said('unassign')
  const asked = performance.now()
  expect((await agent.nextSituation()).policy).toBeUndefined()
  expect(agent.takeEvents()).toEqual(['5464'])
  await said('assign', 'Server hardening')
  const changed = statSync(join(stateDir, 'store/policy.hive')).mtimeMs
  expect((await agent.nextSituation()).policy?.name).toBe('Server hardening')
  expect(agent.takeEvents()).toEqual(['5471 Server hardening', '5460 Server hardening'])
  const told = agent.lines.findLast((line) => line.kind === 'event') as { time: string }
  expect(Date.parse(told.time) - changed).toBeLessThan(seconds(1))
  expect(performance.now() - asked).toBeLessThan(60_000)
})

/** Milliseconds; other work on this machine may make everything slower, not ours. */
function seconds(number: number): number {
  return number * 1000 * Math.max(1, loadFactor)
}

const loadFactor = Number(readFileSync('/proc/loadavg', 'latin1').split(' ')[0]) / 2

test('reload waits for the outcome and tells it, by command and by SIGHUP', async () => {
  const agent = await runningWithPolicy()
  agent.takeEvents()
  const report = JSON.parse(await said('reload', '--json')) as ReloadReport
  expect(faults(report, 'reload.schema.json')).toEqual([])
  expect(report.events.map(({ id }) => id)).toEqual([5471, 5460, 5465])
  expect(await said('reload')).toMatch(/5465 {2}S[^]*Server hardening/)
  expect(agent.takeEvents()).toHaveLength(6)
  await agent.nextSituation()
  await agent.nextSituation()
  agent.kill('SIGHUP')
  await agent.nextSituation()
  expect(agent.takeEvents()).toEqual(['5471 Server hardening', '5460 Server hardening', '5465'])
  await said('reload', '--no-wait')
  await agent.nextSituation()
  expect(agent.takeEvents().at(-1)).toBe('5465')
})

test('a second agent on the same directory is refused; after kill -9 a new one starts, and no process is left', async () => {
  const agent = await runningWithPolicy()
  const second = await polagent(['run', '--once', '--state-dir', stateDir])
  expect(second.status).toBe(4)
  expect(second.err).toContain(`process ${agent.pid}`)
  agent.kill('SIGHUP')
  await agent.waitFor(() => childrenOf(agent.pid).length > 0, 'process that works on policy')
  const children = childrenOf(agent.pid)
  agent.kill('SIGKILL')
  expect(await agent.ended).toBe('SIGKILL')
  const third = startAgent(stateDir)
  await third.nextSituation()
  expect(third.takeEvents()).toEqual([...start, '5471 Server hardening', '5460 Server hardening'])
  await third.waitFor(() => children.every((pid) => !isAlive(pid)), 'end of the orphans')
  expect((await status()).pid).toBe(third.pid)
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('--once tells by its exit status how it went, and every event is in the log', async () => {
  await said('import', example, '--assign')
  expect(await said('run', '--once')).toMatch(/5460[^]*Server hardening[^]*5479/)
  const log = await said('events', '--json')
  const ids = log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { id: number }).id)
  expect(ids).toEqual([5478, 4709, 5471, 5460, 5479])
})

test('--enforce is refused while there is no enforcement', async () => {
  const run = await polagent(['run', '--enforce', '--state-dir', stateDir])
  expect(run.status).toBe(4)
  expect(run.err).toContain('AGENT_MODE_UNAVAILABLE')
})

test('a state directory whose path is longer than a socket address works as well', async () => {
  stateDir = join(root, 'deep'.repeat(20), 'er'.repeat(30))
  await said('import', example, '--assign')
  const agent = startAgent(stateDir)
  await agent.nextSituation()
  expect((await status()).pid).toBe(agent.pid)
  await stopped(agent)
})

test('the idle agent takes at most 30 MB more than bare Node', async () => {
  const agent = await runningWithPolicy()
  const node = readFileSync(`/proc/${agent.pid}/cmdline`, 'latin1').split('\0')[0] as string
  const bare = spawn(node, ['-e', 'setTimeout(() => {}, 1e9)'])
  try {
    await new Promise((done) => setTimeout(done, 1500))
    const more = residentKilobytes(agent.pid) - residentKilobytes(bare.pid as number)
    expect(more / 1024).toBeLessThan(30)
  } finally {
    bare.kill()
  }
})
