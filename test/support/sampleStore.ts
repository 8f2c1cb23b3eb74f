import { type Guid, guid } from '../../src/base/guid.ts'
import { Secret } from '../../src/base/secret.ts'
import {
  assign,
  type AuthorContext,
  authorFilterAction,
  authorFilterList,
  authorMainMode,
  authorPolicy,
  authorRule,
  emptyStore,
  type PolicySetInput,
  policySetOf,
  standardKeyPath,
} from '../../src/formats/object-store/index.ts'
import type { Filter } from '../../src/policy/filter.ts'
import { anyPort } from '../../src/policy/filter.ts'
import { ipv4 } from '../../src/policy/ip.ts'
import type { PolicySet } from '../../src/policy/model.ts'
import type { RegistryValue } from '../../src/policy/registryValue.ts'
import type { ObjectStore, StoredObject } from '../../src/policy/storedObject.ts'

/** The id whose last part is `number`. */
export function numberedId(number: number): Guid {
  return guid(`{0fac0000-0000-4000-8000-${number.toString(16).padStart(12, '0')}}`)
}

/** Ids counted up from a number; the same every time. */
export function countedContext(first = 0x1000): AuthorContext {
  let next = first
  return {
    newId: () => {
      next += 1
      return numberedId(next)
    },
    whenChanged: 1_700_000_000,
    keyPath: standardKeyPath('local'),
  }
}

export const ids = {
  policy: numberedId(1),
  mainMode: numberedId(2),
  webRule: numberedId(3),
  pingRule: numberedId(4),
  defaultRule: numberedId(5),
  webList: numberedId(6),
  pingList: numberedId(7),
  secure: numberedId(8),
  block: numberedId(9),
  defaultAction: numberedId(10),
  sparePolicy: numberedId(11),
  spareMainMode: numberedId(12),
  spareRule: numberedId(13),
  spareDefaultRule: numberedId(14),
  spareDefaultAction: numberedId(15),
} as const

export const webFilter: Filter = {
  id: numberedId(100),
  mirrored: true,
  source: { kind: 'any', families: 'ipv4' },
  destination: { kind: 'me', families: 'ipv4' },
  protocol: 6,
  sourcePort: anyPort,
  destinationPort: { kind: 'single', port: 443 },
}

export const pingFilter: Filter = {
  id: numberedId(101),
  mirrored: true,
  source: { kind: 'subnet', address: ipv4(0x0a00_0000), mask: ipv4(0xff00_0000) },
  destination: { kind: 'me', families: 'ipv4' },
  protocol: 1,
  sourcePort: anyPort,
  destinationPort: anyPort,
}

/**
 * A healthy local store like one made by Windows' own editors: the assigned policy "Servers" protects web traffic and
 * blocks ping, "Spare" blocks ping with the same list and action.
 */
