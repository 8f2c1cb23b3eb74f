/**
 * A hash table from keys of a fixed number of 32-bit words to numbers counted from 0, in typed arrays. Fill `key`, then
 * `find` or `add`.
 *
 * Keys come from policies, which may be made so that they collide. When a key lies too far from its place the table is
 * built again with other constants; keys that collide under several of them cannot be found by search.
 */
export class KeyTable {
  /** Words of the key that `find` and `add` look at. */
  readonly key: Uint32Array
  readonly #width: number
  #keys: Uint32Array
  /** Number of the key + 1; 0 = free. */
  #slots: Int32Array
  #mask: number
  #count = 0
  #seed = 0

  constructor(width: number, expected = 8) {
    this.#width = width
    this.key = new Uint32Array(width)
    let capacity = 8
    while (capacity < expected) capacity *= 2
    this.#keys = new Uint32Array(capacity * width)
    this.#slots = new Int32Array(capacity * 2)
    this.#mask = capacity * 2 - 1
  }

  get size(): number {
    return this.#count
  }

  /** Number of the key; -1 when it is not there. */
  find(): number {
    const slots = this.#slots
    const mask = this.#mask
    for (let slot = this.#hash(this.key, 0) & mask; ; slot = (slot + 1) & mask) {
      const number = (slots[slot] as number) - 1
      if (number < 0 || this.#isKey(number)) return number
    }
  }

  /** Number of the key, new when it was not there. */
  add(): number {
    let steps = 0
    let slot = this.#hash(this.key, 0) & this.#mask
    for (; ; slot = (slot + 1) & this.#mask) {
      const number = (this.#slots[slot] as number) - 1
      if (number < 0) break
      if (this.#isKey(number)) return number
      steps += 1
    }
    if (this.#count * 2 === this.#slots.length) {
      this.#grow()
      return this.add()
    }
    const number = this.#count
    this.#slots[slot] = number + 1
    // Faster than TypedArray.set for a few words.
    for (let word = 0, at = number * this.#width; word < this.#width; word += 1, at += 1) {
      this.#keys[at] = this.key[word] as number
    }
    this.#count = number + 1
    if (steps > mostSteps && this.#seed + 1 < seeds.length) {
      this.#seed += 1
      this.#rebuild()
    }
    return number
  }

  /** The greatest distance of a key from its place: what the slowest `find` costs. */
  longestRun(): number {
    let longest = 0
    for (let slot = 0; slot < this.#slots.length; slot += 1) {
      const number = (this.#slots[slot] as number) - 1
      if (number < 0) continue
      const place = this.#hash(this.#keys, number * this.#width) & this.#mask
      longest = Math.max(longest, (slot - place) & this.#mask)
    }
    return longest
  }

  #isKey(number: number): boolean {
    const width = this.#width
    for (let word = 0, at = number * width; word < width; word += 1, at += 1) {
      if (this.#keys[at] !== this.key[word]) return false
    }
    return true
  }

  #grow(): void {
    const keys = new Uint32Array(this.#keys.length * 2)
    keys.set(this.#keys)
    this.#keys = keys
    this.#slots = new Int32Array(this.#slots.length * 2)
    this.#mask = this.#slots.length - 1
    this.#rebuild()
  }

  #rebuild(): void {
    this.#slots.fill(0)
    for (let number = 0; number < this.#count; number += 1) {
      let slot = this.#hash(this.#keys, number * this.#width) & this.#mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask
      this.#slots[slot] = number + 1
    }
  }

  #hash(words: Uint32Array, start: number): number {
    const [first, second] = seeds[this.#seed] as readonly [number, number]
    let hash = first
    for (let word = 0, at = start; word < this.#width; word += 1, at += 1) {
      hash = Math.imul(hash ^ (words[at] as number), first)
      hash = Math.imul(hash ^ (hash >>> 15), second)
      hash ^= hash >>> 13
    }
    return hash ^ (hash >>> 16)
  }
}

/** Longer runs than this do not happen by chance in a table that is at most half full. */
const mostSteps = 256
/** Odd numbers without pattern. */
const seeds: readonly (readonly [number, number])[] = [
  [0x9e37_79b1, 0x85eb_ca6b],
  [0xc2b2_ae35, 0x27d4_eb2f],
  [0x1656_67b1, 0xcc9e_2d51],
  [0xd6e8_feb9, 0xa5b3_5705],
]
