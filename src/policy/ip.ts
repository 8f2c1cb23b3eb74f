/** One IP address. IPv4 as an unsigned 32-bit number, IPv6 as a 128-bit bigint. */
export type Ip = { readonly family: 'ipv4'; readonly bits: number } | { readonly family: 'ipv6'; readonly bits: bigint }

export type Family = Ip['family']
/** What a special address such as `me` stands for; `both` only in version 2 filter records. */
export type Families = Family | 'both'

export const maxIpv4 = 0xffff_ffff
const maxIpv6 = (1n << 128n) - 1n

export function ipv4(bits: number): Ip {
  return { family: 'ipv4', bits: bits >>> 0 }
}

export function ipv6(bits: bigint): Ip {
  return { family: 'ipv6', bits }
}

export function sameIp(a: Ip, b: Ip): boolean {
  return a.family === b.family && a.bits === b.bits
}

/**
 * Strict dotted-quad or RFC 4291 text; no octal, no short forms, no zone. `undefined` when it is neither.
 *
 * parseIp('192.0.2.1') // → { family: 'ipv4', bits: 3221225985 }
 */
export function parseIp(text: string): Ip | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text)
}

function parseIpv4(text: string): Ip | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (match === null) return undefined
  let bits = 0
  for (const part of match.slice(1)) {
    if (part.length > 1 && part.startsWith('0')) return undefined
    const byte = Number(part)
    if (byte > 255) return undefined
    bits = bits * 256 + byte
  }
  return ipv4(bits)
}

function parseIpv6(text: string): Ip | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const left = groupsOf(halves[0] as string, halves.length === 1)
  const right = halves.length === 2 ? groupsOf(halves[1] as string, true) : []
  if (left === undefined || right === undefined) return undefined
  const missing = 8 - left.length - right.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  let bits = 0n
  for (const group of [...left, ...Array<number>(missing).fill(0), ...right]) bits = (bits << 16n) | BigInt(group)
  return ipv6(bits)
}

function groupsOf(text: string, isLast: boolean): number[] | undefined {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    if (isLast && index === parts.length - 1 && part.includes('.')) {
      const tail = parseIpv4(part)
      if (tail === undefined) return undefined
      groups.push((tail.bits as number) >>> 16, (tail.bits as number) & 0xffff)
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16))
    } else {
      return undefined
    }
  }
  return groups
}

/** Dotted quad, or RFC 5952 text. */
export function formatIp(ip: Ip): string {
  return ip.family === 'ipv4' ? formatIpv4(ip.bits) : formatIpv6(ip.bits)
}

export function formatIpv4(bits: number): string {
  return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`
}

function formatIpv6(bits: bigint): string {
  const groups: number[] = []
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(Number((bits >> shift) & 0xffffn))
  let best = { start: 0, length: 0 }
  for (let start = 0; start < 8; start += 1) {
    let length = 0
    while (start + length < 8 && groups[start + length] === 0) length += 1
    if (length > best.length) best = { start, length }
  }
  const hex = groups.map((group) => group.toString(16))
  if (best.length < 2) return hex.join(':')
  return `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`
}

/** Network mask of `length` leading ones. */
export function ipv4Mask(length: number): number {
  return length === 0 ? 0 : (maxIpv4 << (32 - length)) >>> 0
}

export function ipv6Mask(length: number): bigint {
  return maxIpv6 ^ (maxIpv6 >> BigInt(length))
}

/** Number of leading ones when the mask is contiguous, else `undefined`. */
export function prefixLengthOfMask(mask: Ip): number | undefined {
  const width = mask.family === 'ipv4' ? 32 : 128
  let length = 0
  let rest = BigInt(mask.bits)
  const top = 1n << BigInt(width - 1)
  const all = (1n << BigInt(width)) - 1n
  while ((rest & top) !== 0n) {
    length += 1
    rest = (rest << 1n) & all
  }
  return rest === 0n ? length : undefined
}

/** Whether ones follow zeros in the mask, so that it stands for no prefix. */
export function hasHoles(mask: Ip): boolean {
  if (mask.family === 'ipv4') {
    const zeros = (mask.bits ^ maxIpv4) >>> 0
    return (zeros & (zeros + 1)) !== 0
  }
  const zeros = mask.bits ^ maxIpv6
  return (zeros & (zeros + 1n)) !== 0n
}

/** The 16 bytes of an IPv6 address in network order, as a number. */
export function ipv6FromBytes(bytes: Uint8Array, offset = 0): bigint {
  let bits = 0n
  for (let i = 0; i < 16; i += 1) bits = (bits << 8n) | BigInt(bytes[offset + i] as number)
  return bits
}

export function ipv6ToBytes(bits: bigint): Uint8Array {
  const bytes = new Uint8Array(16)
  for (let i = 15, rest = bits; i >= 0; i -= 1, rest >>= 8n) bytes[i] = Number(rest & 0xffn)
  return bytes
}
