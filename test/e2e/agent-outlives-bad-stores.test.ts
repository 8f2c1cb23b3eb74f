import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AgentProcess, endAgents, startAgent } from '../support/agentProcess.ts'
import { checkout, polagent } from '../support/polagent.ts'
import { editObjects, editStore, withActivePolicy, withDataCut } from '../support/storeEdits.ts'

let root = ''
let stateDir = ''
let hive = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'polagent-agent-'))
  stateDir = join(root, 'state')
  hive = join(stateDir, 'store/policy.hive')
})
afterEach(() => {
  endAgents()
  rmSync(root, { recursive: true, force: true })
})

const example = join(checkout, 'examples/server-hardening.yaml')
const start = ['5478', '4709  local registry storage ']
const success = ['5471 Server hardening', '5460 Server hardening']

async function importExample(): Promise<void> {
  const run = await polagent(['import', example, '--assign', '--state-dir', stateDir])
  expect(run.status).toBe(0)
}

/** What can be wrong with a store, and the code that says so (docs/agent.md). */
const damages: readonly {
  readonly what: string
  readonly damage: () => void | Promise<void>
  readonly win32: number
  /** Named in the events. */
  readonly policy?: string | RegExp
}[] = [
  { what: 'the store is missing', damage: () => rmSync(hive), win32: 2 },
  {
    what: 'the whole store directory is missing',
    damage: () => renameSync(join(stateDir, 'store'), join(root, 'aside')),
    win32: 2,
  },
  {
    what: 'a directory lies in its place',
    damage: () => {
      rmSync(hive)
      mkdirSync(hive)
    },
    win32: 5,
  },
  {
    what: 'a FIFO lies in its place',
    damage: () => {
      rmSync(hive)
      execFileSync('mkfifo', [hive])
    },
    win32: 1009,
  },
  { what: 'the file is no hive', damage: () => writeFileSync(hive, 'not a hive\n'.repeat(1000)), win32: 1009 },
  { what: 'the file is empty', damage: () => truncateSync(hive), win32: 1009 },
  {
    what: 'the hive has lost all but its base block',
    damage: () => truncateSync(hive, 4096),
    win32: 1015,
  },
  {
    what: 'the assigned policy is not there',
    damage: () =>
      editStore(stateDir, (stores) =>
        withActivePolicy(
          stores,
          'SOFTWARE\\Policies\\Microsoft\\Windows\\IPSEC\\Policy\\Local\\ipsecPolicy{00000000-0000-4000-8000-000000000001}',
        ),
      ),
    win32: 2,
    policy: /ipsecPolicy\{00000000/,
  },
  {
    what: 'the assignment is nonsense',
    damage: () => editStore(stateDir, (stores) => withActivePolicy(stores, 'whatever')),
    win32: 13,
    policy: 'whatever',
  },
  {
    what: 'the main mode settings are cut short',
    damage: () =>
      editStore(stateDir, (stores) => editObjects(stores, 'ipsecISAKMPPolicy', (object) => withDataCut(object, 60))),
    win32: 13,
    policy: 'Server hardening',
  },
  {
    what: 'the main mode settings are gone',
    damage: () => editStore(stateDir, (stores) => editObjects(stores, 'ipsecISAKMPPolicy', () => undefined)),
    win32: 2,
    policy: 'Server hardening',
  },
]

describe.each(damages)('$what', ({ damage, win32, policy = '' }) => {
  const name = typeof policy === 'string' ? policy : policy.source
  const failure = [
    expect.stringMatching(new RegExp(`^5472 .*${win32}$`)),
    expect.stringMatching(new RegExp(`^5461 .*${win32}$`)),
  ]

  test('at start: 5472 and 5461 with the code, state none; put right it is taken up at once', async () => {
    await importExample()
    const good = join(root, 'good')
    cpSync(stateDir, good, { recursive: true })
    await damage()
    const agent = startAgent(stateDir)
    const situation = await agent.nextSituation()
    expect(situation).toMatchObject({ state: 'none', lastFailure: { win32 }, backOffMinutes: 1 })
    const events = agent.takeEvents()
    expect(events).toEqual([...start, ...failure])
    expect(events.at(-1)).toMatch(new RegExp(name))
    restore(good)
    await untilWell(agent)
    expect(agent.takeEvents()).toEqual(expect.arrayContaining(success))
    agent.kill('SIGTERM')
    expect(await agent.ended).toBe(0)
  })

  test('while running: what is in force stays, and a reload tells of the failure', async () => {
    await importExample()
    const agent = startAgent(stateDir)
    await agent.nextSituation()
    agent.takeEvents()
    await damage()
    const situation = await agent.nextSituation()
    expect(situation).toMatchObject({ state: 'local', policy: { name: 'Server hardening' }, lastFailure: { win32 } })
    expect(agent.takeEvents().slice(0, 2)).toEqual(failure)
    const reload = await polagent(['reload', '--state-dir', stateDir])
    expect(reload.status).toBe(4)
    expect(reload.out).toContain(`polagent helpmsg ${win32}`)
    expect(agent.takeEvents().slice(-2)).toEqual(failure)
  })
})

/** Puts the good hive back, whatever lies there now. */
function restore(good: string): void {
  rmSync(hive, { recursive: true, force: true })
  mkdirSync(join(stateDir, 'store'), { recursive: true })
  cpSync(join(good, 'store/policy.hive'), hive)
}

async function untilWell(agent: AgentProcess): Promise<void> {
  for (;;) {
    const situation = await agent.nextSituation()
    if (situation.lastFailure === undefined && situation.policy !== undefined) return
  }
}

test('a store that may not be read is error 5; with the right to read it is taken up', async () => {
  await importExample()
  // Root may read everything, so the agent is another user here.
  const uid = 65_534
  chmodSync(root, 0o755)
  execFileSync('chown', ['-R', `${uid}:${uid}`, stateDir])
  chownSync(hive, 0, 0)
  chmodSync(hive, 0o600)
  const agent = startAgent(stateDir, { uid })
  expect(await agent.nextSituation()).toMatchObject({ state: 'none', lastFailure: { win32: 5 } })
  expect(agent.takeEvents()).toEqual([...start, '5472  5', '5461  5'])
  chmodSync(hive, 0o644)
  await untilWell(agent)
  expect(agent.takeEvents()).toEqual(success)
  chmodSync(hive, 0o600)
  expect(await agent.nextSituation()).toMatchObject({ state: 'local', lastFailure: { win32: 5 } })
})

test('a filter list that cannot be read fails its rule, and only that: 5462', async () => {
  await importExample()
  let isFirst = true
  await editStore(stateDir, (stores) =>
    editObjects(stores, 'ipsecFilter', (object) => {
      const cut = isFirst ? withDataCut(object, 30) : object
      isFirst = false
      return cut
    }),
  )
  const agent = startAgent(stateDir)
  const situation = await agent.nextSituation()
  expect(situation.policy).toMatchObject({ name: 'Server hardening', failedRuleCount: 1 })
  expect(situation.lastFailure).toBeUndefined()
  const events = agent.takeEvents()
  expect(events.slice(0, 3)).toEqual([...start, '5471 Server hardening'])
  expect(events.at(-1)).toBe('5462 Server hardening 13')
  expect(events).not.toContain('5460 Server hardening')
  const reload = await polagent(['reload', '--state-dir', stateDir])
  expect(reload.status).toBe(1)
})

test('a rule that is not there is a failed rule, not an absent one', async () => {
  await importExample()
  let isFirst = true
  await editStore(stateDir, (stores) =>
    editObjects(stores, 'ipsecNFA', (object) => {
      const keeps = !isFirst
      isFirst = false
      return keeps ? object : undefined
    }),
  )
  const agent = startAgent(stateDir)
  expect((await agent.nextSituation()).policy).toMatchObject({ failedRules: [{ win32: 2 }], failedRuleCount: 1 })
  expect(agent.takeEvents().at(-1)).toBe('5462 Server hardening 2')
})

test('a hive damaged at random bytes never ends the agent, and each answer is one the tables know', async () => {
  await importExample()
  const good = readFileSync(hive)
  const agent = startAgent(stateDir)
  await agent.nextSituation()
  let state = 12_345
  for (let turn = 0; turn < 15; turn += 1) {
    const bad = Buffer.from(good)
    for (let flip = 0; flip < 8; flip += 1) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      bad[state % bad.length] = state >>> 24
    }
    writeFileSync(`${hive}.new`, bad)
    renameSync(`${hive}.new`, hive)
    const situation = await agent.nextSituation()
    expect(situation.state).toBe(situation.policy === undefined ? 'none' : 'local')
    if (situation.lastFailure !== undefined) expect([2, 13, 1009, 1015]).toContain(situation.lastFailure.win32)
  }
  writeFileSync(`${hive}.new`, good)
  renameSync(`${hive}.new`, hive)
  await untilWell(agent)
  agent.kill('SIGTERM')
  expect(await agent.ended).toBe(0)
})
