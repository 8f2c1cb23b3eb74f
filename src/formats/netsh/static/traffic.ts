import type { Address, Filter, Port } from '../../../policy/filter.ts'
import { anyPort } from '../../../policy/filter.ts'
import { type Families, formatIp, type Ip, ipv4, ipv4Mask, ipv6, ipv6Mask, maxIpv4 } from '../../../policy/ip.ts'
import { protocolName } from '../../../policy/protocol.ts'
import { serverWords } from '../parse/addresses.ts'
import type { MessageId } from '../table/messages.ts'
import type { AddressValue, MaskValue } from '../table/tagTypes.ts'

/** The tags that say which packets a filter is for. */
export interface TrafficArgs {
  readonly srcaddr: AddressValue
  readonly dstaddr: AddressValue
  readonly srcmask?: MaskValue
  readonly dstmask?: MaskValue
  readonly protocol?: number
  readonly srcport?: number
  readonly dstport?: number
  readonly mirrored?: boolean
}

export type Traffic = Omit<Filter, 'id' | 'description'>

/** What is wrong between tags, at the tag that is to be pointed at. */
export interface Mismatch {
  readonly message: MessageId
  readonly tag: string
  readonly what: string
}

export type TrafficReading =
  | { readonly ok: true; readonly traffic: Traffic; readonly notes: readonly string[] }
  | { readonly ok: false; readonly mismatch: Mismatch }

type SideReading =
  | { readonly ok: true; readonly address: Address; readonly note?: string }
  | { readonly ok: false; readonly mismatch: Mismatch }

/** The tags together, with the rules between them (netsh-ipsec.md 3.2, 3.4, 3.5). */
export function trafficOf(args: TrafficArgs): TrafficReading {
  const source = sideOf(args.srcaddr, args.srcmask, 'src')
  if (!source.ok) return source
  const destination = sideOf(args.dstaddr, args.dstmask, 'dst')
  if (!destination.ok) return destination
  const protocol = args.protocol ?? 0
  const wrong =
    serverMismatch(args) ?? familyMismatch(source.address, destination.address) ?? portMismatch(args, protocol)
  if (wrong !== undefined) return { ok: false, mismatch: wrong }
  const traffic: Traffic = {
    mirrored: args.mirrored ?? true,
    protocol,
    source: ofFamilyOf(source.address, destination.address),
    destination: ofFamilyOf(destination.address, source.address),
    sourcePort: portOf(args.srcport ?? 0),
    destinationPort: portOf(args.dstport ?? 0),
  }
  return { ok: true, traffic, notes: notesOf(source.note, destination.note) }
}

const noNotes: readonly string[] = []

function notesOf(...notes: readonly (string | undefined)[]): readonly string[] {
  const said = notes.filter((note) => note !== undefined)
  return said.length === 0 ? noNotes : said
}

/** One object each: large scripts name the same few ports over and over. */
const ports = new Map<number, Port>()

function portOf(port: number): Port {
  if (port === 0) return anyPort
  const known = ports.get(port)
  if (known !== undefined) return known
  const made: Port = { kind: 'single', port }
  ports.set(port, made)
  return made
}

const anyIpv4: Address = { kind: 'any', families: 'ipv4' }
const meIpv4: Address = { kind: 'me', families: 'ipv4' }

function sideOf(value: AddressValue, mask: MaskValue | undefined, side: 'src' | 'dst'): SideReading {
  switch (value.kind) {
    case 'any':
      // Any wins over a mask beside it.
      return { ok: true, address: anyIpv4 }
    case 'me':
      return { ok: true, address: meIpv4 }
    case 'address':
      return maskedAddress(value.ip, value.mask, mask, side)
    case 'range':
      return withoutMask(value, mask, side, 'a range')
    case 'name':
      return withoutMask(value, mask, side, 'a DNS name')
    default:
      return { ok: true, address: { kind: value.kind, families: 'ipv4' } }
  }
}

function withoutMask(
  address: Address,
  mask: MaskValue | undefined,
  side: 'src' | 'dst',
  what: string,
): Extract<SideReading, { ok: true }> {
  const isHostMask = mask === undefined || (mask.kind === 'length' ? mask.length >= 32 : mask.bits === maxIpv4)
  return isHostMask ? { ok: true, address } : { ok: true, address, note: `${side}mask means nothing beside ${what}` }
}

