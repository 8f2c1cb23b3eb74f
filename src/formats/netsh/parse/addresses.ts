import type { ServerKind } from '../../../policy/filter.ts'
import { type Ip, parseIp, prefixLengthOfMask } from '../../../policy/ip.ts'
import { shown } from '../fault.ts'
import type { AddressValue, EndpointValue, MaskValue } from '../table/tagTypes.ts'
import { type Reading, read, refused } from './reading.ts'

/** Words for this computer's servers (netsh-ipsec.md 3.2). */
export const serverWords = {
  dns: 'dns-servers',
  wins: 'wins-servers',
  dhcp: 'dhcp',
  gateway: 'gateway',
} as const satisfies Record<string, ServerKind>

/** The forms of 3.2: special words come before DNS names. */
export function readAddress(text: string): Reading<AddressValue> {
  const lower = text.toLowerCase()
  if (lower === 'any' || lower === 'me') return read({ kind: lower })
  if (Object.hasOwn(serverWords, lower)) return read({ kind: serverWords[lower as keyof typeof serverWords] })
  if (text.length > longestAddress) return badAddress(`"${shown(text)}" is too long for an address or a DNS name`)
  const ip = parseIp(text)
  if (ip !== undefined) return read({ kind: 'address', ip })
  return rangeOf(text) ?? prefixOf(text) ?? nameOf(text)
}

/** Two IPv6 addresses in full and a dash; longer than a DNS name may be is no address. */
const longestAddress = 255

function rangeOf(text: string): Reading<AddressValue> | undefined {
  const dash = text.indexOf('-')
  const first = dash < 0 ? undefined : parseIp(text.slice(0, dash).trim())
  if (first === undefined) return undefined
  const last = parseIp(text.slice(dash + 1).trim())
  if (last === undefined) return badAddress(`the range "${shown(text)}" ends with no address`)
  if (first.family !== last.family) return badAddress(`the range "${shown(text)}" has ends of two address families`)
  if (last.bits < first.bits) return badAddress(`the range "${shown(text)}" ends before it begins`)
  return read({ kind: 'range', first, last })
}

function prefixOf(text: string): Reading<AddressValue> | undefined {
  const slash = text.indexOf('/')
  const ip = slash < 0 ? undefined : parseIp(text.slice(0, slash))
  if (ip === undefined) return undefined
  const mask = readMask(text.slice(slash + 1))
  return mask.ok ? read({ kind: 'address', ip, mask: mask.value }) : mask
}

function nameOf(text: string): Reading<AddressValue> {
  const name = dnsNameOf(text)
  if (name !== undefined) return read({ kind: 'name', name })
  return badAddress(
    text === ''
      ? 'an address is wanted, nothing is given'
      : `"${shown(text)}" is no address, no range, no DNS name and none of me, any, dns, wins, dhcp, gateway`,
  )
}

/** A DNS name as text: letters of any script, digits, `-`, `_` and single dots; not only digits and dots. */
function dnsNameOf(text: string): string | undefined {
  if (text.length > longestAddress || /^[\d.]*$/.test(text)) return undefined
  const labels = text.endsWith('.') ? text.slice(0, -1).split('.') : text.split('.')
  return labels.every((label) => label.length <= 63 && /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]*$/u.test(label))
    ? text
    : undefined
}

function badAddress(what: string): Reading<never> {
  return refused(what, { message: 'ADDRESS_INVALID' })
}

/** Dotted mask, or prefix length (3.4); whether the length fits the address is seen when both are known. */
export function readMask(text: string): Reading<MaskValue> {
  if (/^\d{1,3}$/.test(text)) {
    const length = Number(text)
    return length <= 128
      ? read({ kind: 'length', length })
      : refused(`a prefix is at most 128 bits long, not ${text}`, { message: 'MASK_MISMATCH' })
  }
  const mask = text.length <= 15 ? parseIp(text) : undefined
  if (mask?.family !== 'ipv4') {
    return refused(`"${shown(text)}" is no mask; write 255.255.255.0 or 24`, { message: 'MASK_MISMATCH' })
  }
  if (prefixLengthOfMask(mask) === undefined) {
    return refused(`the ones of the mask ${text} do not all come first`, { message: 'MASK_MISMATCH' })
  }
  return read({ kind: 'dotted', bits: mask.bits })
}

/** Endpoint of a tunnel; `no` and `none` stand for transport mode (4.4, 4.6). */
export function readEndpoint(text: string): Reading<EndpointValue> {
  const lower = text.toLowerCase()
  if (lower === 'no' || lower === 'none') return read({ kind: 'none' })
  const ip: Ip | undefined = text.length > longestAddress ? undefined : parseIp(text)
  if (ip !== undefined) {
    return BigInt(ip.bits) === 0n ? badAddress(`${text} is no endpoint`) : read({ kind: 'address', ip })
  }
  const name = dnsNameOf(text)
  if (name !== undefined && !Object.hasOwn(serverWords, lower) && lower !== 'any' && lower !== 'me') {
    return read({ kind: 'name', name })
  }
  return badAddress(`"${shown(text)}" is no address and no DNS name`)
}
