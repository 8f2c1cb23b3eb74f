import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acquireLock } from '../../src/stores/lockFile.ts'
import { type RunInput, type RunResult, runCommand } from '../support/fakeIo.ts'

const examples = join(import.meta.dirname, '../data/netsh')
const key = 'Zq7-very-hidden'

let root = ''
let state = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'polagent-netsh-'))
  state = join(root, 'state')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function netsh(args: readonly string[], input: RunInput = {}): Promise<RunResult> {
  return runCommand(['netsh', '--state-dir', state, ...args], input)
}

function script(name: string, lines: readonly string[]): string {
  const file = join(root, name)
  writeFileSync(file, `${lines.join('\r\n')}\r\n`)
  return file
}

async function said(...args: string[]): Promise<string> {
  const run = await runCommand([...args, '--state-dir', state])
  expect([run.status, run.err]).toEqual([0, ''])
  return run.out
}

async function generations(): Promise<string[]> {
  return (await said('history')).split('\n').filter((line) => line !== '')
}

function typed(lines: string): RunInput {
  return { stdin: Buffer.from(lines) }
}

describe('the scripts of the examples', () => {
  test.each(readdirSync(examples).filter((name) => /^0[1-4]/.test(name)))(
    '%s is one change of the store, and builds what reading it as a source shows',
    async (name) => {
      const run = await netsh(['-f', join(examples, name)])
      expect([run.status, run.err]).toEqual([0, ''])
      expect(await generations()).toHaveLength(1)
      const built = withoutIds(await said('show', 'local'))
      const read = await runCommand(['show', join(examples, name)])
      expect(built).toBe(withoutIds(read.out))
      expect(built).toContain('Policy "')
      expect(run.out + built).not.toContain('not a real key')
    },
  )

  test('a change of a store that has what it is about', async () => {
    await netsh(['-f', join(examples, '02-allow-list.cmd')])
    const lines = readFileSync(join(examples, '05-change-and-clean.netsh'), 'utf8').replace(
      'backup.ipsec',
      join(root, 'backup'),
    )
    const run = await netsh(['-f', script('05.netsh', lines.split('\n'))])
    expect(run.err).toBe('')
    expect(run.out).toContain('No. of FilterLists')
    expect(await said('show', 'local')).not.toContain('AllowList')
    expect(statSync(join(root, 'backup.ipsec')).size).toBeGreaterThan(4096)
  })

  test('dynamic commands say that no agent runs', async () => {
    const run = await netsh(['-f', join(examples, '06-dynamic.netsh')])
    expect(run.status).toBe(1)
    expect(run.out.match(/ERR Win32\[01062\] : The service has not been started\./g)).toHaveLength(5)
  })
})

/** Ids, and their order, differ from run to run. */
function withoutIds(text: string): string {
  return text.replaceAll(/\s*\{[0-9A-F-]{36}\}/gi, '')
}

