import { describe, expect, it } from 'vitest'
import { toBase64 } from '../../../src/base/base64.ts'
import type { Finding } from '../../../src/base/finding.ts'
import { directoryStoresOf, ldifOfStores, readLdif } from '../../../src/formats/ldif/index.ts'
import { convertArea, policySetOf } from '../../../src/formats/object-store/index.ts'
import { findValue, numberOfValue, stringValue, textOfValue, textsOfValue } from '../../../src/policy/registryValue.ts'
import type { ObjectStore, StoredObject } from '../../../src/policy/storedObject.ts'
import { sampleStore } from '../../support/samplePolicies.ts'

const utf8 = new TextEncoder()
const domain = 'DC=lab,DC=example'
const container = `CN=IP Security,CN=System,${domain}`
const policyName = 'ipsecPolicy{10000000-0000-4000-8000-000000000001}'
const ruleName = 'ipsecNFA{10000000-0000-4000-8000-000000000002}'
const gpo = `CN=IPSEC,CN=Windows,CN=Microsoft,CN=Machine,CN={31B2F340-016D-11D2-945F-00C04FB984F9},CN=Policies,CN=System,${domain}`

/** As a directory gives it: server's spellings and attributes, a folded blob, a DN in base64. */
const exported = `version: 1

dn: ${container}
objectClass: container

dn:: ${toBase64(utf8.encode(`CN=${policyName},${container}`))}
objectClass: top
objectClass: ipsecBase
objectClass: ipsecPolicy
cn: ${policyName}
instanceType: 4
whenCreated: 20231114221300.0Z
whenChanged: 20231114221320.0Z
uSNChanged: 3907
ipsecName:: ${toBase64(utf8.encode('Schutz für alle'))}
name: ${policyName}
objectGUID:: 3q2+78r+uv4BAgMEBQYHCA==
IPSECID: {10000000-0000-4000-8000-000000000001}
ipsecDataType: 256
ipsecData;binary:: YyEgIkxP0RGGOwCgJI0w
 IQQAAAAwKgAAAA==
ipsecNFAReference: CN=${ruleName},${container}
distinguishedName: CN=${policyName},${container}

dn: CN=${ruleName},${container}
objectClass: top
objectClass: ipsecNFA
description: first
description: second
iPSECNegotiationPolicyAction: {8A171DD2-77E3-11D1-8659-A04F00000000}
ipsecDataType: many
ipsecOwnersReference: CN=${policyName},${container}
ipsecNegotiationPolicyReference: CN=ipsecNegotiationPolicy{10000000-0000-4000-8000-000000000003},${container}

dn: ${gpo}
objectClass: ipsecPolicy
ipsecOwnersReference: CN=${policyName},${container}
ipsecName: Schutz

dn: OU=Servers,${domain}
objectClass: organizationalUnit
`

function stores(ldif: string | Uint8Array): { stores: ObjectStore[]; findings: Finding[] } {
  const reading = readLdif(typeof ldif === 'string' ? utf8.encode(ldif) : ldif)
  const findings = [...reading.findings]
  return { stores: directoryStoresOf(reading.entries, (finding) => findings.push(finding)), findings }
}

function only<T>(items: readonly T[] | undefined): T {
  if (items?.length !== 1) throw new Error(`${items?.length} items, one expected`)
  return items[0] as T
}

