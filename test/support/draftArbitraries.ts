import * as fc from 'fast-check'
import { Secret } from '../../src/base/secret.ts'
import type {
  FilterActionDraft,
  FilterListDraft,
  MainModeDraft,
  PolicyDraft,
  RuleDraft,
} from '../../src/formats/object-store/index.ts'
import type { Address, Filter, Port, ServerKind } from '../../src/policy/filter.ts'
import { type Ip, ipv4, ipv4Mask, ipv6, ipv6Mask, maxIpv4 } from '../../src/policy/ip.ts'
import type { Algorithm, AuthenticationMethod, MainModeOffer, Offer } from '../../src/policy/model.ts'
import { anyGuid, anyText, u32 } from './blobArbitraries.ts'

/** Drafts in the form in which their meaning reads back: no empty optional texts, lifetimes never 0 in main mode. */
const someText = anyText.filter((text) => text !== '')
const lifetime = fc.integer({ min: 1, max: 0xffff_ffff })
const manyIds = fc.uniqueArray(anyGuid, { maxLength: 4 })

function withOptional<T extends object, K extends keyof T>(
  required: fc.Arbitrary<Omit<T, K>>,
  optional: fc.Arbitrary<Pick<T, K>>,
): fc.Arbitrary<T> {
  return fc.tuple(required, optional).map(([a, b]) => ({ ...a, ...b }) as T)
}

const names = fc.record({ name: someText, description: someText }, { requiredKeys: [] })

export const policyDraft: fc.Arbitrary<PolicyDraft> = withOptional<PolicyDraft, 'description'>(
  fc.record({
    id: anyGuid,
    name: someText,
    pollingIntervalSeconds: lifetime,
    mainModeId: anyGuid,
    ruleIds: manyIds,
  }),
  fc.record({ description: someText }, { requiredKeys: [] }),
)

const mainModeOffer: fc.Arbitrary<MainModeOffer> = fc.record({
  encryption: fc.constantFrom('none', 'des', '3des'),
  integrity: fc.constantFrom('none', 'md5', 'sha1'),
  group: fc.constantFrom('group1', 'group2', 'group14'),
  lifetimeSeconds: fc.oneof(fc.constant(28_800), lifetime),
  lifetimeKilobytes: fc.oneof(fc.constant(0), u32),
  quickModeLimit: fc.oneof(fc.constant(0), u32),
  perfectForwardSecrecy: fc.boolean(),
})

export const mainModeDraft: fc.Arbitrary<MainModeDraft> = fc.record({
  id: anyGuid,
  policyId: anyGuid,
  perfectForwardSecrecy: fc.boolean(),
  certificateMapping: fc.boolean(),
  noCertificateRequest: fc.boolean(),
  quickModeLimit: fc.oneof(fc.constant(0), u32),
  lifetimeSeconds: fc.oneof(fc.constant(28_800), lifetime),
  offers: fc.array(mainModeOffer, { maxLength: 6 }),
})

const anyIpv4: fc.Arbitrary<Ip> = u32.map(ipv4)
const anyIpv6: fc.Arbitrary<Ip> = fc.bigInt(0n, (1n << 128n) - 1n).map(ipv6)
const anyIp = fc.oneof(anyIpv4, anyIpv6)

const authentication: fc.Arbitrary<AuthenticationMethod> = fc.oneof(
  fc.constant({ kind: 'kerberos' as const }),
  anyText.map((text) => ({ kind: 'preshared-key' as const, key: new Secret(text) })),
  fc.record({
    kind: fc.constant('certificate' as const),
    authority: anyText,
    certificateMapping: fc.boolean(),
    excludeAuthorityName: fc.boolean(),
  }),
)

const tunnel: fc.Arbitrary<Pick<RuleDraft, 'isTunnel' | 'tunnelEndpoint' | 'tunnelEndpointName'>> = fc.oneof(
  fc.record(
    {
      isTunnel: fc.constant(true),
      tunnelEndpoint: anyIp.filter((ip) => BigInt(ip.bits) !== 0n),
      tunnelEndpointName: someText,
    },
    { requiredKeys: ['isTunnel'] },
  ),
  fc.constant({ isTunnel: false }),
)

export const ruleDraft: fc.Arbitrary<RuleDraft> = fc
  .tuple(
    fc.record({
      id: anyGuid,
      policyId: anyGuid,
      isActive: fc.boolean(),
      filterListIds: fc.array(anyGuid, { maxLength: 1 }),
      filterActionId: anyGuid,
      authentication: fc.array(authentication, { maxLength: 5 }),
      connectionType: fc.constantFrom('all', 'lan', 'dialup'),
    }),
    names,
    tunnel,
    fc.record({ interfaceName: someText }, { requiredKeys: [] }),
  )
  .map(([required, ...optional]) => Object.assign({}, required, ...optional) as RuleDraft)

const ah: fc.Arbitrary<Algorithm> = fc.record({
  protocol: fc.constant('ah' as const),
  integrity: fc.constantFrom('md5', 'sha1'),
})
const esp: fc.Arbitrary<Algorithm> = fc
  .record({
    protocol: fc.constant('esp' as const),
    cipher: fc.constantFrom('none' as const, 'des' as const, '3des' as const),
    integrity: fc.constantFrom('none' as const, 'md5' as const, 'sha1' as const),
  })
  .filter((algorithm) => algorithm.cipher !== 'none' || algorithm.integrity !== 'none')

