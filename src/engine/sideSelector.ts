import type { Address } from '../policy/filter.ts'
import type { Family, Ip } from '../policy/ip.ts'
import { coverLength, isPrefix } from './addressMeasure.ts'
import { wordsOfFamily, writePrefixMask, writeWords } from './ipWords.ts'
import { isSpecial, type ResolvedSet, type SpecialAddresses } from './specialAddresses.ts'

/**
 * One side of one filter in the form that hash tables take: a masked value; or a set of several addresses; and a range
 * beside the prefix that covers it. One selector is filled again and again.
 */
export class SideSelector {
  readonly mask: Uint32Array
  readonly value: Uint32Array
  readonly first: Uint32Array
  readonly last: Uint32Array
  /** The side is this set; `mask` and `value` are then zero. */
  set: ResolvedSet | undefined
  /** Only addresses from `first` to `last` match. */
  isRange = false
  readonly #family: Family
  readonly #words: number
  readonly #special: SpecialAddresses

  constructor(family: Family, special: SpecialAddresses) {
    this.#family = family
    this.#words = wordsOfFamily[family]
    this.#special = special
    this.mask = new Uint32Array(this.#words)
    this.value = new Uint32Array(this.#words)
    this.first = new Uint32Array(this.#words)
    this.last = new Uint32Array(this.#words)
  }

  /** False when no address matches. */
  fill(address: Address): boolean {
    this.set = undefined
    this.isRange = false
    if (isSpecial(address)) return this.#fillSet(this.#special.of(address))
    switch (address.kind) {
      case 'any':
        this.#fillPrefix(undefined, 0)
        return true
      case 'host':
        this.#fillPrefix(address.address, 32 * this.#words)
        return true
      case 'subnet':
        writeWords(address.mask, this.mask)
        this.#fillValue(address.address)
        return true
      case 'range': {
        const length = coverLength(address.first, address.last)
        this.#fillPrefix(address.first, length)
        if (isPrefix(address.first, address.last, length)) return true
        this.isRange = true
        writeWords(address.first, this.first)
        writeWords(address.last, this.last)
        return true
      }
    }
  }

  #fillSet(set: ResolvedSet): boolean {
    const addresses = set[this.#family]
    if (addresses.length < 2) {
      this.#fillPrefix(addresses[0], 32 * this.#words)
      return addresses.length === 1
    }
    this.#fillPrefix(undefined, 0)
    this.set = set
    return true
  }

  #fillPrefix(address: Ip | undefined, length: number): void {
    writePrefixMask(length, this.#words, this.mask)
    if (address === undefined) this.value.fill(0)
    else this.#fillValue(address)
  }

  #fillValue(address: Ip): void {
    writeWords(address, this.value)
    for (let word = 0; word < this.#words; word += 1) {
      this.value[word] = (this.value[word] as number) & (this.mask[word] as number)
    }
  }
}
