import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../src/base/finding.ts'
import type { Guid } from '../../../src/base/guid.ts'
import { PolagentError } from '../../../src/base/errors.ts'
import {
  type AreaTarget,
  assign,
  authorFilterList,
  authorRule,
  convertArea,
  deletePolicy,
  emptyStore,
  findStores,
  memberObjects,
  mergeStores,
  type MergeOptions,
  registryRootOf,
  selectPolicies,
  standardKeyPath,
  withBackReferences,
} from '../../../src/formats/object-store/index.ts'
import { attributeNumber, attributeReferences, attributeText } from '../../../src/policy/attributes.ts'
import type { Policy } from '../../../src/policy/model.ts'
import { binaryValue, multiStringValue, type RegistryValue, stringValue } from '../../../src/policy/registryValue.ts'
import type { GpoAssignment, ObjectStore, StoredObject } from '../../../src/policy/storedObject.ts'
import {
  changed,
  codesOf,
  countedContext,
  healthyStore,
  ids,
  numberedId,
  objectOf,
  pingFilter,
  setOf,
  webFilter,
  without,
} from '../../support/sampleStore.ts'

const store = healthyStore()
const ignore = (): void => undefined

function idsIn(of: ObjectStore): Guid[] {
  return of.objects.map((object) => object.id)
}

function policyOf(of: ObjectStore, id: Guid): Policy {
  const policy = setOf(of).areas[0]?.policies.find((candidate) => candidate.id === id)
  if (policy === undefined) throw new Error(`no policy ${id}`)
  return policy
}

function ownersOf(of: ObjectStore, id: Guid): string[] {
  return attributeReferences(objectOf(of, id), 'ipsecOwnersReference')
}

describe('assign', () => {
  it('writes ActivePolicy as Windows does, once', () => {
    const other = assign(store, ids.sparePolicy)
    expect(other.values).toEqual([
      stringValue(
        'ActivePolicy',
        `SOFTWARE\\Policies\\Microsoft\\Windows\\IPSEC\\Policy\\Local\\ipsecPolicy${ids.sparePolicy}`,
      ),
    ])
    expect(policyOf(other, ids.sparePolicy).isAssigned).toBe(true)
    expect(policyOf(other, ids.policy).isAssigned).toBe(false)
  })

  it('leaves a store alone in which the policy is assigned already, however it is spelled', () => {
    const values = [
      stringValue('activepolicy', `software\\x\\ipsecpolicy${ids.policy.toUpperCase()}`),
      stringValue('', ''),
    ]
    const spelled = { ...store, values }
    expect(assign(spelled, ids.policy)).toBe(spelled)
    expect(assign(spelled, undefined).values).toEqual([stringValue('', '')])
  })

  it('mends two assignments into one', () => {
    const values = [...assign(store, ids.policy).values, ...assign(store, ids.sparePolicy).values]
    expect(codesOf({ ...store, values })).toContain('ASSIGNMENT_SEVERAL')
    expect(codesOf(assign({ ...store, values }, ids.policy))).toEqual([])
  })

  it('refuses a policy that is not there, and a directory', () => {
    expect(() => assign(store, numberedId(999))).toThrow(PolagentError)
    expect(() => assign({ ...store, area: 'directory' }, ids.policy)).toThrow(PolagentError)
  })
})

