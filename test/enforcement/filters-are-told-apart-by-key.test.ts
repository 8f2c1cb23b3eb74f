import { expect, test } from 'vitest'
import { toEnforceable } from '../../src/enforcement/toEnforceable.ts'
import { expandPolicy, type HostFacts } from '../../src/engine/index.ts'
import { policySetOf } from '../../src/formats/object-store/index.ts'
import type { Policy } from '../../src/policy/model.ts'
import { aFilter, anAction, aPolicy, aProblem, aRule, factsOf } from '../support/modelPolicies.ts'
import { sampleKey, sampleStore } from '../support/samplePolicies.ts'

const facts = factsOf(['192.0.2.10', '192.0.2.11', '192.0.2.12', '192.0.2.13'])

function samplePolicy(): Policy {
  return policySetOf({ source: 'test', format: 'hive', stores: [sampleStore()] }).areas[0]?.assigned as Policy
}

function keysOf(policy: Policy, host: HostFacts = facts): string[] {
  return toEnforceable(expandPolicy(policy, host), 13).filters.map((filter) => filter.key)
}

test('the same policy on the same host has the same keys, all different', () => {
  const keys = keysOf(samplePolicy())
  expect(keysOf(samplePolicy())).toEqual(keys)
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys.join()).not.toContain(sampleKey)
})

test('another address of this host changes the keys of filters for me', () => {
  const keys = new Set(keysOf(samplePolicy()))
  const moved = keysOf(samplePolicy(), factsOf(['192.0.2.10', '192.0.2.11', '192.0.2.12', '192.0.2.14']))
  expect(moved.filter((key) => keys.has(key))).toEqual([])
})

test('a changed preshared key changes the keys of what it protects, and no other', () => {
  const policy = samplePolicy()
  const rules = policy.rules.map((rule) => ({
    ...rule,
    object: {
      ...rule.object,
      values: rule.object.values.map((value) =>
        value.name === 'ipsecData' ? { ...value, data: value.data.map((byte) => byte ^ 1) } : value,
      ),
    },
  }))
  const before = keysOf(policy)
  const after = keysOf({ ...policy, rules })
  const changed = after.filter((key) => !before.includes(key))
  expect(changed.length).toBeGreaterThan(0)
  expect(changed.every((key) => key.includes('protect'))).toBe(true)
  expect(changed.length).toBe(before.filter((key) => key.includes('protect')).length)
})

test('words, verdicts, and failures with their codes', () => {
  const enforceable = toEnforceable(
    expandPolicy(
      aPolicy({
        missingRules: ['ipsecNFA{gone}'],
        rules: [
          aRule({ name: 'good', filters: [aFilter({ protocol: 6 })], action: anAction('negotiate') }),
          aRule({
            name: 'bad',
            filters: [aFilter({ protocol: 17 })],
            action: anAction('permit'),
            problems: [aProblem()],
          }),
          aRule({
            name: 'half',
            filters: [aFilter({ source: { kind: 'name', name: 'gone.example' } }), aFilter({ protocol: 1 })],
            action: anAction('permit'),
          }),
          aRule({
            name: 'idle',
            filters: [aFilter({ source: { kind: 'dns-servers', families: 'ipv4' } })],
            action: anAction('block'),
          }),
        ],
      }),
      facts,
    ),
    13,
  )
  expect(enforceable.filters.map(({ rule, text, verdict }) => [rule, text, verdict])).toEqual([
    ['bad', 'from any to any, udp', 'block'],
    ['good', 'from any to any, tcp', 'protect'],
    ['half', 'from any to any, icmp', 'permit'],
  ])
  expect(enforceable.failedRules.map(({ rule, win32 }) => [rule, win32])).toEqual([
    ['ipsecNFA{gone}', 2],
    ['bad', 13],
  ])
  expect(enforceable.failedFilters).toEqual([
    {
      filter: 'from gone.example to any, any protocol',
      rule: 'half',
      win32: 11001,
      reason: expect.stringContaining('gone.example'),
    },
  ])
})
