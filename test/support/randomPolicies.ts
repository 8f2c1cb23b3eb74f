import type { Finding } from '../../src/base/finding.ts'
import { type Guid, guid } from '../../src/base/guid.ts'
import { Secret } from '../../src/base/secret.ts'
import type { HostFacts, Packet } from '../../src/engine/index.ts'
import { type Address, anyPort, type Filter, type Port } from '../../src/policy/filter.ts'
import { type Families, type Ip, ipv4, ipv6, ipv6Mask } from '../../src/policy/ip.ts'
import type { FilterAction, FilterList, Policy, Rule } from '../../src/policy/model.ts'
import type { ObjectClass } from '../../src/policy/objectClass.ts'
import type { StoredObject } from '../../src/policy/storedObject.ts'
import type { SeededRandom } from './seededRandom.ts'

/**
 * Random policies and packets over a universe so small that filters overlap, tie and hide each other all the time. All
 * addresses agree but for a few low bits.
 */
const base4 = 0x0a00_0010
const base6 = 0x2001_0db8_0000_0000_0000_0000_ffff_fff0n
/** Low bits in which addresses differ. */
const lowBits = 2

const failure: Finding = { severity: 'error', code: 'TEST', message: 'made to fail', win32: 13 }

function randomIp(random: SeededRandom, family: 'ipv4' | 'ipv6'): Ip {
  const low = random.below(1 << lowBits)
  // Now and then an address from elsewhere.
  const isFar = random.below(16) === 0
  return family === 'ipv4'
    ? ipv4(isFar ? 0xc000_0200 + low : base4 + low)
    : ipv6(isFar ? 0xfe80n << 112n : base6 + BigInt(low))
}

const names = ['one.example', 'two.example', 'six.example', 'both.example', 'nowhere.example']

export function randomFacts(random: SeededRandom): HostFacts {
  const some = (most: number): Ip[] =>
    Array.from({ length: random.below(most + 1) }, () => randomIp(random, random.pick(['ipv4', 'ipv4', 'ipv6'])))
  const types = random.below(6)
  return {
    addresses: some(4),
    servers: { 'dns-servers': some(3), 'wins-servers': some(2), dhcp: some(1), gateway: some(2) },
    names: new Map([
      ['one.example', [randomIp(random, 'ipv4')]],
      ['two.example', [randomIp(random, 'ipv4'), randomIp(random, 'ipv4')]],
      ['six.example', [randomIp(random, 'ipv6')]],
      ['both.example', [randomIp(random, 'ipv4'), randomIp(random, 'ipv6'), randomIp(random, 'ipv6')]],
    ]),
    ...(types === 0 ? { connectionTypes: ['lan'] } : types === 1 ? { connectionTypes: [] } : {}),
  }
}

function randomAddress(random: SeededRandom, family: 'ipv4' | 'ipv6'): Address {
  const families: Families = random.below(4) === 0 ? 'both' : random.below(30) === 0 ? 'ipv6' : family
  switch (random.below(13)) {
    case 0:
    case 1:
      return { kind: 'any', families }
    case 2:
    case 3:
    case 4:
      return { kind: 'me', families }
    case 5:
    case 6:
      return { kind: 'host', address: randomIp(random, family) }
    case 7:
    case 8:
      return { kind: 'subnet', address: randomIp(random, family), mask: randomMask(random, family) }
    case 9:
    case 10:
      return randomRange(random, family)
    case 11:
      return { kind: random.pick(['dns-servers', 'wins-servers', 'dhcp', 'gateway'] as const), families }
    default: {
      const name = random.pick(names)
      return { kind: 'name', name: random.below(2) === 0 ? name : name.toUpperCase() }
    }
  }
}