describe('delete', () => {
  it('takes what only the policy used, keeps what is shared, unassigns', () => {
    const after = deletePolicy(store, ids.policy)
    expect(idsIn(after)).toEqual([
      ids.pingList,
      ids.block,
      ids.sparePolicy,
      ids.spareMainMode,
      ids.spareRule,
      ids.spareDefaultRule,
      ids.spareDefaultAction,
    ])
    expect(ownersOf(after, ids.pingList)).toHaveLength(1)
    expect(after.values).toEqual([])
    expect(codesOf(after)).toEqual([])
  })

  it('keeps named lists and actions when asked to, and not what was made inside a rule', () => {
    const after = deletePolicy(store, ids.policy, { keepShared: true })
    expect(idsIn(after)).toContain(ids.webList)
    expect(idsIn(after)).toContain(ids.secure)
    expect(idsIn(after)).not.toContain(ids.defaultAction)
    expect(ownersOf(after, ids.webList)).toEqual([])
    expect(codesOf(after)).toEqual(['UNUSED', 'UNUSED'])
  })

  it('of the last policy leaves nothing', () => {
    expect(deletePolicy(deletePolicy(store, ids.policy), ids.sparePolicy).objects).toEqual([])
  })

  it('goes by forward references, whatever the back references say', () => {
    const wrong = changed(store, ids.pingList, (values) =>
      values.filter((value) => value.name !== 'ipsecOwnersReference'),
    )
    expect(idsIn(deletePolicy(wrong, ids.policy))).toContain(ids.pingList)
  })

  it('keeps what nobody knows', () => {
    const unknown = {
      ...store,
      otherKeys: [{ name: 'X', values: [], subkeys: [] }],
      values: [...store.values, stringValue('Y', 'z')],
    }
    const after = deletePolicy(unknown, ids.policy)
    expect(after.otherKeys).toBe(unknown.otherKeys)
    expect(after.values).toEqual([stringValue('Y', 'z')])
  })

  it('refuses a policy that is not there', () => {
    expect(() => deletePolicy(store, numberedId(999))).toThrow(PolagentError)
  })

  it('is linear in the number of rules that share a list', () => {
    const c = countedContext(0x10_0000)
    const count = 20_000
    const ruleIds = Array.from({ length: count }, () => c.newId())
    const one = authorRule(
      {
        id: numberedId(500),
        policyId: ids.policy,
        isActive: true,
        filterListIds: [ids.pingList],
        filterActionId: ids.block,
        authentication: [],
        isTunnel: false,
        connectionType: 'all',
      },
      c,
    )
    const rules = ruleIds.map((id) => ({ ...one, id, key: `ipsecNFA${id}` }))
    const references = ruleIds.map((id) => `ipsecNFA${id}`)
    const referring = changed(store, ids.policy, (values) =>
      values.map((value) =>
        value.name === 'ipsecNFAReference' ? multiStringValue('ipsecNFAReference', references) : value,
      ),
    )
    const big = withBackReferences({ ...store, objects: [...referring.objects, ...rules] })
    expect(ownersOf(big, ids.pingList)).toHaveLength(count + 2)
    const start = performance.now()
    expect(deletePolicy(big, ids.policy).objects.length).toBeLessThan(20)
    expect(performance.now() - start).toBeLessThan(5_000)
  })
})

describe('select', () => {
  it('gives the policy and what it uses, with back references to nothing else', () => {
    const one = selectPolicies(store, [ids.sparePolicy])
    expect(idsIn(one)).toEqual([
      ids.pingList,
      ids.block,
      ids.sparePolicy,
      ids.spareMainMode,
      ids.spareRule,
      ids.spareDefaultRule,
      ids.spareDefaultAction,
    ])
    expect(one.values).toEqual([])
    expect(codesOf(one)).toEqual([])
  })

  it('of all policies gives the objects as they are', () => {
    const all = selectPolicies(store, [ids.policy, ids.sparePolicy])
    expect(all.objects).toEqual(store.objects)
    expect(all.values).toEqual(store.values)
  })
})

