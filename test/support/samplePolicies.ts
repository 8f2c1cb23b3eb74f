import { type Guid, guid } from '../../src/base/guid.ts'
import { Secret } from '../../src/base/secret.ts'
import { stringValue } from '../../src/policy/registryValue.ts'
import {
  type AuthorContext,
  authorFilterAction,
  authorFilterList,
  authorMainMode,
  authorPolicy,
  authorRule,
  standardKeyPath,
} from '../../src/formats/object-store/index.ts'
import { anyPort, type Filter, type Port } from '../../src/policy/filter.ts'
import { ipv4, ipv4Mask, parseIp } from '../../src/policy/ip.ts'
import type { ObjectStore } from '../../src/policy/storedObject.ts'

/** The number in the last group tells the objects of a sample apart. */
export function sampleId(number: number): Guid {
  return guid(`{5a3b1e00-0000-4000-8000-${number.toString(16).padStart(12, '0')}}`)
}

function sampleContext(): AuthorContext {
  let next = 0x10_0000
  return {
    newId: () => {
      next += 1
      return sampleId(next)
    },
    whenChanged: 1_700_000_000,
    keyPath: standardKeyPath('local'),
  }
}

const single = (port: number): Port => ({ kind: 'single', port })

/** From any to me; TCP to a port. */
function inboundFilter(number: number, port: number): Filter {
  return {
    id: sampleId(number),
    mirrored: true,
    source: { kind: 'any', families: 'ipv4' },
    destination: { kind: 'me', families: 'ipv4' },
    protocol: 6,
    sourcePort: anyPort,
    destinationPort: single(port),
  }
}

export const sampleKey = 'never-to-be-printed-9f2c'

/** An assigned policy: blocks SMB, protects a subnet, permits what comes from one address; no default response rule. */
export function sampleStore(): ObjectStore {
  const context = sampleContext()
  const [policy, mainMode, block, protect, permit] = [1, 2, 3, 4, 5].map(sampleId) as [Guid, Guid, Guid, Guid, Guid]
  const [blockList, protectList, permitList] = [6, 7, 8].map(sampleId) as [Guid, Guid, Guid]
  const [blockAction, protectAction, permitAction] = [9, 10, 11].map(sampleId) as [Guid, Guid, Guid]
  const plain = {
    isActive: true,
    policyId: policy,
    isTunnel: false,
    connectionType: 'all',
    authentication: [],
  } as const
  const objects = [
    authorPolicy(
      {
        id: policy,
        name: 'Sample policy',
        description: 'For tests',
        pollingIntervalSeconds: 5400,
        mainModeId: mainMode,
        ruleIds: [block, protect, permit],
      },
      context,
    ),
    authorMainMode(
      {
        id: mainMode,
        policyId: policy,
        perfectForwardSecrecy: false,
        certificateMapping: false,
        noCertificateRequest: false,
        quickModeLimit: 0,
        lifetimeSeconds: 28_800,
        offers: [
          {
            encryption: '3des',
            integrity: 'sha1',
            group: 'group2',
            lifetimeSeconds: 28_800,
            lifetimeKilobytes: 0,
            quickModeLimit: 0,
            perfectForwardSecrecy: false,
          },
        ],
      },
      context,
    ),
    authorRule(
      { ...plain, id: block, name: 'No SMB', filterListIds: [blockList], filterActionId: blockAction },
      context,
    ),
    authorRule(
      {
        ...plain,
        id: protect,
        name: 'Servers',
        filterListIds: [protectList],
        filterActionId: protectAction,
        authentication: [{ kind: 'kerberos' }, { kind: 'preshared-key', key: new Secret(sampleKey) }],
      },
      context,
    ),
    authorRule({ ...plain, id: permit, filterListIds: [permitList], filterActionId: permitAction }, context),
    authorFilterList(
      { id: blockList, name: 'SMB', filters: [inboundFilter(20, 445), inboundFilter(21, 139)], ownerRuleIds: [block] },
      context,
    ),
    authorFilterList(
      {
        id: protectList,
        name: 'Server network',
        filters: [
          {
            ...inboundFilter(22, 0),
            protocol: 0,
            destinationPort: anyPort,
            source: { kind: 'me', families: 'ipv4' },
            destination: { kind: 'subnet', address: ipv4(0x0a01_0000), mask: { family: 'ipv4', bits: ipv4Mask(16) } },
          },
        ],
        ownerRuleIds: [protect],
      },
      context,
    ),
    authorFilterList(
      {
        id: permitList,
        name: 'Admin workstation',
        filters: [
          {
            ...inboundFilter(23, 445),
            source: { kind: 'host', address: parseIp('192.0.2.7') ?? ipv4(0) },
            description: 'the one by the door',
          },
        ],
        ownerRuleIds: [permit],
      },
      context,
    ),
    authorFilterAction(
      { id: blockAction, name: 'Block', isDefaultResponse: false, ownerRuleIds: [block], action: 'block' },
      context,
    ),
    authorFilterAction(
      {
        id: protectAction,
        name: 'Require security',
        isDefaultResponse: false,
        ownerRuleIds: [protect],
        action: 'negotiate',
        offers: [
          {
            algorithms: [{ protocol: 'esp', cipher: '3des', integrity: 'sha1' }],
            lifetimeSeconds: 3600,
            lifetimeKilobytes: 100_000,
            perfectForwardSecrecy: false,
          },
        ],
        acceptUnsecuredInbound: true,
        fallBackToClear: false,
      },
      context,
    ),
    authorFilterAction(
      { id: permitAction, name: 'Permit', isDefaultResponse: false, ownerRuleIds: [permit], action: 'permit' },
      context,
    ),
  ]
  const active = `SOFTWARE\\Policies\\Microsoft\\Windows\\IPSEC\\Policy\\Local\\ipsecPolicy${policy}`
  return {
    area: 'local',
    keyPath: standardKeyPath('local'),
    values: [stringValue('ActivePolicy', active)],
    objects,
    otherKeys: [],
  }
}
