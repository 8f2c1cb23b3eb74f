import { expect, test } from 'vitest'
import { readPolicyDocument } from '../../../src/formats/policy-document/index.ts'
import { areaOfText, documentContext, documentWithRule, storeOfText } from '../../support/policyDocuments.ts'

const smallest = documentWithRule('filterAction: block\nfilters:\n  - any <-> me tcp :23')

test('a document of nine lines is a whole policy with the defaults of the Windows command line', () => {
  const { policies, assigned } = areaOfText(smallest)
  const [policy] = policies
  expect(assigned).toBeUndefined()
  expect(policy).toMatchObject({
    name: 'P',
    pollingIntervalSeconds: 10_800,
    problems: [],
    mainMode: { lifetimeSeconds: 28_800, quickModeLimit: 0, perfectForwardSecrecy: false },
  })
  expect(
    policy?.mainMode?.offers.map(({ encryption, integrity, group }) => `${encryption}-${integrity}-${group}`),
  ).toEqual(['3des-sha1-group2', '3des-sha1-group14'])
  const [response, rule] = policy?.rules ?? []
  expect(response).toMatchObject({ isDefaultResponse: true, isActive: true, problems: [] })
  expect(rule).toMatchObject({
    name: 'R',
    isActive: true,
    isTunnel: false,
    connectionType: 'all',
    authentication: [{ kind: 'kerberos' }],
    filterAction: { action: 'block', name: 'Block' },
    problems: [],
  })
  expect(rule?.filterLists[0]).toMatchObject({ name: 'P: R', filters: [{ mirrored: true, protocol: 6 }] })
})

test('an action that negotiates has the methods of the command line', () => {
  const [policy] = areaOfText(documentWithRule('filters: []\nfilterAction: { action: negotiate, pfs: true }')).policies
  expect(policy?.rules[1]?.filterAction).toMatchObject({
    action: 'negotiate',
    perfectForwardSecrecy: true,
    acceptUnsecuredInbound: false,
    fallBackToClear: false,
    offers: [
      { lifetimeKilobytes: 100_000, lifetimeSeconds: 3600, algorithms: [{ cipher: '3des', integrity: 'sha1' }] },
      { lifetimeKilobytes: 100_000, lifetimeSeconds: 3600, algorithms: [{ cipher: '3des', integrity: 'md5' }] },
    ],
  })
})

test('the same document gives the same objects every time, and names decide the ids', () => {
  expect(storeOfText(smallest)).toEqual(storeOfText(smallest))
  expect(ids(smallest.replace('name: P', 'name: p'))).toEqual(ids(smallest))
  expect(ids(smallest.replace('name: P', 'name: Q'))).not.toEqual(ids(smallest))
  expect(new Set(ids(smallest)).size).toBe(ids(smallest).length)
})

test('ids that were given out once stay the same in every version of polagent', () => {
  expect(storeOfText(smallest).objects.map((object) => object.key)).toMatchInlineSnapshot(`
    [
      "ipsecFilter{55bcfc0c-c26a-51c8-8f92-5a319c497f69}",
      "ipsecISAKMPPolicy{b80451d5-1b1c-5b3f-8009-0d8c6c56fb92}",
      "ipsecNegotiationPolicy{5f3bd12b-e430-5d3d-a419-aa5bfb673423}",
      "ipsecNegotiationPolicy{68a83dff-5766-51bc-a48a-c8eb38675440}",
      "ipsecNFA{c28dcf50-e8b9-5c0e-a583-aea7bb9e0a23}",
      "ipsecNFA{cbf423ea-4f67-56c4-b4b1-a18f97c67705}",
      "ipsecPolicy{0bc29a17-046e-580b-8b54-bb5a429711c3}",
    ]
  `)
})

