import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../../src/base/bytes.ts'
import type { Finding } from '../../../src/base/finding.ts'
import type { Guid } from '../../../src/base/guid.ts'
import {
  decodeIsakmpBlob,
  decodeNegotiationBlob,
  decodeNfaBlob,
  encodeIsakmpBlob,
  encodeNegotiationBlob,
  encodeNfaBlob,
  type IsakmpBlob,
  type NegotiationBlob,
  type NfaBlob,
} from '../../../src/formats/ipsec-data/index.ts'
import {
  authorFilterList,
  convertArea,
  emptyStore,
  findStores,
  mergeStores,
  registryRootOf,
  standardKeyPath,
} from '../../../src/formats/object-store/index.ts'
import { withSalvagedObjects } from '../../../src/formats/salvageObjects.ts'
import type { Filter } from '../../../src/policy/filter.ts'
import { type IntegrityCode, integrityTable } from '../../../src/policy/integrityTable.ts'
import { ipv4, ipv6 } from '../../../src/policy/ip.ts'
import type { Policy } from '../../../src/policy/model.ts'
import {
  binaryValue,
  dwordValue,
  multiStringValue,
  type RegistryKey,
  RegistryType,
  type RegistryValue,
  stringValue,
} from '../../../src/policy/registryValue.ts'
import type { ObjectStore } from '../../../src/policy/storedObject.ts'
import { versionInformationNfa } from '../../../src/policy/wellKnown.ts'
import {
  changed,
  codesOf,
  countedContext,
  healthyStore,
  ids,
  numberedId,
  objectOf,
  setOf,
  webFilter,
  without,
} from '../../support/sampleStore.ts'

const store = healthyStore()
const prefix = 'SOFTWARE\\Policies\\Microsoft\\Windows\\IPSEC\\Policy\\Local'
const path = (name: string): string => `${prefix}\\${name}`

/** The store with one value of one object replaced, or taken out. */
function withValue(id: Guid, name: string, value?: RegistryValue, of = store): ObjectStore {
  return changed(of, id, (values) => [
    ...values.filter((one) => one.name !== name),
    ...(value === undefined ? [] : [value]),
  ])
}

function dataOf(id: Guid): Uint8Array {
  const value = objectOf(store, id).values.find((one) => one.name === 'ipsecData')
  if (value === undefined) throw new Error('no data')
  return value.data
}

function withData(id: Guid, data: Uint8Array): ObjectStore {
  return withValue(id, 'ipsecData', binaryValue('ipsecData', data))
}

const withRule = (change: Partial<NfaBlob>): ObjectStore =>
  withData(ids.webRule, encodeNfaBlob({ ...decodeNfaBlob(dataOf(ids.webRule)), ...change }))
const withAction = (change: Partial<NegotiationBlob>): ObjectStore =>
  withData(ids.secure, encodeNegotiationBlob({ ...decodeNegotiationBlob(dataOf(ids.secure)), ...change }))
const withMainMode = (change: Partial<IsakmpBlob>): ObjectStore =>
  withData(ids.mainMode, encodeIsakmpBlob({ ...decodeIsakmpBlob(dataOf(ids.mainMode)), ...change }))

function withFilters(...filters: readonly Filter[]): ObjectStore {
  const list = authorFilterList(
    { id: ids.webList, name: 'Web', filters, ownerRuleIds: [ids.webRule] },
    countedContext(),
  )
  return { ...store, objects: store.objects.map((object) => (object.id === ids.webList ? list : object)) }
}

function withActive(value: RegistryValue): ObjectStore {
  return { ...store, values: [value] }
}

function reported(act: (report: (finding: Finding) => void) => unknown): string[] {
  const codes: string[] = []
  act((finding) => codes.push(finding.code))
  return codes
}

