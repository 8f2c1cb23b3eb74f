import type { Address, ServerKind } from '../../policy/filter.ts'
import {
  type Families,
  formatIp,
  type Ip,
  ipv4,
  ipv4Mask,
  ipv6,
  ipv6Mask,
  maxIpv4,
  parseIp,
  prefixLengthOfMask,
} from '../../policy/ip.ts'
import { suggestion } from './nearestWord.ts'
import type { Parsed } from './parsed.ts'

/** One side of a filter as it is written; `isOpen` while a bare word still takes its family from the other side. */
export interface Side {
  readonly address: Address
  readonly name?: string
  readonly isOpen?: true
}

type SpecialKind = 'any' | 'me' | ServerKind

/** Words for addresses of this computer; netsh's words are taken as well (netsh-ipsec.md 3.2). */
const specialWords = new Map<string, SpecialKind>([
  ['any', 'any'],
  ['*', 'any'],
  ['me', 'me'],
  ['dns-servers', 'dns-servers'],
  ['dns', 'dns-servers'],
  ['wins-servers', 'wins-servers'],
  ['wins', 'wins-servers'],
  ['dhcp', 'dhcp'],
  ['gateway', 'gateway'],
])
const familyWords = new Map<string, Families>([
  ['ipv4', 'ipv4'],
  ['ipv6', 'ipv6'],
  ['both', 'both'],
])
const shownWords = ['any', 'me', 'dns-servers', 'wins-servers', 'dhcp', 'gateway']

/** Bare names need a dot, so that a mistyped word is never taken for a host. */
const dottedName =
  /^(?=.{1,255}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)+\.?$/
const bareName = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?$/

/**
 * Reads `any`, `me/ipv6`, `dns-servers`, `192.0.2.1`, `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `10.0.0.1-10.0.0.9`,
 * `host.example.com`, `192.0.2.1(host.example.com)`, `name(fileserver)`.
 */
export function parseSide(text: string): Parsed<Side> {
  const special = specialSide(text)
  if (special !== undefined) return special
  const open = text.endsWith(')') ? text.indexOf('(') : -1
  if (open > 0) return namedSide(text, open)
  const address = parseLiteral(text)
  if (address !== undefined) return 'fault' in address ? address : { value: { address: address.value } }
  if (dottedName.test(text) && !/^[\d.]+$/.test(text)) {
    return { value: { address: { kind: 'name', name: text }, name: text } }
  }
  return {
    fault: `"${text}" is no address${suggestion(text, shownWords)} (a host name without a dot is written name(${/^[\w-]+$/.test(text) ? text : 'fileserver'}))`,
    at: 0,
  }
}

function specialSide(text: string): Parsed<Side> | undefined {
  const slash = text.indexOf('/')
  const word = slash < 0 ? text : text.slice(0, slash)
  const kind = specialWords.get(word) ?? specialWords.get(word.toLowerCase())
  if (kind === undefined) return undefined
  if (slash < 0) return { value: { address: { kind, families: 'ipv4' }, isOpen: true } }
  const families = familyWords.get(text.slice(slash + 1).toLowerCase())
  if (families !== undefined) return { value: { address: { kind, families } } }
  return { fault: `after "${word}/" comes ipv4, ipv6 or both`, at: slash + 1 }
}

function namedSide(text: string, open: number): Parsed<Side> {
  const inner = text.slice(open + 1, -1)
  const name = inner.startsWith('"') ? unquoted(inner) : bareName.test(inner) ? inner : undefined
  if (name === undefined || name === '' || name.includes('\0')) {
    return { fault: 'a host name is expected between ( and ); put unusual ones in double quotes', at: open + 1 }
  }
  const before = text.slice(0, open)
  if (before.toLowerCase() === 'name') return { value: { address: { kind: 'name', name }, name } }
  const special = specialSide(before)
  if (special !== undefined) return 'fault' in special ? special : { value: { ...special.value, name } }
  const address = parseLiteral(before)
  if (address === undefined) return { fault: `"${before}" is no address`, at: 0 }
  return 'fault' in address ? address : { value: { address: address.value, name } }
}

