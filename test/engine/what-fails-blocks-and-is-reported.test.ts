import { expect, test } from 'vitest'
import { PolagentError } from '../../src/base/errors.ts'
import { compile, decide, expandPolicy, type Packet, processingTable } from '../../src/engine/index.ts'
import { ipv4 } from '../../src/policy/ip.ts'
import type { Rule } from '../../src/policy/model.ts'
import {
  aFilter,
  aList,
  anAction,
  anIp,
  aPolicy,
  aProblem,
  aRule,
  factsOf,
  type RuleParts,
  rulesOf,
} from '../support/modelPolicies.ts'

const packet: Packet = { source: anIp('192.0.2.1'), destination: anIp('10.0.0.2'), protocol: 6, destinationPort: 80 }
const filters = [aFilter({ protocol: 6, destinationPort: { kind: 'single', port: 80 } })]

test.each<[string, RuleParts, number | undefined]>([
  ['with a problem', { action: anAction('permit'), problems: [aProblem(1392)] }, 1392],
  ['without filter action', { action: undefined }, 13],
  [
    'of a tunnel whose name does not resolve',
    { action: anAction('negotiate'), tunnelEndpointName: 'gone.example' },
    11001,
  ],
  ['that permits on one named interface', { action: anAction('permit'), interfaceName: 'nic' }, 50],
])('a rule %s blocks what its filters match', (_, parts, win32) => {
  const expanded = expandPolicy(aPolicy({ rules: [aRule({ filters, ...parts })] }), factsOf())
  const verdict = decide(compile(expanded), packet)
  expect(verdict.kind).toBe('block')
  expect(verdict.kind === 'block' && verdict.filter.failure).toBeTruthy()
  expect(expanded.failedRules).toHaveLength(1)
  expect(expanded.failedRules[0]).toMatchObject({ blockingFilters: 1, finding: { severity: 'error', win32 } })
})

test('a failed permit outranks a permit that is as specific', () => {
  const rules = [
    aRule({ filters, action: anAction('permit') }),
    aRule({ filters, action: anAction('permit'), problems: [aProblem(13)] }),
  ]
  expect(decide(compile(expandPolicy(aPolicy({ rules }), factsOf())), packet).kind).toBe('block')
})

test('a failed rule without known filters is reported and blocks nothing', () => {
  const rules = [aRule({ filterLists: [], action: anAction('block'), problems: [aProblem(2)] })]
  const expanded = expandPolicy(aPolicy({ rules, missingRules: ['ipsecNFA{gone}'] }), factsOf())
  expect(expanded.filters).toHaveLength(0)
  expect(
    expanded.failedRules.map(({ reference, blockingFilters, finding }) => [reference, blockingFilters, finding.win32]),
  ).toEqual([
    ['ipsecNFA{gone}', 0, 2],
    [undefined, 0, 2],
  ])
})

test('a readable list of a failed rule is used although another is not readable', () => {
  const broken = { ...aList([]), problems: [aProblem(13)] }
  const rule = aRule({ filterLists: [broken, aList(filters)], action: anAction('permit'), problems: [aProblem(13)] })
  expect(decide(compile(expandPolicy(aPolicy({ rules: [rule] }), factsOf())), packet).kind).toBe('block')
})

test('rules that are not meant to be enforced are set aside, not failed', () => {
  const rules: Rule[] = [
    aRule({ filters, action: anAction('block'), isActive: false, problems: [aProblem()] }),
    aRule({ filterLists: [], action: anAction('negotiate'), isDefaultResponse: true }),
    aRule({ filters, action: anAction('block'), connectionType: 'dialup' }),
  ]
  const expanded = expandPolicy(aPolicy({ rules }), { ...factsOf(), connectionTypes: ['lan'] })
  expect(expanded.filters).toHaveLength(0)
  expect(expanded.failedRules).toEqual([])
  expect(expanded.setAside.map(({ rule, reason }) => [rules.indexOf(rule), reason])).toEqual([
    [0, 'inactive'],
    [1, 'default-response'],
    [2, 'connection-type'],
  ])
  expect(expanded.findings.map((finding) => finding.code)).toEqual(['DEFAULT_RESPONSE_SET_ASIDE'])
})