function randomMask(random: SeededRandom, family: 'ipv4' | 'ipv6'): Ip {
  const kind = random.below(4)
  if (family === 'ipv4') {
    if (kind === 0) return ipv4((0xffff_ffff << lowBits) | random.below(1 << lowBits))
    if (kind === 1) return ipv4(random.pick([0, 0xff, 0x8000_0007, 0xffff_fffd, 0xffff_ffff]))
    return ipv4(0xffff_ffff << random.below(lowBits + 2))
  }
  return kind === 0
    ? ipv6(ipv6Mask(128 - lowBits) | BigInt(random.below(1 << lowBits)))
    : ipv6(ipv6Mask(random.pick([0, 10, 64, 125, 126, 127, 128])))
}

function randomRange(random: SeededRandom, family: 'ipv4' | 'ipv6'): Address {
  const a = randomIp(random, family)
  const b = randomIp(random, family)
  const whole = random.below(12) === 0
  if (whole) {
    return family === 'ipv4'
      ? { kind: 'range', first: ipv4(0), last: ipv4(0xffff_ffff) }
      : { kind: 'range', first: ipv6(0n), last: ipv6((1n << 128n) - 1n) }
  }
  return a.bits <= b.bits ? { kind: 'range', first: a, last: b } : { kind: 'range', first: b, last: a }
}

const ports = [0, 1, 2, 65_535]

function randomPort(random: SeededRandom): Port {
  switch (random.below(9)) {
    case 0:
    case 1:
      return { kind: 'single', port: random.pick(ports) }
    case 3: {
      const [a, b] = [random.pick(ports), random.pick(ports)]
      return { kind: 'range', first: Math.min(a, b), last: Math.max(a, b) }
    }
    default:
      return anyPort
  }
}

function randomFilter(random: SeededRandom, id: Guid): Filter {
  const family = random.pick(['ipv4', 'ipv4', 'ipv4', 'ipv6'] as const)
  const protocol = random.pick([0, 0, 0, 6, 6, 6, 17, 255])
  const legacy = random.below(40)
  return {
    id,
    mirrored: random.below(3) > 0,
    source: randomAddress(random, family),
    // Rarely of the other family, which can never match unless one side is of both.
    destination: randomAddress(random, random.below(20) === 0 ? 'ipv6' : family),
    protocol,
    sourcePort: randomPort(random),
    destinationPort: randomPort(random),
    ...(legacy === 0 ? { legacyTunnel: ipv4(0) } : legacy === 1 ? { legacyTunnel: ipv4(0xc000_0201) } : {}),
  }
}

function storedObject(objectClass: ObjectClass, id: Guid): StoredObject {
  return { class: objectClass, id, key: `${objectClass}${id}`, values: [], subkeys: [], place: {} }
}

function randomAction(random: SeededRandom, id: Guid): FilterAction {
  const base = {
    id,
    isDefaultResponse: false,
    object: storedObject('ipsecNegotiationPolicy', id),
    problems: [],
  }
  const kind = random.below(4)
  if (kind === 0) return { ...base, action: 'block' }
  if (kind === 1) return { ...base, action: 'permit' }
  return {
    ...base,
    action: 'negotiate',
    offers: [
      {
        algorithms: [{ protocol: 'esp', cipher: '3des', integrity: 'sha1' }],
        lifetimeSeconds: 0,
        lifetimeKilobytes: 0,
        perfectForwardSecrecy: false,
      },
    ],
    perfectForwardSecrecy: false,
    acceptUnsecuredInbound: random.below(2) === 0,
    fallBackToClear: kind === 3,
  }
}

function randomId(random: SeededRandom): Guid {
  const hex = [random.next(), random.next(), random.next(), random.next()].map((word) =>
    word.toString(16).padStart(8, '0'),
  )
  return guid(hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '{$1-$2-$3-$4-$5}'))
}