const toDirectory = { area: 'directory' as const, containerDn: 'CN=IP Security,CN=System,DC=example' }
const conflicting = withValue(ids.webList, 'ipsecName', stringValue('ipsecName', 'Other'))
const merging = (onConflict: 'replace' | 'keep' | 'new-ids', from = conflicting): string[] =>
  reported((report) => mergeStores(store, from, { onConflict, newId: countedContext(0x5000).newId }, report))

function deepTree(depth: number): RegistryKey {
  let key: RegistryKey = { name: 'end', values: [], subkeys: [] }
  for (let level = 0; level < depth; level += 1) key = { name: 'k', values: [], subkeys: [key] }
  return key
}

/** The store as a directory with one GPO for each policy it assigns. */
function withGpos(...policyIds: readonly Guid[]): ObjectStore {
  const there = convertArea(store, toDirectory, () => undefined)
  const gpoAssignments = policyIds.map((id) => ({
    entry: { dn: `CN=IPSEC,CN=${id}`, attributes: [] },
    references: [`CN=ipsecPolicy${id},${toDirectory.containerDn}`],
  }))
  return { ...there, gpoAssignments }
}

/** For each code something that is wrong in that way, and the codes it gives. */
const damage: Record<IntegrityCode, () => readonly string[]> = {
  VALUE_MISSING: () => codesOf(withValue(ids.webList, 'className')),
  VALUE_TYPE: () =>
    codesOf(withValue(ids.policy, 'ipsecData', { ...stringValue('ipsecData', ''), data: dataOf(ids.policy) })),
  REFERENCE_TYPE: () =>
    codesOf(
      withValue(ids.webRule, 'ipsecFilterReference', stringValue('ipsecFilterReference', `ipsecFilter${ids.webList}`)),
    ),
  NAME_MISMATCH: () => codesOf(withValue(ids.webList, 'name', stringValue('name', `ipsecFilter${ids.pingList}`))),
  ID_MISMATCH: () => codesOf(withValue(ids.webList, 'ipsecID', stringValue('ipsecID', numberedId(999)))),
  CLASS_MISMATCH: () => codesOf(withValue(ids.webList, 'className', stringValue('className', 'ipsecNFA'))),
  DUPLICATE_ID: () => codesOf({ ...store, objects: [...store.objects, objectOf(store, ids.webList)] }),
  DUPLICATE_NAME: () => codesOf(withValue(ids.webList, 'ipsecName', stringValue('ipsecName', 'PING'))),
  DATA_MISSING: () => codesOf(withValue(ids.webList, 'ipsecData')),
  DATA_HIDDEN: () => {
    const there = convertArea(store, toDirectory, () => undefined)
    return codesOf(changed(there, ids.webList, () => []))
  },
  DATA_TYPE_UNKNOWN: () => codesOf(withValue(ids.webList, 'ipsecDataType', dwordValue('ipsecDataType', 257))),
  DATA_UNREADABLE: () => codesOf(withData(ids.webList, dataOf(ids.webList).subarray(0, 60))),
  DATA_REST_IGNORED: () => codesOf(withData(ids.webList, concatBytes([dataOf(ids.webList), new Uint8Array(20)]))),
  REFERENCE_MALFORMED: () =>
    codesOf(withValue(ids.webRule, 'ipsecFilterReference', multiStringValue('ipsecFilterReference', ['nonsense']))),
  REFERENCE_DANGLING: () => codesOf(without(store, ids.webList)),
  REFERENCE_WRONG_CLASS: () =>
    codesOf(
      withValue(
        ids.webRule,
        'ipsecFilterReference',
        multiStringValue('ipsecFilterReference', [path(`ipsecNegotiationPolicy${ids.secure}`)]),
      ),
    ),
  REFERENCE_ONE_WAY: () => codesOf(withValue(ids.webList, 'ipsecOwnersReference')),
  REFERENCE_REPEATED: () =>
    codesOf(
      withValue(
        ids.webRule,
        'ipsecFilterReference',
        multiStringValue('ipsecFilterReference', [path(`ipsecFilter${ids.webList}`), `ipsecFilter${ids.webList}`]),
      ),
    ),
  REFERENCE_SEVERAL: () =>
    codesOf(
      withValue(
        ids.webRule,
        'ipsecNegotiationPolicyReference',
        multiStringValue('ipsecNegotiationPolicyReference', [
          path(`ipsecNegotiationPolicy${ids.secure}`),
          path(`ipsecNegotiationPolicy${ids.block}`),
        ]),
      ),
    ),
  REFERENCE_ELSEWHERE: () =>
    codesOf(
      withValue(
        ids.webRule,
        'ipsecFilterReference',
        multiStringValue('ipsecFilterReference', [
          `${prefix.replace('Local', 'Persistent')}\\ipsecFilter${ids.webList}`,
        ]),
      ),
    ),
  POLICY_NO_MAIN_MODE: () => codesOf(withValue(ids.policy, 'ipsecISAKMPReference')),
  POLICY_NO_RULES: () => codesOf(withValue(ids.policy, 'ipsecNFAReference')),
  POLICY_DEFAULT_RULE: () => codesOf(without(store, ids.defaultRule)),
  POLICY_UNNAMED: () => codesOf(withValue(ids.policy, 'ipsecName')),
  RULE_NO_FILTER_ACTION: () => codesOf(withValue(ids.webRule, 'ipsecNegotiationPolicyReference')),
  RULE_NO_FILTER_LIST: () => codesOf(withValue(ids.webRule, 'ipsecFilterReference')),
  RULE_SEVERAL_FILTER_LISTS: () =>
    codesOf(
      withValue(
        ids.webRule,
        'ipsecFilterReference',
        multiStringValue('ipsecFilterReference', [
          path(`ipsecFilter${ids.webList}`),
          path(`ipsecFilter${ids.pingList}`),
        ]),
      ),
    ),
  RULE_SHARED: () =>
    codesOf(
      withValue(
        ids.sparePolicy,
        'ipsecNFAReference',
        multiStringValue('ipsecNFAReference', [path(`ipsecNFA${ids.pingRule}`)]),
      ),
    ),
  RULE_INTERFACE_UNKNOWN: () => codesOf(withRule({ interfaceType: 7 })),
  RULE_AUTHENTICATION_SKIPPED: () => codesOf(withRule({ methods: [{ type: 9, value: new Uint8Array(2) }] })),
  RULE_NO_AUTHENTICATION: () => codesOf(withRule({ methods: [] })),
  RULE_TUNNEL_NO_ENDPOINT: () => codesOf(withRule({ isTunnel: 1 })),
  ACTION_UNKNOWN: () =>
    codesOf(
      withValue(ids.secure, 'ipsecNegotiationPolicyAction', stringValue('ipsecNegotiationPolicyAction', numberedId(3))),
    ),
  ACTION_TYPE_UNKNOWN: () => codesOf(withValue(ids.secure, 'ipsecNegotiationPolicyType')),
  ACTION_NO_OFFER: () => codesOf(withAction({ offers: [] })),
  OFFER_SKIPPED: () =>
    codesOf(
      withAction({
        offers: decodeNegotiationBlob(dataOf(ids.secure)).offers.map((offer) => ({
          ...offer,
          algorithms: offer.algorithms.map((algorithm) => ({ ...algorithm, id: 99 })),
        })),
      }),
    ),
  MAIN_MODE_OFFER_SKIPPED: () => codesOf(withMainMode({ newDh: [9, 0, 0, 0] })),
  MAIN_MODE_NO_OFFER: () => codesOf(withMainMode({ methods: [] })),
  FILTER_NEVER_MATCHES: () => codesOf(withFilters({ ...webFilter, source: { kind: 'host', address: ipv6(1n) } })),
  FILTER_MASK_HOLES: () =>
    codesOf(
      withFilters({ ...webFilter, source: { kind: 'subnet', address: ipv4(0x0a00_0000), mask: ipv4(0xff00_1000) } }),
    ),
  FILTER_LIST_EMPTY: () => codesOf(withFilters()),
  FILTER_NAME_UNRESOLVED: () =>
    codesOf(withFilters({ ...webFilter, source: { kind: 'name', name: 'server.example' } })),
  ASSIGNMENT_DANGLING: () => codesOf(withActive(stringValue('ActivePolicy', path(`ipsecPolicy${numberedId(999)}`)))),
  ASSIGNMENT_MALFORMED: () => codesOf(withActive(stringValue('ActivePolicy', path(`ipsecNFA${ids.webRule}`)))),
  ASSIGNMENT_STRAY: () => codesOf(withActive(stringValue('ActiveQolicy', path(`ipsecPolicy${ids.policy}`)))),
  ASSIGNMENT_SEVERAL: () =>
    codesOf(
      withActive(
        multiStringValue('ActivePolicy', [path(`ipsecPolicy${ids.policy}`), path(`ipsecPolicy${ids.sparePolicy}`)]),
      ),
    ),
  ASSIGNMENT_SEVERAL_GPOS: () => codesOf(withGpos(ids.policy, ids.sparePolicy)),
  ORPHAN: () => codesOf(without(store, ids.sparePolicy)),
  UNUSED: () => codesOf(without(store, ids.webRule)),
  MERGE_REPLACED: () => merging('replace'),
  MERGE_KEPT: () => merging('keep'),
  MERGE_RENAMED: () => merging('new-ids'),
  MERGE_REMOVED: () =>
    merging(
      'replace',
      withValue(
        ids.policy,
        'ipsecNFAReference',
        multiStringValue('ipsecNFAReference', [path(`ipsecNFA${ids.pingRule}`)]),
      ),
    ),
  LEFT_OUT: () =>
    reported((report) => convertArea(withValue(ids.policy, 'Vendor', stringValue('Vendor', 'x')), toDirectory, report)),
  ASSIGNMENT_LEFT_OUT: () => reported((report) => convertArea(store, toDirectory, report)),
  ASSIGNMENT_BY_GPO: () => {
    const toLocal = { area: 'local' as const, keyPath: standardKeyPath('local') }
    return reported((report) => convertArea(withGpos(ids.policy), toLocal, report))
  },
  ASSIGNMENT_OVERRIDDEN: () => codesOf(withPointer(path(`ipsecPolicy${ids.policy}`))),
  GROUP_POLICY_COPY_MISSING: () => codesOf(withPointer(path(`ipsecPolicy${ids.policy}`))),
  STORE_UNUSUAL_PLACE: () =>
    reported((report) => findStores({ name: 'ROOT', values: [], subkeys: [registryRootOf([store])] }, report)),
  STORE_REPEATED: () => {
    const usual = registryRootOf([store])
    const root = { ...usual, subkeys: [...usual.subkeys, { ...usual, name: 'WOW6432Node' }] }
    return reported((report) => findStores(root, report))
  },
  OBJECTS_SALVAGED: () => reported((report) => withSalvagedObjects([], [registryRootOf([store])], report)),
  STORE_SEARCH_ENDED: () => reported((report) => findStores(deepTree(100), report)),
  KEY_UNKNOWN: () => codesOf({ ...store, otherKeys: [{ name: 'Other', values: [], subkeys: [] }] }),
}

