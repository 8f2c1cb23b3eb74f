import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { hasHoles, ipv4, ipv4Mask, ipv6, ipv6Mask, prefixLengthOfMask } from '../../src/policy/ip.ts'

it('a prefix of any length has no holes, in both families', () => {
  for (let length = 0; length <= 32; length += 1) expect(hasHoles(ipv4(ipv4Mask(length)))).toBe(false)
  for (let length = 0; length <= 128; length += 1) expect(hasHoles(ipv6(ipv6Mask(length)))).toBe(false)
})

it('a mask has holes exactly when it has no prefix length', () => {
  const masks = fc.oneof(
    fc.integer({ min: 0, max: 0xffff_ffff }).map(ipv4),
    fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).map(ipv6),
  )
  fc.assert(fc.property(masks, (mask) => hasHoles(mask) === (prefixLengthOfMask(mask) === undefined)))
})