/** A policy of a few rules; some have failed, are inactive, tunnel, or share a list. */
export function randomPolicy(random: SeededRandom, area: 'local' | 'persistent' = 'local'): Policy {
  const newId = (): Guid => randomId(random)
  const lists: FilterList[] = Array.from({ length: 1 + random.below(3) }, () => {
    const id = newId()
    const filters = Array.from({ length: random.below(20) }, () => randomFilter(random, newId()))
    return { id, filters, object: storedObject('ipsecFilter', id), problems: [] }
  })
  const rules: Rule[] = Array.from({ length: 1 + random.below(5) }, () => {
    const id = newId()
    const isTunnel = random.below(6) === 0
    const endpoint = random.below(3)
    const action = random.below(25) === 0 ? undefined : randomAction(random, newId())
    return {
      id,
      isActive: random.below(12) > 0,
      isDefaultResponse: random.below(20) === 0,
      filterLists: random.below(8) === 0 ? lists.slice(0, 2) : [random.pick(lists)],
      ...(action === undefined ? {} : { filterAction: action }),
      authentication: [{ kind: 'preshared-key', key: new Secret('test') }],
      isTunnel,
      ...(isTunnel && endpoint > 0 ? { tunnelEndpoint: ipv4(0xc000_0209) } : {}),
      ...(isTunnel && endpoint === 0 ? { tunnelEndpointName: random.pick(names) } : {}),
      connectionType: random.pick(['all', 'all', 'all', 'lan', 'dialup'] as const),
      ...(random.below(25) === 0 ? { interfaceName: 'nic' } : {}),
      object: storedObject('ipsecNFA', id),
      problems: random.below(25) === 0 ? [failure] : [],
    }
  })
  const id = newId()
  return {
    id,
    name: 'Random',
    area,
    isAssigned: true,
    pollingIntervalSeconds: 10_800,
    rules,
    missingRules: [],
    object: storedObject('ipsecPolicy', id),
    problems: [],
  }
}

/** A packet that one of the filters may well match: protocol and ports are often its own, addresses are random. */
export function randomPacket(random: SeededRandom, filters: readonly Filter[]): Packet {
  const aim = filters.length === 0 || random.below(4) === 0 ? undefined : random.pick(filters)
  const isTurned = aim !== undefined && aim.mirrored && random.below(2) === 0
  const family = aim === undefined ? random.pick(['ipv4', 'ipv6'] as const) : familyOf(aim)
  const protocol = aim === undefined || aim.protocol === 0 ? random.pick([undefined, 6, 17, 255]) : aim.protocol
  const direction = random.pick([undefined, undefined, 'in', 'out'] as const)
  const connectionType = random.pick([undefined, undefined, undefined, 'lan', 'dialup'] as const)
  const sourcePort = portFor(random, isTurned ? aim.destinationPort : aim?.sourcePort)
  const destinationPort = portFor(random, isTurned ? aim.sourcePort : aim?.destinationPort)
  return {
    source: randomIp(random, family),
    destination: randomIp(random, random.below(100) === 0 ? 'ipv6' : family),
    ...(protocol === undefined ? {} : { protocol }),
    ...(direction === undefined ? {} : { direction }),
    ...(connectionType === undefined ? {} : { connectionType }),
    ...(sourcePort === undefined ? {} : { sourcePort }),
    ...(destinationPort === undefined ? {} : { destinationPort }),
  }
}

function portFor(random: SeededRandom, port: Port | undefined): number | undefined {
  if (random.below(10) === 0) return undefined
  if (port === undefined || port.kind === 'any' || random.below(6) === 0) return random.pick(ports)
  if (port.kind === 'single') return port.port
  // At the edges, where mistakes are.
  return random.pick([port.first, port.last, Math.max(0, port.first - 1), Math.min(65_535, port.last + 1)])
}

function familyOf({ source, destination }: Filter): 'ipv4' | 'ipv6' {
  for (const side of [source, destination]) {
    if (side.kind === 'host' || side.kind === 'subnet') return side.address.family
    if (side.kind === 'range') return side.first.family
    if ('families' in side && side.families !== 'both') return side.families
  }
  return 'ipv4'
}

export function filtersOf(policies: readonly Policy[]): Filter[] {
  return policies.flatMap(({ rules }) => rules.flatMap((rule) => rule.filterLists.flatMap(({ filters }) => filters)))
}