describe('one command', () => {
  test('does what netsh does: an empty line for success, ERR on standard output, the cause on standard error', async () => {
    const added = await netsh(['ipsec', 'static', 'add', 'filterlist', 'name=Block All', 'description=two words'])
    expect(added).toMatchObject({ out: '\n', err: '', status: 0 })
    const again = await netsh(['ipsec', 'static', 'add', 'filterlist', 'name=block all'])
    expect(again.out).toBe("\nERR IPsec[05010] : FilterList with name 'block all' already exists\n\n")
    expect(again.err).toMatch(/^netsh: column \d+: /)
    expect(again.status).toBe(1)
    expect((await netsh(['ipsec', 'static', 'show', 'filterlist', 'all'])).out).toContain('two words')
    expect((await generations())[0]).toContain('netsh ipsec static add filterlist name="Block All"')
  })

  test('an empty store has no policy, and looking makes none', async () => {
    const run = await netsh(['ipsec', 'static', 'show', 'policy', 'all'])
    expect(run.out).toBe('\nERR IPsec[05072] : No Policies in Policy Store\n\n')
    expect(run.status).toBe(1)
    expect(() => statSync(state)).toThrow('ENOENT')
  })

  test('the nearest word is told, and the place', async () => {
    const run = await netsh(['-c', 'ipsec static', 'add', 'rule', 'nmae=x'])
    expect(run.status).toBe(1)
    expect(run.err).toContain('did you mean "name"?')
  })

  test.each([
    ['-r', 'host'],
    ['-u', 'me'],
    ['-p', '*'],
  ])('%s is refused', async (...args) => {
    const run = await netsh([...args, 'ipsec', 'static', 'show', 'all'])
    expect(run.status).toBe(2)
    expect(run.err).toContain('other computers')
    expect(run.out).toBe('')
  })

  test('a domain is refused; the persistent area is another one', async () => {
    const lines = [
      'pushd ipsec static',
      'set store domain',
      'set store persistent',
      'add policy P',
      'show store',
      'popd',
    ]
    const run = await netsh(['-f', script('a.netsh', lines)])
    expect(run.out).toContain('ERR IPsec[05073] : The Policy Store cannot be opened')
    expect(run.err).toContain('directories cannot be opened yet')
    expect(await said('show', 'local')).toContain('persistent store')
  })

  test('a store that is no store is told, and stays', async () => {
    mkdirSync(join(state, 'store'), { recursive: true })
    writeFileSync(join(state, 'store/policy.hive'), 'nothing of the kind')
    const run = await netsh(['ipsec', 'static', 'add', 'policy', 'P'])
    expect(run.out).toContain('ERR IPsec[05073]')
    expect(run.status).toBe(1)
    expect(readFileSync(join(state, 'store/policy.hive'), 'utf8')).toBe('nothing of the kind')
  })
})

describe('scripts', () => {
  const three = ['pushd ipsec static', 'add filterlist A', 'add filterlist A', 'add filterlist B', 'popd']

  test('a refused line is told with its place, changes nothing, and the script goes on', async () => {
    const file = script('s.netsh', three)
    const run = await netsh(['-f', file])
    expect(run.status).toBe(1)
    expect(run.err).toMatch(/s\.netsh:3: column \d+/)
    expect((await netsh(['ipsec', 'static', 'show', 'filterlist', 'all'])).out).toContain('No. of FilterLists : 2')
    expect(await generations()).toHaveLength(1)
  })

  test('--each makes a generation a line', async () => {
    await netsh(['--each', '-f', script('s.netsh', three)])
    expect(await generations()).toHaveLength(2)
  })

  test('when the store cannot be written nothing of the script is in it', async () => {
    await netsh(['-f', script('s.netsh', three)])
    const before = readFileSync(join(state, 'store/policy.hive'))
    const answer = await acquireLock(join(state, 'store/lock'), 0)
    const run = await netsh(['--wait', '0', '-f', script('t.netsh', ['ipsec static add policy P'])])
    expect(run.status).toBe(4)
    expect(run.err).toContain('STORE_BUSY')
    expect(readFileSync(join(state, 'store/policy.hive')).equals(before)).toBe(true)
    if (answer.kind === 'held') answer.lock.release()
  })

  test('a script that cannot be read is no half script', async () => {
    expect((await netsh(['-f', join(root, 'none')])).status).toBe(3)
    writeFileSync(join(root, 'binary'), Buffer.from([0x4d, 0x5a, 0, 0, 1, 2, 3, 0xff]))
    const run = await netsh(['-f', join(root, 'binary')])
    expect(run.status).toBe(3)
    expect(run.err).toContain('no text')
  })

  test('exec runs scripts within scripts as one change; one that runs itself is refused', async () => {
    const inner = script('inner.netsh', [
      'add filterlist Inner',
      `exec ${join(root, 'outer.netsh')}`,
      'exit',
      'add policy No',
    ])
    const outer = script('outer.netsh', ['pushd ipsec static', `exec "${inner}"`, 'add filterlist Outer'])
    const run = await netsh(['-f', outer])
    expect(run.err).toContain(`inner.netsh:2: ${outer} runs itself`)
    expect(run.out).toContain('ERR Win32[')
    const lists = (await netsh(['ipsec', 'static', 'show', 'filterlist', 'all'])).out
    expect(lists).toContain('Inner')
    expect(lists).toContain('Outer')
    expect(lists).toContain('No. of FilterLists : 2')
    expect(await generations()).toHaveLength(1)
  })

  test('scripts that run scripts without end stop', async () => {
    for (let at = 0; at < 50; at += 1) script(`${at}.netsh`, [`exec ${join(root, `${at + 1}.netsh`)}`])
    const run = await netsh(['-f', join(root, '0.netsh')])
    expect(run.status).toBe(1)
    expect(run.err).toContain('scripts run one another')
  })

  test('a batch file may call ipseccmd as well', async () => {
    const file = script('old.cmd', [
      '@echo off',
      'ipseccmd -w REG -p "Old times" -r "No SMB" -f *+0:445:TCP -n BLOCK -x',
      'ipsecpol -f *+0:135:TCP -n BLOCK',
    ])
    const run = await netsh(['-f', file])
    expect(run.err).toContain('old.cmd:3: without -w the line is for the running agent')
    expect(run.status).toBe(1)
    const shown = await said('show', 'local')
    expect(shown).toContain('Policy "Old times", assigned')
    expect(shown).toContain('from any to me, tcp to port 445')
    expect(await generations()).toHaveLength(1)
  })

  test('-a runs a script first; its aliases are known afterwards', async () => {
    const aliases = script('a.netsh', ['alias lists ipsec static show filterlist all', 'ipsec static add filterlist X'])
    expect((await netsh(['-a', aliases, 'lists'])).out).toContain('No. of FilterLists : 1')
  })

  test('a line of a megabyte is refused, not obeyed', async () => {
    const run = await netsh(['-f', script('long.netsh', [`ipsec static add policy ${'x'.repeat(1_048_576)}`])])
    expect(run.status).toBe(1)
    expect(run.err.length).toBeLessThan(1000)
  })
})

