import { expect, test } from 'vitest'
import {
  compile,
  type Explanation,
  exemptions,
  explain,
  expandPolicy,
  type HostFacts,
  type Packet,
} from '../../src/engine/index.ts'
import type { Policy } from '../../src/policy/model.ts'
import { aFilter, anAction, anIp, aPolicy, aProblem, aRule, factsOf, rulesOf } from '../support/modelPolicies.ts'

const own = factsOf('10.0.0.2')
const inbound: Packet = {
  source: anIp('192.0.2.1'),
  destination: anIp('10.0.0.2'),
  protocol: 6,
  sourcePort: 40_000,
  destinationPort: 445,
}
const toMe = { destination: { kind: 'me', families: 'ipv4' } } as const
const smb = { ...toMe, protocol: 6, destinationPort: { kind: 'single', port: 445 } } as const

function explained(policy: Policy, packet: Packet, facts: HostFacts = own, most?: number): Explanation {
  const expanded = expandPolicy(policy, facts)
  return explain(expanded, compile(expanded), packet, most)
}

const notesOf = (explanation: Explanation): string[] => explanation.notes.map((note) => note.code)

test('what decided, and why the others did not', () => {
  const rules = [
    aRule({ name: 'all', filters: [aFilter()], action: anAction('permit') }),
    aRule({ name: 'smb', filters: [aFilter(smb)], action: anAction('block') }),
    aRule({ name: 'me', filters: [aFilter(toMe)], action: anAction('negotiate') }),
  ]
  const explanation = explained(aPolicy({ rules }), inbound)
  expect(explanation.verdict.kind).toBe('block')
  expect(explanation.decidedBy?.rule.name).toBe('smb')
  expect(explanation.course).toBe('in')
  expect(explanation.others.map(({ filter, lostBy }) => [filter.rule.name, lostBy])).toEqual([
    ['me', 'protocol'],
    ['all', 'addresses'],
  ])
  expect(explanation.notes).toEqual([])
})

test('nothing matches: the packet passes', () => {
  const explanation = explained(aPolicy({ rules: [aRule({ filters: [aFilter(smb)], action: anAction('block') })] }), {
    ...inbound,
    destinationPort: 80,
  })
  expect(explanation).toMatchObject({ verdict: { kind: 'none' }, others: [], otherCount: 0 })
  expect('decidedBy' in explanation).toBe(false)
})

test('a tie says that the stricter action decided', () => {
  const rules = [
    aRule({ name: 'open', filters: [aFilter(smb)], action: anAction('permit') }),
    aRule({ name: 'shut', filters: [aFilter(smb)], action: anAction('block') }),
  ]
  const explanation = explained(aPolicy({ rules }), inbound)
  expect(explanation.decidedBy?.rule.name).toBe('shut')
  expect(explanation.others[0]).toMatchObject({ lostBy: 'action' })
  expect(explanation.notes).toEqual([
    { code: 'tie', text: 'Rule "open" (permit) is as specific; the more restrictive action decides.' },
  ])
  const equals = rulesOf(2, (index) => ({ name: `rule ${index}`, filters: [aFilter(smb)], action: anAction('block') }))
  const equal = explained(aPolicy({ rules: equals }), inbound)
  expect(equal.others[0]?.lostBy).toBe('order')
  expect(equal.notes[0]?.text).toContain('the order of ids decides')
})

test('others are counted beyond those that are listed', () => {
  const rules = rulesOf(30, () => ({ filters: [aFilter(smb)], action: anAction('block') }))
  const explanation = explained(aPolicy({ rules }), inbound, own, 3)
  expect([explanation.others.length, explanation.otherCount]).toEqual([3, 29])
})

test.each<[Packet, string]>([
  [inbound, 'in'],
  [{ ...inbound, source: inbound.destination, destination: inbound.source }, 'out'],
  [{ ...inbound, source: inbound.destination }, 'within'],
  [{ ...inbound, destination: anIp('10.0.0.9') }, 'through'],
  [{ ...inbound, direction: 'out' }, 'out'],
])('a packet %# goes %s', (packet, course) => {
  expect(explained(aPolicy({}), packet).course).toBe(course)
})

test('a packet with our own source that arrives is not one we send', () => {
  const fromMe = aFilter({ source: { kind: 'me', families: 'ipv4' } })
  const policy = aPolicy({ rules: [aRule({ filters: [fromMe], action: anAction('permit') })] })
  const spoofed: Packet = { source: anIp('10.0.0.2'), destination: anIp('192.0.2.1'), direction: 'in' }
  expect(explained(policy, spoofed).verdict.kind).toBe('none')
  expect(explained(policy, { ...spoofed, direction: 'out' }).verdict.kind).toBe('permit')
})

test('ports are missed only where filters name them', () => {
  const rules = [aRule({ filters: [aFilter(smb)], action: anAction('block') })]
  const { source, destination } = inbound
  expect(notesOf(explained(aPolicy({ rules }), { source, destination, protocol: 6 }))).toEqual(['ports'])
  expect(notesOf(explained(aPolicy({ rules }), { source, destination, protocol: 6, destinationPort: 445 }))).toEqual([])
  expect(notesOf(explained(aPolicy({ rules }), { source, destination, protocol: 17 }))).toEqual([])
  const ranges = [
    aRule({
      filters: [aFilter({ protocol: 6, sourcePort: { kind: 'range', first: 1, last: 5 } })],
      action: anAction('block'),
    }),
  ]
  const asked = explained(aPolicy({ rules: ranges }), { source, destination, protocol: 6, destinationPort: 445 })
  expect(asked.notes).toEqual([
    { code: 'ports', text: 'No source port is said, so filters that name one do not match.' },
  ])
})

