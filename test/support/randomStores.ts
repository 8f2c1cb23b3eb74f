import { toHex } from '../../src/base/bytes.ts'
import { type Guid, guidFromBytes } from '../../src/base/guid.ts'
import { Secret } from '../../src/base/secret.ts'
import {
  authorFilterAction,
  authorFilterList,
  authorMainMode,
  authorPolicy,
  authorRule,
  type AuthorContext,
  emptyStore,
  referenceText,
} from '../../src/formats/object-store/index.ts'
import type { Address, Filter, Port } from '../../src/policy/filter.ts'
import { type Families, type Ip, ipv4, ipv4Mask, ipv6, ipv6Mask } from '../../src/policy/ip.ts'
import type { Algorithm, AuthenticationMethod, MainModeOffer, Offer } from '../../src/policy/model.ts'
import { hasPorts } from '../../src/policy/protocol.ts'
import {
  binaryValue,
  dwordValue,
  multiStringValue,
  type RegistryKey,
  type RegistryValue,
  stringValue,
  textsOfValue,
} from '../../src/policy/registryValue.ts'
import type { ObjectStore, StoreArea, StoredObject } from '../../src/policy/storedObject.ts'
import type { SeededRandom } from './seededRandom.ts'

function randomGuid(random: SeededRandom): Guid {
  return guidFromBytes(Uint8Array.from({ length: 16 }, () => random.below(256)))
}

const words = [
  'Block',
  'Permit',
  'web',
  'Réseau',
  '防火墙',
  'a: b',
  'x # y',
  ' padded ',
  '{odd}',
  '"q"',
  "it's",
  '123',
  'yes',
  'null',
  '-',
  '~',
  '1e3',
  '\t',
  'line\nbreak',
  '😀',
  '\u0085',
  '\u2028',
  '0x1F',
  '<<',
  '@at',
  '%p',
  '\ufeffbom',
  'back\\slash',
]

function randomName(random: SeededRandom): string {
  return Array.from({ length: 1 + random.below(3) }, () => random.pick(words)).join(random.pick(['', ' ', '-']))
}

function maybe<T>(random: SeededRandom, make: () => T): T | undefined {
  return random.below(2) === 0 ? undefined : make()
}

function randomIp(random: SeededRandom, family: 'ipv4' | 'ipv6'): Ip {
  if (family === 'ipv4') return ipv4(1 + random.below(0xffff_fffe))
  return ipv6(1n + BigInt(random.next()) * BigInt(random.next()) * BigInt(1 + random.below(0xffff_ffff)))
}

function randomAddress(random: SeededRandom): Address {
  const family = random.below(3) === 0 ? 'ipv6' : 'ipv4'
  const families: Families = random.pick(['ipv4', 'ipv4', 'ipv6', 'both'])
  switch (random.below(9)) {
    case 0:
      return { kind: 'any', families: families === 'both' ? 'ipv6' : families }
    case 1:
      return { kind: 'me', families }
    case 2:
      return { kind: 'host', address: randomIp(random, family) }
    case 3:
      return family === 'ipv4'
        ? {
            kind: 'subnet',
            address: randomIp(random, family),
            mask: ipv4(random.below(4) === 0 ? random.next() : ipv4Mask(random.below(33))),
          }
        : { kind: 'subnet', address: randomIp(random, family), mask: ipv6(ipv6Mask(random.below(129))) }
    case 4: {
      const [a, b] = [randomIp(random, family), randomIp(random, family)]
      return a.bits <= b.bits ? { kind: 'range', first: a, last: b } : { kind: 'range', first: b, last: a }
    }
    case 5:
      return { kind: random.pick(['dns-servers', 'wins-servers', 'dhcp', 'gateway']), families }
    case 6:
      return {
        kind: 'name',
        name: random.pick(['host.example.com', 'fileserver', 'me', '10.0.0.1', 'a b', 'x(y)', 'é.example']),
      }
    default:
      return { kind: 'me', families: 'ipv4' }
  }
}

function randomPort(random: SeededRandom): Port {
  switch (random.below(3)) {
    case 0:
      return { kind: 'any' }
    case 1:
      return { kind: 'single', port: 1 + random.below(65_535) }
    default: {
      const first = random.below(65_536)
      return { kind: 'range', first, last: first + random.below(65_536 - first) }
    }
  }
}