test('every field does what it says', () => {
  const area = areaOfText(`
polagent: 1
assigned: ALL
policies:
  - name: All
    id: "{00000000-0000-0000-0000-00000000000a}"
    description: everything
    pollingInterval: 90min
    mainMode:
      lifetime: 2h
      pfs: true
      quickModeLimit: 5
      certificateMapping: true
      noCertificateRequest: true
      methods:
        - DES-MD5-LOW
        - { method: 3DES-SHA1-14, lifetime: 1h, lifetimeKilobytes: 7, quickModeLimit: 3, pfs: false }
    defaultResponse: { active: false, methods: [AH-SHA1], soft: true, authentication: [{ psk: sesame }] }
    rules:
      - name: Tunnel
        description: to the branch
        active: false
        filterLists: [One, two]
        filterAction: Careful
        authentication:
          - { rootca: "CN=Root", certmap: true, excludecaname: true }
          - { psk: "open sesame" }
          - kerberos
        tunnel: 2001:db8::1
        connectionType: lan
        interface: Ethernet
      - filterList: "{00000000-0000-0000-0000-00000000000b}"
        filterAction: permit
        tunnel: { address: 192.0.2.1, name: gw.example.com }
      - filters: [ { source: any, destination: me, protocol: tcp, destinationPort: 80, mirrored: false, description: web } ]
        filterAction: PERMIT
        tunnel: gw.example.com
filterLists:
  - name: One
  - name: Two
    id: "{00000000-0000-0000-0000-00000000000b}"
    description: second
    filters: |
      # comment
      any/both <-> me/both

filterActions:
  - name: careful
    description: asks
    action: negotiate
    methods: [ESP-NONE-MD5, AH-MD5 pfs]
    inpass: true
    soft: true
`)
  expect(area.assigned?.name).toBe('All')
  const [policy] = area.policies
  expect(policy).toMatchObject({
    id: '{00000000-0000-0000-0000-00000000000a}',
    description: 'everything',
    pollingIntervalSeconds: 5400,
    mainMode: {
      lifetimeSeconds: 7200,
      perfectForwardSecrecy: true,
      quickModeLimit: 5,
      certificateMapping: true,
      noCertificateRequest: true,
      offers: [
        { encryption: 'des', integrity: 'md5', group: 'group1', lifetimeSeconds: 7200, quickModeLimit: 5 },
        {
          group: 'group14',
          lifetimeSeconds: 3600,
          lifetimeKilobytes: 7,
          quickModeLimit: 3,
          perfectForwardSecrecy: false,
        },
      ],
    },
  })
  const [response, tunnel, second, third] = policy?.rules ?? []
  expect(response).toMatchObject({
    isDefaultResponse: true,
    isActive: false,
    filterAction: { fallBackToClear: true, offers: [{ algorithms: [{ protocol: 'ah', integrity: 'sha1' }] }] },
  })
  expect(tunnel).toMatchObject({
    name: 'Tunnel',
    description: 'to the branch',
    isActive: false,
    isTunnel: true,
    tunnelEndpoint: { family: 'ipv6' },
    connectionType: 'lan',
    interfaceName: 'Ethernet',
    filterLists: [{ name: 'One' }, { name: 'Two' }],
    filterAction: {
      name: 'careful',
      description: 'asks',
      acceptUnsecuredInbound: true,
      fallBackToClear: true,
      offers: [{ perfectForwardSecrecy: false }, { perfectForwardSecrecy: true }],
    },
  })
  expect(tunnel?.authentication.map((method) => method.kind)).toEqual(['certificate', 'preshared-key', 'kerberos'])
  expect(tunnel?.authentication[0]).toMatchObject({
    authority: 'CN=Root',
    certificateMapping: true,
    excludeAuthorityName: true,
  })
  const key = tunnel?.authentication[1]
  expect(key?.kind === 'preshared-key' && key.key.reveal()).toBe('open sesame')
  expect(second).toMatchObject({ tunnelEndpointName: 'gw.example.com', filterAction: { action: 'permit' } })
  // Any address of both families is stored as two filters, one for each.
  expect(second?.filterLists[0]?.filters.map((filter) => filter.source)).toEqual([
    { kind: 'any', families: 'ipv4' },
    { kind: 'any', families: 'ipv6' },
  ])
  expect(third).toMatchObject({ isTunnel: true, tunnelEndpointName: 'gw.example.com' })
  expect(third?.filterLists[0]?.filters).toMatchObject([{ description: 'web', mirrored: false, protocol: 6 }])
})

test('areas other than the local one stand below areas', () => {
  const { stores } = readPolicyDocument(
    'polagent: 1\nareas:\n  - area: persistent\n    assigned: A\n    policies:\n      - name: A\n  - area: cache\n',
    documentContext,
  )
  expect(stores.map((store) => [store.area, store.objects.length, store.keyPath.at(-1)])).toEqual([
    ['persistent', 4, 'Persistent'],
    ['cache', 0, 'Cache'],
  ])
  expect(stores[0]?.values.map((value) => value.name)).toEqual(['ActivePolicy'])
})

test('JSON, YAML, a byte order mark, UTF-16 and CRLF say the same', () => {
  const json = `{"polagent":1,"policies":[{"name":"P","rules":[{"name":"R","filterAction":"block","filters":["any <-> me tcp :23"]}]}]}`
  const expected = bare(smallest)
  expect(bare(json)).toEqual(expected)
  expect(bare(`\ufeff${json}`)).toEqual(expected)
  expect(bare(smallest.replaceAll('\n', '\r\n'))).toEqual(expected)
  expect(bare(new TextEncoder().encode(`\ufeff${smallest}`))).toEqual(expected)
  const utf16 = Buffer.from(`\ufeff${smallest}`, 'utf16le')
  expect(bare(new Uint8Array(utf16))).toEqual(expected)
  expect(bare(new Uint8Array(Buffer.from(utf16).swap16()))).toEqual(expected)
})

function ids(text: string): string[] {
  return storeOfText(text).objects.map((object) => object.id)
}

function bare(text: Uint8Array | string): unknown {
  return readPolicyDocument(text, documentContext).stores[0]?.objects.map(({ place: _place, ...object }) => object)
}
