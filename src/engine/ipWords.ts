import { type Family, type Ip, maxIpv4 } from '../policy/ip.ts'

/** 32-bit words of an address, most significant first. */
export const wordsOfFamily: Readonly<Record<Family, number>> = { ipv4: 1, ipv6: 4 }

/** Writes the words of an address (or a mask) to `out` from `at` on. */
export function writeWords(ip: Ip, out: Uint32Array, at = 0): void {
  if (ip.family === 'ipv4') {
    out[at] = ip.bits
    return
  }
  out[at] = Number(ip.bits >> 96n)
  out[at + 1] = Number((ip.bits >> 64n) & 0xffff_ffffn)
  out[at + 2] = Number((ip.bits >> 32n) & 0xffff_ffffn)
  out[at + 3] = Number(ip.bits & 0xffff_ffffn)
}

/** Writes a mask of `length` ones, `words` words. */
export function writePrefixMask(length: number, words: number, out: Uint32Array): void {
  for (let word = 0; word < words; word += 1) {
    const ones = length - 32 * word
    out[word] = ones <= 0 ? 0 : ones >= 32 ? maxIpv4 : maxIpv4 << (32 - ones)
  }
}

/** Compares as unsigned numbers: below 0 when `a` is less. */
export function compareWords(a: Uint32Array, aAt: number, b: Uint32Array, bAt: number, words: number): number {
  for (let word = 0; word < words; word += 1) {
    const one = a[aAt + word] as number
    const other = b[bAt + word] as number
    if (one !== other) return one < other ? -1 : 1
  }
  return 0
}
