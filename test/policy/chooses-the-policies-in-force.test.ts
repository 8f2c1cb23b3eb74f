import { expect, test } from 'vitest'
import { policySetOf, standardKeyPath } from '../../src/formats/object-store/index.ts'
import { effectivePolicies } from '../../src/policy/effectivePolicies.ts'
import { stringValue } from '../../src/policy/registryValue.ts'
import type { ObjectStore } from '../../src/policy/storedObject.ts'
import { sampleId, sampleStore } from '../support/samplePolicies.ts'

function area(name: 'local' | 'persistent' | 'cache', assigned = true): ObjectStore {
  const store = sampleStore()
  return { ...store, area: name, keyPath: standardKeyPath(name), values: assigned ? store.values : [] }
}

function areasInForce(stores: readonly ObjectStore[]): readonly string[] | string {
  const effective = effectivePolicies(policySetOf({ source: 'test', format: 'hive', stores }))
  return effective.kind === 'policies' ? effective.policies.map((policy) => policy.area) : effective.kind
}

/** GPTIPSECPolicy as the group policy extension writes it (registry-store.md 1). */
function withPointer(store: ObjectStore, id: string): ObjectStore {
  const path = `LDAP://CN=ipsecPolicy${id},CN=IP Security,CN=System,DC=example,DC=com`
  const pointer = { name: 'GPTIPSECPolicy', values: [stringValue('DSIPSECPolicyPath', path)], subkeys: [] }
  return { ...store, surroundings: { name: 'IPSec', values: [], subkeys: [pointer] } }
}

test('nothing assigned, nothing in force', () => {
  expect(areasInForce([area('local', false), area('persistent', false)])).toBe('none')
})

test('the persistent policy is in force beside the local one', () => {
  expect(areasInForce([area('local'), area('persistent')])).toEqual(['persistent', 'local'])
  expect(areasInForce([area('local'), area('persistent', false)])).toEqual(['local'])
})

test('policy of the domain is in force instead of local policy', () => {
  expect(areasInForce([area('local'), area('cache')])).toEqual(['cache'])
  expect(areasInForce([withPointer(area('local'), sampleId(1)), area('cache', false)])).toEqual(['cache'])
})

test('a policy of the domain that is not there is missing, and local policy does not stand in for it', () => {
  expect(areasInForce([withPointer(area('local'), sampleId(77))])).toBe('missing')
})

test('an assignment that leads nowhere is missing, not nothing', () => {
  const store = area('local')
  expect(areasInForce([{ ...store, objects: [] }])).toBe('missing')
})
