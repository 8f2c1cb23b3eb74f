import { describe, expect, it } from 'vitest'
import {
  convertArea,
  deletePolicy,
  findStores,
  memberObjects,
  mergeStores,
  registryRootOf,
  selectPolicies,
  standardKeyPath,
  withBackReferences,
} from '../../../src/formats/object-store/index.ts'
import { objectClasses } from '../../../src/policy/objectClass.ts'
import type { RegistryValue } from '../../../src/policy/registryValue.ts'
import type { ObjectStore, StoredObject } from '../../../src/policy/storedObject.ts'
import { SeededRandom } from '../../support/seededRandom.ts'
import { codesOf, countedContext, healthyStore, setOf } from '../../support/sampleStore.ts'

const cases = 1_500
const healthy = healthyStore()

/** The store with a few random changes of every kind a broken tool or disk could make. */
function damagedStore(random: SeededRandom): ObjectStore {
  let { objects } = healthy
  for (let changes = 1 + random.below(6); changes > 0; changes -= 1) {
    const at = random.below(objects.length)
    const object = objects[at] as StoredObject
    objects = changedObjects(objects, at, object, random)
  }
  const values = random.below(4) === 0 ? healthy.values.map((value) => changedValue(value, random)) : healthy.values
  return { ...healthy, objects, values }
}

function changedObjects(
  objects: readonly StoredObject[],
  at: number,
  object: StoredObject,
  random: SeededRandom,
): readonly StoredObject[] {
  switch (random.below(6)) {
    case 0:
      return objects.length > 2 ? objects.toSpliced(at, 1) : objects
    case 1:
      return [...objects, { ...object }]
    case 2:
      return objects.with(at, { ...object, class: random.pick(objectClasses) })
    case 3:
      return objects.with(at, { ...object, id: random.pick(objects).id })
    default: {
      const values = object.values.flatMap((value) => {
        if (random.below(4) !== 0) return [value]
        return random.below(4) === 0 ? [] : [changedValue(value, random)]
      })
      return objects.with(at, { ...object, values })
    }
  }
}

function changedValue(value: RegistryValue, random: SeededRandom): RegistryValue {
  switch (random.below(4)) {
    case 0:
      return { ...value, type: random.below(12) }
    case 1:
      return { ...value, data: value.data.subarray(0, random.below(value.data.length + 1)) }
    case 2:
      return { ...value, name: random.pick(['ipsecData', 'ipsecNFAReference', 'IPSECNAME', 'other', '']) }
    default: {
      const data = value.data.slice()
      for (let flips = 1 + random.below(3); flips > 0 && data.length > 0; flips -= 1) {
        data[random.below(data.length)] = random.next()
      }
      return { ...value, data }
    }
  }
}

function ignore(): void {
  // Findings are looked at elsewhere.
}

describe('a damaged store', () => {
  it(`always reads, with every policy and rule told, in ${cases} random cases`, () => {
    const random = new SeededRandom(0x57_0e)
    let clean = 0
    for (let i = 0; i < cases; i += 1) {
      const set = setOf(damagedStore(random))
      const area = set.areas[0]
      if (area === undefined) throw new Error('no area')
      const keys = new Set(
        area.store.objects.filter((object) => object.class === 'ipsecPolicy').map((object) => object.id),
      )
      expect(area.policies).toHaveLength(keys.size)
      for (const policy of area.policies) {
        memberObjects(area, policy)
        if (policy.mainMode === undefined) expect(policy.problems.length).toBeGreaterThan(0)
        for (const rule of policy.rules) {
          const isUsable = rule.filterAction !== undefined && (rule.isDefaultResponse || rule.filterLists.length > 0)
          if (!isUsable) expect(rule.problems.length).toBeGreaterThan(0)
          // What cannot be read never becomes a permit.
          if (rule.filterAction?.action === 'permit') throw new Error('a permit out of nowhere')
        }
      }
      for (const finding of set.findings) {
        expect(finding.advice).toBeTruthy()
        if (finding.severity === 'error') expect(finding.win32).toBeGreaterThan(0)
      }
      if (set.findings.length === 0) clean += 1
    }
    expect(clean).toBeLessThan(cases / 4)
  })

  it('can be edited without failing, and its back references mended', () => {
    const random = new SeededRandom(0xed17)
    for (let i = 0; i < cases / 3; i += 1) {
      const store = damagedStore(random)
      const policy = store.objects.find((object) => object.class === 'ipsecPolicy')
      if (policy !== undefined) {
        deletePolicy(store, policy.id)
        selectPolicies(store, [policy.id])
      }
      mergeStores(healthy, store, { onConflict: 'new-ids', newId: countedContext(0x9000).newId }, ignore)
      mergeStores(store, healthy, { onConflict: 'replace' }, ignore)
      convertArea(store, { area: 'directory', containerDn: 'CN=x' }, ignore)
      convertArea(store, { area: 'cache', keyPath: standardKeyPath('cache') }, ignore)
      const mended = withBackReferences(store)
      expect(withBackReferences(mended).objects).toEqual(mended.objects)
      expect(findStores(registryRootOf([store]), ignore)).toHaveLength(1)
    }
  })

  it('of many objects of one id, or with one reference many times, is read in time', () => {
    const [object] = healthy.objects
    if (object === undefined) throw new Error('no object')
    const objects = Array.from({ length: 20_000 }, () => ({ ...object }))
    expect(codesOf({ ...healthy, objects }).filter((code) => code === 'DUPLICATE_ID')).toHaveLength(19_999)
  })
})
