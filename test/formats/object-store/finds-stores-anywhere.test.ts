import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../src/base/finding.ts'
import {
  findStores,
  groupPolicyPointerOf,
  policySetOf,
  registryRootOf,
  regRootOf,
  storeToRegistryKey,
} from '../../../src/formats/object-store/index.ts'
import { type RegistryKey, stringValue } from '../../../src/policy/registryValue.ts'
import type { ObjectStore } from '../../../src/policy/storedObject.ts'
import { healthyStore } from '../../support/sampleStore.ts'

const local = healthyStore()
const usualPath = ['Policies', 'Microsoft', 'Windows', 'IPSec', 'Policy']

function key(name: string, ...subkeys: readonly RegistryKey[]): RegistryKey {
  return { name, values: [], subkeys }
}

/** A chain of keys with `last` at its end. */
function below(path: readonly string[], last: RegistryKey): RegistryKey {
  return path.reduceRight((inner, name) => key(name, inner), last)
}

const area = (name: string): RegistryKey => ({ ...storeToRegistryKey(local), name })
const hive = (path: readonly string[], last: RegistryKey): RegistryKey => key('ROOT', below(path, last))

function found(root: RegistryKey): { readonly stores: readonly ObjectStore[]; readonly codes: readonly string[] } {
  const findings: Finding[] = []
  const stores = findStores(root, (finding) => findings.push(finding))
  return { stores, codes: findings.map((finding) => finding.code) }
}

const objectCount = local.objects.length

describe('a hive', () => {
  it('of SOFTWARE, with all areas', () => {
    const { stores, codes } = found(
      hive(usualPath.slice(0, -1), key('Policy', area('Cache'), area('Local'), area('Persistent'))),
    )
    expect(stores.map((store) => store.area)).toEqual(['cache', 'local', 'persistent'])
    expect(stores[1]?.keyPath).toEqual([...usualPath, 'Local'])
    expect(stores[1]?.objects.map((object) => object.key)).toEqual(local.objects.map((object) => object.key))
    expect(codes).toEqual([])
  })

  it('spelled in another case', () => {
    const path = ['POLICIES', 'microsoft', 'WINDOWS', 'IPSEC', 'policy']
    const { stores, codes } = found(hive(path, area('LOCAL')))
    expect(stores[0]?.area).toBe('local')
    expect(stores[0]?.keyPath).toEqual([...path, 'LOCAL'])
    expect(codes).toEqual([])
  })

  it.each([
    ['the Policies key', usualPath.slice(1)],
    ['the IPSec key', ['Policy']],
    ['the Policy key', []],
  ])('of %s alone', (_name, path) => {
    const { stores, codes } = found(hive(path, area('Persistent')))
    expect(stores).toMatchObject([{ area: 'persistent', keyPath: [...path, 'Persistent'] }])
    expect(codes).toEqual(['STORE_UNUSUAL_PLACE'])
  })

  it('whose root is the area key itself', () => {
    const { stores } = found({ ...area('ROOT'), name: 'Local' })
    expect(stores).toMatchObject([{ area: 'local', keyPath: [] }])
    expect(stores[0]?.objects).toHaveLength(objectCount)
    const written = registryRootOf(stores)
    expect(found(written).stores).toMatchObject([{ area: 'local', keyPath: [...usualPath, 'Local'] }])
  })

  it('with the 32-bit view as well: both are given', () => {
    const { stores, codes } = found(
      key('ROOT', below(usualPath, area('Local')), below(['WOW6432Node', ...usualPath], area('Local'))),
    )
    expect(stores.map((store) => store.keyPath[0])).toEqual(['Policies', 'WOW6432Node'])
    expect(codes).toEqual(['STORE_UNUSUAL_PLACE', 'STORE_REPEATED'])
  })

  it('with objects at any other place', () => {
    const { stores } = found(hive(['Vendor', 'Backup', 'Monday'], area('Policies 2019')))
    expect(stores).toMatchObject([{ area: 'local', keyPath: ['Vendor', 'Backup', 'Monday', 'Policies 2019'] }])
  })

  it('with an empty area: it is given, empty', () => {
    const { stores } = found(hive(usualPath, key('Local')))
    expect(stores).toMatchObject([{ area: 'local', objects: [] }])
  })

  it('without policy: nothing is given', () => {
    expect(found(hive(['Microsoft', 'Windows'], key('CurrentVersion'))).stores).toEqual([])
  })

  it('is not read beyond the usual places when the policy is there', () => {
    const others = ['Classes', 'Microsoft'].map((name) => ({
      name,
      values: [],
      get subkeys(): readonly RegistryKey[] {
        if (name === 'Classes') throw new Error('the whole hive is read')
        return [
          {
            name: 'Big',
            values: [],
            get subkeys(): readonly RegistryKey[] {
              throw new Error('the whole hive is read')
            },
          },
        ]
      },
    }))
    expect(found(key('ROOT', ...others, below(usualPath, area('Local')))).stores).toHaveLength(1)
  })

  it('deeper than anything real: the search ends and says so', () => {
    const depth = Array.from({ length: 60 }, (_unused, index) => `k${index}`)
    const { stores, codes } = found(hive(depth, area('Local')))
    expect(stores).toEqual([])
    expect(codes).toEqual(['STORE_SEARCH_ENDED'])
  })
})