export function randomFilter(random: SeededRandom): Filter {
  const protocol = random.pick([0, 1, 6, 17, 6, 17, 47, 255, 200, 132])
  const description = maybe(random, () => randomName(random))
  const source = randomAddress(random)
  const destination = randomAddress(random)
  return {
    id: randomGuid(random),
    ...(description === undefined ? {} : { description }),
    mirrored: random.below(2) === 0,
    source,
    destination,
    ...(source.kind === 'host' && random.below(3) === 0 ? { sourceName: randomName(random) } : {}),
    protocol,
    sourcePort: hasPorts(protocol) ? randomPort(random) : { kind: 'any' },
    destinationPort: hasPorts(protocol) ? randomPort(random) : { kind: 'any' },
    ...(random.below(20) === 0 && source.kind === 'host' && source.address.family === 'ipv4'
      ? { legacyTunnel: randomIp(random, 'ipv4') }
      : {}),
  }
}

function randomAlgorithm(random: SeededRandom): Algorithm {
  if (random.below(3) === 0) return { protocol: 'ah', integrity: random.pick(['md5', 'sha1']) }
  const cipher = random.pick(['none', 'des', '3des'] as const)
  return { protocol: 'esp', cipher, integrity: cipher === 'none' ? 'sha1' : random.pick(['none', 'md5', 'sha1']) }
}

function randomOffer(random: SeededRandom): Offer {
  return {
    algorithms: Array.from({ length: 1 + random.below(2) }, () => randomAlgorithm(random)),
    lifetimeSeconds: random.pick([0, 300, 3600, 0xffff_ffff]),
    lifetimeKilobytes: random.pick([0, 100_000, 0xffff_ffff]),
    perfectForwardSecrecy: random.below(4) === 0,
  }
}

function randomMainModeOffer(random: SeededRandom): MainModeOffer {
  return {
    encryption: random.pick(['none', 'des', '3des']),
    integrity: random.pick(['none', 'md5', 'sha1']),
    group: random.pick(['group1', 'group2', 'group14']),
    lifetimeSeconds: random.pick([28_800, 60, 3601]),
    lifetimeKilobytes: random.pick([0, 5]),
    quickModeLimit: random.pick([0, 0, 7]),
    perfectForwardSecrecy: random.below(4) === 0,
  }
}

function randomAuthentication(random: SeededRandom): AuthenticationMethod {
  switch (random.below(3)) {
    case 0:
      return { kind: 'kerberos' }
    case 1:
      return { kind: 'preshared-key', key: new Secret(randomName(random)) }
    default:
      return {
        kind: 'certificate',
        authority: `C=US, O=${randomName(random)}`,
        certificateMapping: random.below(2) === 0,
        excludeAuthorityName: random.below(2) === 0,
      }
  }
}

/** A store as authoring tools leave it: several policies that share lists and actions, or not. */
export function randomStore(random: SeededRandom, area: StoreArea = 'local'): ObjectStore {
  const empty = emptyStore(area, area === 'directory' ? ['CN=IP Security,CN=System,DC=example,DC=com'] : undefined)
  const context: AuthorContext = {
    newId: () => randomGuid(random),
    whenChanged: 1_700_000_000 + random.below(2),
    keyPath: empty.keyPath,
  }
  const lists = Array.from({ length: random.below(4) }, () => randomGuid(random))
  const actions = Array.from({ length: 1 + random.below(3) }, () => randomGuid(random))
  const owners = new Map<Guid, Guid[]>()
  const objects: StoredObject[] = []
  const policies = Array.from({ length: random.below(3) }, () => randomGuid(random))
  for (const id of policies) {
    const ruleIds = Array.from({ length: random.below(4) }, () => randomGuid(random))
    const mainModeId = randomGuid(random)
    for (const rule of ruleIds) {
      const action = random.pick(actions)
      const listIds = lists.length === 0 || random.below(5) === 0 ? [] : [random.pick(lists)]
      for (const target of [action, ...listIds]) owners.set(target, [...(owners.get(target) ?? []), rule])
      const isTunnel = random.below(4) === 0
      objects.push(
        authorRule(
          {
            id: rule,
            policyId: id,
            ...named(random),
            isActive: random.below(4) !== 0,
            filterListIds: listIds,
            filterActionId: action,
            authentication: Array.from({ length: random.below(3) }, () => randomAuthentication(random)),
            isTunnel,
            ...(isTunnel ? { tunnelEndpoint: randomIp(random, random.pick(['ipv4', 'ipv6'])) } : {}),
            ...(isTunnel && random.below(2) === 0 ? { tunnelEndpointName: randomName(random) } : {}),
            connectionType: random.pick(['all', 'lan', 'dialup']),
            ...(random.below(5) === 0 ? { interfaceName: randomName(random) } : {}),
          },
          context,
        ),
      )
    }
    objects.push(
      authorMainMode(
        {
          id: mainModeId,
          policyId: id,
          perfectForwardSecrecy: random.below(2) === 0,
          certificateMapping: random.below(2) === 0,
          noCertificateRequest: random.below(2) === 0,
          quickModeLimit: random.pick([0, 7]),
          lifetimeSeconds: random.pick([28_800, 60]),
          offers: Array.from({ length: random.below(4) }, () => randomMainModeOffer(random)),
        },
        context,
      ),
      authorPolicy(
        {
          id,
          name: randomName(random),
          ...(random.below(2) === 0 ? { description: randomName(random) } : {}),
          pollingIntervalSeconds: random.pick([10_800, 60, 3599]),
          mainModeId,
          ruleIds,
        },
        context,
      ),
    )
  }
  for (const id of lists) {
    objects.push(
      authorFilterList(
        {
          id,
          ...named(random),
          filters: Array.from({ length: random.below(6) }, () => storableFilter(random)),
          ownerRuleIds: owners.get(id) ?? [],
        },
        context,
      ),
    )
  }
  for (const id of actions) {
    const base = { id, ...named(random), isDefaultResponse: random.below(3) === 0, ownerRuleIds: owners.get(id) ?? [] }
    const action = random.pick(['block', 'permit', 'negotiate'] as const)
    objects.push(
      authorFilterAction(
        action === 'negotiate'
          ? {
              ...base,
              action,
              offers: Array.from({ length: random.below(4) }, () => randomOffer(random)),
              acceptUnsecuredInbound: random.below(2) === 0,
              fallBackToClear: random.below(2) === 0,
            }
          : { ...base, action },
        context,
      ),
    )
  }
  const assigned = policies[0]
  const values =
    assigned === undefined || area === 'directory' || random.below(2) === 0
      ? []
      : [stringValue('ActivePolicy', referenceText(empty.keyPath, { class: 'ipsecPolicy', id: assigned }))]
  return { ...empty, values, objects }
}