function maskedAddress(
  ip: Ip,
  own: MaskValue | undefined,
  mask: MaskValue | undefined,
  side: 'src' | 'dst',
): SideReading {
  const mismatch = (what: string, tag = `${side}mask`): SideReading => ({
    ok: false,
    mismatch: { message: 'MASK_MISMATCH', tag, what },
  })
  if (own !== undefined && mask !== undefined) {
    return mismatch(`${side}addr has a prefix length of its own, so ${side}mask cannot be given as well`)
  }
  const said = own ?? mask
  const tag = own === undefined ? `${side}mask` : `${side}addr`
  const width = ip.family === 'ipv4' ? 32 : 128
  if (said?.kind === 'dotted' && ip.family === 'ipv6') return mismatch('an IPv6 address takes a prefix length', tag)
  if (said?.kind === 'length' && said.length > width) {
    return mismatch(`${said.length} is too long a prefix for ${formatIp(ip)}`, tag)
  }
  const bits = maskBits(said, ip.family)
  if (BigInt(bits) === 0n) {
    if (BigInt(ip.bits) === 0n) return { ok: true, address: { kind: 'any', families: ip.family } }
    return mismatch(`mask 0 goes with ${width === 32 ? '0.0.0.0' : '::'} only; write any for every address`, tag)
  }
  const isHost = bits === maskBits(undefined, ip.family)
  if (isHost && BigInt(ip.bits) === 0n) {
    const what = `${formatIp(ip)} is no address of a computer; write any, or ${formatIp(ip)} with mask 0`
    return mismatch(what, `${side}addr`)
  }
  return {
    ok: true,
    address: isHost ? { kind: 'host', address: ip } : { kind: 'subnet', address: ip, mask: maskIp(bits) },
  }
}

/** Without a mask all bits count. */
function maskBits(mask: MaskValue | undefined, family: Ip['family']): number | bigint {
  if (mask?.kind === 'dotted') return mask.bits
  return family === 'ipv4' ? ipv4Mask(mask?.length ?? 32) : ipv6Mask(mask?.length ?? 128)
}

function maskIp(bits: number | bigint): Ip {
  return typeof bits === 'number' ? ipv4(bits) : ipv6(bits)
}

const serverKinds: ReadonlySet<string> = new Set(Object.values(serverWords))

function serverMismatch(args: TrafficArgs): Mismatch | undefined {
  for (const [tag, value, other] of [
    ['srcaddr', args.srcaddr, args.dstaddr],
    ['dstaddr', args.dstaddr, args.srcaddr],
  ] as const) {
    if (serverKinds.has(value.kind) && other.kind !== 'me') {
      const otherTag = tag === 'srcaddr' ? 'dstaddr' : 'srcaddr'
      return { message: 'SERVER_WITHOUT_ME', tag, what: `with a server word for ${tag}, ${otherTag} must be me` }
    }
  }
  return undefined
}

function familyMismatch(source: Address, destination: Address): Mismatch | undefined {
  const [a, b] = [familyOf(source), familyOf(destination)]
  if (a === undefined || b === undefined || a === b) return undefined
  return { message: 'FAMILY_MISMATCH', tag: 'dstaddr', what: 'one address is IPv4 and the other is IPv6' }
}

/** The family an address names; words and DNS names take that of the other side. */
function familyOf(address: Address): Ip['family'] | undefined {
  switch (address.kind) {
    case 'host':
    case 'subnet':
      return address.address.family
    case 'range':
      return address.first.family
    case 'any':
      return address.families === 'ipv6' ? 'ipv6' : undefined
    default:
      return undefined
  }
}

function ofFamilyOf(address: Address, other: Address): Address {
  if (!('families' in address)) return address
  const families: Families = familyOf(address) ?? familyOf(other) ?? 'ipv4'
  return families === address.families ? address : { ...address, families }
}

/** Ports go with TCP and UDP only. */
function portMismatch(args: TrafficArgs, protocol: number): Mismatch | undefined {
  if (protocol === 6 || protocol === 17) return undefined
  const tag = (args.srcport ?? 0) !== 0 ? 'srcport' : (args.dstport ?? 0) !== 0 ? 'dstport' : undefined
  if (tag === undefined) return undefined
  const what = `${tag} goes with TCP or UDP, and the protocol is ${protocolName(protocol)}`
  return { message: 'PORT_WITHOUT_PROTOCOL', tag, what }
}