describe('reading', () => {
  const found = stores(exported)
  const store = only(found.stores)
  const [policy, rule] = store.objects as [StoredObject, StoredObject]

  it('makes one store of a container, with registry values of the known attributes', () => {
    expect(store).toMatchObject({ area: 'directory', keyPath: [container], values: [], otherKeys: [] })
    expect([policy.class, policy.key, policy.place.line]).toEqual(['ipsecPolicy', policyName, 6])
    expect(policy.values.map(({ name, type }) => [name, type])).toEqual([
      ['whenChanged', 4],
      ['ipsecName', 1],
      ['name', 1],
      ['ipsecID', 1],
      ['ipsecDataType', 4],
      ['ipsecData', 3],
      ['ipsecNFAReference', 7],
    ])
    const value = (name: string) => findValue(policy.values, name) ?? stringValue(name, 'missing')
    expect(textOfValue(value('ipsecName'))).toBe('Schutz für alle')
    expect(numberOfValue(value('whenChanged'))).toBe(1_700_000_000)
    expect(numberOfValue(value('ipsecDataType'))).toBe(256)
    expect(textsOfValue(value('ipsecNFAReference'))).toEqual([`CN=${ruleName},${container}`])
    expect(value('ipsecData').data).toHaveLength(25)
  })

  it('keeps every attribute in order, those that values say without values', () => {
    expect(policy.directory?.attributes.map(({ name, values }) => `${name} ${values.length}`)).toEqual([
      'objectClass 3',
      'cn 1',
      'instanceType 1',
      'whenCreated 1',
      'whenChanged 1',
      'uSNChanged 1',
      'ipsecName 0',
      'name 0',
      'objectGUID 1',
      'IPSECID 0',
      'ipsecDataType 0',
      'ipsecData;binary 0',
      'ipsecNFAReference 0',
      'distinguishedName 1',
    ])
  })

  it('spells values as the registry does, takes the first of several, and keeps odd ones visible', () => {
    const textOf = (name: string) => textOfValue(findValue(rule.values, name) ?? stringValue('', 'missing'))
    expect(rule.values.map(({ name, type }) => [name, type])).toEqual([
      ['description', 1],
      ['ipsecNegotiationPolicyAction', 1],
      ['ipsecDataType', 1],
      ['ipsecOwnersReference', 7],
      ['ipsecNegotiationPolicyReference', 1],
    ])
    expect(textOf('description')).toBe('first')
    expect(textOf('ipsecDataType')).toBe('many')
    expect(found.findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      'warning LDIF_SEVERAL_VALUES',
      'info LDIF_ENTRIES_IGNORED',
    ])
  })

  it('finds which policy a GPO assigns', () => {
    const assignment = only(store.gpoAssignments)
    expect(assignment.entry.dn).toBe(gpo)
    expect(assignment.references).toEqual([`CN=${policyName},${container}`])
    const set = policySetOf({ source: 'test', format: 'ldif', stores: [store] })
    expect(set.areas[0]?.assigned?.name).toBe('Schutz für alle')
  })

  it('of several domains makes several stores, and of GPOs alone one that is empty', () => {
    const other = exported.replaceAll('DC=lab', 'DC=other')
    expect(stores(exported + other).stores.map((each) => each.keyPath[0])).toEqual([
      container,
      container.replace('lab', 'other'),
    ])
    const alone = only(stores(`dn: ${gpo}\nobjectClass: ipsecPolicy\n`).stores)
    expect([alone.keyPath, alone.objects.length, alone.gpoAssignments?.length]).toEqual([[container], 0, 1])
  })

  it('an entry that shows nothing is an object without values', () => {
    const hidden = only(only(stores(`dn: CN=${ruleName},${container}\n`).stores).objects)
    expect([hidden.values, hidden.directory?.attributes]).toEqual([[], []])
  })

  it('tells classes that do not fit, ranges of values, and values that cannot be', () => {
    const ldif = `dn: CN=${ruleName},${container}\nobjectClass: ipsecFilter\nipsecNFAReference;range=0-1499: CN=x\nipsecName:: /w==\nipsecData: a\nipsecData: b\n`
    const { findings, stores: found2 } = stores(ldif)
    expect(findings.map(({ code }) => code)).toEqual([
      'LDIF_VALUE_RANGE',
      'LDIF_VALUE_UNREADABLE',
      'LDIF_VALUE_UNREADABLE',
      'LDIF_CLASS_MISMATCH',
    ])
    expect(only(only(found2).objects).values).toEqual([])
  })
})