/** The store with a policy assigned by Group Policy. */
function withPointer(policyPath: string): ObjectStore {
  const values = [stringValue('DSIPSECPolicyPath', policyPath)]
  const pointer = { name: 'GPTIPSECPolicy', values, subkeys: [] }
  return { ...store, surroundings: { name: 'IPSec', values: [], subkeys: [pointer] } }
}

describe('each kind of damage has its finding', () => {
  it.each(Object.entries(damage))('%s', (code, codes) => {
    expect(codes()).toContain(code)
  })

  it('and each code of the table is tried', () => {
    expect(Object.keys(damage).toSorted()).toEqual(Object.keys(integrityTable).toSorted())
  })

  it('and every row says what to do in a sentence', () => {
    for (const row of Object.values(integrityTable)) {
      expect(row.title).toMatch(/^[A-Z].*[^.]$/)
      expect(row.advice).toMatch(/[.!]$/)
    }
  })
})

describe('a healthy store', () => {
  it('has no findings at all, in any area', () => {
    expect(codesOf(store)).toEqual([])
    for (const area of ['persistent', 'cache'] as const) {
      expect(codesOf(convertArea(store, { area, keyPath: standardKeyPath(area) }, () => undefined))).toEqual([])
    }
  })

  it('has none either when all areas are there at once', () => {
    const areas = (['cache', 'persistent'] as const).map((area) =>
      convertArea(store, { area, keyPath: standardKeyPath(area) }, () => undefined),
    )
    const set = setOf(store, ...areas)
    expect(set.findings).toEqual([])
    expect(set.areas.map((area) => area.area)).toEqual(['persistent', 'local', 'cache'])
  })

  it('has none but that the local policy has no effect when Group Policy assigned a policy whose copy is there', () => {
    const cache = convertArea(store, { area: 'cache', keyPath: standardKeyPath('cache') }, () => undefined)
    const set = setOf(
      withPointer(`LDAP://CN=ipsecPolicy${ids.policy},CN=IP Security,CN=System,DC=corp,DC=example`),
      cache,
    )
    expect(set.findings.map((finding) => finding.code)).toEqual(['ASSIGNMENT_OVERRIDDEN'])
    expect(setOf({ ...withPointer(''), values: [] }, cache).findings).toEqual([])
  })

  it('may spell keys and references in any case', () => {
    const objects = store.objects.map((object) => ({
      ...object,
      key: object.key.toUpperCase(),
      values: object.values.map((value) =>
        value.name.endsWith('Reference') || value.name === 'ipsecID'
          ? { ...value, data: new Uint8Array(value.data).map((byte) => (byte >= 97 && byte <= 122 ? byte - 32 : byte)) }
          : { ...value, name: value.name === 'className' ? 'ClassName' : value.name },
      ),
    }))
    expect(codesOf({ ...store, objects })).toEqual([])
  })

  it('may have an empty default value and no assignment', () => {
    expect(codesOf({ ...store, values: [stringValue('', '')] })).toEqual([])
    expect(codesOf({ ...store, values: [stringValue('ActivePolicy', '')] })).toEqual([])
  })

  it('may give the data format as stock policies of new domains do', () => {
    expect(codesOf(withValue(ids.webList, 'ipsecDataType', dwordValue('ipsecDataType', 0x256)))).toEqual([])
  })

  it('of a tool that re-exports has warnings only', () => {
    const flattened = store.objects.map((object) => ({
      ...object,
      values: object.values.map((value) =>
        value.type === RegistryType.multiString && value.name === 'ipsecOwnersReference'
          ? { ...value, type: RegistryType.string, data: value.data.subarray(0, -2) }
          : value,
      ),
    }))
    const severities = setOf({ ...store, objects: flattened }).findings.map((finding) => finding.severity)
    expect(new Set(severities)).toEqual(new Set(['warning']))
  })

  it('may hold the version-information object, which is no rule', () => {
    const version = {
      class: 'ipsecNFA' as const,
      id: versionInformationNfa,
      key: `ipsecNFA${versionInformationNfa}`,
      values: [
        stringValue('className', 'ipsecNFA'),
        stringValue('name', `ipsecNFA${versionInformationNfa}`),
        stringValue('ipsecID', versionInformationNfa),
        dwordValue('ipsecDataType', 256),
        binaryValue('ipsecData', new Uint8Array(30).fill(7)),
      ],
      subkeys: [],
      place: {},
    }
    expect(codesOf({ ...store, objects: [...store.objects, version] })).toEqual([])
    const referring = withValue(
      ids.policy,
      'ipsecNFAReference',
      multiStringValue('ipsecNFAReference', [
        ...[ids.webRule, ids.pingRule, ids.defaultRule].map((id) => path(`ipsecNFA${id}`)),
        path(`ipsecNFA${versionInformationNfa}`),
      ]),
    )
    const set = setOf({ ...referring, objects: [...referring.objects, version] })
    expect(set.findings).toEqual([])
    expect(set.areas[0]?.policies[0]?.rules).toHaveLength(3)
  })
})

