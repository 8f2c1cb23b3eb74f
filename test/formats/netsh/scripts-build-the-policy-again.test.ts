import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../../src/base/finding.ts'
import { ipv4, ipv4Mask, ipv6, ipv6Mask } from '../../../src/policy/ip.ts'
import type { Address, Filter, Port } from '../../../src/policy/filter.ts'
import type { AuthenticationMethod, MainModeOffer, Offer, PolicyArea } from '../../../src/policy/model.ts'
import type { ObjectStore } from '../../../src/policy/storedObject.ts'
import { Secret } from '../../../src/base/secret.ts'
import { type WriteNetshOptions, writeNetsh } from '../../../src/formats/netsh/index.ts'
import { toHex } from '../../../src/base/bytes.ts'
import {
  assign,
  authorFilterAction,
  authorFilterList,
  authorMainMode,
  authorPolicy,
  authorRule,
  emptyStore,
  withBackReferences,
} from '../../../src/formats/object-store/index.ts'
import { areaOfStore, exampleScript, readScript } from '../../support/netshRuns.ts'
import { sampleStore } from '../../support/samplePolicies.ts'
import { countedContext } from '../../support/sampleStore.ts'
import { randomPolicies } from '../../support/netshPolicies.ts'

interface Written {
  readonly script: string
  readonly findings: readonly Finding[]
}

function written(area: PolicyArea, options: WriteNetshOptions = {}): Written {
  const findings: Finding[] = []
  return { script: writeNetsh([area], options, (finding) => findings.push(finding)), findings }
}

/** What a store says apart from ids and times: values of each object, with ids in the order they turn up. */
function withoutIds(store: ObjectStore): unknown {
  const area = areaOfStore(store)
  const order = [
    ...area.policies.flatMap((policy) => [
      policy.object,
      policy.mainMode?.object,
      ...policy.rules.map((rule) => rule.object),
      ...policy.rules.map((rule) => rule.filterAction?.object),
      ...policy.rules.flatMap((rule) => rule.filterLists.map((list) => list.object)),
    ]),
    ...area.filterLists.map((list) => list.object),
    ...area.filterActions.map((action) => action.object),
  ]
  const objects = [...new Set(order.filter((object) => object !== undefined))]
  const ids = new Map<string, string>()
  const plain = (text: string): string =>
    text.replaceAll(/\{[0-9a-f-]{36}\}/gi, (id) => {
      const known = ids.get(id.toLowerCase()) ?? `{${ids.size}}`
      ids.set(id.toLowerCase(), known)
      return known
    })
  for (const object of objects) plain(object.id)
  return {
    objects: objects.map((object) =>
      object.values
        .filter((value) => value.name !== 'whenChanged')
        .map((value) => {
          if (value.name === 'ipsecData') return [value.name, dataWithoutIds(toHex(value.data), object.class)]
          return [value.name, value.type, plain(new TextDecoder('utf-16le').decode(value.data))].flatMap((part) =>
            // The order of back references is that in which rules came to be.
            value.name === 'ipsecOwnersReference' && typeof part === 'string' ? part.split('\0').toSorted() : [part],
          )
        }),
    ),
    assigned: area.assigned?.name,
  }
}

/** Blobs of main mode settings and of filters hold ids of their own. */
function dataWithoutIds(hex: string, objectClass: string): string {
  if (objectClass === 'ipsecISAKMPPolicy') return hex.slice(0, 40) + hex.slice(72)
  return objectClass === 'ipsecFilter' ? hex.replaceAll(/ac0f0000004080[0-9a-f]{14}/g, '#') : hex
}

test.each(['01-block-ports.netsh', '02-allow-list.cmd', '03-require-esp.netsh', '04-tunnel.netsh'])(
  '%s: script, store, script, store is stable',
  (name) => {
    const [first] = readScript(exampleScript(name)).stores as [ObjectStore]
    const { script, findings } = written(areaOfStore(first))
    expect(findings).toEqual([])
    const again = readScript(script)
    expect(again.findings).toEqual([])
    expect(withoutIds(again.stores[0] as ObjectStore)).toEqual(withoutIds(first))
    expect(written(areaOfStore(again.stores[0] as ObjectStore)).script).toBe(script)
  },
)

test('any policy that netsh can express is built again, equal apart from ids and times', () => {
  fc.assert(
    fc.property(randomPolicies, (store) => {
      const { script, findings } = written(areaOfStore(store))
      expect(findings.filter((finding) => finding.severity !== 'info')).toEqual([])
      const again = readScript(script)
      expect(again.findings).toEqual([])
      expect(withoutIds(again.stores[0] as ObjectStore)).toEqual(withoutIds(store))
    }),
    { numRuns: 150 },
  )
})

