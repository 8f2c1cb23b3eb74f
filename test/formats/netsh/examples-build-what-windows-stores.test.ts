import { expect, test } from 'vitest'
import { attributeBytes, attributeReferences, attributeText } from '../../../src/policy/attributes.ts'
import { textOfValue } from '../../../src/policy/registryValue.ts'
import type { ObjectStore, StoredObject } from '../../../src/policy/storedObject.ts'
import { toHex } from '../../../src/base/bytes.ts'
import { exampleScript, readScript, setOfScript } from '../../support/netshRuns.ts'

function onlyStore(name: string): ObjectStore {
  const { stores, findings } = readScript(exampleScript(name))
  expect(findings).toEqual([])
  expect(stores).toHaveLength(1)
  return stores[0] as ObjectStore
}

function ofClass(store: ObjectStore, wanted: string): StoredObject[] {
  return store.objects.filter((object) => object.class === wanted)
}

test.each(['01-block-ports.netsh', '02-allow-list.cmd', '03-require-esp.netsh', '04-tunnel.netsh'])(
  '%s builds a store without a single finding',
  (name) => {
    expect(setOfScript(exampleScript(name)).findings).toEqual([])
  },
)

test('01 stores its objects as Windows 10 does', () => {
  const store = onlyStore('01-block-ports.netsh')
  expect(store.objects.map((object) => object.class).toSorted()).toEqual([
    'ipsecFilter',
    'ipsecISAKMPPolicy',
    'ipsecNFA',
    'ipsecNFA',
    'ipsecNegotiationPolicy',
    'ipsecNegotiationPolicy',
    'ipsecPolicy',
  ])
  const [policy] = ofClass(store, 'ipsecPolicy') as [StoredObject]
  expect(store.values.map((value) => [value.name, textOfValue(value)])).toEqual([
    ['ActivePolicy', `SOFTWARE\\Policies\\Microsoft\\Windows\\IPSEC\\Policy\\Local\\ipsecPolicy${policy.id}`],
  ])
  const [list] = ofClass(store, 'ipsecFilter') as [StoredObject]
  expect(list.values.map((value) => value.name)).toEqual([
    'className',
    'name',
    'ipsecName',
    'description',
    'ipsecID',
    'ipsecDataType',
    'ipsecData',
    'whenChanged',
    'ipsecOwnersReference',
  ])
  const rule = ofClass(store, 'ipsecNFA').find((object) => attributeText(object, 'ipsecName') === 'No sharing')
  expect(attributeReferences(list, 'ipsecOwnersReference')).toEqual([
    `SOFTWARE\\Policies\\Microsoft\\Windows\\IPSEC\\Policy\\Local\\ipsecNFA${rule?.id}`,
  ])
  // policy-objects.md: one record of version 1, any to me, TCP 445, mirrored.
  expect(toHex(attributeBytes(list, 'ipsecData') ?? new Uint8Array(0))).toContain(
    '01000000 00000000 00000000 00000000 ffffffff 00000000 06000000 0000 bd01 00 00 0000'.replaceAll(' ', ''),
  )
})

test('every policy has its default response rule, first among its rules, inactive when that is said', () => {
  const store = onlyStore('01-block-ports.netsh')
  const [policy] = ofClass(store, 'ipsecPolicy') as [StoredObject]
  const rules = attributeReferences(policy, 'ipsecNFAReference')
  expect(rules).toHaveLength(2)
  const [area] = setOfScript(exampleScript('01-block-ports.netsh')).areas
  const [defaultRule, rule] = area?.policies[0]?.rules ?? []
  expect(defaultRule).toMatchObject({
    isDefaultResponse: true,
    isActive: false,
    filterLists: [],
    authentication: [{ kind: 'kerberos' }],
    filterAction: {
      action: 'negotiate',
      offers: [
        { algorithms: [{ protocol: 'esp', cipher: '3des', integrity: 'sha1' }], lifetimeSeconds: 0 },
        { algorithms: [{ protocol: 'ah', integrity: 'sha1' }], lifetimeKilobytes: 0 },
      ],
    },
  })
  expect(defaultRule?.name).toBeUndefined()
  expect(rule).toMatchObject({ name: 'No sharing', isDefaultResponse: false, isActive: true, connectionType: 'all' })
})

test('the main mode of a policy that says nothing about it is that of Windows 10', () => {
  const [area] = setOfScript(exampleScript('01-block-ports.netsh')).areas
  expect(area?.policies[0]).toMatchObject({
    isAssigned: true,
    pollingIntervalSeconds: 10_800,
    mainMode: {
      perfectForwardSecrecy: false,
      quickModeLimit: 0,
      lifetimeSeconds: 28_800,
      offers: [
        { encryption: '3des', integrity: 'sha1', group: 'group2', lifetimeSeconds: 28_800 },
        { encryption: '3des', integrity: 'sha1', group: 'group14', lifetimeSeconds: 28_800 },
      ],
    },
  })
})

