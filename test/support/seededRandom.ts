/** A small seeded generator (xorshift32) for bulk loops; the same seed gives the same numbers everywhere. */
export class SeededRandom {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0 || 0x9e37_79b9
  }

  /** Next unsigned 32-bit number. */
  next(): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x >>> 0
    return this.#state
  }

  /** A number from 0 to `limit` − 1. */
  below(limit: number): number {
    return this.next() % limit
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T
  }
}
