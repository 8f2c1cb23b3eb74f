import { expect, test } from 'vitest'
import type { Finding } from '../../src/base/finding.ts'
import { storeToRegistryKey } from '../../src/formats/object-store/index.ts'
import { withSalvagedObjects } from '../../src/formats/salvageObjects.ts'
import { sampleStore } from '../support/samplePolicies.ts'

const store = sampleStore()
const kept = store.objects.slice(0, 6)
const keys = storeToRegistryKey(store).subkeys

function failing(finding: Finding): void {
  expect.fail(finding.message)
}

test('objects among loose keys come back into their area, once each, and are counted', () => {
  const findings: Finding[] = []
  const loose = [...keys.slice(6), ...keys.slice(0, 1)]
  const [area, ...others] = withSalvagedObjects([{ ...store, objects: kept }], loose, (one) => findings.push(one))
  expect(others).toEqual([])
  expect(area?.objects.map((object) => object.key)).toEqual(store.objects.map((object) => object.key))
  expect(findings).toMatchObject([{ code: 'OBJECTS_SALVAGED', severity: 'warning' }])
  expect(findings[0]?.message).toContain(`${keys.length - 6} for the local area`)
})

test('without any store left the loose objects are one', () => {
  const stores = withSalvagedObjects([], keys, () => {})
  expect(stores.map((one) => one.objects.length)).toEqual([store.objects.length])
})

test('loose keys that are no policy objects change nothing', () => {
  const stores = [store]
  expect(withSalvagedObjects(stores, [{ name: 'Run', values: [], subkeys: [] }], failing)).toBe(stores)
  expect(withSalvagedObjects(stores, [], failing)).toBe(stores)
})