function text(...roots: readonly RegistryKey[]): RegistryKey {
  return key('', ...roots)
}

describe('registry text', () => {
  it('below HKEY_LOCAL_MACHINE\\SOFTWARE', () => {
    const { stores, codes } = found(text(below(['HKEY_LOCAL_MACHINE', 'Software', ...usualPath], area('Local'))))
    expect(stores).toMatchObject([{ area: 'local', keyPath: [...usualPath, 'Local'] }])
    expect(stores[0]?.rootPath).toBeUndefined()
    expect(codes).toEqual([])
  })

  it.each([
    ['a loaded hive', ['HKEY_LOCAL_MACHINE', 'MOUNTED']],
    ['a hive loaded below HKEY_USERS', ['HKEY_USERS', 'offline']],
  ])('of %s: the root is kept and written back', (_name, rootPath) => {
    const { stores } = found(text(below([...rootPath, ...usualPath], area('Local'))))
    expect(stores).toMatchObject([{ area: 'local', rootPath, keyPath: [...usualPath, 'Local'] }])
    expect(found(regRootOf(stores)).stores).toEqual(stores)
  })

  it('with two roots: both stores are given and survive as registry text and as a hive', () => {
    const { stores, codes } = found(
      text(
        key(
          'HKEY_LOCAL_MACHINE',
          below(['SOFTWARE', ...usualPath], area('Local')),
          below(['MOUNTED', ...usualPath], area('Local')),
        ),
      ),
    )
    expect(stores).toHaveLength(2)
    expect(codes).toContain('STORE_REPEATED')
    expect(found(regRootOf(stores)).stores).toEqual(stores)
    const fromHive = found(registryRootOf(stores)).stores
    expect(fromHive.map((store) => store.objects.length)).toEqual([objectCount, objectCount])
  })
})

describe('what lies beside the areas', () => {
  const pointer: RegistryKey = {
    name: 'GPTIPSECPolicy',
    values: [stringValue('DSIPSECPolicyName', 'Domain policy')],
    subkeys: [],
  }
  const ipsec: RegistryKey = {
    name: 'IPSec',
    values: [stringValue('', 'default')],
    subkeys: [pointer, { ...key('Policy', area('Local'), key('Extra')), flags: 0x80 }],
  }
  const root = hive(usualPath.slice(0, 3), ipsec)

  it('is kept with the first area and written back', () => {
    const { stores } = found(root)
    expect(groupPolicyPointerOf(stores)).toEqual(pointer)
    expect(policySetOf({ source: 's', format: 'hive', stores }).groupPolicyPointer).toEqual(pointer)
    const again = found(registryRootOf(stores)).stores
    expect(again).toEqual(stores)
    expect(found(regRootOf(stores)).stores).toEqual(stores)
  })

  it('is kept when there is no area at all', () => {
    const { stores } = found(hive(usualPath.slice(0, 3), key('IPSec', pointer)))
    expect(stores).toMatchObject([{ area: 'local', objects: [] }])
    expect(groupPolicyPointerOf(stores)).toEqual(pointer)
  })

  it('keys of an area that are no objects, values of the area, and key properties survive', () => {
    const full: RegistryKey = { ...area('Local'), lastWritten: 12n, security: new Uint8Array([1, 2]) }
    const withMore = {
      ...full,
      values: [...full.values, stringValue('', '')],
      subkeys: [...full.subkeys, key('Other')],
    }
    const { stores } = found(hive(usualPath, withMore))
    expect(stores[0]?.otherKeys).toEqual([key('Other')])
    expect(stores[0] && storeToRegistryKey(stores[0])).toEqual(withMore)
  })
})
