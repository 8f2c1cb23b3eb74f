import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PolagentError } from '../../../src/base/errors.ts'
import {
  decodeFilterBlob,
  decodeIsakmpBlob,
  decodeNegotiationBlob,
  decodeNfaBlob,
  decodePolicyBlob,
  decodeVersionBlob,
  encodeFilterBlob,
  encodeIsakmpBlob,
  encodeNegotiationBlob,
  encodeNfaBlob,
  encodePolicyBlob,
  encodeVersionBlob,
  limits,
  newNegotiationBlob,
  newOfferRecord,
  nfaDataLength,
} from '../../../src/formats/ipsec-data/index.ts'
import * as arbitrary from '../../support/blobArbitraries.ts'

function isInverse<T>(blobs: fc.Arbitrary<T>, encode: (blob: T) => Uint8Array, decode: (bytes: Uint8Array) => T): void {
  fc.assert(
    fc.property(blobs, (blob) => {
      const bytes = encode(blob)
      expect(decode(bytes)).toEqual(blob)
      expect(encode(decode(bytes))).toEqual(bytes)
    }),
  )
}

describe('decode(encode(blob)) is the blob', () => {
  it('policy', () => isInverse(arbitrary.policyBlob, encodePolicyBlob, decodePolicyBlob))
  it('main mode settings', () => isInverse(arbitrary.isakmpBlob, encodeIsakmpBlob, decodeIsakmpBlob))
  it('rule', () => isInverse(arbitrary.nfaBlob, encodeNfaBlob, decodeNfaBlob))
  it('filter action', () => isInverse(arbitrary.negotiationBlob, encodeNegotiationBlob, decodeNegotiationBlob))
  it('filter list', () => isInverse(arbitrary.filterBlob, encodeFilterBlob, decodeFilterBlob))
  it('filter list of an old writer', () => isInverse(arbitrary.oldFilterBlob, encodeFilterBlob, decodeFilterBlob))
  it('version information', () => {
    const blobs = fc.record({ signature: arbitrary.anyGuid, body: fc.uint8Array({ maxLength: 60 }) })
    isInverse(blobs, encodeVersionBlob, decodeVersionBlob)
  })
})

describe('lengths', () => {
  it('of a filter list are what Windows writes', () => {
    fc.assert(
      fc.property(arbitrary.filterBlob, (blob) => {
        const length = encodeFilterBlob(blob).length
        const part2 = blob.part2 === undefined ? 0 : 28 + blob.part2.dataLength
        expect(length).toBe(24 + (blob.part1?.dataLength ?? 0) + part2)
      }),
    )
  })

  it('of a rule count from Auth-Method-Count through Tunnel-End-Point-Name', () => {
    fc.assert(
      fc.property(arbitrary.nfaBlob, (blob) => {
        const bare = { ...blob, tail: { sections: [], rest: new Uint8Array(0) } }
        expect(encodeNfaBlob(bare).length).toBe(20 + nfaDataLength(blob))
      }),
    )
  })
})

describe('limits', () => {
  it('refuse a filter action with more methods than any editor makes', () => {
    const offer = newOfferRecord({ lifetimeSeconds: 0, lifetimeKilobytes: 0, options: 0, pfs: 0, algorithms: [] })
    const offers = (count: number) =>
      encodeNegotiationBlob(newNegotiationBlob(Array.from({ length: count }, () => offer)))
    expect(decodeNegotiationBlob(offers(limits.quickModeOffers)).offers).toHaveLength(limits.quickModeOffers)
    expect(() => decodeNegotiationBlob(offers(limits.quickModeOffers + 1))).toThrow(PolagentError)
  })
})