test('what is written of any sample store runs without a refusal', () => {
  const { script, findings } = written(areaOfStore(sampleStore()))
  expect(findings.map((finding) => finding.code)).toContain('NETSH_NAME_MADE')
  expect(readScript(script).findings).toEqual([])
  expect(script).toMatch(/^# IPsec policy/)
})

describe('what netsh cannot say', () => {
  const anyIpv4: Address = { kind: 'any', families: 'ipv4' }
  const meIpv4: Address = { kind: 'me', families: 'ipv4' }
  const anyPort: Port = { kind: 'any' }

  function storeWith(change: {
    readonly name?: string
    readonly description?: string
    readonly filter?: Partial<Filter>
    readonly authentication?: readonly AuthenticationMethod[]
    readonly offers?: readonly Offer[]
    readonly mainModeOffers?: readonly Partial<MainModeOffer>[]
    readonly lifetimeSeconds?: number
  }): ObjectStore {
    const context = countedContext(1)
    const [policy, mainMode, rule, list, action, filter] = Array.from({ length: 6 }, () => context.newId())
    if (!policy || !mainMode || !rule || !list || !action || !filter) throw new Error('no ids')
    const lifetimeSeconds = change.lifetimeSeconds ?? 28_800
    const limits = { lifetimeSeconds, lifetimeKilobytes: 0, quickModeLimit: 0, perfectForwardSecrecy: false }
    const suite = { encryption: '3des', integrity: 'sha1', group: 'group2', ...limits } as const
    const store: ObjectStore = {
      ...emptyStore('local'),
      objects: [
        authorPolicy(
          {
            id: policy,
            name: change.name ?? 'P',
            ...(change.description === undefined ? {} : { description: change.description }),
            pollingIntervalSeconds: 10_800,
            mainModeId: mainMode,
            ruleIds: [rule],
          },
          context,
        ),
        authorMainMode(
          {
            id: mainMode,
            policyId: policy,
            certificateMapping: false,
            noCertificateRequest: false,
            ...limits,
            offers: (change.mainModeOffers ?? [{}]).map((offer) => ({ ...suite, ...offer })),
          },
          context,
        ),
        authorRule(
          {
            id: rule,
            policyId: policy,
            name: 'R',
            isActive: true,
            filterListIds: [list],
            filterActionId: action,
            authentication: change.authentication ?? [{ kind: 'kerberos' }],
            isTunnel: false,
            connectionType: 'all',
          },
          context,
        ),
        authorFilterList(
          {
            id: list,
            name: 'L',
            filters: [
              {
                id: filter,
                mirrored: true,
                source: anyIpv4,
                destination: meIpv4,
                protocol: 6,
                sourcePort: anyPort,
                destinationPort: anyPort,
                ...change.filter,
              },
            ],
            ownerRuleIds: [rule],
          },
          context,
        ),
        authorFilterAction(
          change.offers === undefined
            ? { id: action, name: 'A', isDefaultResponse: false, ownerRuleIds: [rule], action: 'block' }
            : {
                id: action,
                name: 'A',
                isDefaultResponse: false,
                ownerRuleIds: [rule],
                action: 'negotiate',
                offers: change.offers,
                acceptUnsecuredInbound: false,
                fallBackToClear: false,
              },
          context,
        ),
      ],
    }
    return assign(withBackReferences(store), policy)
  }

  function rewritten(change: Parameters<typeof storeWith>[0], options: WriteNetshOptions = {}) {
    const result = written(areaOfStore(storeWith(change)), options)
    const ran = readScript(result.script)
    expect(ran.findings).toEqual([])
    // The policy without a default response rule is told each time.
    return {
      ...result,
      ran,
      codes: result.findings
        .map((finding) => finding.code)
        .slice(0, -1)
        .concat(),
    }
  }

  function told(change: Parameters<typeof storeWith>[0], options: WriteNetshOptions = {}): string[] {
    const { findings, script } = rewritten(change, options)
    // The policy without a default response rule is told each time.
    const own = findings.filter((finding) => !finding.message.includes('has no default response rule'))
    for (const finding of own) expect(script).toContain(`#   ${finding.message}`)
    return own.map((finding) => finding.code)
  }

  const offer: Offer = {
    algorithms: [{ protocol: 'esp', cipher: '3des', integrity: 'sha1' }],
    lifetimeSeconds: 0,
    lifetimeKilobytes: 0,
    perfectForwardSecrecy: false,
  }

  test('nothing else is told of a plain policy', () => {
    expect(told({})).toEqual([])
    expect(told({ offers: [offer] })).toEqual([])
  })

  test('quotation marks and line breaks in texts are changed and told; percent signs and other scripts stay', () => {
    expect(told({ name: 'say "no"' })).toEqual(['NETSH_TEXT_CHANGED'])
    expect(told({ description: 'two\nlines' })).toEqual(['NETSH_TEXT_CHANGED'])
    expect(told({ name: '100% %PATH% ^& 网络 \\' })).toEqual([])
    const { ran } = rewritten({ name: '100% %PATH% ^& 网络 \\' })
    expect(areaOfStore(ran.stores[0] as ObjectStore).assigned?.name).toBe('100% %PATH% ^& 网络 \\')
  })

  test('a range of ports is told port by port, a large one is left out with an error', () => {
    expect(told({ filter: { destinationPort: { kind: 'range', first: 20, last: 22 } } })).toEqual(['NETSH_NOT_SAYABLE'])
    const { ran } = rewritten({ filter: { destinationPort: { kind: 'range', first: 20, last: 22 } } })
    expect(areaOfStore(ran.stores[0] as ObjectStore).filterLists[0]?.filters).toHaveLength(3)
    expect(told({ filter: { destinationPort: { kind: 'range', first: 1024, last: 65_535 } } })).toEqual([
      'NETSH_LEFT_OUT',
    ])
  })

  test.each<[string, Partial<Filter>]>([
    ['a mask with holes', { source: { kind: 'subnet', address: ipv4(0x0a00_0000), mask: ipv4(0xff00_ff00) } }],
    ['a port of a protocol without ports', { protocol: 1, destinationPort: { kind: 'single', port: 5 } }],
    ['a tunnel of its own', { legacyTunnel: ipv4(0x0a00_0001) }],
    ['me to me in IPv6', { source: { kind: 'me', families: 'ipv6' }, destination: { kind: 'me', families: 'ipv6' } }],
    ['a name that is a word', { source: { kind: 'name', name: 'any' } }],
  ])('%s is left out with an error', (_, filter) => {
    expect(told({ filter })).toEqual(['NETSH_LEFT_OUT'])
  })

  test('IPv6 on any side can be said', () => {
    expect(
      told({ filter: { source: { kind: 'any', families: 'ipv6' }, destination: { kind: 'me', families: 'ipv6' } } }),
    ).toEqual([])
    const wide: Address = { kind: 'subnet', address: ipv6(1n << 120n), mask: ipv6(ipv6Mask(16)) }
    expect(told({ filter: { source: wide, destination: { kind: 'me', families: 'ipv6' } } })).toEqual([])
    expect(told({ filter: { source: { kind: 'subnet', address: ipv4(0), mask: ipv4(ipv4Mask(8)) } } })).toEqual([])
  })

  test('an action whose offers cannot be said becomes block, never weaker', () => {
    const three: Offer = { ...offer, algorithms: [...offer.algorithms, ...offer.algorithms, ...offer.algorithms] }
    expect(told({ offers: [three] })).toEqual(['NETSH_NOT_SAYABLE', 'NETSH_LEFT_OUT'])
    const { script } = rewritten({ offers: [three] })
    expect(script).toContain('action="block"')
    expect(told({ offers: [{ ...offer, lifetimeSeconds: 5 }] })).toEqual(['NETSH_NOT_SAYABLE'])
  })

  test('main mode without a sayable method gets the strongest one', () => {
    expect(told({ mainModeOffers: [{ encryption: 'none' }] })).toEqual(['NETSH_NOT_SAYABLE', 'NETSH_LEFT_OUT'])
    expect(rewritten({ mainModeOffers: [{ encryption: 'none' }] }).script).toContain('mmsecmethods="3DES-SHA1-3"')
    expect(told({ lifetimeSeconds: 28_801 })).toEqual(['NETSH_NOT_SAYABLE'])
  })

  test('a rule whose authentication cannot be said is written inactive', () => {
    const key: AuthenticationMethod = { kind: 'preshared-key', key: new Secret('sesame " mark') }
    expect(told({ authentication: [key] })).toEqual(['NETSH_LEFT_OUT'])
    expect(rewritten({ authentication: [key] }).script).toMatch(/add rule .* activate="no"/)
    expect(rewritten({ authentication: [key] }).script).not.toContain('sesame')
    expect(told({ authentication: [] })).toEqual(['NETSH_LEFT_OUT'])
  })

  test('keys are written, unless they are to be hidden', () => {
    const authentication: AuthenticationMethod[] = [{ kind: 'preshared-key', key: new Secret('open sesame') }]
    expect(rewritten({ authentication }).script).toContain('psk="open sesame"')
    const hidden = rewritten({ authentication }, { hidesKeys: true })
    expect(hidden.script).not.toContain('sesame')
    expect(hidden.script).toMatch(/add rule .* activate="no"/)
    expect(told({ authentication }, { hidesKeys: true })).toEqual(['NETSH_KEY_HIDDEN'])
  })
})