export function healthyStore(): ObjectStore {
  const c = countedContext()
  const mainMode = {
    perfectForwardSecrecy: false,
    certificateMapping: false,
    noCertificateRequest: false,
    quickModeLimit: 0,
    lifetimeSeconds: 28_800,
    offers: [
      {
        encryption: '3des' as const,
        integrity: 'sha1' as const,
        group: 'group2' as const,
        lifetimeSeconds: 28_800,
        lifetimeKilobytes: 0,
        quickModeLimit: 0,
        perfectForwardSecrecy: false,
      },
    ],
  }
  const rule = {
    policyId: ids.policy,
    isActive: true,
    authentication: [{ kind: 'kerberos' as const }],
    isTunnel: false,
    connectionType: 'all' as const,
  }
  const kerberosOnly = { ...rule, isActive: false, filterListIds: [] }
  const defaultAction = {
    isDefaultResponse: true,
    action: 'negotiate' as const,
    offers: [{ algorithms: [{ protocol: 'ah' as const, integrity: 'sha1' as const }], ...noLimits }],
    acceptUnsecuredInbound: false,
    fallBackToClear: false,
  }
  const objects: StoredObject[] = [
    authorPolicy(
      {
        id: ids.policy,
        name: 'Servers',
        description: 'Protects the web servers',
        pollingIntervalSeconds: 10_800,
        mainModeId: ids.mainMode,
        ruleIds: [ids.webRule, ids.pingRule, ids.defaultRule],
      },
      c,
    ),
    authorMainMode({ id: ids.mainMode, policyId: ids.policy, ...mainMode }, c),
    authorRule(
      {
        ...rule,
        id: ids.webRule,
        filterListIds: [ids.webList],
        filterActionId: ids.secure,
        authentication: [{ kind: 'kerberos' }, { kind: 'preshared-key', key: new Secret('open sesame') }],
      },
      c,
    ),
    authorRule({ ...rule, id: ids.pingRule, filterListIds: [ids.pingList], filterActionId: ids.block }, c),
    authorRule({ ...kerberosOnly, id: ids.defaultRule, filterActionId: ids.defaultAction }, c),
    authorFilterList({ id: ids.webList, name: 'Web', filters: [webFilter], ownerRuleIds: [ids.webRule] }, c),
    authorFilterList(
      { id: ids.pingList, name: 'Ping', filters: [pingFilter], ownerRuleIds: [ids.pingRule, ids.spareRule] },
      c,
    ),
    authorFilterAction(
      {
        id: ids.secure,
        name: 'Secure',
        isDefaultResponse: false,
        ownerRuleIds: [ids.webRule],
        action: 'negotiate',
        offers: [{ algorithms: [{ protocol: 'esp', cipher: '3des', integrity: 'sha1' }], ...noLimits }],
        acceptUnsecuredInbound: false,
        fallBackToClear: false,
      },
      c,
    ),
    authorFilterAction(
      {
        id: ids.block,
        name: 'Block',
        isDefaultResponse: false,
        ownerRuleIds: [ids.pingRule, ids.spareRule],
        action: 'block',
      },
      c,
    ),
    authorFilterAction({ ...defaultAction, id: ids.defaultAction, ownerRuleIds: [ids.defaultRule] }, c),
    authorPolicy(
      {
        id: ids.sparePolicy,
        name: 'Spare',
        pollingIntervalSeconds: 3_600,
        mainModeId: ids.spareMainMode,
        ruleIds: [ids.spareRule, ids.spareDefaultRule],
      },
      c,
    ),
    authorMainMode({ id: ids.spareMainMode, policyId: ids.sparePolicy, ...mainMode }, c),
    authorRule(
      {
        ...rule,
        id: ids.spareRule,
        policyId: ids.sparePolicy,
        filterListIds: [ids.pingList],
        filterActionId: ids.block,
      },
      c,
    ),
    authorRule(
      { ...kerberosOnly, id: ids.spareDefaultRule, policyId: ids.sparePolicy, filterActionId: ids.spareDefaultAction },
      c,
    ),
    authorFilterAction({ ...defaultAction, id: ids.spareDefaultAction, ownerRuleIds: [ids.spareDefaultRule] }, c),
  ]
  return assign({ ...emptyStore('local'), objects }, ids.policy)
}

const noLimits = { lifetimeSeconds: 0, lifetimeKilobytes: 0, perfectForwardSecrecy: false }

export function setOf(...stores: readonly ObjectStore[]): PolicySet {
  const input: PolicySetInput = { source: 'test', format: 'hive', stores }
  return policySetOf(input)
}

/** Codes of the findings about these stores, repeated as often as they are found. */
export function codesOf(...stores: readonly ObjectStore[]): string[] {
  return setOf(...stores).findings.map((finding) => finding.code)
}

export function objectOf(store: ObjectStore, id: Guid): StoredObject {
  const object = store.objects.find((candidate) => candidate.id === id)
  if (object === undefined) throw new Error(`no object ${id}`)
  return object
}

/** The store with one object's values changed. */
export function changed(
  store: ObjectStore,
  id: Guid,
  change: (values: readonly RegistryValue[]) => readonly RegistryValue[],
): ObjectStore {
  return {
    ...store,
    objects: store.objects.map((object) => (object.id === id ? { ...object, values: change(object.values) } : object)),
  }
}

export function without(store: ObjectStore, ...gone: readonly Guid[]): ObjectStore {
  return { ...store, objects: store.objects.filter((object) => !gone.includes(object.id)) }
}
