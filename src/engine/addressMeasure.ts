import type { Address } from '../policy/filter.ts'
import { type Family, type Ip, ipv4, ipv4Mask, ipv6, ipv6Mask, prefixLengthOfMask } from '../policy/ip.ts'
import type { AddressSet } from './addressSet.ts'
import { isSpecial, type SpecialAddresses } from './specialAddresses.ts'
import { type SideWeight, sideWeight } from './weight.ts'

const widths: Readonly<Record<Family, number>> = { ipv4: 32, ipv6: 128 }

/** Weight of one side of a filter in a family (filter-order.md; readings in weightTables.ts). */
export function weightOfAddress(address: Address, family: Family): SideWeight {
  switch (address.kind) {
    case 'any':
      return sideWeight('any', 0)
    case 'subnet':
      return weightOfBits(onesOf(address.mask), family)
    case 'range': {
      const length = coverLength(address.first, address.last)
      return isPrefix(address.first, address.last, length) ? weightOfBits(length, family) : sideWeight('some', length)
    }
    default:
      // One address, or what counts as one.
      return sideWeight('one', widths[family])
  }
}

function weightOfBits(bits: number, family: Family): SideWeight {
  return sideWeight(bits === 0 ? 'any' : bits === widths[family] ? 'one' : 'some', bits)
}

/** The addresses one side of a filter stands for in a family. */
export function addressSetOf(address: Address, family: Family, special: SpecialAddresses): AddressSet {
  if (isSpecial(address)) {
    const addresses = special.of(address)[family]
    return address.kind === 'name'
      ? { kind: 'addresses', of: 'name', name: address.name, addresses }
      : { kind: 'addresses', of: address.kind, addresses }
  }
  switch (address.kind) {
    case 'any':
      return { kind: 'any' }
    case 'host':
      return { kind: 'prefix', address: address.address, length: widths[family] }
    case 'subnet': {
      const masked = andIp(address.address, address.mask)
      const length = prefixLengthOfMask(address.mask)
      if (length === undefined) return { kind: 'mask', address: masked, mask: address.mask }
      return length === 0 ? { kind: 'any' } : { kind: 'prefix', address: masked, length }
    }
    case 'range': {
      const { first, last } = address
      const length = coverLength(first, last)
      if (!isPrefix(first, last, length)) return { kind: 'range', first, last }
      return length === 0 ? { kind: 'any' } : { kind: 'prefix', address: first, length }
    }
  }
}

function andIp(address: Ip, mask: Ip): Ip {
  return address.family === 'ipv4'
    ? ipv4(address.bits & (mask.bits as number))
    : ipv6(address.bits & (mask.bits as bigint))
}

/** Length of the smallest prefix that covers a range. */
export function coverLength(first: Ip, last: Ip): number {
  if (first.family === 'ipv4') return Math.clz32(first.bits ^ (last.bits as number))
  const difference = first.bits ^ (last.bits as bigint)
  return difference === 0n ? 128 : 128 - difference.toString(2).length
}

/** The range is the whole prefix of `length` bits that covers it. */
export function isPrefix(first: Ip, last: Ip, length: number): boolean {
  if (first.family === 'ipv4') {
    const mask = ipv4Mask(length)
    return (first.bits & ~mask) === 0 && ((last.bits as number) | mask) >>> 0 === 0xffff_ffff
  }
  const mask = ipv6Mask(length)
  const rest = ipv6Mask(128) ^ mask
  return (first.bits & rest) === 0n && ((last.bits as bigint) & rest) === rest
}

/** Number of ones in a mask. */
function onesOf(mask: Ip): number {
  if (mask.family === 'ipv4') return onesOfWord(mask.bits)
  let ones = 0
  for (let rest = mask.bits; rest !== 0n; rest >>= 32n) ones += onesOfWord(Number(rest & 0xffff_ffffn))
  return ones
}

function onesOfWord(word: number): number {
  let rest = word - ((word >>> 1) & 0x5555_5555)
  rest = (rest & 0x3333_3333) + ((rest >>> 2) & 0x3333_3333)
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
}