function policyIn(damaged: ObjectStore): Policy | undefined {
  return setOf(damaged).areas[0]?.policies[0]
}

describe('damage makes the rule or policy fail, never disappear', () => {
  it('a rule without its list, its action or its data has failed', () => {
    for (const gone of [ids.webList, ids.secure]) {
      const rule = policyIn(without(store, gone))?.rules[0]
      expect(rule?.problems.length).toBeGreaterThan(0)
      expect(rule?.isActive).toBe(true)
    }
    expect(policyIn(withValue(ids.webRule, 'ipsecData'))?.rules[0]).toMatchObject({ isActive: true })
  })

  it('a rule that is missing is named', () => {
    expect(policyIn(without(store, ids.webRule))?.missingRules).toEqual([path(`ipsecNFA${ids.webRule}`)])
  })

  it('a policy without usable main mode settings is unusable, also when another policy shares them', () => {
    const shared = withValue(
      ids.sparePolicy,
      'ipsecISAKMPReference',
      stringValue('ipsecISAKMPReference', path(`ipsecISAKMPPolicy${ids.mainMode}`)),
      withMainMode({ methods: [] }),
    )
    const policies = setOf(shared).areas[0]?.policies ?? []
    expect(policies.map((policy) => policy.problems.map((finding) => finding.code))).toEqual([
      ['MAIN_MODE_NO_OFFER'],
      ['MAIN_MODE_NO_OFFER'],
    ])
  })

  it('data of type REG_SZ that holds no blob is unreadable, with field and offset', () => {
    const finding = setOf(
      withValue(ids.webList, 'ipsecData', stringValue('ipsecData', 'b520dc80c82ed111')),
    ).findings.find((candidate) => candidate.code === 'DATA_UNREADABLE')
    expect(finding).toMatchObject({ severity: 'error', win32: 13, field: 'Filter-Policy-ID1', offset: 0 })
  })

  it('never tells a preshared key', () => {
    const damaged = withRule({ interfaceType: 7 })
    expect(JSON.stringify(setOf(damaged).findings)).not.toContain('sesame')
    expect(JSON.stringify(setOf(damaged).areas[0]?.policies[0]?.rules[0]?.authentication)).not.toContain('sesame')
  })
})

