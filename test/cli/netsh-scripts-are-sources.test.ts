import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCommand } from '../support/fakeIo.ts'

const examples = join(import.meta.dirname, '../data/netsh')

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'polagent-netsh-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function written(name: string, content: string | Uint8Array): string {
  const file = join(root, name)
  writeFileSync(file, content)
  return file
}

async function converted(source: string, format: string): Promise<Uint8Array> {
  const run = await runCommand(['convert', source, '--to', format])
  expect([run.status, run.err]).toEqual([0, ''])
  return run.bytes
}

/** Objects lie in the order of their ids, which are new each time. */
function sortedLines(bytes: Uint8Array): string[] {
  return Buffer.from(bytes).toString().split('\n').toSorted()
}

test.each(readdirSync(examples).filter((name) => /^0[1-4]/.test(name)))(
  '%s to registry to netsh to registry to netsh is stable',
  async (name) => {
    const registry = written('1.reg', await converted(join(examples, name), 'reg'))
    const script = await converted(registry, 'netsh')
    const again = written('2.reg', await converted(written('1.netsh', script), 'reg'))
    expect(sortedLines(await converted(again, 'netsh'))).toEqual(sortedLines(script))
  },
)

test('a line that Windows would have refused is a finding with its line', async () => {
  const file = written('wrong.netsh', 'pushd ipsec static\nadd policy P\nadd rule R Q L A\nadd polizy X\n')
  const run = await runCommand(['check', file, '--json'])
  expect(run.status).toBe(1)
  const { findings } = JSON.parse(run.out) as { findings: { code: string; line?: number }[] }
  expect(findings.filter(({ code }) => code === 'NETSH_REFUSED').map(({ line }) => line)).toEqual([3, 4])
})

test('a packet is explained by a batch file in UTF-16', async () => {
  const text = '\uFEFFnetsh ipsec static add filter L any me protocol=TCP dstport=23\r\n'
  const rest = [
    'netsh ipsec static add filteraction B action=block',
    'netsh ipsec static add policy Geschützt',
    'netsh ipsec static add rule R Geschützt L B',
    'netsh ipsec static set policy Geschützt assign=y',
  ].join('\r\n')
  const packet = '--from 203.0.113.9 --to 192.0.2.10 --me 192.0.2.10 --protocol tcp --dport 23'
  const file = written('x.cmd', Buffer.from(text + rest, 'utf16le'))
  const run = await runCommand(['explain', file, ...packet.split(' ')])
  expect(run.out).toMatch(/^BLOCK/)
  expect(run.out).toContain('Geschützt')
})

test('a batch file with reg and netsh lines is read as netsh, unless reg writes policy; either is told', async () => {
  const netshLine = 'netsh ipsec static add policy P\r\n'
  const service = 'reg add HKLM\\SYSTEM\\CurrentControlSet\\Services\\PolicyAgent /v Start /t REG_DWORD /d 2 /f\r\n'
  const policy =
    'reg add "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\IPSec\\Policy\\Local" /v ActivePolicy /d none /f\r\n'
  const first = await runCommand(['check', written('1.cmd', service + netshLine)])
  expect(first.out).toContain('(netsh): 1 policy')
  expect(first.out).toContain('its reg lines were passed over')
  const second = await runCommand(['check', written('2.cmd', policy + netshLine)])
  expect(second.out).toContain('(reg-batch)')
  expect(second.out).toContain('its netsh lines were passed over')
})

test('commands that change the store at the same time are all done', async () => {
  const names = ['A', 'B', 'C', 'D', 'E', 'F']
  const add = (name: string) => runCommand(['netsh', '--state-dir', root, 'ipsec', 'static', 'add', 'filterlist', name])
  const runs = await Promise.all(names.map(add))
  expect(runs.map(({ status, err }) => [status, err])).toEqual(names.map(() => [0, '']))
  const shown = await runCommand(['netsh', '--state-dir', root, 'ipsec', 'static', 'show', 'filterlist', 'all'])
  expect(shown.out).toContain('No. of FilterLists : 6')
})

test('lines for netsh itself in a file whose other lines call netsh are told, not dropped', async () => {
  const mixed = written(
    'mixed.netsh',
    'netsh ipsec static add filterlist A\r\nipsec static add filterlist B\r\npushd ipsec static\r\n',
  )
  const check = await runCommand(['check', mixed])
  expect(check.out + check.err).toMatch(/NETSH_REFUSED[^\n]*write netsh before it[\s\S]*line 2[\s\S]*line 3/)
  const run = await runCommand(['netsh', '--state-dir', join(root, 'state'), '-f', mixed])
  expect(run.status).toBe(1)
  expect(run.err).toMatch(/mixed\.netsh:2: [^\n]*write netsh before it/)
})

test('the lines in notes and programs are shown as policy', async () => {
  for (const name of ['notes.md', 'x.py']) {
    const file = written(name, '# Notes\nos.system("netsh ipsec static add policy Guarded")\n')
    const run = await runCommand(['show', file])
    expect([run.status, run.out]).toEqual([0, expect.stringContaining('Guarded')])
  }
})
