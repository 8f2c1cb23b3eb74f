import { expect, test } from 'vitest'
import {
  addressSetText,
  type ExpandedFilter,
  expandedFilterText,
  expandPolicy,
  namesToResolve,
} from '../../src/engine/index.ts'
import { type Address, anyPort, type Filter } from '../../src/policy/filter.ts'
import { ipv4 } from '../../src/policy/ip.ts'
import { aFilter, anAction, anIp, aPolicy, aRule, factsOf } from '../support/modelPolicies.ts'

const facts = factsOf(['10.0.0.2', '10.0.0.3', '2001:db8::2'], {
  servers: ['10.0.0.53'],
  names: { 'both.example': ['192.0.2.1', '2001:db8::1'] },
})

function expandedOf(filter: Partial<Filter>): ExpandedFilter[] {
  const rule = aRule({ filters: [aFilter(filter)], action: anAction('block') })
  return [...expandPolicy(aPolicy({ rules: [rule] }), facts).filters]
}

const words = (filter: ExpandedFilter): string =>
  `${filter.family} ${filter.direction} ${addressSetText(filter.source)} > ${addressSetText(filter.destination)}`

test('mirroring exchanges addresses and ports, and gives the other direction', () => {
  const me: Address = { kind: 'me', families: 'ipv4' }
  const filters = expandedOf({
    mirrored: true,
    destination: me,
    protocol: 6,
    sourcePort: { kind: 'range', first: 1, last: 9 },
    destinationPort: { kind: 'single', port: 445 },
  })
  expect(filters.map(words)).toEqual([
    'ipv4 in any > me (10.0.0.2, 10.0.0.3)',
    'ipv4 out me (10.0.0.2, 10.0.0.3) > any',
  ])
  expect(filters.map(expandedFilterText)).toEqual([
    'from any to me, tcp from ports 1-9 to port 445',
    'from me to any, tcp from port 445 to ports 1-9',
  ])
})

test('a filter that is its own mirror image is there once', () => {
  expect(expandedOf({ mirrored: true })).toHaveLength(1)
  expect(expandedOf({ mirrored: true, protocol: 6, sourcePort: { kind: 'single', port: 1 } })).toHaveLength(2)
  expect(
    expandedOf({
      mirrored: true,
      source: { kind: 'host', address: anIp('10.0.0.1') },
      destination: { kind: 'host', address: anIp('10.0.0.2') },
    }),
  ).toHaveLength(2)
})

test('a filter for both families gives one filter a family', () => {
  const filters = expandedOf({
    source: { kind: 'me', families: 'both' },
    destination: { kind: 'any', families: 'both' },
  })
  expect(filters.map(words).toSorted()).toEqual([
    'ipv4 out me (10.0.0.2, 10.0.0.3) > any',
    'ipv6 out me (2001:db8::2) > any',
  ])
  expect(
    expandedOf({ source: { kind: 'name', name: 'both.example' }, destination: { kind: 'any', families: 'both' } })
      .map(words)
      .toSorted(),
  ).toEqual(['ipv4 both both.example (192.0.2.1) > any', 'ipv6 both both.example (2001:db8::1) > any'])
})

test('a kind of server of both families is of those that this host has', () => {
  const filters = expandedOf({
    source: { kind: 'me', families: 'both' },
    destination: { kind: 'dns-servers', families: 'both' },
  })
  expect(filters.map(words)).toEqual(['ipv4 out me (10.0.0.2, 10.0.0.3) > dns-servers (10.0.0.53)'])
})

test.each<[Address, string]>([
  [{ kind: 'subnet', address: ipv4(0x0a00_0005), mask: ipv4(0xffff_ff00) }, '10.0.0.0/24'],
  [{ kind: 'subnet', address: ipv4(0x0a00_0005), mask: ipv4(0xff00_00ff) }, '10.0.0.5 mask 255.0.0.255'],
  [{ kind: 'subnet', address: ipv4(0x0a00_0005), mask: ipv4(0) }, 'any'],
  [{ kind: 'range', first: anIp('10.0.0.0'), last: anIp('10.0.0.127') }, '10.0.0.0/25'],
  [{ kind: 'range', first: anIp('10.0.0.1'), last: anIp('10.0.0.127') }, '10.0.0.1-10.0.0.127'],
  [{ kind: 'range', first: anIp('10.0.0.1'), last: anIp('10.0.0.1') }, '10.0.0.1'],
  [{ kind: 'host', address: anIp('10.0.0.1') }, '10.0.0.1'],
])('%o is %s', (destination, text) => {
  expect(expandedOf({ destination }).map((filter) => addressSetText(filter.destination))).toEqual([text])
})

test('me on both sides holds both ways', () => {
  const me: Address = { kind: 'me', families: 'ipv4' }
  expect(expandedOf({ source: me, destination: me }).map((filter) => filter.direction)).toEqual(['both'])
})

test('names of filters and of tunnel endpoints are to be resolved', () => {
  const rules = [
    aRule({
      action: anAction('negotiate'),
      tunnelEndpointName: 'Gate.Example',
      filters: [
        aFilter({ source: { kind: 'name', name: 'WWW.example' } }),
        aFilter({ destination: { kind: 'name', name: 'www.example' }, sourcePort: anyPort }),
      ],
    }),
    aRule({ action: anAction('negotiate'), tunnelEndpoint: anIp('192.0.2.1'), tunnelEndpointName: 'known.example' }),
  ]
  expect(namesToResolve(aPolicy({ rules })).toSorted()).toEqual(['gate.example', 'www.example'])
})

test('the tunnel goes to the resolved endpoint', () => {
  const rule = aRule({
    action: anAction('negotiate'),
    tunnelEndpointName: 'Both.Example',
    filters: [aFilter({ mirrored: true, protocol: 6, sourcePort: { kind: 'single', port: 1 } })],
  })
  const expanded = expandPolicy(aPolicy({ rules: [rule] }), facts)
  expect(expanded.filters.at(0)?.tunnel).toEqual({ endpoint: anIp('192.0.2.1'), name: 'Both.Example', from: 'rule' })
  expect(expanded.findings.map((finding) => finding.code)).toEqual(['FILTER_TUNNEL_MIRRORED'])
  expect(expanded.filters.at(2)).toBeUndefined()
  expect(expanded.filters.at(-1)).toBeUndefined()
})