describe('lines that are typed', () => {
  test('contexts, commands, and a change each', async () => {
    const lines = 'ipsec\nstatic\nadd filterlist A\n..\nstatic add filterlist B\nshow mode\nbye\nadd filterlist C\n'
    const run = await netsh([], typed(lines))
    expect([run.status, run.err]).toEqual([0, ''])
    expect(run.out).toContain('online')
    expect(await generations()).toHaveLength(2)
  })

  test('batch mode holds changes until it ends', async () => {
    await netsh([], typed('ipsec static\nset batch enable\nadd filterlist A\nadd filterlist B\nset batch disable\n'))
    expect(await generations()).toHaveLength(1)
  })

  test('set file copies what is printed', async () => {
    const copy = join(root, 'copy.txt')
    const run = await netsh([], typed(`set file open ${copy}\nipsec static show store\nset file close\nshow mode\n`))
    expect(readFileSync(copy, 'utf8')).toContain('Local Store')
    expect(readFileSync(copy, 'utf8')).not.toContain('online')
    expect(run.out).toContain('online')
    expect(statSync(copy).mode & 0o777).toBe(0o600)
  })

  test('dump builds the store again elsewhere', async () => {
    await netsh(['-f', join(examples, '04-tunnel.netsh')])
    const dump = (await netsh(['ipsec', 'dump'])).out
    expect((await netsh(['--hide-keys', 'ipsec', 'dump'])).out).not.toContain('not a real key')
    const before = withoutIds(await said('show', 'local'))
    state = join(root, 'other')
    const run = await netsh(['-f', script('dump.netsh', dump.split('\n'))])
    expect([run.status, run.err]).toEqual([0, ''])
    expect(withoutIds(await said('show', 'local'))).toBe(before)
  })

  test('exported policies are imported again', async () => {
    await netsh(['-f', join(examples, '03-require-esp.netsh')])
    const before = await said('show', 'local')
    expect((await netsh(['ipsec', 'static', 'exportpolicy', join(root, 'x')])).status).toBe(0)
    expect((await netsh(['ipsec', 'static', 'delete', 'all'])).status).toBe(0)
    const imported = await netsh(['ipsec', 'static', 'importpolicy', join(root, 'x')])
    expect([imported.status, imported.err]).toEqual([0, ''])
    expect(await said('show', 'local')).toBe(before)
  })

  test('the sample policies are sound and none is assigned', async () => {
    expect(await netsh(['ipsec', 'static', 'restorepolicyexamples', 'release=win2003'])).toMatchObject({
      err: '',
      status: 0,
    })
    expect((await runCommand(['check', 'local', '--state-dir', state])).status).toBe(0)
    const shown = await said('show', 'local')
    expect(shown.match(/^Policy /gm)).toHaveLength(3)
    expect(shown).not.toContain('assigned')
  })

  test('a hive of the user is a store too', async () => {
    const file = join(root, 'my.hive')
    expect((await netsh(['--store', file, 'ipsec', 'static', 'add', 'policy', 'Mine'])).err).toBe('')
    expect((await runCommand(['show', file])).out).toContain('"Mine"')
    expect(() => statSync(state)).toThrow('ENOENT')
  })
})

