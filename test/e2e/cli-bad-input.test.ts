import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Schema, schemaFaults } from '../support/jsonSchema.ts'
import { checkout, polagent, type PolagentRun } from '../support/polagent.ts'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'polagent-cli-'))
  chmodSync(directory, 0o755)
})
afterAll(() => rmSync(directory, { recursive: true }))

const failureSchema = JSON.parse(readFileSync(join(checkout, 'docs/schema/failure.schema.json'), 'utf8')) as Schema

/** What every refusal has in common: its status, one sentence, advice, no trace of the program. */
function expectRefusal(run: PolagentRun, status: number, code: string): void {
  expect(run.err).toContain(`[${code}]`)
  expect(run.err).not.toMatch(/\n\s+at |node:|\.ts:\d|\.js:\d/)
  expect(run.err.trim().split('\n')).toHaveLength(2)
  expect(run.status).toBe(status)
}

async function expectUnreadable(path: string, code: string): Promise<void> {
  for (const command of ['show', 'check']) expectRefusal(await polagent([command, path]), 3, code)
  const asJson = await polagent(['check', path, '--json'])
  expectRefusal(asJson, 3, code)
  const document = JSON.parse(asJson.out) as { findings: { code: string; file: string; advice: string }[] }
  expect(schemaFaults(document, failureSchema)).toEqual([])
  expect(document.findings[0]).toMatchObject({ code, file: path, advice: expect.stringMatching(/./) as string })
}

describe('what cannot be read ends with status 3', () => {
  test('a missing file', async () => {
    await expectUnreadable(join(directory, 'missing'), 'INPUT_UNREADABLE')
  })

  test('a directory', async () => {
    mkdirSync(join(directory, 'folder'))
    await expectUnreadable(join(directory, 'folder'), 'INPUT_NOT_A_FILE')
  })

  test('a FIFO that nobody writes to', async () => {
    const path = join(directory, 'fifo')
    expect(spawnSync('mkfifo', [path]).status).toBe(0)
    await expectUnreadable(path, 'INPUT_NOT_A_FILE')
  })

  test('a file without permission', async () => {
    const path = join(directory, 'secret.reg')
    writeFileSync(path, 'Windows Registry Editor Version 5.00\r\n')
    chmodSync(path, 0o000)
    expect(process.getuid?.(), 'these tests run as root').toBe(0)
    expectRefusal(await polagent(['show', path], { uid: 65_534 }), 3, 'INPUT_ACCESS_DENIED')
  })

  test('1 GB of zeros, quickly and in little memory', async () => {
    const path = join(directory, 'zeros')
    writeFileSync(path, '')
    truncateSync(path, 1_073_741_824)
    const run = await polagent(['show', path])
    expectRefusal(run, 3, 'INPUT_UNRECOGNISED')
    expect(run.seconds).toBeLessThan(5)
    expect(run.peakMegabytes).toBeLessThan(150)
  })

  test('zeros without end on standard input', async () => {
    const run = spawnSync('sh', ['-c', `head -c 1000000000 /dev/zero | ${join(checkout, 'polagent')} check -`], {
      encoding: 'utf8',
      timeout: 20_000,
    })
    expect(run.status).toBe(3)
    expect(run.stderr).toContain('INPUT_UNRECOGNISED')
  })

  test.each([
    ['empty', '', 'it is empty'],
    ['image.png', '\u0089PNG\r\n\u001A\n\u0000\u0000\u0000\rIHDR', 'begins with the bytes'],
    ['archive.zip', 'PK\u0003\u0004aaaaaaaaaaaaaaaa', 'a ZIP archive'],
    ['events.evtx', 'ElfFile\u0000aaaaaaaaaaaaaaaaaaa', 'a Windows event log'],
    ['registry.pol', 'PReg\u0001\u0000\u0000\u0000', 'a registry.pol file'],
    ['letter.txt', 'Dear all,\n\nplease find attached', 'begins with "Dear all,"'],
    ['data.json', '{"answer": 42}', 'it is JSON, but no policy document'],
    ['page.xml', '<?xml version="1.0"?><a/>', 'it is XML'],
  ])('a file of another kind: %s', async (name, content, what) => {
    const path = join(directory, name)
    writeFileSync(path, Buffer.from(content, 'latin1'))
    await expectUnreadable(path, 'INPUT_UNRECOGNISED')
    expect((await polagent(['show', path])).err).toContain(what)
  })

  test('registry text without policy', async () => {
    const path = join(directory, 'other.reg')
    writeFileSync(path, 'Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\Software\\X]\r\n"a"="b"\r\n')
    expectRefusal(await polagent(['show', path]), 3, 'INPUT_NO_POLICY')
    const check = await polagent(['check', path, '--json'])
    expect(check.status).toBe(3)
    expect(JSON.parse(check.out)).toMatchObject({ findings: [{ code: 'INPUT_NO_POLICY' }] })
  })

  test('a local store that is not there', async () => {
    const run = await polagent(['show', 'local', '--state-dir', join(directory, 'nothing')])
    expectRefusal(run, 3, 'STORE_MISSING')
  })
})

describe('wrong usage ends with status 2', () => {
  test.each([
    [['frobnicate']],
    [['show']],
    [['show', 'a', 'b']],
    [['show', 'x', '--no-such-option']],
    [['convert', 'x', '--to', 'docx']],
    [['convert', 'x', '--to', 'wfas']],
    [['convert', 'x']],
    [['show', 'ldap://dc.example.com']],
    [['show', 'ad']],
    [['explain', 'x', '--from', '10.0.0.1']],
    [['explain', 'x', '--from', '10.0.0.300', '--to', '10.0.0.1']],
    [
      [
        'explain',
        'examples/server-hardening.yaml',
        '--from',
        '10.0.0.1',
        '--to',
        '10.0.0.2',
        '--protocol',
        'icmp',
        '--dport',
        '3',
      ],
    ],
    [['restore']],
    [['completion', 'tcsh']],
    [['import', 'local']],
  ])('%j', async (args) => {
    expectRefusal(await polagent(args), 2, 'USAGE')
  })

  test('with --json it is told as a document too', async () => {
    const run = await polagent(['show', '--json'])
    expectRefusal(run, 2, 'USAGE')
    expect(schemaFaults(JSON.parse(run.out), failureSchema)).toEqual([])
  })

  test('no command at all prints help and is no mistake', async () => {
    const run = await polagent([])
    expect(run).toMatchObject({ status: 0, err: '' })
    expect(run.out).toContain('Usage: polagent')
  })
})
