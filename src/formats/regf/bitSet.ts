/** A set of small numbers, one bit each. */
export class BitSet {
  readonly #bits: Uint8Array

  constructor(limit: number) {
    this.#bits = new Uint8Array(Math.ceil(limit / 8))
  }

  has(index: number): boolean {
    return ((this.#bits[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0
  }

  /** Whether it was new. */
  add(index: number): boolean {
    const at = index >>> 3
    const bit = 1 << (index & 7)
    const byte = this.#bits[at] ?? 0
    if ((byte & bit) !== 0) return false
    this.#bits[at] = byte | bit
    return true
  }
}