describe('merge', () => {
  it('into an empty store gives the objects; what is assigned there stays', () => {
    const { store: after, codes } = mergedStores(emptyStore('local'), store, { onConflict: 'replace' })
    expect(after.objects.toSorted(byKey)).toEqual(store.objects.toSorted(byKey))
    expect(after.values).toEqual([])
    expect(codes).toEqual([])
  })

  it.each(['replace', 'keep', 'new-ids'] as const)('of the same objects changes nothing (%s)', (onConflict) => {
    const again = changed(store, ids.webList, (values) =>
      values.map((value) => (value.name === 'whenChanged' ? { ...value, data: new Uint8Array([1, 2, 3, 4]) } : value)),
    )
    const { store: after, codes } = mergedStores(store, again, { onConflict, newId: noNewId })
    expect(after).toEqual(store)
    expect(codes).toEqual([])
  })

  it('of one policy takes only what it uses, and adds its rules to the owners of what is shared', () => {
    const into = deletePolicy(store, ids.sparePolicy)
    const { store: after } = mergedStores(into, store, { onConflict: 'replace', policies: [ids.sparePolicy] })
    expect(codesOf(after)).toEqual([])
    expect(idsIn(after).toSorted()).toEqual(idsIn(store).toSorted())
    expect(ownersOf(after, ids.pingList)).toHaveLength(2)
  })

  const other = otherWebList()

  it('replaces what differs', () => {
    const { store: after, codes } = mergedStores(store, other, { onConflict: 'replace' })
    expect(codes).toEqual(['MERGE_REPLACED'])
    expect(policyOf(after, ids.policy).rules[0]?.filterLists[0]?.filters).toEqual([pingFilter])
    expect(codesOf(after)).toEqual([])
  })

  it('keeps what differs', () => {
    const { store: after, codes } = mergedStores(store, other, { onConflict: 'keep' })
    expect(codes).toEqual(['MERGE_KEPT'])
    expect(after).toEqual(store)
  })

  it('takes what differs under a new id, with everything above it', () => {
    const c = countedContext(0x5000)
    const { store: after, codes } = mergedStores(store, other, { onConflict: 'new-ids', newId: c.newId })
    // The list, the rule that uses it, the policy of the rule, and what belongs to that policy alone: its settings,
    // two more rules, and the unnamed action of one of them.
    expect(codes).toEqual(Array.from({ length: 7 }, () => 'MERGE_RENAMED'))
    const policies = setOf(after).areas[0]?.policies.filter((policy) => policy.name === 'Servers') ?? []
    expect(policies.map((policy) => policy.rules[0]?.filterLists[0]?.filters)).toEqual([[webFilter], [pingFilter]])
    expect(policyOf(after, ids.policy).isAssigned).toBe(true)
    for (const object of store.objects) expect(idsIn(after)).toContain(object.id)
    expect(codesOf(after)).toEqual(['DUPLICATE_NAME', 'DUPLICATE_NAME'])
  })

  it('with a policy that lost a rule removes the rule and what only it used', () => {
    const smaller = without(
      changed(store, ids.policy, (values) =>
        values.map((value) =>
          value.name === 'ipsecNFAReference'
            ? multiStringValue('ipsecNFAReference', [`ipsecNFA${ids.pingRule}`, `ipsecNFA${ids.defaultRule}`])
            : value,
        ),
      ),
      ids.webRule,
      ids.webList,
      ids.secure,
    )
    const { store: after, codes } = mergedStores(store, smaller, { onConflict: 'replace' })
    expect(codes).toEqual(['MERGE_REPLACED', 'MERGE_REMOVED'])
    expect(idsIn(after)).not.toContain(ids.webRule)
    // Named lists and actions may be wanted for another rule.
    expect(codesOf(after)).toEqual(['UNUSED', 'UNUSED'])
  })

  it('that keeps a policy takes none of the rules only the other one has', () => {
    const c = countedContext(0x7000)
    const added = authorRule(
      {
        id: numberedId(500),
        policyId: ids.policy,
        isActive: true,
        filterListIds: [ids.webList],
        filterActionId: ids.block,
        authentication: [],
        isTunnel: false,
        connectionType: 'all',
      },
      c,
    )
    const bigger = changed({ ...store, objects: [...store.objects, added] }, ids.policy, (values) =>
      values.map((value) =>
        value.name === 'ipsecNFAReference' ? multiStringValue('ipsecNFAReference', [`ipsecNFA${added.id}`]) : value,
      ),
    )
    const { store: after, codes } = mergedStores(store, bigger, { onConflict: 'keep' })
    expect(codes[0]).toBe('MERGE_KEPT')
    expect(idsIn(after)).not.toContain(added.id)
    expect(codesOf(after)).toEqual([])
  })

  it('takes values and keys nobody knows, when the whole store is merged', () => {
    const from = { ...store, otherKeys: [{ name: 'X', values: [], subkeys: [] }], values: [stringValue('Y', 'z')] }
    const { store: after } = mergedStores(emptyStore('local'), from, { onConflict: 'keep' })
    expect(after.otherKeys).toEqual(from.otherKeys)
    expect(after.values).toEqual(from.values)
  })

  it('from another area writes references as they are in this one', () => {
    const persistent = convertArea(store, { area: 'persistent', keyPath: standardKeyPath('persistent') }, ignore)
    const { store: after } = mergedStores(emptyStore('local'), persistent, { onConflict: 'keep' })
    expect(after.objects.toSorted(byKey)).toEqual(store.objects.toSorted(byKey))
  })
})

function byKey(a: StoredObject, b: StoredObject): number {
  return a.key < b.key ? -1 : 1
}