/** A JSON string as text; `undefined` when it is none. */
export function unquoted(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

/** `undefined` when the text does not look like an address at all. */
function parseLiteral(text: string): Parsed<Address> | undefined {
  if (!/^[\d.]+(?:[/-]|$)|:/.test(text)) return undefined
  const slash = text.indexOf('/')
  if (slash >= 0) return parseSubnet(text, slash)
  const dash = text.indexOf('-')
  if (dash >= 0) return parseRange(text, dash)
  const address = parseIp(text)
  if (address === undefined) return /^[\d.]+$|:/.test(text) ? { fault: `"${text}" is no IP address`, at: 0 } : undefined
  if (isZeroIpv4(address)) return { fault: '0.0.0.0 is no host; write any, me or 0.0.0.0/0', at: 0 }
  return { value: { kind: 'host', address } }
}

function parseSubnet(text: string, slash: number): Parsed<Address> {
  const address = parseIp(text.slice(0, slash))
  const maskText = text.slice(slash + 1)
  if (address === undefined) return { fault: `"${text.slice(0, slash)}" is no IP address`, at: 0 }
  const mask = maskOf(address, maskText)
  if (mask === undefined) {
    const most = address.family === 'ipv4' ? 'a prefix length 0-32 or a mask like 255.255.0.0' : 'a prefix length 0-128'
    return { fault: `after "/" comes ${most}`, at: slash + 1 }
  }
  if (isZeroIpv4(address)) {
    if (mask.bits === 0) return { value: { kind: 'any', families: 'ipv4' } }
    if (mask.bits === maxIpv4) return { fault: '0.0.0.0/32 is no network; write any, me or 0.0.0.0/0', at: 0 }
  }
  return { value: { kind: 'subnet', address, mask } }
}

function maskOf(address: Ip, text: string): Ip | undefined {
  if (/^\d{1,3}$/.test(text)) {
    const length = Number(text)
    if (address.family === 'ipv4') return length <= 32 ? ipv4(ipv4Mask(length)) : undefined
    return length <= 128 ? ipv6(ipv6Mask(length)) : undefined
  }
  const mask = parseIp(text)
  return address.family === 'ipv4' && mask?.family === 'ipv4' ? mask : undefined
}

function parseRange(text: string, dash: number): Parsed<Address> {
  const first = parseIp(text.slice(0, dash))
  const last = parseIp(text.slice(dash + 1))
  if (first === undefined) return { fault: `"${text.slice(0, dash)}" is no IP address`, at: 0 }
  if (last === undefined) return { fault: `"${text.slice(dash + 1)}" is no IP address`, at: dash + 1 }
  if (first.family !== last.family) return { fault: 'both ends of a range are of one family', at: dash + 1 }
  if (last.bits < first.bits) return { fault: 'the range ends before it begins', at: dash + 1 }
  return { value: { kind: 'range', first, last } }
}

function isZeroIpv4(address: Ip): boolean {
  return address.family === 'ipv4' && address.bits === 0
}

/** The family an address or a word of one side lends to a bare word of the other; IPv4 as on Windows when it has none. */
export function familiesBeside(other: Side): Families {
  const { address } = other
  switch (address.kind) {
    case 'host':
    case 'subnet':
      return address.address.family
    case 'range':
      return address.first.family
    case 'name':
      return 'ipv4'
    default:
      return other.isOpen === true ? 'ipv4' : address.families
  }
}

/** How the two sides of a filter are written; `undefined` when the document cannot say one of them. */
export function sidesText(
  source: Pick<Side, 'address' | 'name'>,
  destination: Pick<Side, 'address' | 'name'>,
): readonly [string, string] | undefined {
  const [from, to] = [source.address, destination.address]
  const areBothWords = 'families' in from && 'families' in to
  const isOne = areBothWords && from.families === to.families
  // Two words of one family: the first says it, the second takes it over.
  const fromImplied = areBothWords ? (isOne ? 'ipv4' : undefined) : familiesBeside(destination)
  const toImplied = areBothWords ? (isOne ? from.families : undefined) : familiesBeside(source)
  const fromText = sideText(source, fromImplied)
  const toText = sideText(destination, toImplied)
  return fromText === undefined || toText === undefined ? undefined : [fromText, toText]
}

/** `implied` is the family that need not be said. */
function sideText(
  { address, name }: Pick<Side, 'address' | 'name'>,
  implied: Families | undefined,
): string | undefined {
  if (address.kind === 'name') {
    if (name !== undefined && name !== address.name) return undefined
    return dottedName.test(address.name) && !isTakenForAddress(address.name)
      ? address.name
      : `name(${nameText(address.name)})`
  }
  const text = addressWord(address, implied)
  return text === undefined || name === undefined ? text : `${text}(${nameText(name)})`
}

function isTakenForAddress(name: string): boolean {
  return /^[\d.]+$/.test(name) || parseLiteral(name) !== undefined || specialSide(name) !== undefined
}

function nameText(name: string): string {
  return bareName.test(name) ? name : JSON.stringify(name)
}

function addressWord(address: Exclude<Address, { kind: 'name' }>, implied: Families | undefined): string | undefined {
  switch (address.kind) {
    case 'host':
      return isZeroIpv4(address.address) ? undefined : formatIp(address.address)
    case 'subnet': {
      if (isZeroIpv4(address.address) && (address.mask.bits === 0 || address.mask.bits === maxIpv4)) return undefined
      return `${formatIp(address.address)}/${prefixLengthOfMask(address.mask) ?? formatIp(address.mask)}`
    }
    case 'range':
      return `${formatIp(address.first)}-${formatIp(address.last)}`
    default:
      return address.families === implied ? address.kind : `${address.kind}/${address.families}`
  }
}