describe('a directory', () => {
  it('may assign one policy by several GPOs, and several policies', () => {
    const one = setOf(withGpos(ids.policy, ids.policy))
    expect(one.findings).toEqual([])
    expect(one.areas[0]?.assigned?.id).toBe(ids.policy)
    const two = setOf(withGpos(ids.policy, ids.sparePolicy))
    expect(two.findings.map((finding) => finding.severity)).toEqual(['info'])
    expect(two.areas[0]?.policies.map((policy) => policy.isAssigned)).toEqual([true, true])
    expect(two.areas[0]?.assigned).toBeUndefined()
  })
})

describe('findings are not multiplied', () => {
  it('a list with many filters that never match has one', () => {
    const filters = Array.from({ length: 1000 }, (_unused, index) => ({
      ...webFilter,
      id: numberedId(5000 + index),
      source: { kind: 'host' as const, address: ipv6(1n) },
    }))
    const findings = setOf(withFilters(webFilter, ...filters)).findings
    expect(findings.map((finding) => finding.code)).toEqual(['FILTER_NEVER_MATCHES'])
    expect(findings[0]?.message).toContain('1000 of 1001 filters')
  })
})

describe('an empty store', () => {
  it('is healthy', () => {
    expect(codesOf(emptyStore('local'))).toEqual([])
  })
})