/** The same store with another filter in the list "Web". */
function otherWebList(): ObjectStore {
  const list = authorFilterList(
    { id: ids.webList, name: 'Web', filters: [pingFilter], ownerRuleIds: [ids.webRule] },
    countedContext(),
  )
  return { ...store, objects: store.objects.map((object) => (object.id === ids.webList ? list : object)) }
}

function noNewId(): Guid {
  throw new Error('no id is needed')
}

function gpo(reference: string): GpoAssignment {
  return { entry: { dn: 'CN=IPSEC', attributes: [] }, references: [reference] }
}

function texts(name: string, ...some: readonly string[]): RegistryValue {
  return multiStringValue(name, some)
}

function convertedTo(from: ObjectStore, target: AreaTarget) {
  const findings: Finding[] = []
  const result = convertArea(from, target, (finding) => findings.push(finding))
  return { store: result, codes: findings.map((finding) => finding.code), findings }
}

function mergedStores(into: ObjectStore, from: ObjectStore, options: MergeOptions) {
  const findings: Finding[] = []
  const result = mergeStores(into, from, options, (finding) => findings.push(finding))
  return { store: result, codes: findings.map((finding) => finding.code) }
}

describe('convert', () => {
  const containerDn = 'CN=IP Security,CN=System,DC=example,DC=com'
  const toLocal = { area: 'local' as const, keyPath: standardKeyPath('local') }
  const toDirectory = { area: 'directory' as const, containerDn }

  it('to the same place changes nothing', () => {
    expect(convertedTo(store, toLocal).store).toEqual(store)
  })

  it('to another registry area and back is the same', () => {
    const there = convertedTo(store, { area: 'persistent', keyPath: standardKeyPath('persistent') }).store
    expect(attributeText(objectOf(there, ids.policy), 'ipsecISAKMPReference')).toBe(
      `SOFTWARE\\Policies\\Microsoft\\Windows\\IPSEC\\Policy\\Persistent\\ipsecISAKMPPolicy${ids.mainMode}`,
    )
    expect(codesOf(there)).toEqual([])
    expect(policyOf(there, ids.policy).isAssigned).toBe(true)
    expect(convertedTo(there, toLocal).store).toEqual(store)
  })

  it('to a directory writes DNs, drops what a directory says otherwise, and tells that the assignment is lost', () => {
    const { store: there, codes } = convertedTo(store, toDirectory)
    expect(codes).toEqual(['ASSIGNMENT_LEFT_OUT'])
    const policy = objectOf(there, ids.policy)
    expect(policy.directory?.dn).toBe(`CN=ipsecPolicy${ids.policy.toUpperCase()},${containerDn}`)
    expect(attributeReferences(policy, 'ipsecNFAReference')[0]).toBe(
      `CN=ipsecNFA${ids.webRule.toUpperCase()},${containerDn}`,
    )
    expect(policy.values.map((value) => value.name)).not.toContain('className')
    expect(codesOf(there)).toEqual([])
  })

  it('to a directory and back is the same, but for the assignment', () => {
    const back = convertedTo(convertedTo(store, toDirectory).store, toLocal).store
    expect(back.objects).toEqual(store.objects)
    expect(assign(back, ids.policy)).toEqual(store)
  })

  it('to a directory names every unknown thing it leaves out', () => {
    const odd: ObjectStore = {
      ...changed(store, ids.policy, (values) => [...values, stringValue('vendorNote', 'x')]),
      otherKeys: [{ name: 'Other', values: [], subkeys: [] }],
      values: [stringValue('Note', 'y'), stringValue('', '')],
    }
    const { codes, findings } = convertedTo(odd, toDirectory)
    expect(codes).toEqual(['LEFT_OUT', 'LEFT_OUT', 'LEFT_OUT'])
    expect(findings.map((finding) => finding.message).join('\n')).toMatch(/vendorNote[^]*Note[^]*Other/)
  })

  it('from a directory takes over the one policy that GPOs assign', () => {
    const there = convertedTo(store, toDirectory).store
    const dn = `CN=ipsecPolicy${ids.policy},${containerDn}`
    const one = convertedTo({ ...there, gpoAssignments: [gpo(dn), gpo(dn.toUpperCase())] }, toLocal)
    expect(one.codes).toEqual(['ASSIGNMENT_BY_GPO'])
    expect(one.store).toEqual(store)
    const spare = gpo(`CN=ipsecPolicy${ids.sparePolicy},${containerDn}`)
    const two = convertedTo({ ...there, gpoAssignments: [gpo(dn), spare] }, toLocal)
    expect(two.codes).toEqual(['ASSIGNMENT_LEFT_OUT'])
    expect(two.store.values).toEqual([])
  })

  it('from a directory gives times, types and names the form the registry has', () => {
    const entry: StoredObject = {
      class: 'ipsecNegotiationPolicy',
      id: ids.block,
      key: `ipsecNegotiationPolicy${ids.block.toUpperCase()}`,
      values: [
        texts('whenChanged', '20240102030405.0Z'),
        stringValue('ipsecDataType', '256'),
        texts('iPSECNegotiationPolicyAction', '{3F91A819-7647-11D1-864D-D46A00000000}'),
        texts('description', 'one', 'two'),
        binaryValue('ipsecData', new Uint8Array(25)),
      ],
      subkeys: [],
      directory: {
        dn: 'CN=x',
        attributes: ['objectClass', 'uSNChanged', 'adminDescription'].map((name) => ({
          name,
          values: [new Uint8Array([0x31])],
        })),
      },
      place: {},
    }
    const { store: there, findings } = convertedTo(
      { ...emptyStore('directory', [containerDn]), objects: [entry] },
      toLocal,
    )
    const object = objectOf(there, ids.block)
    expect(object.key).toBe(`ipsecNegotiationPolicy${ids.block}`)
    expect(attributeNumber(object, 'whenChanged')).toBe(Date.UTC(2024, 0, 2, 3, 4, 5) / 1000)
    expect(object.values.map((value) => `${value.name}:${value.type}`)).toEqual([
      'className:1',
      'name:1',
      'description:1',
      'ipsecNegotiationPolicyAction:1',
      'ipsecDataType:4',
      'ipsecData:3',
      'whenChanged:4',
    ])
    expect(findings.map((finding) => finding.message).join('\n')).toMatch(/description: two[^]*adminDescription/)
    expect(findings.map((finding) => finding.message).join('\n')).not.toContain('uSNChanged')
  })
})

