import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Schema, schemaFaults } from '../support/jsonSchema.ts'
import { checkout, polagent } from '../support/polagent.ts'

const hardening = join(checkout, 'examples/server-hardening.yaml')
const isolation = join(checkout, 'examples/domain-isolation.yaml')
const host = join(checkout, 'examples/host.json')

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'polagent-processing-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

function schema(name: string): Schema {
  return JSON.parse(readFileSync(join(checkout, `docs/schema/${name}.schema.json`), 'utf8')) as Schema
}

interface Explained {
  readonly verdict: string
  readonly decidedBy: { readonly rule: string } | null
  readonly protection: unknown
}

async function explained(source: string, ...args: readonly string[]): Promise<Explained> {
  const run = await polagent(['explain', source, ...args, '--json'])
  expect(run.status, run.err).toBe(0)
  const document = JSON.parse(run.out) as Explained
  expect(schemaFaults(document, schema('explain'))).toEqual([])
  return document
}

describe('explain', () => {
  test.each([
    { from: '203.0.113.9', to: '192.0.2.10', protocol: 'tcp', dport: 445, verdict: 'block', rule: 'Nothing comes in' },
    { from: '203.0.113.9', to: '192.0.2.10', protocol: 'TCP', dport: 443, verdict: 'permit', rule: 'Web' },
    {
      from: '192.0.2.10',
      to: '192.0.2.53',
      protocol: '17',
      dport: 53,
      verdict: 'permit',
      rule: 'What the server asks for itself',
    },
    {
      from: '198.51.100.3',
      to: '192.0.2.10',
      protocol: '6',
      dport: 3389,
      verdict: 'protect',
      rule: 'Administration is always protected',
    },
    { from: '192.0.2.10', to: '203.0.113.9', protocol: 'udp', dport: 9, verdict: 'none', rule: undefined },
  ])('$from to $to, $protocol $dport: $verdict', async ({ from, to, protocol, dport, verdict, rule }) => {
    const found = await explained(
      hardening,
      '--host',
      host,
      '--from',
      from,
      '--to',
      to,
      '--protocol',
      protocol,
      '--dport',
      String(dport),
    )
    expect(found.verdict).toBe(verdict)
    expect(found.decidedBy?.rule).toBe(rule)
    expect(found.protection !== null).toBe(verdict === 'protect')
  })

  test('in words, with what else matched', async () => {
    const run = await polagent([
      'explain',
      hardening,
      '--me',
      '192.0.2.10',
      '--from',
      '198.51.100.3',
      '--to',
      '192.0.2.10',
      '--protocol',
      'tcp',
      '--sport',
      '50000',
      '--dport',
      '3389',
    ])
    expect(run).toMatchObject({ status: 0, err: '' })
    expect(run.out).toMatch(/^PROTECT\n/)
    expect(run.out).toContain('rule        "Administration is always protected"')
    expect(run.out).toContain('of "Nothing comes in": its addresses are less specific')
  })

  test('says when nobody told which address is the own one', async () => {
    const run = await polagent(['explain', hardening, '--from', '203.0.113.1', '--to', '203.0.113.2'])
    expect(run.err).toContain('--me')
    expect(run.out).toMatch(/^NONE/)
  })
})

describe('rules', () => {
  test('are in match order, with weights that agree', async () => {
    const run = await polagent(['rules', hardening, '--host', host, '--json'])
    expect(run.status, run.err).toBe(0)
    const document = JSON.parse(run.out) as { filters: { weight: number; order: number }[] }
    expect(schemaFaults(document, schema('rules'))).toEqual([])
    expect(document.filters).toHaveLength(17)
    const weights = document.filters.map((filter) => filter.weight)
    expect(weights).toEqual(weights.toSorted((a, b) => b - a))
    expect(document.filters.map((filter) => filter.order)).toEqual(weights.map((_, index) => index + 1))
  })

  test('people get a line a filter', async () => {
    const run = await polagent(['rules', hardening, '--host', host])
    expect(run.out).toMatch(/^ 9 {2}permit {5}in {4}any -> me \(192\.0\.2\.10\) {2}tcp to port 80 {2}"Web"$/m)
    const verbose = await polagent(['rules', hardening, '--host', host, '--verbose'])
    expect(verbose.out).toContain('filter 1 of "Server hardening: Web"')
  })

  test('a name that does not resolve is a failed filter, and the status says so', async () => {
    const facts = file('host.json', '{ "addresses": ["10.0.0.9"], "names": { "dc1.example.com": ["10.0.0.5"] } }')
    const run = await polagent(['rules', isolation, '--host', facts, '--json'])
    expect(run.status).toBe(1)
    expect(run.err).toContain('no policy is assigned')
    const document = JSON.parse(run.out) as { failedFilters: { finding: { code: string; message: string } }[] }
    expect(document.failedFilters).toHaveLength(1)
    expect(document.failedFilters[0]?.finding.message).toContain('dc2.example.com')
  })
})

