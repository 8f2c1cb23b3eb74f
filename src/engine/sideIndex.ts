import type { Ip } from '../policy/ip.ts'
import { writeWords } from './ipWords.ts'
import { KeyTable } from './keyTable.ts'
import type { SideSelector } from './sideSelector.ts'

/**
 * The masks and sets that filters use on one side, and which masked values occur. Most packets have no filter under most
 * masks; asking once for each mask spares asking for every pair of masks.
 */
export class SideIndex {
  readonly #words: number
  /** Set number (0 = none) and mask words. */
  readonly #masks: KeyTable
  /** Mask number and masked words. */
  readonly #present: KeyTable
  /** Words to mask a key with, by mask number: zero for sets. */
  #keyMasks = new Uint32Array(64)
  /** Words to mask an address with before asking whether it occurs: all ones for sets. */
  #askMasks = new Uint32Array(64)
  readonly #setNumbers = new Map<string, number>()
  /** By mask number: 2 × packet number + whether the packet's masked value occurs. */
  #answers = new Float64Array(0)
  #packet = 0
  readonly #address: Uint32Array

  constructor(words: number, address: Uint32Array) {
    this.#words = words
    this.#address = address
    this.#masks = new KeyTable(1 + words)
    this.#present = new KeyTable(1 + words)
  }

  /** Number of the selector's mask or set; notes its value. */
  add(side: SideSelector, family: 'ipv4' | 'ipv6'): number {
    const words = this.#words
    const { key } = this.#masks
    key[0] = side.set === undefined ? 0 : this.#setNumber(side.set.key)
    for (let word = 0; word < words; word += 1) key[1 + word] = side.mask[word] as number
    const before = this.#masks.size
    const mask = this.#masks.add()
    if (mask === before) this.#addMask(mask, side, side.set?.[family])
    if (side.set === undefined) {
      this.#present.key[0] = mask
      for (let word = 0; word < words; word += 1) this.#present.key[1 + word] = side.value[word] as number
      this.#present.add()
    }
    return mask
  }

  #addMask(mask: number, side: SideSelector, set: readonly Ip[] | undefined): void {
    const words = this.#words
    const at = mask * words
    if (at + words > this.#keyMasks.length) {
      this.#keyMasks = doubled(this.#keyMasks)
      this.#askMasks = doubled(this.#askMasks)
    }
    this.#keyMasks.set(side.mask, at)
    if (set === undefined) {
      this.#askMasks.set(side.mask, at)
      return
    }
    this.#askMasks.fill(0xffff_ffff, at, at + words)
    for (const ip of set) {
      this.#present.key[0] = mask
      writeWords(ip, this.#present.key, 1)
      this.#present.add()
    }
  }

  #setNumber(key: string): number {
    const known = this.#setNumbers.get(key)
    if (known !== undefined) return known
    const number = this.#setNumbers.size + 1
    this.#setNumbers.set(key, number)
    return number
  }

  /** Begins with another packet; its address has been written to the words given at the start. */
  next(): void {
    if (this.#answers.length !== this.#masks.size) this.#answers = new Float64Array(this.#masks.size)
    this.#packet += 1
  }

  /** Whether any filter with this mask can match the packet. */
  occurs(mask: number): boolean {
    const answer = this.#answers[mask] as number
    const yes = 2 * this.#packet + 1
    if (answer === yes) return true
    if (answer === yes - 1) return false
    const { key } = this.#present
    key[0] = mask
    const at = mask * this.#words
    for (let word = 0; word < this.#words; word += 1) {
      key[1 + word] = (this.#address[word] as number) & (this.#askMasks[at + word] as number)
    }
    const isPresent = this.#present.find() >= 0
    this.#answers[mask] = isPresent ? yes : yes - 1
    return isPresent
  }

  /** Writes the packet's address under a mask to `out` from `to` on. */
  writeKey(mask: number, out: Uint32Array, to: number): void {
    const at = mask * this.#words
    for (let word = 0; word < this.#words; word += 1) {
      out[to + word] = (this.#address[word] as number) & (this.#keyMasks[at + word] as number)
    }
  }
}

function doubled(from: Uint32Array): Uint32Array<ArrayBuffer> {
  const to = new Uint32Array(from.length * 2)
  to.set(from)
  return to
}
