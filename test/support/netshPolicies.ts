import * as fc from 'fast-check'
import type { Guid } from '../../src/base/guid.ts'
import { Secret } from '../../src/base/secret.ts'
import {
  assign,
  authorFilterAction,
  authorFilterList,
  authorMainMode,
  authorPolicy,
  authorRule,
  emptyStore,
  type FilterActionDraft,
  withBackReferences,
} from '../../src/formats/object-store/index.ts'
import type { Address, Filter, Port } from '../../src/policy/filter.ts'
import { type Ip, ipv4, ipv4Mask, ipv6, ipv6Mask } from '../../src/policy/ip.ts'
import type { Algorithm, AuthenticationMethod, MainModeOffer, Offer } from '../../src/policy/model.ts'
import type { ObjectStore } from '../../src/policy/storedObject.ts'
import { countedContext } from './sampleStore.ts'

/** Policies that netsh can express, made by the authors of stored objects and not by netsh. */

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .map((value) => value.replaceAll(/["\p{Cc}\p{Cs}]/gu, '%'))
const named = fc.record({ name: text, description: fc.option(text, { nil: undefined }) })
const manyNamed = (maxLength: number) =>
  fc.uniqueArray(named, { minLength: 1, maxLength, selector: ({ name }) => name.toLowerCase() })

type Family = 'ipv4' | 'ipv6'

const ipOf = (family: Family): fc.Arbitrary<Ip> =>
  family === 'ipv4' ? fc.integer({ min: 1, max: 0xffff_ffff }).map(ipv4) : fc.bigInt(1n, (1n << 128n) - 1n).map(ipv6)

function subnetOf(family: Family): fc.Arbitrary<Address> {
  const width = family === 'ipv4' ? 32 : 128
  return fc.tuple(ipOf(family), fc.integer({ min: 1, max: width - 1 })).map(([address, length]) => ({
    kind: 'subnet',
    address,
    mask: family === 'ipv4' ? ipv4(ipv4Mask(length)) : ipv6(ipv6Mask(length)),
  }))
}

function rangeOf(family: Family): fc.Arbitrary<Address> {
  return fc.tuple(ipOf(family), ipOf(family)).map(([a, b]) => {
    const [first, last] = BigInt(a.bits) <= BigInt(b.bits) ? [a, b] : [b, a]
    return { kind: 'range', first, last }
  })
}

const namedAddress = (family: Family): fc.Arbitrary<Address> =>
  fc.oneof(
    ipOf(family).map((address) => ({ kind: 'host' as const, address })),
    subnetOf(family),
    rangeOf(family),
  )

const words = (family: Family): fc.Arbitrary<Address> =>
  fc.constantFrom<Address>({ kind: 'any', families: family }, { kind: 'me', families: family })

const dnsName: fc.Arbitrary<Address> = fc
  .stringMatching(/^[a-z][a-z0-9-]{0,8}(?:\.[a-z]{2,6})?$/)
  .filter((name) => !['any', 'me', 'dns', 'wins', 'dhcp', 'gateway'].includes(name))
  .map((name) => ({ kind: 'name', name }))

const me: Address = { kind: 'me', families: 'ipv4' }
const server = fc.constantFrom('dns-servers', 'wins-servers', 'dhcp', 'gateway')

const pair: fc.Arbitrary<readonly [Address, Address]> = fc.oneof(
  fc.tuple(words('ipv4'), words('ipv4')),
  fc.tuple(fc.oneof(words('ipv4'), dnsName), namedAddress('ipv4')),
  fc.tuple(namedAddress('ipv4'), fc.oneof(words('ipv4'), namedAddress('ipv4'))),
  fc.tuple(words('ipv6'), namedAddress('ipv6')),
  fc.tuple(namedAddress('ipv6'), fc.oneof(words('ipv6'), namedAddress('ipv6'))),
  fc.tuple(dnsName, fc.oneof(words('ipv4'), dnsName)),
  server.map((kind) => [{ kind, families: 'ipv4' }, me] as const),
  server.map((kind) => [me, { kind, families: 'ipv4' }] as const),
)

const port: fc.Arbitrary<Port> = fc.oneof(
  fc.constant({ kind: 'any' as const }),
  fc.integer({ min: 1, max: 0xffff }).map((number) => ({ kind: 'single' as const, port: number })),
)

type FilterContent = Omit<Filter, 'id'>

const filter: fc.Arbitrary<FilterContent> = fc
  .record({
    sides: pair,
    mirrored: fc.boolean(),
    ports: fc.oneof(
      fc.record({ protocol: fc.constantFrom(6, 17), sourcePort: port, destinationPort: port }),
      fc.integer({ min: 0, max: 255 }).map((protocol) => ({
        protocol,
        sourcePort: { kind: 'any' as const },
        destinationPort: { kind: 'any' as const },
      })),
    ),
    description: fc.option(text, { nil: undefined }),
  })
  .map(({ sides: [source, destination], mirrored, ports, description }) => ({
    source,
    destination,
    mirrored,
    ...ports,
    ...(description === undefined ? {} : { description }),
  }))

const filters = fc.uniqueArray(filter, {
  maxLength: 5,
  selector: ({ description: _description, ...rest }) =>
    JSON.stringify(rest, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
})

const integrity = fc.constantFrom('md5' as const, 'sha1' as const)
const ah: fc.Arbitrary<Algorithm> = integrity.map((hash) => ({ protocol: 'ah', integrity: hash }))
const esp: fc.Arbitrary<Algorithm> = fc.oneof(
  fc.record({
    protocol: fc.constant('esp' as const),
    cipher: fc.constantFrom('des' as const, '3des' as const),
    integrity: fc.constantFrom('none' as const, 'md5' as const, 'sha1' as const),
  }),
  fc.record({ protocol: fc.constant('esp' as const), cipher: fc.constant('none' as const), integrity }),
)

const offer: fc.Arbitrary<Omit<Offer, 'perfectForwardSecrecy'>> = fc.record({
  algorithms: fc.oneof(fc.tuple(ah), fc.tuple(esp), fc.tuple(ah, esp)),
  lifetimeSeconds: fc.oneof(fc.constant(0), fc.integer({ min: 300, max: 172_799 })),
  lifetimeKilobytes: fc.oneof(fc.constant(0), fc.integer({ min: 20_480, max: 2_147_483_647 })),
})

type ActionContent =
  | { readonly action: 'block' }
  | { readonly action: 'permit' }
  | Extract<FilterActionDraft, { action: 'negotiate' }>

const action = fc.oneof(
  fc.constantFrom({ action: 'block' as const }, { action: 'permit' as const }),
  fc
    .record({
      offers: fc.array(offer, { minLength: 1, maxLength: 4 }),
      pfs: fc.boolean(),
      acceptUnsecuredInbound: fc.boolean(),
      fallBackToClear: fc.boolean(),
    })
    .map(({ offers, pfs, ...rest }) => ({
      action: 'negotiate' as const,
      offers: offers.map((one) => ({ ...one, perfectForwardSecrecy: pfs })),
      ...rest,
    })),
)

const authority = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .map((value) => `CN=${value.replaceAll(/[\p{Cc}\p{Cs}\\]/gu, '"')}, O="Ex ample"`)

const authentication: fc.Arbitrary<AuthenticationMethod> = fc.oneof(
  fc.constant({ kind: 'kerberos' as const }),
  text.map((key) => ({ kind: 'preshared-key' as const, key: new Secret(key) })),
  fc.record({
    kind: fc.constant('certificate' as const),
    authority,
    certificateMapping: fc.boolean(),
    excludeAuthorityName: fc.boolean(),
  }),
)

const tunnel = fc.oneof(
  fc.constant({ isTunnel: false }),
  ipOf('ipv4').map((tunnelEndpoint) => ({ isTunnel: true, tunnelEndpoint })),
  ipOf('ipv6').map((tunnelEndpoint) => ({ isTunnel: true, tunnelEndpoint })),
  fc.constant({ isTunnel: true, tunnelEndpointName: 'gw.example.com' }),
)

const suite: fc.Arbitrary<Pick<MainModeOffer, 'encryption' | 'integrity' | 'group'>> = fc.record({
  encryption: fc.constantFrom('des' as const, '3des' as const),
  integrity,
  group: fc.constantFrom('group1' as const, 'group2' as const, 'group14' as const),
})

const policy = fc.record({
  minutes: fc.integer({ min: 1, max: 100_000 }),
  pollingMinutes: fc.integer({ min: 1, max: 100_000 }),
  pfs: fc.boolean(),
  quickModeLimit: fc.integer({ min: 0, max: 0x7fff_ffff }),
  suites: fc.array(suite, { minLength: 1, maxLength: 6 }),
  rules: manyNamed(4),
  ruleContents: fc.array(
    fc.record({
      isActive: fc.boolean(),
      list: fc.nat(),
      action: fc.nat(),
      authentication: fc.array(authentication, { minLength: 1, maxLength: 4 }),
      tunnel,
      connectionType: fc.constantFrom('all' as const, 'lan' as const, 'dialup' as const),
    }),
    { minLength: 4, maxLength: 4 },
  ),
  defaultIsActive: fc.boolean(),
  defaultOffers: fc.array(offer, { minLength: 1, maxLength: 3 }),
  defaultPfs: fc.boolean(),
  defaultAuthentication: fc.array(authentication, { minLength: 1, maxLength: 3 }),
})

export const randomPolicies: fc.Arbitrary<ObjectStore> = fc
  .record({
    policyNames: manyNamed(2),
    policies: fc.array(policy, { minLength: 2, maxLength: 2 }),
    listNames: manyNamed(4),
    lists: fc.array(filters, { minLength: 4, maxLength: 4 }),
    actionNames: manyNamed(4),
    actions: fc.array(action, { minLength: 4, maxLength: 4 }),
    assigned: fc.option(fc.nat(), { nil: undefined }),
  })
  .map(storeOf)

type Choices = {
  readonly policyNames: readonly Named[]
  readonly policies: readonly (typeof policy extends fc.Arbitrary<infer P> ? P : never)[]
  readonly listNames: readonly Named[]
  readonly lists: readonly (readonly FilterContent[])[]
  readonly actionNames: readonly Named[]
  readonly actions: readonly (typeof action extends fc.Arbitrary<infer A> ? A : ActionContent)[]
  readonly assigned: number | undefined
}

interface Named {
  readonly name: string
  readonly description: string | undefined
}

const names = ({ name, description }: Named) => ({ name, ...(description === undefined ? {} : { description }) })

function storeOf(choices: Choices): ObjectStore {
  const context = countedContext(1)
  const listIds = choices.listNames.map(() => context.newId())
  const actionIds = choices.actionNames.map(() => context.newId())
  const lists = choices.listNames.map((name, index) =>
    authorFilterList(
      {
        id: listIds[index] as Guid,
        ...names(name),
        filters: (choices.lists[index] ?? []).map((content) => ({ id: context.newId(), ...content })),
        ownerRuleIds: [],
      },
      context,
    ),
  )
  const actions = choices.actionNames.map((name, index) =>
    authorFilterAction(
      {
        id: actionIds[index] as Guid,
        ...names(name),
        isDefaultResponse: false,
        ownerRuleIds: [],
        ...(choices.actions[index] ?? { action: 'block' as const }),
      },
      context,
    ),
  )
  const policyIds: Guid[] = []
  const policies = choices.policyNames.flatMap((name, index) => {
    const id = context.newId()
    policyIds.push(id)
    return policyObjects(
      id,
      name,
      choices.policies[index] as Choices['policies'][number],
      { listIds, actionIds },
      context,
    )
  })
  const store = { ...emptyStore('local'), objects: [...policies, ...actions, ...lists] }
  const assigned = choices.assigned === undefined ? undefined : policyIds[choices.assigned % policyIds.length]
  return assign(withBackReferences(store), assigned)
}

function policyObjects(
  id: Guid,
  name: Named,
  content: Choices['policies'][number],
  shared: { readonly listIds: readonly Guid[]; readonly actionIds: readonly Guid[] },
  context: ReturnType<typeof countedContext>,
) {
  const mainModeId = context.newId()
  const defaultRuleId = context.newId()
  const defaultActionId = context.newId()
  const limits = {
    lifetimeSeconds: content.minutes * 60,
    quickModeLimit: content.pfs ? 1 : content.quickModeLimit,
    perfectForwardSecrecy: content.pfs,
  }
  const rules = content.rules.map((ruleName, index) => {
    const rule = content.ruleContents[index] as (typeof content.ruleContents)[number]
    return {
      id: context.newId(),
      policyId: id,
      ...names(ruleName),
      isActive: rule.isActive,
      filterListIds: [shared.listIds[rule.list % shared.listIds.length] as Guid],
      filterActionId: shared.actionIds[rule.action % shared.actionIds.length] as Guid,
      authentication: rule.authentication,
      connectionType: rule.connectionType,
      ...rule.tunnel,
    }
  })
  return [
    authorPolicy(
      {
        id,
        ...names(name),
        pollingIntervalSeconds: content.pollingMinutes * 60,
        mainModeId,
        ruleIds: [defaultRuleId, ...rules.map((rule) => rule.id)],
      },
      context,
    ),
    authorMainMode(
      {
        id: mainModeId,
        policyId: id,
        certificateMapping: false,
        noCertificateRequest: false,
        ...limits,
        offers: content.suites.map((one) => ({ ...one, ...limits, lifetimeKilobytes: 0 })),
      },
      context,
    ),
    authorRule(
      {
        id: defaultRuleId,
        policyId: id,
        isActive: content.defaultIsActive,
        filterListIds: [],
        filterActionId: defaultActionId,
        authentication: content.defaultAuthentication,
        isTunnel: false,
        connectionType: 'all',
      },
      context,
    ),
    authorFilterAction(
      {
        id: defaultActionId,
        isDefaultResponse: true,
        ownerRuleIds: [defaultRuleId],
        action: 'negotiate',
        offers: content.defaultOffers.map((one) => ({ ...one, perfectForwardSecrecy: content.defaultPfs })),
        acceptUnsecuredInbound: false,
        fallBackToClear: false,
      },
      context,
    ),
    ...rules.map((rule) => authorRule(rule, context)),
  ]
}