/** The tunnel of a filter has a place only beside what a version 1 record holds. */
function storableFilter(random: SeededRandom): Filter {
  const { legacyTunnel, ...filter } = randomFilter(random)
  const isPlain =
    filter.destination.kind === 'me' &&
    filter.destination.families === 'ipv4' &&
    filter.sourcePort.kind !== 'range' &&
    filter.destinationPort.kind !== 'range'
  return legacyTunnel !== undefined && isPlain ? { ...filter, legacyTunnel } : filter
}

function named(random: SeededRandom): { name?: string; description?: string } {
  return {
    ...(random.below(3) === 0 ? {} : { name: randomName(random) }),
    ...(random.below(3) === 0 ? { description: randomName(random) } : {}),
  }
}

/** The store with something done to it that real stores show: odd types, junk, losses, doubles, other spellings. */
export function damagedStore(store: ObjectStore, random: SeededRandom): ObjectStore {
  let damaged = store
  for (let count = 1 + random.below(4); count > 0; count -= 1) damaged = damagedOnce(damaged, random)
  return damaged
}

function damagedOnce(store: ObjectStore, random: SeededRandom): ObjectStore {
  if (store.objects.length === 0) return store
  const target = random.pick(store.objects)
  const change = (how: (object: StoredObject) => StoredObject | undefined): ObjectStore => ({
    ...store,
    objects: store.objects.flatMap((object) => (object === target ? (how(object) ?? []) : [object])),
  })
  const changeValue = (how: (value: RegistryValue) => RegistryValue | undefined): ObjectStore => {
    const value = random.pick(target.values)
    return change((object) => ({
      ...object,
      values: object.values.flatMap((one) => (one === value ? (how(one) ?? []) : [one])),
    }))
  }
  switch (random.below(16)) {
    case 0:
      return change(() => undefined)
    case 1:
      return changeValue(() => undefined)
    case 2:
      return changeValue((value) => ({ ...value, type: random.pick([0, 1, 2, 3, 4, 7, 11, 77, 0xffff_ffff]) }))
    case 3:
      return changeValue((value) => flipped(value, random))
    case 4:
      return changeValue((value) => ({ ...value, data: value.data.subarray(0, random.below(value.data.length + 1)) }))
    case 5:
      return changeValue((value) => ({ ...value, name: value.name.toUpperCase() }))
    case 6:
      return change((object) => ({
        ...object,
        values: [...object.values, binaryValue(randomName(random), bytesOf(random))],
      }))
    case 7:
      return { ...store, objects: [...store.objects, { ...target, key: target.key.replace('{', ' {') }] }
    case 8:
      return change((object) => ({ ...object, subkeys: [{ name: 'x\0y', values: [dwordValue('', 5)], subkeys: [] }] }))
    case 9:
      return { ...store, otherKeys: [randomKey(random, 3)], surroundings: randomKey(random, 2) }
    case 10:
      return { ...store, objects: store.objects.map((object) => ({ ...object, keyInfo: keyInfo(random) })) }
    case 11:
      return { ...store, objects: store.objects.map(inCapitals) }
    case 12:
      return { ...store, values: [stringValue('ActivePolicy', 'nothing'), stringValue('', ''), dwordValue('x', 1)] }
    case 13:
      return changeValue((value) => ({ ...value, type: 1 }))
    case 14:
      return change((object) => ({ ...object, key: object.key.toUpperCase() }))
    default:
      return changeReference(store, target, random)
  }
}

