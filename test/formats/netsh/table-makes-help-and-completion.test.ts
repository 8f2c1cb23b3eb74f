import { describe, expect, test } from 'vitest'
import {
  commandTable,
  completionsOf,
  helpText,
  interpretLine,
  messageTable,
  netshFindingTable,
  netshReferenceMarkdown,
  shellTable,
  startState,
  usageText,
} from '../../../src/formats/netsh/index.ts'

const tagsOf = (kind: string): string =>
  commandTable
    .find((row) => row.kind === kind)
    ?.tags.map((tag) => tag.name)
    .join(' ') ?? ''

const help = (line: string): string => {
  const { result } = interpretLine(interpretLine(startState, 'ipsec static').state, line)
  return result.kind === 'help' ? helpText(result.of) : ''
}

const complete = (line: string): string[] =>
  completionsOf('ipsec static', line, (_, tag) => (tag === 'policy' ? ['Office', 'Head office'] : []))

test('the table has every command of netsh ipsec once', () => {
  const kinds = commandTable.map((row) => row.kind)
  expect(new Set(kinds).size).toBe(kinds.length)
  const objects = (context: string, verb: string): string =>
    kinds
      .map((kind) => kind.split(' '))
      .filter((parts) => parts[0] === context && parts[1] === verb)
      .map((parts) => parts[2] ?? '')
      .toSorted()
      .join(' ')
  expect(objects('static', 'add')).toBe('filter filteraction filterlist policy rule')
  expect(objects('static', 'delete')).toBe('all filter filteraction filterlist policy rule')
  expect(objects('static', 'set')).toBe('batch defaultrule filteraction filterlist policy rule store')
  expect(objects('static', 'show')).toBe('all filteraction filterlist gpoassignedpolicy policy rule store')
  expect(objects('dynamic', 'add')).toBe('mmpolicy qmpolicy rule')
  expect(objects('dynamic', 'delete')).toBe('all mmpolicy qmpolicy rule')
  expect(objects('dynamic', 'set')).toBe('config mmpolicy qmpolicy rule')
  expect(objects('dynamic', 'show')).toBe('all config mmfilter mmpolicy mmsas qmfilter qmpolicy qmsas rule stats')
})

test('tags stand in the order of the tool', () => {
  expect(tagsOf('static add filter')).toBe(
    'filterlist srcaddr dstaddr description protocol mirrored srcmask dstmask srcport dstport',
  )
  expect(tagsOf('static add rule')).toBe(
    'name policy filterlist filteraction tunnel conntype activate description kerberos psk rootca',
  )
  expect(tagsOf('dynamic add rule')).toBe(
    'srcaddr dstaddr mmpolicy qmpolicy protocol srcport dstport mirrored conntype actioninbound actionoutbound srcmask dstmask tunneldstaddress kerberos psk rootca',
  )
})

test('every command has a usage text with each of its tags and examples', () => {
  for (const row of commandTable) {
    const text = usageText(row.kind)
    expect(text).toContain(row.help)
    for (const tag of row.tags) expect(text, row.kind).toContain(`\n  ${tag.name.padEnd(20)} - `)
    for (const example of row.examples) expect(text).toContain(example)
  }
})

test('a tag given instead of another names one of the same command', () => {
  for (const row of commandTable) {
    const names = row.tags.map((tag) => tag.name)
    expect(new Set(names).size).toBe(names.length)
    for (const tag of row.tags) {
      if (tag.insteadOf !== undefined) expect(names).toContain(tag.insteadOf)
      if (tag.type === 'word') expect(tag.words?.length, `${row.kind} ${tag.name}`).toBeGreaterThan(1)
    }
    for (const name of row.needsOne ?? []) expect(names).toContain(name)
  }
})

test('help of contexts, verbs and the shell', () => {
  expect(help('?')).toContain('add filter                 - Adds a filter to a filter list.')
  expect(help('?')).toContain('Commands inherited from the netsh ipsec context:')
  expect(help('show')).toContain('show policy')
  expect(help('add rule ?')).toContain('psk')
  expect(help('pushd ?')).toContain('Usage: pushd [context]')
})

test('message codes are five digits, each once', () => {
  const codes = Object.values(messageTable)
    .map((row) => ('code' in row ? row.code : undefined))
    .filter((code) => code !== undefined)
  expect(new Set(codes).size).toBe(codes.length)
  for (const code of codes) expect(code).toBeGreaterThanOrEqual(5000)
  for (const row of Object.values(netshFindingTable)) expect(row.advice).toMatch(/\.$/)
})

test('the reference page has every command, shell command and message', () => {
  const page = netshReferenceMarkdown()
  for (const row of commandTable) expect(page).toContain(`### ${row.kind.split(' ').slice(1).join(' ')}\n`)
  for (const row of shellTable) expect(page).toContain(row.help)
  for (const row of Object.values(messageTable)) expect(page).toContain(row.text)
})

describe('completion', () => {
  test('contexts, verbs and objects', () => {
    expect(completionsOf('', 'ip')).toEqual(['ipsec'])
    expect(completionsOf('', 'ipsec ')).toContain('static')
    expect(complete('del')).toEqual(['delete'])
    expect(complete('add filt')).toEqual(['filter', 'filteraction', 'filterlist'])
    expect(complete('del pol')).toEqual(['policy'])
  })

  test('tags that are not given yet, and words of tags', () => {
    expect(complete('add filter filterlist=L srca')).toEqual(['srcaddr='])
    expect(complete('add filter filterlist=L fil')).toEqual([])
    expect(complete('delete policy a')).toEqual(['all'])
    expect(complete('add rule conn')).toEqual(['conntype='])
    expect(complete('add rule conntype=l')).toEqual(['conntype=lan'])
    expect(complete('add filter srcaddr=d')).toEqual(['srcaddr=dns', 'srcaddr=dhcp'])
    expect(complete('add policy assign=')).toEqual(['assign=yes', 'assign=no'])
    expect(complete('add rule psk=a psk=b ps')).toEqual(['psk='])
  })

  test('names of the store, quoted when they have blanks', () => {
    expect(complete('add rule policy=')).toEqual(['policy=Office', 'policy="Head office"'])
    expect(complete('add rule policy="He')).toEqual(['policy="Head office"'])
  })
})
