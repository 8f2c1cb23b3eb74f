import { SeededRandom } from './seededRandom.ts'

/**
 * The seeded generator with its bits mixed. Small numbers drawn one after the other from the plain one depend on each
 * other, so that some combinations of choices never come.
 */
export class MixedRandom extends SeededRandom {
  override next(): number {
    let x = super.next()
    x = Math.imul(x ^ (x >>> 16), 0x85eb_ca6b)
    x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35)
    return (x ^ (x >>> 16)) >>> 0
  }
}