describe('preshared keys', () => {
  test('are in no listing, error, reason or copy', async () => {
    const rule = `add rule R P L A psk="${key}"`
    const lines = [
      'pushd ipsec static',
      'add policy P',
      'add filter L any me',
      'add filteraction A',
      rule,
      rule,
      `${rule} psk=${key} bad=1`,
      `set rul R P psk=${key} filterlist=none`,
      'show all',
    ]
    const run = await netsh(['-f', script('k.netsh', lines)])
    const single = await netsh(['ipsec', 'static', 'set', 'rule', 'R', 'P', `psk=${key} x`])
    const wrong = await netsh(['ipsec', 'static', `psk=${key}`, 'add', `psk${key}`])
    const text = [run, single, wrong].map(({ out, err }) => out + err.replaceAll(`psk${key}`, '')).join('')
    expect(text.replaceAll(`psk${key}`, '')).not.toContain(key)
    expect(run.out).toContain('[secret]')
    expect((await generations()).join('\n')).not.toContain(key)
    expect((await netsh(['--show-keys', 'ipsec', 'static', 'show', 'all'])).out).toContain(key)
  })
})

test('scripts that run two others each, level after level, come to an end', async () => {
  for (let level = 0; level < 30; level += 1) {
    const next = join(root, `level${level + 1}.netsh`)
    script(`level${level}.netsh`, [`exec ${next}`, `exec ${next}`])
  }
  script('level30.netsh', ['ipsec static show store'])
  const run = await netsh(['-f', join(root, 'level0.netsh')])
  expect(run.status).toBe(1)
  expect(run.err).toContain('more than 10000 scripts are run by one')
})

test('what follows the choice of a domain does not reach the store of this computer', async () => {
  await netsh(['ipsec', 'static', 'add', 'policy', 'Kept'])
  const lines = ['set store domain', 'delete all', 'add policy Stray', 'set store local', 'add policy After']
  const run = await netsh(['-c', 'ipsec static', '-f', script('domain.netsh', lines)])
  expect([run.status, run.out.match(/ERR IPsec\[05073\]/g)?.length]).toEqual([1, 3])
  const { out } = await netsh(['ipsec', 'static', 'show', 'policy', 'all'])
  expect(
    out
      .match(/^Policy Name.*$/gm)
      ?.map((line) => line.split(': ')[1]?.trim())
      .toSorted(),
  ).toEqual(['After', 'Kept'])
})

test('a batch file that a session runs leaves the choice of the store as it was', async () => {
  const batch = script('inner.cmd', ['netsh ipsec static add policy Inner'])
  const lines = ['ipsec static set store persistent', `exec ${batch}`, 'ipsec static show store']
  expect((await netsh(['-f', script('outer.netsh', lines)])).out).toContain('Persistent Store')
})
