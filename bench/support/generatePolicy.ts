import { type Guid, guid } from '../../src/base/guid.ts'
import type { Packet } from '../../src/engine/index.ts'
import {
  authorFilterAction,
  authorFilterList,
  authorMainMode,
  authorPolicy,
  authorRule,
  policySetOf,
  referenceText,
  standardKeyPath,
} from '../../src/formats/object-store/index.ts'
import { type Address, anyPort, type Filter, type Port } from '../../src/policy/filter.ts'
import { ipv4, ipv4Mask } from '../../src/policy/ip.ts'
import type { Policy } from '../../src/policy/model.ts'
import { stringValue } from '../../src/policy/registryValue.ts'
import type { ObjectStore } from '../../src/policy/storedObject.ts'
import { SeededRandom } from '../../test/support/seededRandom.ts'

/** Rules of a generated policy; filters are spread over them evenly. */
const ruleCount = 12
const actions = ['block', 'negotiate', 'permit'] as const

/** Shares of the shapes of filters, in percent, as policies of servers have them. */
const shapes = [
  { share: 60, length: 32, hasProtocol: true, hasPort: true },
  { share: 20, length: 24, hasProtocol: false, hasPort: false },
  { share: 10, length: 32, hasProtocol: false, hasPort: false },
  { share: 10, length: 24, hasProtocol: true, hasPort: true },
] as const

/** An assigned policy with `filters` mirrored filters between `me` and others, most of them different. */
export function generateStore(filters: number, seed = 1): ObjectStore {
  const random = new SeededRandom(seed)
  let next = 0
  const newId = (): Guid => {
    next += 1
    return guid(`{6e0a5f00-0000-4000-8000-${next.toString(16).padStart(12, '0')}}`)
  }
  const keyPath = standardKeyPath('local')
  const context = { newId, whenChanged: 1_700_000_000, keyPath }
  const policyId = newId()
  const mainModeId = newId()
  const rules = Array.from({ length: ruleCount }, () => ({ id: newId(), listId: newId() }))
  const actionIds = actions.map(() => newId())
  const objects = [
    authorPolicy(
      {
        id: policyId,
        name: 'Generated',
        pollingIntervalSeconds: 10_800,
        mainModeId,
        ruleIds: rules.map(({ id }) => id),
      },
      context,
    ),
    authorMainMode(
      {
        id: mainModeId,
        policyId,
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
    ...actions.map((action, index) => {
      const ownerRuleIds = rules.filter((_, rule) => rule % actions.length === index).map(({ id }) => id)
      const base = { id: actionIds[index] as Guid, name: action, isDefaultResponse: false, ownerRuleIds }
      return authorFilterAction(
        action === 'negotiate'
          ? {
              ...base,
              action,
              offers: [
                {
                  algorithms: [{ protocol: 'esp', cipher: '3des', integrity: 'sha1' }],
                  lifetimeSeconds: 0,
                  lifetimeKilobytes: 0,
                  perfectForwardSecrecy: false,
                },
              ],
              acceptUnsecuredInbound: false,
              fallBackToClear: false,
            }
          : { ...base, action },
        context,
      )
    }),
    ...rules.flatMap(({ id, listId }, index) => {
      const count = Math.floor(filters / ruleCount) + (index < filters % ruleCount ? 1 : 0)
      const list = Array.from({ length: count }, () => generateFilter(random, newId()))
      return [
        authorRule(
          {
            id,
            policyId,
            name: `Rule ${index + 1}`,
            isActive: true,
            filterListIds: [listId],
            filterActionId: actionIds[index % actions.length] as Guid,
            authentication: [{ kind: 'kerberos' }],
            isTunnel: false,
            connectionType: 'all',
          },
          context,
        ),
        authorFilterList({ id: listId, name: `List ${index + 1}`, filters: list, ownerRuleIds: [id] }, context),
      ]
    }),
  ]
  return {
    area: 'local',
    keyPath,
    values: [stringValue('ActivePolicy', referenceText(keyPath, { class: 'ipsecPolicy', id: policyId }))],
    objects,
    otherKeys: [],
  }
}

/** The same, read. */
export function generatePolicy(filters: number, seed = 1): Policy {
  const set = policySetOf({ source: 'generated', format: 'hive', stores: [generateStore(filters, seed)] })
  return set.areas[0]?.assigned as Policy
}

const me: Address = { kind: 'me', families: 'ipv4' }

function generateFilter(random: SeededRandom, id: Guid): Filter {
  let share = random.below(100)
  const shape = shapes.find((one) => (share -= one.share) < 0) ?? shapes[0]
  const bits = (0x0a00_0000 | (random.next() >>> 8)) >>> 0
  const address = ipv4(bits & ipv4Mask(shape.length))
  const remote: Address =
    shape.length === 32 ? { kind: 'host', address } : { kind: 'subnet', address, mask: ipv4(ipv4Mask(shape.length)) }
  const port: Port = shape.hasPort ? { kind: 'single', port: 1 + random.below(1024) } : anyPort
  const isInbound = random.below(2) === 0
  return {
    id,
    mirrored: true,
    source: isInbound ? remote : me,
    destination: isInbound ? me : remote,
    protocol: shape.hasProtocol ? (random.below(3) === 0 ? 17 : 6) : 0,
    sourcePort: anyPort,
    destinationPort: port,
  }
}

/** The generated policy's own addresses. */
export const generatedOwn = [ipv4(0x0aff_0001), ipv4(0x0aff_0002)]

/** Packets of the kind the filters of a policy are for: each aimed at one of its filters, taken at random. */
export function generatePackets(policy: Policy, count: number, seed = 2): Packet[] {
  const random = new SeededRandom(seed)
  const filters = policy.rules.flatMap((rule) => rule.filterLists.flatMap((list) => list.filters))
  return Array.from({ length: count }, () => {
    const filter = random.pick(filters)
    const isOut = filter.source.kind === 'me'
    const side = isOut ? filter.destination : filter.source
    const address = side.kind === 'host' || side.kind === 'subnet' ? (side.address.bits as number) : 0
    const remote = ipv4(side.kind === 'subnet' ? address | random.below(256) : address)
    const own = random.pick(generatedOwn)
    const port = filter.destinationPort.kind === 'single' ? filter.destinationPort.port : random.below(65_536)
    const [source, destination] = isOut ? [own, remote] : [remote, own]
    return {
      source,
      destination,
      protocol: filter.protocol === 0 ? 6 : filter.protocol,
      sourcePort: 1024 + random.below(60_000),
      destinationPort: port,
    }
  })
}