function policyOf(kind: Parameters<typeof anAction>[0]): Policy {
  return aPolicy({ rules: [aRule({ filters: [aFilter({ ...toMe, mirrored: true })], action: anAction(kind) })] })
}

test('what the filter action lets through in clear', () => {
  const outbound = { ...inbound, source: inbound.destination, destination: inbound.source }
  expect(notesOf(explained(policyOf('negotiate'), inbound))).toEqual([])
  expect(notesOf(explained(policyOf('negotiate-accept-clear'), inbound))).toEqual(['clear-allowed'])
  expect(notesOf(explained(policyOf('negotiate-accept-clear'), outbound))).toEqual([])
  expect(notesOf(explained(policyOf('negotiate-or-clear'), outbound))).toEqual(['clear-allowed'])
})

test('failures, unknown addresses and unusual packets are said', () => {
  const failed = aRule({ name: 'broken', filters: [aFilter()], action: anAction('permit'), problems: [aProblem()] })
  expect(notesOf(explained(aPolicy({ rules: [failed] }), inbound))).toEqual(['failed-rule'])
  expect(notesOf(explained(aPolicy({}), inbound, factsOf()))).toEqual(['own-addresses'])
  expect(notesOf(explained(aPolicy({ problems: [aProblem()] }), inbound))).toEqual(['policy'])
  const { source, destination } = inbound
  expect(notesOf(explained(aPolicy({}), { source, destination }))).toEqual(['protocol'])
  expect(notesOf(explained(aPolicy({}), { source: anIp('2001:db8::1'), destination, protocol: 6 }))).toEqual([
    'protocol',
  ])
  const lan = aRule({ filters: [aFilter()], action: anAction('block'), connectionType: 'lan' })
  expect(notesOf(explained(aPolicy({ rules: [lan] }), inbound))).toEqual(['connection-type'])
  expect(explained(aPolicy({ rules: [lan] }), { ...inbound, connectionType: 'dialup' }).verdict.kind).toBe('none')
})

test('what could not be read is said beside every verdict, since it may have been meant for the packet', () => {
  const unread = rulesOf(5, (index) => ({
    name: `unread ${index}`,
    filterLists: [],
    action: anAction('block'),
    problems: [aProblem()],
  }))
  const unresolved = aRule({
    name: 'by name',
    filters: [aFilter({ source: { kind: 'name', name: 'gone.example' } })],
    action: anAction('block'),
  })
  const open = aRule({ name: 'open', filters: [aFilter()], action: anAction('permit') })
  const { verdict, notes } = explained(aPolicy({ rules: [open, ...unread, unresolved] }), inbound)
  expect(verdict.kind).toBe('permit')
  expect(notes.map((note) => note.code)).toEqual([...Array<string>(4).fill('failed-rule'), 'failed-filter'])
  expect(notes[0]?.text).toMatch(/^The rule "unread 0" has failed and none of its filters is known: /)
  expect(notes[3]?.text).toBe('2 more failed without any filter known.')
  expect(notes[4]?.text).toContain('"by name"')
  const missing = explained(aPolicy({ missingRules: ['ipsecNFA{gone}'] }), inbound)
  expect(missing.notes[0]?.text).toContain('The rule ipsecNFA{gone} has failed')
})

test.each<[Partial<Packet>, string]>([
  [{ protocol: 17, destinationPort: 500 }, 'past all filters.'],
  [{ protocol: 17, sourcePort: 4500 }, 'past all filters.'],
  [{ protocol: 6, destinationPort: 88 }, 'Kerberos (port 88) past all filters where NoDefaultExempt is 0 or 2'],
  [{ protocol: 46 }, 'RSVP'],
  [{ destination: anIp('224.0.0.1') }, 'multicast'],
  [{ destination: anIp('ff02::1'), source: anIp('fe80::1') }, 'multicast'],
  [{ destination: anIp('255.255.255.255') }, 'broadcast'],
])('exempt traffic %o', (parts, text) => {
  const note = explained(aPolicy({}), { ...inbound, ...parts }).notes.find((one) => one.code === 'exempt')
  expect(note?.text).toContain(text)
})

function exempt(setting: 0 | 1 | 2 | 3): string[] {
  return exemptions.filter((row) => row.settings.includes(setting)).map((row) => row.traffic.split(' ')[0] ?? '')
}

test('each setting exempts what the table of netsh says', () => {
  expect(exempt(0)).toEqual(['IKE', 'Kerberos', 'RSVP', 'multicast', 'broadcast'])
  expect(exempt(1)).toEqual(['IKE', 'multicast', 'broadcast'])
  expect(exempt(2)).toEqual(['IKE', 'Kerberos', 'RSVP'])
  expect(exempt(3)).toEqual(['IKE'])
})