const offer: fc.Arbitrary<Offer> = fc.record({
  algorithms: fc.array(fc.oneof(ah, esp), { minLength: 1, maxLength: 3 }),
  lifetimeSeconds: u32,
  lifetimeKilobytes: u32,
  perfectForwardSecrecy: fc.boolean(),
})

export const filterActionDraft: fc.Arbitrary<FilterActionDraft> = fc
  .tuple(
    fc.record({ id: anyGuid, isDefaultResponse: fc.boolean(), ownerRuleIds: manyIds }),
    names,
    fc.oneof(
      fc.record({ action: fc.constantFrom('block' as const, 'permit' as const) }),
      fc.record({
        action: fc.constant('negotiate' as const),
        offers: fc.array(offer, { minLength: 1, maxLength: 6 }),
        acceptUnsecuredInbound: fc.boolean(),
        fallBackToClear: fc.boolean(),
      }),
    ),
  )
  .map(([required, named, action]) => ({ ...required, ...named, ...action }))

const families = fc.constantFrom('ipv4' as const, 'ipv6' as const, 'both' as const)
const server: fc.Arbitrary<ServerKind> = fc.constantFrom('dns-servers', 'wins-servers', 'dhcp', 'gateway')

/** A range in order. */
function ordered(first: Ip, last: Ip): Address {
  return first.bits <= last.bits ? { kind: 'range', first, last } : { kind: 'range', first: last, last: first }
}

/** Masks of one address or of none read back as a host or as any; those forms are tested by example. */
const subnet4: fc.Arbitrary<Address> = fc
  .tuple(u32, fc.oneof(fc.integer({ min: 1, max: 31 }).map(ipv4Mask), u32))
  .filter(([, mask]) => mask !== 0 && mask !== maxIpv4)
  .map(([address, mask]) => ({ kind: 'subnet', address: ipv4(address), mask: ipv4(mask) }))
const subnet6: fc.Arbitrary<Address> = fc
  .tuple(anyIpv6, fc.integer({ min: 0, max: 128 }))
  .map(([address, length]) => ({ kind: 'subnet', address, mask: ipv6(ipv6Mask(length)) }))

const anyAddress: fc.Arbitrary<Address> = fc.oneof(
  fc.record({ kind: fc.constant('any' as const), families: fc.constantFrom('ipv4' as const, 'ipv6' as const) }),
  fc.record({ kind: fc.constant('me' as const), families }),
  anyIp.map((address) => ({ kind: 'host' as const, address })),
  subnet4,
  subnet6,
  fc.oneof(fc.tuple(anyIpv4, anyIpv4), fc.tuple(anyIpv6, anyIpv6)).map(([a, b]) => ordered(a, b)),
  fc.record({ kind: server, families }),
  someText.map((name) => ({ kind: 'name' as const, name })),
)

const portNumber = fc.integer({ min: 0, max: 0xffff })
const anyPortForm: fc.Arbitrary<Port> = fc.oneof(
  fc.constant({ kind: 'any' as const }),
  portNumber.map((port) => ({ kind: 'single' as const, port })),
  fc
    .tuple(portNumber, portNumber)
    .map(([a, b]) => ({ kind: 'range' as const, first: Math.min(a, b), last: Math.max(a, b) })),
)

const anyFilter: fc.Arbitrary<Filter> = fc
  .tuple(
    fc.record({
      id: anyGuid,
      mirrored: fc.boolean(),
      source: anyAddress,
      destination: anyAddress,
      protocol: fc.integer({ min: 0, max: 255 }),
      sourcePort: anyPortForm,
      destinationPort: anyPortForm,
    }),
    fc.record({ description: someText, sourceName: someText, destinationName: someText }, { requiredKeys: [] }),
  )
  .map(([filter, texts]) => withoutNamesTold({ ...filter, ...texts }))

/** A name that is the address itself is told once; beside an address of zero the name would become the address. */
function withoutNamesTold(filter: Filter): Filter {
  const { sourceName, destinationName, ...rest } = filter
  return {
    ...rest,
    ...(sourceName === undefined || !mayBeNamed(filter.source) ? {} : { sourceName }),
    ...(destinationName === undefined || !mayBeNamed(filter.destination) ? {} : { destinationName }),
  }
}

function mayBeNamed(address: Address): boolean {
  return address.kind !== 'name' && !(address.kind === 'host' && BigInt(address.address.bits) === 0n)
}

/** Version 1 filters of old systems with a tunnel of their own. */
const legacyTunnelFilter: fc.Arbitrary<Filter> = fc
  .tuple(anyGuid, subnet4, subnet4, anyIpv4)
  .map(([id, source, destination, legacyTunnel]) => ({
    id,
    mirrored: false,
    source,
    destination,
    protocol: 0,
    sourcePort: { kind: 'any' },
    destinationPort: { kind: 'any' },
    legacyTunnel,
  }))

export const filterListDraft: fc.Arbitrary<FilterListDraft> = fc
  .tuple(
    fc.record({
      id: anyGuid,
      filters: fc.array(fc.oneof({ arbitrary: anyFilter, weight: 9 }, { arbitrary: legacyTunnelFilter, weight: 1 }), {
        maxLength: 8,
      }),
      ownerRuleIds: manyIds,
    }),
    names,
  )
  .map(([required, named]) => ({ ...required, ...named }))
