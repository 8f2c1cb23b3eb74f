import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { EventLog } from '../../src/audit/index.ts'
import { eventDefinitions } from '../../src/events/index.ts'
import schema from '../../docs/schema/event.schema.json' with { type: 'json' }
import { freshLogPath, sampleEvents } from '../support/eventLogs.ts'
import { type RunResult, runCommand } from '../support/fakeIo.ts'
import { schemaFaults } from '../support/jsonSchema.ts'

function filledLog(count: number): string {
  const path = freshLogPath()
  const log = EventLog.open(path, { computer: 'host', processId: 7 })
  log.appendAll(sampleEvents(count))
  log.close()
  return path
}

function documents(out: string): Record<string, unknown>[] {
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

async function ids(...args: string[]): Promise<unknown[]> {
  const result = await runCommand(['events', '--json', ...args])
  expect(result.err).toBe('')
  return documents(result.out).map(({ recordNumber }) => recordNumber)
}

describe('polagent events', () => {
  test('shows a block per event, with the meaning of its error', async () => {
    const path = filledLog(8)
    const { out, status } = await runCommand(['events', '--file', path, '--id', '5461'])
    expect(status).toBe(0)
    const [head, ...rest] = out.split('\n')
    expect(head).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [+-]\d\d:\d\d {2}5461 {2}Audit Failure {2}#5$/)
    expect(rest).toEqual([
      '    IPsec Policy Agent failed to apply local registry storage IPsec policy on the computer.',
      '',
      '    Policy:      policy 4',
      '    Error Code:  13',
      '    ERROR_INVALID_DATA: The data is invalid.',
      '    Cause, fix and check: polagent helpmsg 13',
      '',
      '',
    ])
  })

  test('shows the last 50, oldest first, and says how many there are', async () => {
    const path = filledLog(120)
    const { out, err } = await runCommand(['events', '--file', path, '--brief'])
    const lines = out.trimEnd().split('\n')
    expect(lines.length).toBe(50)
    expect(err).toBe('The last 50 of 120 events; --last all shows all.\n')
    expect((await ids('--file', path)).at(0)).toBe(71)
    expect((await ids('--file', path, '--last', 'all')).length).toBe(120)
    expect(await ids('--file', path, '--last', '2')).toEqual([119, 120])
    expect(await ids('--file', path, '--last', '2', '--reverse')).toEqual([120, 119])
    expect(await ids('--file', path, '--last', '0')).toEqual([])
  })

  test('selects', async () => {
    const path = filledLog(16)
    expect(await ids('--file', path, '--id', '5461-5462', '5477')).toEqual([5, 6, 7, 13, 14, 15])
    expect(await ids('--file', path, '--id', '5461,5477', '--id=5462')).toEqual([5, 6, 7, 13, 14, 15])
    expect(await ids('--file', path, '--result', 'failure')).toEqual([5, 6, 7, 13, 14, 15])
    expect(await ids('--file', path, '--after', '14')).toEqual([15, 16])
    expect(await ids('--file', path, '--since', '2024-01-01T00:00:14Z')).toEqual([15, 16])
    expect(await ids('--file', path, '--until', '2024-01-01T00:00:01.000Z')).toEqual([1, 2])
    expect(await ids('--file', path, '--text', 'POLICY 12 error code: 13')).toEqual([13])
    expect(await ids('--file', path, '--text', 'pastore')).toEqual([])
    expect((await ids('--file', path, '--text', 'pastore', '--wording', 'pastore')).length).toBe(12)
    expect(await ids('--file', path, '--since', 'now')).toEqual([])
    expect(await ids('--file', path, '--id', '5478', 'query')).toEqual([1, 9])
  })

  test('says when nothing matches', async () => {
    const { out, err, status } = await runCommand(['events', '--file', filledLog(1), '--id', '1'])
    expect([out, err, status]).toEqual(['', 'No events match.\n', 0])
  })

  test('gives documents that fit their schema, for every event there is', async () => {
    const path = freshLogPath()
    const log = EventLog.open(path)
    const time = '2024-05-06T07:08:09Z'
    log.appendAll([
      ...eventDefinitions().map(({ id, fields }) => ({ id, fields: fields.map((field) => field.name), time })),
      { id: 5461, fields: ['x', '1009'], time },
      { id: 5461, fields: ['x', '123456789'], time },
      { id: 9999, fields: ['no name'], time },
      { id: 5032, fields: ['0x3f1'], time },
    ])
    log.close()
    const { out } = await runCommand(['events', '--file', path, '--json', '--last', 'all'])
    const given = documents(out)
    expect(given.length).toBe(eventDefinitions().length + 4)
    for (const document of given) expect(schemaFaults(document, schema), JSON.stringify(document)).toEqual([])
    expect(given.at(-4)).toMatchObject({
      version: 1,
      id: 5461,
      result: 'failure',
      subcategory: 'Filtering Platform Policy Change',
      fields: { Policy: 'x', Error: '1009' },
      error: { code: 1009, name: 'ERROR_BADDB', text: 'The configuration registry database is corrupt.' },
    })
    expect(given.at(-3)).toMatchObject({ error: null })
    expect(given.at(-2)).toMatchObject({ fields: { field1: 'no name' }, subcategory: null, result: null })
    expect(given.at(-1)).toMatchObject({ error: { code: 1009 } })
  })

  test('gives a well-formed list of event XML', async () => {
    const { out } = await runCommand(['events', '--file', filledLog(3), '--xml'])
    expect(out).toMatch(/^<\?xml version="1\.0" encoding="utf-8" standalone="yes"\?>\n<Events>\n<Event xmlns=/)
    expect(out.endsWith('</Event>\n</Events>\n')).toBe(true)
    expect(out.match(/<EventRecordID>/g)?.length).toBe(3)
  })

  test('shows control characters of names instead of sending them to the terminal', async () => {
    const path = freshLogPath()
    const log = EventLog.open(path)
    log.append({ id: 5460, fields: ['\u001b[31mred\u0007\u202e\u009b'], time: '2024-05-06T07:08:09Z' })
    log.close()
    for (const args of [[], ['--brief']]) {
      const { out } = await runCommand(['events', '--file', path, ...args])
      expect(out).toContain(String.raw`\x1b[31mred\x07\u{202e}\x9b`)
    }
  })

  test('exports everything to a file that appears when it is whole', async () => {
    const path = filledLog(120)
    const target = join(dirname(path), 'events.xml')
    const { out, err, status } = await runCommand(['events', 'export', '--file', path, '-o', target])
    expect([out, err, status]).toEqual(['', `120 events written to ${target}\n`, 0])
    expect(readFileSync(target, 'utf8').match(/<EventRecordID>/g)?.length).toBe(120)
    const toPipe = await runCommand(['events', 'export', '--file', path, '--json'])
    expect(documents(toPipe.out).length).toBe(120)
    const failed = await runCommand(['events', 'export', '--file', path, '-o', `${target}/x`])
    expect([failed.status, readdirSync(dirname(path)).filter((name) => name.endsWith('.tmp'))]).toEqual([4, []])
  })

  test('reads the log of the state directory', async () => {
    const path = filledLog(3)
    const { out } = await runCommand(['events', '--state-dir', dirname(path), '--brief'])
    expect(out.trimEnd().split('\n').length).toBe(3)
  })
})

describe('wrong use', () => {
  test.each([
    [['--format', 'evtx'], 2],
    [['--json', '--xml'], 2],
    [['--format', 'csv'], 2],
    [['--id', 'x'], 2],
    [['--id', '7-5'], 2],
    [['--id', '70000'], 2],
    [['--since', 'lately'], 2],
    [['--until', '2024-02-30'], 2],
    [['--last', '-1'], 2],
    [['--after', 'x'], 2],
    [['--result', 'maybe'], 2],
    [['--wording', 'french'], 2],
    [['-o', 'x'], 2],
    [['delete'], 2],
    [['query', 'export'], 2],
    [['--nonsense'], 2],
  ] as const)('%j ends with %i', async (args, status) => {
    const path = filledLog(1)
    const result = await runCommand(['events', '--file', path, ...args])
    expect(result.status).toBe(status)
    expect(result.err).toMatch(/^polagent: .*\[USAGE\]\n/)
  })

  test.each([
    ['a missing log', (path: string) => path, 'AUDIT_LOG_MISSING'],
    ['a directory', (path: string) => (mkdirSync(path), path), 'AUDIT_NOT_A_LOG'],
    ['another file', () => '/proc/self/status', 'AUDIT_NOT_A_LOG'],
  ] as const)('%s ends with 3', async (_, make, code) => {
    const path = make(freshLogPath())
    const result: RunResult = await runCommand(['events', '--file', path])
    expect([result.status, result.out]).toEqual([3, ''])
    expect(result.err).toContain(`[${code}]`)
    expect(existsSync(`${path}-wal`)).toBe(false)
  })
})
