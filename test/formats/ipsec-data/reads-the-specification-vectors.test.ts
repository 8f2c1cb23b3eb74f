import { describe, expect, it } from 'vitest'
import { toHex } from '../../../src/base/bytes.ts'
import { PolagentError } from '../../../src/base/errors.ts'
import { guidFromBytes, guidToBytes, parseGuid } from '../../../src/base/guid.ts'
import { decodeNfaBlob } from '../../../src/formats/ipsec-data/index.ts'
import * as wellKnown from '../../../src/policy/wellKnown.ts'
import { recode } from '../../support/blobCodecs.ts'
import { blobVectors, guidConstants } from '../../support/policyVectors.ts'
import { inVectorTerms } from '../../support/vectorTerms.ts'

const valid = blobVectors.filter((vector) => vector.valid)
const malformed = blobVectors.filter((vector) => !vector.valid)

/** The vectors reduce `effective` to a sentence; the replaced records of filter-18 are told as raw records. */
const filter18 = 'filter-18'

describe('valid vectors', () => {
  it('are the ones the specification has', () => {
    expect(valid).toHaveLength(55)
    expect(malformed).toHaveLength(14)
  })

  it.each(valid.map((vector) => [vector.id, vector.note, vector] as const))('%s: %s', (id, _note, vector) => {
    expect(vector.bytes).toHaveLength(vector.length)
    const found = inVectorTerms[vector.class](vector.bytes)
    if (id === filter18) {
      expect(found).toMatchObject({ v1: [], v2: vector.decoded['v2'], effective: 'v2 only' })
      return
    }
    expect(found).toMatchObject(vector.decoded)
  })

  it.each(valid.map((vector) => [vector.id, vector] as const))('%s is written back byte for byte', (_id, vector) => {
    expect(toHex(recode[vector.class](vector.bytes))).toBe(toHex(vector.bytes))
  })
})

/** Code, field and offset of the first thing that is wrong in each malformed vector. */
const failures: Record<string, readonly [code: string, field: string, offset: number]> = {
  'bad-01': ['BLOB_TRUNCATED', 'IPsec_Policy_ID', 0],
  'bad-02': ['BLOB_TRUNCATED', 'Polling-Interval', 20],
  'bad-03': ['BLOB_WRONG_SIGNATURE', 'IPsec_Policy_ID', 0],
  'bad-04': ['BLOB_TRUNCATED', 'Security-Methods', 84],
  'bad-05': ['BLOB_TRUNCATED', 'Security-Methods', 84],
  'bad-06': ['BLOB_TRUNCATED', 'Auth-Methods[0].Auth-Method-Data', 32],
  'bad-07': ['BLOB_TRUNCATED', 'Is-Tunnel-Specifier', 48],
  // The interface fields read as a second method; the data ends within what would be Is-Active-Specifier.
  'bad-08': ['BLOB_TRUNCATED', 'Is-Active-Specifier', 60],
  'bad-09': ['BLOB_TRUNCATED', 'Security-Offer-Data', 24],
  'bad-10': ['BLOB_MALFORMED', 'Security-Offer-Data[0].Algorithm-Offer-Count', 40],
  'bad-11': ['BLOB_MALFORMED', 'Filter-Spec1[0].Source-DNS-Name1-Length', 24],
  'bad-12': ['BLOB_TRUNCATED', 'Number-Of-Filters1', 24],
  'bad-13': ['BLOB_TRUNCATED', 'Number-Of-Filters2', 52],
}

describe('malformed vectors', () => {
  it('are all expected to fail somewhere, but for the one whose fixed part is usable', () => {
    expect([...Object.keys(failures), 'bad-14']).toEqual(malformed.map((vector) => vector.id))
  })

  it.each(Object.entries(failures))('%s fails with %j', (id, [code, field, offset]) => {
    const vector = malformed.find((candidate) => candidate.id === id)
    if (vector === undefined) throw new Error(`no vector ${id}`)
    const decode = (): unknown => inVectorTerms[vector.class](vector.bytes)
    expect(decode).toThrow(PolagentError)
    try {
      decode()
    } catch (error) {
      const { place } = error as PolagentError
      expect((error as PolagentError).code).toBe(code)
      expect(place).toEqual({ field, offset })
    }
  })

  it('bad-14: the tail is ignored and said to be, the fixed part stays', () => {
    const vector = malformed.find((candidate) => candidate.id === 'bad-14')
    const blob = decodeNfaBlob(vector?.bytes ?? new Uint8Array())
    expect(blob.methods).toHaveLength(1)
    expect(blob.tail.sections).toEqual([])
    expect(blob.tail.ignored).toContain('9 alternate methods beside 1 methods')
    expect(toHex(recode.ipsecNFA(vector?.bytes ?? new Uint8Array()))).toBe(toHex(vector?.bytes ?? new Uint8Array()))
  })
})

describe('GUID constants', () => {
  it.each(guidConstants.map((item) => [item.name, item] as const))('%s', (_name, item) => {
    const parsed = parseGuid(item.string)
    if (parsed === undefined) throw new Error('no GUID')
    expect(toHex(guidToBytes(parsed))).toBe(item.bytes)
    expect(guidFromBytes(guidToBytes(parsed))).toBe(parsed)
  })

  it('are the ones the program uses', () => {
    const known = new Set(guidConstants.map((item) => item.string))
    const used = [
      ...Object.values(wellKnown.blobSignature),
      ...Object.values(wellKnown.actionGuid),
      ...Object.values(wellKnown.negotiationTypeGuid),
      wellKnown.filterPart2Signature,
      wellKnown.nfaAlternateMethods,
      wellKnown.nfaAlternateFlags,
      wellKnown.nfaIpv6Tunnel,
    ]
    for (const value of used) expect(known).toContain(value)
  })
})