test('a name that does not resolve is a failed filter; one of the other family too', () => {
  const rule = aRule({
    action: anAction('block'),
    filters: [
      aFilter({ source: { kind: 'name', name: 'gone.example' } }),
      aFilter({ destination: { kind: 'name', name: 'six.example' } }),
      aFilter({ destination: { kind: 'name', name: 'Four.Example' } }),
    ],
  })
  const facts = factsOf('10.0.0.2', { names: { 'six.example': ['2001:db8::6'], 'four.example': ['10.0.0.2'] } })
  const expanded = expandPolicy(aPolicy({ rules: [rule] }), facts)
  expect(
    expanded.failedFilters.map(({ position, finding, blocks }) => [position, finding.code, finding.win32, blocks]),
  ).toEqual([
    [0, 'FILTER_NAME_UNKNOWN', 11001, false],
    [1, 'FILTER_NAME_OTHER_FAMILY', 11004, false],
  ])
  expect(expanded.failedFilters[0]?.finding.message).toContain('gone.example')
  expect([...expanded.filters].map((filter) => filter.position)).toEqual([2])
})

test('sides of different families never match, which is no failure', () => {
  const rule = aRule({ action: anAction('block'), filters: [aFilter({ source: { kind: 'any', families: 'ipv6' } })] })
  const expanded = expandPolicy(aPolicy({ rules: [rule] }), factsOf())
  expect(expanded.neverMatching.map(({ finding }) => [finding.code, finding.win32])).toEqual([
    ['FILTER_FAMILIES_DIFFER', undefined],
  ])
  expect([expanded.filters.length, expanded.failedFilters.length, expanded.failedRules.length]).toEqual([0, 0, 0])
})

test('a filter in the form of Windows 2000 with a tunnel to nowhere blocks', () => {
  const rule = aRule({
    action: anAction('negotiate'),
    filters: [aFilter({ legacyTunnel: ipv4(0) }), aFilter({ protocol: 6, legacyTunnel: anIp('192.0.2.9') })],
  })
  const expanded = expandPolicy(aPolicy({ rules: [rule] }), factsOf())
  expect(expanded.failedFilters.map(({ finding, blocks }) => [finding.code, blocks])).toEqual([
    ['FILTER_TUNNEL_NO_ENDPOINT', true],
  ])
  const verdictOf = (protocol: number): unknown => decide(compile(expanded), { ...packet, protocol })
  expect(verdictOf(17)).toMatchObject({ kind: 'block', filter: { failure: { code: 'FILTER_TUNNEL_NO_ENDPOINT' } } })
  expect(verdictOf(6)).toMatchObject({ kind: 'protect', tunnel: { endpoint: anIp('192.0.2.9'), from: 'filter' } })
})

test('a host without addresses is said once, and its filters stay in the list', () => {
  const me = { kind: 'me', families: 'ipv4' } as const
  const rule = aRule({ action: anAction('block'), filters: [aFilter({ destination: me }), aFilter({ source: me })] })
  const expanded = expandPolicy(aPolicy({ rules: [rule] }), factsOf())
  expect(expanded.findings.map((finding) => finding.code)).toEqual(['HOST_NO_ADDRESS'])
  expect([...expanded.filters].map((filter) => filter.matchesNothing)).toEqual([true, true])
  expect(decide(compile(expanded), packet).kind).toBe('none')
})

test('the problem of a policy as a whole is kept', () => {
  const expanded = expandPolicy(aPolicy({ problems: [aProblem(13)] }), factsOf())
  expect(expanded.findings).toEqual([aProblem(13)])
})

test('lists shared by many rules cannot multiply beyond bounds', () => {
  const list = aList(Array.from({ length: 50_000 }, () => aFilter({ protocol: 6 })))
  const rules = rulesOf(200, () => ({ filterLists: [list], action: anAction('block') }))
  expect(() => expandPolicy(aPolicy({ rules }), factsOf())).toThrow(PolagentError)
})

test('every row of the table of findings says what to do', () => {
  for (const [code, row] of Object.entries(processingTable)) {
    expect(code).toMatch(/^[A-Z_]+$/)
    expect(row.title).not.toMatch(/\.$/)
    expect(row.advice).toMatch(/\.$/)
    expect('win32' in row).toBe(row.severity === 'error')
  }
})
