import { describe, expect, it } from 'vitest'
import { equalBytes, toHex } from '../../../src/base/bytes.ts'
import { PolagentError } from '../../../src/base/errors.ts'
import { objectClasses, type ObjectClass } from '../../../src/policy/objectClass.ts'
import { recode } from '../../support/blobCodecs.ts'
import { blobVectors } from '../../support/policyVectors.ts'
import { SeededRandom } from '../../support/seededRandom.ts'
import { inVectorTerms } from '../../support/vectorTerms.ts'

const cases = 100_000

function samples(objectClass: ObjectClass): Uint8Array[] {
  return blobVectors.filter((vector) => vector.class === objectClass).map((vector) => vector.bytes)
}

/**
 * Either the blob is refused with a place inside it, or it is written back byte for byte and has a meaning that can be
 * told or is refused with a place as well. Answers whether it was read.
 */
function judge(objectClass: ObjectClass, bytes: Uint8Array): boolean {
  try {
    const again = recode[objectClass](bytes)
    if (!equalBytes(again, bytes)) throw new Error(`not written back byte for byte: ${toHex(bytes)}`)
    inVectorTerms[objectClass](bytes)
    return true
  } catch (error) {
    if (!(error instanceof PolagentError)) throw error
    const { field, offset } = error.place
    if (field === undefined || offset === undefined || offset < 0 || offset > bytes.length) {
      throw new Error(`${error.message}: no proper place in ${toHex(bytes)}`, { cause: error })
    }
    return false
  }
}

describe.each(objectClasses)('blobs of %s', (objectClass) => {
  it(`are read or refused after ${cases} random changes`, () => {
    const random = new SeededRandom(0x1b5e_c000 + objectClass.length)
    const originals = samples(objectClass)
    let read = 0
    for (let i = 0; i < cases; i += 1) {
      const bytes = random.pick(originals).slice()
      if (bytes.length === 0) continue
      for (let flips = 1 + random.below(4); flips > 0; flips -= 1) {
        // Half of the changes hit lengths and counts hard: small fields get large or zero values.
        const at = random.below(bytes.length)
        bytes[at] = random.below(2) === 0 ? random.next() : random.pick([0, 1, 2, 0x7f, 0x80, 0xff])
      }
      if (judge(objectClass, bytes)) read += 1
    }
    expect(read).toBeGreaterThan(cases / 50)
    expect(read).toBeLessThan(cases)
  })

  it('are read or refused when cut at any byte', () => {
    for (const bytes of samples(objectClass)) {
      for (let end = 0; end <= bytes.length; end += 1) judge(objectClass, bytes.subarray(0, end))
    }
  })

  it('are read or refused when any four bytes are ff ff ff ff', () => {
    for (const original of samples(objectClass)) {
      for (let at = 0; at + 4 <= original.length; at += 1) {
        const bytes = original.slice()
        bytes.fill(0xff, at, at + 4)
        judge(objectClass, bytes)
      }
    }
  })

  it('are refused when they are zeros, and quickly', () => {
    expect(judge(objectClass, new Uint8Array(16 * 1024 * 1024))).toBe(false)
  })
})
