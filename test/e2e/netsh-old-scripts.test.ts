import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { endAgents, startAgent } from '../support/agentProcess.ts'
import { checkout, launcher, polagent } from '../support/polagent.ts'

let root = ''
let state = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'polagent-netsh-'))
  state = join(root, 'state')
})
afterEach(() => {
  endAgents()
  rmSync(root, { recursive: true, force: true })
})

const examples = join(checkout, 'test/data/netsh')

test('an old script that calls netsh runs unchanged through the shim', async () => {
  const bin = join(root, 'bin')
  mkdirSync(bin)
  for (const name of ['netsh', 'netsh.exe']) symlinkSync(join(checkout, 'share/netsh'), join(bin, name))
  const old = [
    'netsh ipsec static del policy name=Old',
    'netsh ipsec static add policy name="Closed doors" description="Nobody comes in"',
    'netsh.exe ipsec static add filterlist name=block',
    'netsh ipsec static add filter filterlist=block srcaddr=any dstaddr=me protocol=TCP dstport=445 mirrored=yes',
    'netsh ipsec static add filteraction name=deny action=block || exit 7',
    'netsh ipsec static add rule name="no smb" policy="Closed doors" filterlist=block filteraction=deny',
    'netsh ipsec static set policy name="Closed doors" assign=y && echo assigned',
    'netsh ipsec static show policy all | grep -c YES',
  ]
  const run = spawnSync('sh', ['-c', old.join('\n')], {
    encoding: 'utf8',
    env: { PATH: `${bin}:${process.env['PATH'] ?? ''}`, POLAGENT: launcher, POLAGENT_STATE_DIR: state },
  })
  expect(run.status).toBe(0)
  expect(run.stdout).toContain("ERR IPsec[05914] : Policy with name 'Old' does not exist")
  expect(run.stdout).toMatch(/assigned\n1\n$/)
  const packet = '--from 203.0.113.9 --to 192.0.2.10 --me 192.0.2.10 --protocol tcp --dport 445'
  const explained = await polagent(['explain', 'local', '--state-dir', state, ...packet.split(' ')])
  expect(explained.out).toMatch(/^BLOCK/)
})

test('every example runs from a file, and the running agent takes the change up by itself', async () => {
  const made = await polagent(['netsh', '--state-dir', state, '-f', join(examples, '02-allow-list.cmd')])
  expect([made.status, made.err]).toEqual([0, ''])
  const agent = startAgent(state)
  await agent.nextSituation()
  agent.takeEvents()
  const run = await polagent(['netsh', '--state-dir', state, '-f', join(examples, '01-block-ports.netsh')])
  expect([run.status, run.err]).toEqual([0, ''])
  expect((await agent.nextSituation()).policy?.name).toBe('Closed ports')
  const dynamic = await polagent(['netsh', '--state-dir', state, '-f', join(examples, '06-dynamic.netsh')])
  expect(dynamic.status).toBe(1)
})

test('at a terminal there are the prompt, completion and a history without keys', async () => {
  const history = join(state, 'netsh_history')
  const typed = ['ipsec static', 'add pol\tname=P', 'add rule x psk="open sesame"', '..', 'pushd', 'bye', '']
  const child = spawnSync('script', ['-qec', `${launcher} netsh --state-dir ${state}`, '/dev/null'], {
    encoding: 'utf8',
    input: typed.join('\n'),
    env: { ...process.env, TERM: 'dumb' },
    timeout: 30_000,
  })
  expect(child.stdout).toContain('netsh>')
  expect(child.stdout).toContain('netsh ipsec static>')
  expect(child.stdout).toContain('netsh ipsec>')
  expect((await polagent(['show', 'local', '--state-dir', state])).out).toContain('Policy "P"')
  const kept = readFileSync(history, 'utf8').split('\n')
  expect(kept).toContain('add rule x psk=[secret]')
  expect(kept).toContain('ipsec static')
  expect(kept.join('\n')).not.toContain('sesame')
  expect(statSync(history).mode & 0o777).toBe(0o600)
})

test('a script of many lines takes time and memory in proportion', async () => {
  const file = join(root, 'long.netsh')
  const lines = Array.from(
    { length: 50_000 },
    (_, at) => `add filter L 10.${(at >> 8) & 255}.${at & 255}.1 me protocol=TCP dstport=${1 + (at % 60_000)}`,
  )
  writeFileSync(file, `pushd ipsec static\n${lines.join('\n')}\n`)
  const run = await polagent(['netsh', '--state-dir', state, '-f', file])
  expect([run.status, run.err]).toEqual([0, ''])
  expect(run.peakMegabytes).toBeLessThan(400)
  const list = await polagent(['netsh', '--state-dir', state, 'ipsec', 'static', 'show', 'filterlist', 'all'])
  expect(list.out).toContain('50000')
})

test('a script that is killed leaves the store as it was', async () => {
  await polagent(['netsh', '--state-dir', state, 'ipsec', 'static', 'add', 'policy', 'Before'])
  const hive = join(state, 'store/policy.hive')
  const before = readFileSync(hive)
  const pipe = join(root, 'half.netsh')
  writeFileSync(pipe, `pushd ipsec static\n${'add filterlist A\ndelete filterlist A\n'.repeat(100_000)}`)
  const run = spawnSync(launcher, ['netsh', '--state-dir', state, '-f', pipe], { timeout: 900, killSignal: 'SIGKILL' })
  expect(run.signal).toBe('SIGKILL')
  // The launcher is the program itself by then, so nothing goes on behind.
  expect(readFileSync(hive).equals(before)).toBe(true)
  expect((await polagent(['check', 'local', '--state-dir', state])).status).toBe(0)
})
