import { expect, test } from 'vitest'
import {
  addressRanks,
  compile,
  decide,
  type ExpandedFilter,
  expandPolicies,
  expandPolicy,
  protocolRanks,
  weightParts,
  weightText,
} from '../../src/engine/index.ts'
import { type Address, anyPort, type Filter, type Port } from '../../src/policy/filter.ts'
import { ipv4, ipv4Mask, ipv6, ipv6Mask } from '../../src/policy/ip.ts'
import type { Policy } from '../../src/policy/model.ts'
import { aFilter, anAction, anIp, aPolicy, aRule, factsOf, rulesOf } from '../support/modelPolicies.ts'

const one: Address = { kind: 'host', address: anIp('10.0.0.1') }
const other: Address = { kind: 'host', address: anIp('10.0.0.2') }
const subnet = (length: number): Address => ({
  kind: 'subnet',
  address: ipv4(0x0a00_0000 & ipv4Mask(length)),
  mask: ipv4(ipv4Mask(length)),
})
const any: Address = { kind: 'any', families: 'ipv4' }
const port = (number: number): Port => ({ kind: 'single', port: number })

function expanded(filters: readonly Partial<Filter>[], policy?: Partial<Policy>): ExpandedFilter[] {
  const rule = aRule({ filters: filters.map((filter) => aFilter(filter)), action: anAction('permit') })
  return [...expandPolicy(aPolicy({ rules: [rule], ...policy }), factsOf('10.0.0.2')).filters]
}

function weightOf(filter: Partial<Filter>): number {
  return (expanded([filter])[0] as ExpandedFilter).weight
}

/** filter-order.md, source then destination, most specific first; written out here a second time on purpose. */
const documented: readonly (readonly [Address, Address])[] = [
  [one, other],
  [subnet(24), other],
  [one, subnet(24)],
  [subnet(24), subnet(24)],
  [any, other],
  [one, any],
  [any, subnet(24)],
  [subnet(24), any],
  [any, any],
]

test('addresses in the documented order, whatever protocol and ports say', () => {
  for (const [index, [source, destination]] of documented.entries()) {
    const next = documented[index + 1]
    if (next === undefined) continue
    const weakest = weightOf({ source, destination, protocol: 0 })
    const strongest = weightOf({
      source: next[0],
      destination: next[1],
      protocol: 6,
      sourcePort: port(1),
      destinationPort: port(2),
    })
    expect(weakest).toBeGreaterThan(strongest)
  }
  expect(addressRanks).toHaveLength(documented.length)
})

test('protocol and ports in the documented order within the same addresses', () => {
  const rows: Partial<Filter>[] = [
    { protocol: 6, sourcePort: port(1), destinationPort: port(2) },
    { protocol: 6, destinationPort: port(2) },
    { protocol: 6, sourcePort: port(1) },
    { protocol: 6 },
    { protocol: 0 },
  ]
  const weights = rows.map((row) => weightOf({ source: any, destination: other, ...row }))
  expect(weights).toEqual(weights.toSorted((a, b) => b - a))
  expect(new Set(weights).size).toBe(5)
  expect(protocolRanks.filter((row) => row.mark === 'D')).toHaveLength(5)
})

test('more bits are more specific, the destination first', () => {
  expect(weightOf({ source: subnet(24), destination: subnet(16) })).toBeGreaterThan(
    weightOf({ source: subnet(31), destination: subnet(15) }),
  )
  expect(weightOf({ source: subnet(25), destination: subnet(16) })).toBeGreaterThan(
    weightOf({ source: subnet(24), destination: subnet(16), protocol: 6, destinationPort: port(1) }),
  )
})

test.each<[string, Address, 'one' | 'some' | 'any', number]>([
  ['me', { kind: 'me', families: 'ipv4' }, 'one', 32],
  ['dns-servers', { kind: 'dns-servers', families: 'ipv4' }, 'one', 32],
  ['a name with two addresses', { kind: 'name', name: 'Two.Example' }, 'one', 32],
  ['a subnet of one address', subnet(32), 'one', 32],
  ['a subnet of all addresses', subnet(0), 'any', 0],
  ['a mask with gaps', { kind: 'subnet', address: ipv4(0), mask: ipv4(0xff00_00ff) }, 'some', 16],
  ['a range of one address', range('10.0.0.7', '10.0.0.7'), 'one', 32],
  ['a range that is a prefix', range('10.0.0.0', '10.0.0.255'), 'some', 24],
  ['a range within a prefix', range('10.0.0.1', '10.0.0.254'), 'some', 24],
  ['a range across the middle', range('127.0.0.0', '128.0.0.0'), 'some', 0],
  ['a range of all addresses', range('0.0.0.0', '255.255.255.255'), 'any', 0],
])('%s counts as "%s" with %i bits', (_, address, addressClass, bits) => {
  const [filter] = [
    ...expandPolicy(
      aPolicy({
        rules: [aRule({ filters: [aFilter({ source: any, destination: address })], action: anAction('block') })],
      }),
      factsOf('10.0.0.2', { servers: ['10.0.0.53'], names: { 'two.example': ['10.0.0.8', '10.0.0.9'] } }),
    ).filters,
  ]
  const parts = weightParts((filter as ExpandedFilter).weight)
  const row = addressRanks.find((candidate) => candidate.rank === 10 - parts.addresses)
  expect([row?.destination, parts.destinationBits]).toEqual([addressClass, bits])
})