function changeReference(store: ObjectStore, target: StoredObject, random: SeededRandom): ObjectStore {
  const other = random.pick(store.objects)
  const changed = target.values.map((value) =>
    value.name.endsWith('Reference')
      ? multiStringValue(value.name, [...textsOfValue(value), referenceText(store.keyPath, other), 'broken'])
      : value,
  )
  return {
    ...store,
    objects: store.objects.map((object) => (object === target ? { ...target, values: changed } : object)),
  }
}

function upper(text: string): string {
  return text.replaceAll(/\{[^}]*\}/g, (id) => id.toUpperCase())
}

function inCapitals(object: StoredObject): StoredObject {
  return {
    ...object,
    key: upper(object.key),
    values: object.values.map((value) =>
      value.type === 1
        ? stringValue(value.name, upper(textsOfValue(value)[0] ?? ''))
        : value.type === 7
          ? multiStringValue(value.name, textsOfValue(value).map(upper))
          : value,
    ),
  }
}

function keyInfo(random: SeededRandom): NonNullable<StoredObject['keyInfo']> {
  return {
    ...(random.below(8) === 0 ? {} : { lastWritten: 133_400_000_000_000_000n + BigInt(random.below(3)) }),
    ...(random.below(8) === 0 ? {} : { security: Uint8Array.of(1, 2, random.below(2)) }),
    ...(random.below(4) === 0 ? { flags: random.below(3) } : {}),
    ...(random.below(4) === 0 ? { className: Uint8Array.of(0x9e, 0x89, 0xde) } : {}),
  }
}

function randomKey(random: SeededRandom, depth: number): RegistryKey {
  return {
    name: randomName(random),
    values: Array.from({ length: random.below(3) }, () => ({
      name: randomName(random),
      type: random.below(12),
      data: bytesOf(random),
    })),
    subkeys: depth === 0 ? [] : Array.from({ length: random.below(3) }, () => randomKey(random, depth - 1)),
  }
}

function bytesOf(random: SeededRandom): Uint8Array {
  return Uint8Array.from({ length: random.below(40) }, () => random.below(256))
}

function flipped(value: RegistryValue, random: SeededRandom): RegistryValue {
  if (value.data.length === 0) return value
  const data = value.data.slice()
  const at = random.below(data.length)
  data[at] = (data[at] as number) ^ (1 << random.below(8))
  return { ...value, data }
}

/** A store as a value to compare: places and what has no meaning, the order of keys and values, left out. */
export function comparable(store: ObjectStore): unknown {
  return {
    area: store.area,
    keyPath: store.keyPath,
    rootPath: store.rootPath,
    values: comparableValues(store.values),
    objects: store.objects
      .map((object) => ({
        key: object.key,
        class: object.class,
        id: object.id,
        values: comparableValues(object.values),
        subkeys: object.subkeys.map(comparableKey),
        info: comparableInfo(object.keyInfo),
        directory: object.directory,
      }))
      .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)),
    otherKeys: store.otherKeys.map(comparableKey),
    surroundings: store.surroundings && comparableKey(store.surroundings),
    info: comparableInfo(store.keyInfo),
    gpoAssignments: store.gpoAssignments,
  }
}

function comparableValues(values: readonly RegistryValue[]): string[] {
  return values.map((value) => `${value.name}|${value.type}|${toHex(value.data)}`).toSorted()
}

function comparableKey(key: RegistryKey): unknown {
  return {
    name: key.name,
    values: comparableValues(key.values),
    subkeys: key.subkeys.map(comparableKey),
    info: comparableInfo(key),
  }
}

function comparableInfo(info: StoredObject['keyInfo']): unknown {
  return {
    lastWritten: info?.lastWritten,
    security: info?.security && toHex(info.security),
    className: info?.className && toHex(info.className),
    flags: info?.flags,
  }
}