test('02 is a batch file: lists come to be by their first filter, server words keep their kind', () => {
  const [area] = setOfScript(exampleScript('02-allow-list.cmd')).areas
  expect(area?.filterLists.map((list) => [list.name, list.filters.length])).toEqual([
    ['Everything', 1],
    ['Web', 2],
    ['Office', 2],
    ['Names', 2],
  ])
  expect(area?.filterLists[3]?.filters.map((filter) => filter.destination.kind)).toEqual(['dns-servers', 'dhcp'])
  expect(area?.assigned?.name).toBe('AllowList')
})

test('03 reads positional words, abbreviated tags, a certificate authority with quotes, and a key', () => {
  const [area] = setOfScript(exampleScript('03-require-esp.netsh')).areas
  const policy = area?.policies[0]
  expect(policy?.pollingIntervalSeconds).toBe(3600)
  expect(policy?.mainMode?.offers.map((offer) => offer.group)).toEqual(['group14', 'group2'])
  const rule = policy?.rules.find((candidate) => candidate.name === 'db1-db2')
  expect(rule).toMatchObject({
    connectionType: 'lan',
    authentication: [{ kind: 'certificate' }, { kind: 'preshared-key' }],
  })
  const [authority, key] = rule?.authentication ?? []
  expect(authority).toEqual({
    kind: 'certificate',
    authority: 'C=ZZ,O=Example,CN="Example Root, Test"',
    certificateMapping: false,
    excludeAuthorityName: true,
  })
  expect(key?.kind === 'preshared-key' && key.key.reveal()).toBe('not a real key')
  expect(rule?.filterAction).toMatchObject({
    perfectForwardSecrecy: true,
    offers: [{ lifetimeSeconds: 3600, lifetimeKilobytes: 100_000, perfectForwardSecrecy: true }],
  })
  expect(rule?.filterLists[0]?.filters[0]).toMatchObject({ description: 'db1 to db2', mirrored: true })
})

test('04 makes tunnel rules with unmirrored subnets', () => {
  const [area] = setOfScript(exampleScript('04-tunnel.netsh')).areas
  const rules = area?.policies[0]?.rules.filter((rule) => !rule.isDefaultResponse) ?? []
  expect(rules.map((rule) => [rule.name, rule.isTunnel, rule.tunnelEndpoint?.bits])).toEqual([
    ['Out', true, 0xcb00_7102],
    ['In', true, 0xcb00_7101],
  ])
  expect(rules[0]?.filterLists[0]?.filters[0]).toMatchObject({ mirrored: false, source: { kind: 'subnet' } })
})

test('05 run on the store of 02 changes and cleans it', () => {
  const both = new TextEncoder().encode(
    `${new TextDecoder()
      .decode(exampleScript('02-allow-list.cmd'))
      .split('\n')
      .map((line) => line.replace(/^netsh /, ''))
      .filter((line) => line.startsWith('ipsec'))
      .join('\n')}\n${new TextDecoder().decode(exampleScript('05-change-and-clean.netsh'))}`,
  )
  const { stores, findings } = readScript(both)
  // Deleting the policy takes with it what only its rules used; R3's list was set free before.
  expect(stores[0]?.objects.map((object) => attributeText(object, 'ipsecName'))).toEqual(['Names'])
  expect(stores[0]?.values).toEqual([])
  expect(findings.map((finding) => finding.code)).toEqual(['NETSH_NOT_DONE'])
})

test('05 alone finds nothing to change, says so line by line, and goes on', () => {
  const { stores, findings } = readScript(exampleScript('05-change-and-clean.netsh'))
  expect(stores).toEqual([])
  expect(findings.map((finding) => [finding.line, finding.code])).toEqual([
    [3, 'NETSH_REFUSED'],
    [4, 'NETSH_REFUSED'],
    [5, 'NETSH_NOTHING_THERE'],
    [6, 'NETSH_NOTHING_THERE'],
    [7, 'NETSH_REFUSED'],
    [8, 'NETSH_NOTHING_THERE'],
    [10, 'NETSH_NOT_DONE'],
  ])
})

test('06 is for the running agent and builds nothing', () => {
  const { stores, findings } = readScript(exampleScript('06-dynamic.netsh'))
  expect(stores).toEqual([])
  expect(new Set(findings.map((finding) => finding.code))).toEqual(new Set(['NETSH_NOT_DONE']))
})