function range(first: string, last: string): Address {
  return { kind: 'range', first: anIp(first), last: anIp(last) }
}

test('IPv6 counts to 128', () => {
  const host: Address = { kind: 'host', address: anIp('2001:db8::1') }
  const net: Address = { kind: 'subnet', address: anIp('2001:db8::'), mask: ipv6(ipv6Mask(32)) }
  const [filter] = expanded([{ source: net, destination: host }])
  expect(weightParts(filter?.weight ?? 0)).toMatchObject({ addresses: 8, destinationBits: 128, sourceBits: 32 })
  const odd: Address = { kind: 'range', first: anIp('2001:db8::1'), last: anIp('2001:db8::fffe') }
  const [ranged] = expanded([{ source: odd, destination: host }])
  expect(weightParts(ranged?.weight ?? 0)).toMatchObject({ addresses: 8, destinationBits: 128, sourceBits: 112 })
})

test('every part of the key by itself, in order', () => {
  const parts = weightParts(
    expanded([{ source: subnet(24), destination: other, protocol: 6, destinationPort: port(80) }])[0]?.weight ?? 0,
  )
  expect(parts).toEqual({
    persistent: 0,
    tunnel: 0,
    addresses: 8,
    destinationBits: 32,
    sourceBits: 24,
    protocol: 4,
    action: 0,
  })
  expect(weightText(803202440)).toBe(
    'from some addresses (24 bits) to one address, protocol and destination port, permit',
  )
})

test('a mirror image has the weight of its own sides', () => {
  const filters = expanded([
    { source: subnet(24), destination: other, mirrored: true, protocol: 6, destinationPort: port(80) },
  ])
  expect(filters.map((filter) => [filter.isMirrorImage, filter.weight])).toEqual([
    [false, 803202440],
    [true, 702403230],
  ])
})

test('the more restrictive action wins between equals', () => {
  const filter = aFilter({ source: any, destination: other })
  const rules = (['permit', 'negotiate-or-clear', 'negotiate', 'block'] as const).map((action) =>
    aRule({ name: action, filters: [filter], action: anAction(action) }),
  )
  for (let count = 1; count <= rules.length; count += 1) {
    const weakest = rules.slice(0, count)
    const classifier = compile(expandPolicy(aPolicy({ rules: weakest }), factsOf('10.0.0.2')))
    const verdict = decide(classifier, { source: anIp('192.0.2.1'), destination: anIp('10.0.0.2') })
    expect(verdict.kind === 'none' ? undefined : verdict.filter.rule.name).toBe(weakest.at(-1)?.name)
  }
})

test('tunnel before transport, and the persistent policy before all', () => {
  const wide = aFilter({ source: any, destination: any })
  const narrow = aFilter({
    source: one,
    destination: other,
    protocol: 6,
    sourcePort: port(1),
    destinationPort: port(2),
  })
  const packet = {
    source: anIp('10.0.0.1'),
    destination: anIp('10.0.0.2'),
    protocol: 6,
    sourcePort: 1,
    destinationPort: 2,
  }
  const tunnel = aRule({ filters: [wide], action: anAction('negotiate'), tunnelEndpoint: anIp('192.0.2.9') })
  const transport = aRule({ filters: [narrow], action: anAction('block') })
  const local = aPolicy({ rules: [tunnel, transport] })
  const byTunnel = decide(compile(expandPolicy(local, factsOf())), packet)
  expect(byTunnel).toMatchObject({ kind: 'protect', rule: tunnel, tunnel: { endpoint: anIp('192.0.2.9') } })
  const persistent = aPolicy({ area: 'persistent', rules: [aRule({ filters: [wide], action: anAction('permit') })] })
  expect(decide(compile(expandPolicies([local, persistent], factsOf())), packet).kind).toBe('permit')
})

test('equals are ordered by the ids of rule and list and by position', () => {
  const filter = aFilter({ source: any, destination: other })
  const rules = rulesOf(3, () => ({ filters: [filter, filter], action: anAction('block') }))
  const order = [...expandPolicy(aPolicy({ rules: rules.toReversed() }), factsOf()).filters].map((row) => [
    row.rule.id,
    row.position,
  ])
  const ids = rules.map((rule) => rule.id).toSorted()
  expect(order).toEqual(ids.flatMap((id) => [0, 1].map((position) => [id, position])))
})

test('a whole port range is any port, a part is as specific as one port', () => {
  const all: Port = { kind: 'range', first: 0, last: 65_535 }
  const some: Port = { kind: 'range', first: 1, last: 65_535 }
  const base = { source: any, destination: other, protocol: 6 }
  expect(weightOf({ ...base, destinationPort: all })).toBe(weightOf({ ...base, destinationPort: anyPort }))
  expect(weightOf({ ...base, destinationPort: some })).toBe(weightOf({ ...base, destinationPort: port(7) }))
})
