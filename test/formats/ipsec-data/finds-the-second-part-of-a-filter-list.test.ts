import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../../src/base/bytes.ts'
import { PolagentError } from '../../../src/base/errors.ts'
import { decodeFilterBlob, encodeFilterBlob, type FilterBlob } from '../../../src/formats/ipsec-data/index.ts'
import { blobVectors } from '../../support/policyVectors.ts'

function vector(id: string): Uint8Array {
  const found = blobVectors.find((candidate) => candidate.id === id)
  if (found === undefined) throw new Error(`no vector ${id}`)
  return found.bytes
}

/** One version 1 and one version 2 record. */
const both = decodeFilterBlob(vector('filter-20'))

function part1Of(blob: FilterBlob): NonNullable<FilterBlob['part1']> {
  if (blob.part1 === undefined) throw new Error('no part 1')
  return blob.part1
}

describe('part 2', () => {
  it('is found behind the trailing byte of an old writer', () => {
    const bytes = encodeFilterBlob({ ...both, part1: { ...part1Of(both), gap: new Uint8Array(1) } })
    expect(decodeFilterBlob(bytes).part2?.records).toHaveLength(1)
    expect(encodeFilterBlob(decodeFilterBlob(bytes))).toEqual(bytes)
  })

  it('is found by Data-Length1 when the old count hides records, and its count brings them back', () => {
    const hidden: FilterBlob = { ...both, part1: { ...part1Of(both), count: 0 } }
    const counted: FilterBlob = { ...hidden, ...(both.part2 && { part2: { ...both.part2, count1: 1 } }) }
    const bytes = encodeFilterBlob(counted)
    const blob = decodeFilterBlob(bytes)
    expect(blob.part1?.count).toBe(0)
    expect(blob.part1?.records).toHaveLength(1)
    expect(encodeFilterBlob(blob)).toEqual(bytes)
  })

  it('may stand alone', () => {
    const bytes = vector('filter-16').subarray(24)
    const blob = decodeFilterBlob(bytes)
    expect(blob.part1).toBeUndefined()
    expect(blob.part2?.records).toHaveLength(1)
    expect(encodeFilterBlob(blob)).toEqual(bytes)
  })

  it('before part 1 is refused, because the filters of part 1 would be lost', () => {
    const bytes = concatBytes([vector('filter-16').subarray(24), vector('filter-01')])
    expect(() => decodeFilterBlob(bytes)).toThrow(PolagentError)
  })

  it('with a count of version 1 records that runs into it is refused', () => {
    const wrong = encodeFilterBlob({ ...both, ...(both.part2 && { part2: { ...both.part2, count1: 2 } }) })
    expect(() => decodeFilterBlob(wrong)).toThrow(/Number-Of-Filters11/)
  })
})