describe('back references', () => {
  it('are written anew from the forward ones; right ones keep their text', () => {
    const spelled = 'software\\policies\\microsoft\\windows\\ipsec\\policy\\local'
    const broken = changed(
      changed(store, ids.webList, (values) => values.filter((value) => value.name !== 'ipsecOwnersReference')),
      ids.pingList,
      (values) =>
        values.map((value) =>
          value.name === 'ipsecOwnersReference'
            ? multiStringValue('ipsecOwnersReference', [
                `${spelled}\\ipsecNFA${ids.spareRule}`,
                'nonsense',
                `ipsecNFA${ids.webRule}`,
              ])
            : value,
        ),
    )
    const after = withBackReferences(broken)
    expect(ownersOf(after, ids.webList)).toEqual(ownersOf(store, ids.webList))
    expect(ownersOf(after, ids.pingList)).toEqual([
      `${spelled}\\ipsecNFA${ids.spareRule}`,
      'nonsense',
      ownersOf(store, ids.pingList)[0],
    ])
  })

  it('of a healthy store are left alone', () => {
    const after = withBackReferences(store)
    for (const [index, object] of after.objects.entries()) expect(object).toBe(store.objects[index])
  })
})

describe('the objects of a policy', () => {
  it('are found by reference, also those that cannot be read', () => {
    const broken = changed(store, ids.mainMode, () => [])
    const area = setOf(broken).areas[0]
    const policy = area?.policies[0]
    if (area === undefined || policy === undefined) throw new Error('no policy')
    expect(
      memberObjects(area, policy)
        .map((object) => object.id)
        .toSorted(),
    ).toEqual(
      [
        ids.policy,
        ids.mainMode,
        ids.webRule,
        ids.pingRule,
        ids.defaultRule,
        ids.webList,
        ids.pingList,
        ids.secure,
        ids.block,
        ids.defaultAction,
      ].toSorted(),
    )
  })
})

describe('a store written as a hive tree and found again', () => {
  it('is the same', () => {
    expect(findStores(registryRootOf([store]), ignore)).toEqual([store])
  })
})