/** Entries less where they were read. */
function entriesOf(bytes: Uint8Array): unknown {
  const reading = readLdif(bytes)
  expect(reading.findings).toEqual([])
  return reading.entries.map(({ dn, attributes }) => ({ dn, attributes }))
}

/** Objects with their values by name, less the time that only a server writes. */
function summary(store: ObjectStore): unknown {
  return store.objects.map(({ key, values }) => {
    const written = values.filter(({ name }) => name !== 'whenChanged')
    return [key, Object.fromEntries(written.map(({ name, data }) => [name, [...data]]))]
  })
}

describe('writing', () => {
  it('what was read comes out again, attributes in their order', () => {
    const written = ldifOfStores(stores(exported).stores)
    const kept = readLdif(utf8.encode(exported)).entries.filter(({ dn }) => dn !== container && !dn.startsWith('OU='))
    expect(entriesOf(written)).toEqual(kept.map(({ dn, attributes }) => ({ dn, attributes })))
    expect(ldifOfStores(stores(written).stores)).toEqual(written)
  })

  it('a value that was changed, removed or added comes out changed, and only that', () => {
    const store = only(stores(exported).stores)
    const [policy, rule] = store.objects as [StoredObject, StoredObject]
    const changed: ObjectStore = {
      ...store,
      objects: [
        {
          ...policy,
          values: [
            ...policy.values.filter(({ name }) => name !== 'ipsecName' && name !== 'ipsecNFAReference'),
            stringValue('ipsecName', 'Neu'),
            stringValue('description', ' padded'),
          ],
        },
        {
          ...rule,
          values: rule.values.map((each) => (each.name === 'description' ? stringValue('description', 'third') : each)),
        },
      ],
      gpoAssignments: store.gpoAssignments?.map((each) => ({ ...each, references: [] })) ?? [],
    }
    const before = new TextDecoder().decode(ldifOfStores([store])).split('\n')
    const after = new TextDecoder().decode(ldifOfStores([changed])).split('\n')
    expect(after.filter((line) => !before.includes(line))).toEqual([
      'ipsecName: Neu',
      'description:: IHBhZGRlZA==',
      'description: third',
    ])
    const gone = before.filter((line) => !after.includes(line))
    expect(gone).toEqual(expect.arrayContaining(['description: first', 'description: second']))
    expect(after.filter((line) => line.startsWith('ipsecOwnersReference'))).toHaveLength(1)
  })

  it('new objects come first and the references between them after, as a directory accepts them', () => {
    const findings: Finding[] = []
    const store = convertArea(sampleStore(), { area: 'directory', containerDn: container }, () => undefined)
    const written = ldifOfStores([store], (finding) => findings.push(finding))
    const text = new TextDecoder().decode(written)
    expect(findings).toEqual([])
    const lastAdd = text.lastIndexOf('changetype: add')
    const firstReference = text.search(/^ipsec\w+Reference:/m)
    expect(lastAdd).toBeGreaterThan(0)
    expect(firstReference).toBeGreaterThan(lastAdd)
    for (const owned of ['whenChanged', 'className', 'name', 'distinguishedName']) {
      expect(text).not.toMatch(new RegExp(`^${owned}:`, 'm'))
    }
    expect(text.split('\n').filter((line) => line.length > 76)).toEqual([])
    const again = only(stores(written).stores)
    expect(summary(again)).toEqual(summary(store))
  })

  it('tells values that have no place in a directory', () => {
    const findings: Finding[] = []
    const store = only(stores(exported).stores)
    const [policy] = store.objects as [StoredObject]
    const odd = { ...policy, values: [...policy.values, stringValue('custom', 'x'), stringValue('description', '')] }
    ldifOfStores([{ ...store, objects: [odd] }], (finding) => findings.push(finding))
    expect(findings.map(({ code, field }) => [code, field])).toEqual([
      ['LDIF_VALUE_NOT_WRITTEN', 'custom'],
      ['LDIF_VALUE_NOT_WRITTEN', 'description'],
    ])
  })
})