describe('which policy', () => {
  const two = `polagent: 1
policies:
  - name: First
    rules: [{ filterAction: block, filters: [any -> me] }]
  - name: Second
    rules: [{ filterAction: permit, filters: [any -> me] }]
`
  const packet = ['--me', '192.0.2.10', '--from', '192.0.2.1', '--to', '192.0.2.10']

  test('the assigned one', async () => {
    const source = file('assigned.yaml', two.replace('polagent: 1', 'polagent: 1\nassigned: Second'))
    expect((await explained(source, ...packet)).verdict).toBe('permit')
    expect((await explained(source, ...packet, '--policy', 'first')).verdict).toBe('block')
  })

  test('of several unassigned ones, the one that is named', async () => {
    const source = file('two.yaml', two)
    const run = await polagent(['explain', source, ...packet])
    expect(run.status).toBe(2)
    expect(run.err).toContain('"First", "Second"')
    expect((await explained(source, ...packet, '--policy', 'Second')).verdict).toBe('permit')
  })

  test('the persistent one overrides the local one', async () => {
    const source = file(
      'areas.yaml',
      `${two.replace('polagent: 1', 'polagent: 1\nassigned: Second')}areas:
  - area: persistent
    assigned: Boot
    policies:
      - name: Boot
        rules: [{ name: At boot, filterAction: block, filters: [any -> me tcp :445] }]
`,
    )
    const smb = [...packet, '--protocol', 'tcp', '--dport', '445']
    expect(await explained(source, ...smb)).toMatchObject({ verdict: 'block', decidedBy: { rule: 'At boot' } })
    expect((await explained(source, ...packet, '--protocol', 'tcp', '--dport', '80')).verdict).toBe('permit')
  })

  test('one that is not there is an error, not nothing', async () => {
    const reg = await polagent(['convert', hardening, '--to', 'reg'])
    const text = reg.bytes.toString('utf16le').replace(/("ActivePolicy"=".*\{)[0-9a-f]{8}/i, '$100000000')
    const source = join(directory, 'dangling.reg')
    writeFileSync(source, text, 'utf16le')
    const run = await polagent(['explain', source, ...packet])
    expect(run.status).toBe(3)
    expect(run.err).toContain('NOT_FOUND')
  })
})

test('a rule that has failed blocks what is known of it, and says why', async () => {
  const reg = await polagent(['convert', hardening, '--to', 'reg'])
  const text = reg.bytes.toString('utf16le')
  // The action of the web rule is gone.
  const id = /\[[^\]]*ipsecNegotiationPolicy(\{[^}]*\})\][^[]*"ipsecName"="Permit"/i.exec(text)?.[1] as string
  expect(id).toMatch(/^\{/)
  const cut = text.replace(new RegExp(`\\[[^\\]]*ipsecNegotiationPolicy\\${id}\\][^[]*`, 'i'), '')
  const source = join(directory, 'failed.reg')
  writeFileSync(source, cut, 'utf16le')
  const rules = await polagent(['rules', source, '--host', host, '--json'])
  expect(rules.status).toBe(1)
  const document = JSON.parse(rules.out) as { failedRules: { rule: string }[] }
  expect(document.failedRules.map((failed) => failed.rule).toSorted()).toEqual([
    'Web',
    'What the server asks for itself',
  ])
  const web = await explained(
    source,
    '--host',
    host,
    '--from',
    '203.0.113.9',
    '--to',
    '192.0.2.10',
    '--protocol',
    'tcp',
    '--dport',
    '443',
  )
  expect(web).toMatchObject({ verdict: 'block', decidedBy: { rule: 'Web' } })
})
