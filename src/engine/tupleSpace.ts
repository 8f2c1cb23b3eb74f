import type { Filter, Port } from '../policy/filter.ts'
import type { Family, Ip } from '../policy/ip.ts'
import { compareWords, wordsOfFamily, writeWords } from './ipWords.ts'
import { KeyTable } from './keyTable.ts'
import { plainPort } from './portSet.ts'
import { SideIndex } from './sideIndex.ts'
import { SideSelector } from './sideSelector.ts'
import type { SpecialAddresses } from './specialAddresses.ts'

/** Conditions of a row beyond addresses, protocol and ports: bits of direction and of connection type. */
export const condition = { in: 1, out: 2, bothWays: 3, lan: 4, dialup: 8, anyConnection: 12 } as const

/** What a packet asks with; ports are -1 when it has none. */
export interface Question {
  readonly source: Ip
  readonly destination: Ip
  readonly protocol: number
  readonly sourcePort: number
  readonly destinationPort: number
  /** Bits of `condition`. */
  readonly conditions: number
}

/** Columns by row, shared by the families: next row with the same key (-1 = none), conditions, place of the ranges. */
export interface RowLinks {
  readonly next: Int32Array
  readonly conditions: Uint8Array
  /** Index into the ranges of the row's family; 0 = the row has none. */
  readonly ranges: Uint32Array
}

const sourcePortBit = 1 << 8
const destinationPortBit = 1 << 9
const rangeOf = { sourcePort: 1, destinationPort: 2, source: 4, destination: 8 } as const

/**
 * Tuple space search. Filters with the same masks, the same protocol and ports on the same sides form a tuple; within it
 * a filter is found by hashing. Tuples are numbered by their best row, so the search ends at the first tuple that cannot
 * do better than what was found. Rows with one key hang together in match order. Ranges are found by the prefix that
 * covers them, and compared.
 */
export class TupleSpace {
  readonly #family: Family
  readonly #words: number
  readonly #links: RowLinks
  readonly #source: SideIndex
  readonly #destination: SideIndex
  readonly #sourceWords: Uint32Array
  readonly #destinationWords: Uint32Array
  /** Source mask, destination mask, protocol and port bits. */
  readonly #tuples = new KeyTable(3)
  /** Tuple, source, destination, ports. */
  readonly #keys: KeyTable
  #tupleSource = new Uint32Array(16)
  #tupleDestination = new Uint32Array(16)
  #tupleTraffic = new Uint32Array(16)
  #tupleBest = new Uint32Array(16)
  /** First and last row by key. */
  readonly #head: Int32Array
  readonly #tail: Int32Array
  #ranges = new Uint32Array(64)
  #rangesEnd = 1
  readonly #from: SideSelector
  readonly #to: SideSelector

  constructor(family: Family, rows: number, links: RowLinks, special: SpecialAddresses) {
    const words = wordsOfFamily[family]
    this.#family = family
    this.#words = words
    this.#links = links
    this.#sourceWords = new Uint32Array(words)
    this.#destinationWords = new Uint32Array(words)
    this.#source = new SideIndex(words, this.#sourceWords)
    this.#destination = new SideIndex(words, this.#destinationWords)
    this.#keys = new KeyTable(2 + 2 * words, rows)
    this.#head = new Int32Array(rows)
    this.#tail = new Int32Array(rows)
    this.#from = new SideSelector(family, special)
    this.#to = new SideSelector(family, special)
  }

  /** Number of tuples. */
  get tuples(): number {
    return this.#tuples.size
  }

  /** Takes a row in; rows must come in match order. */
  add(row: number, filter: Filter, isMirrorImage: boolean, conditions: number): void {
    this.#links.next[row] = -1
    this.#links.conditions[row] = conditions
    if (!this.#from.fill(isMirrorImage ? filter.destination : filter.source)) return
    if (!this.#to.fill(isMirrorImage ? filter.source : filter.destination)) return
    const sourcePort = plainPort(isMirrorImage ? filter.destinationPort : filter.sourcePort)
    const destinationPort = plainPort(isMirrorImage ? filter.sourcePort : filter.destinationPort)
    const number = this.#addKey(row, filter.protocol, sourcePort, destinationPort)
    this.#links.ranges[row] = this.#addRanges(sourcePort, destinationPort)
    if (this.#head[number] === 0) this.#head[number] = row + 1
    else this.#links.next[(this.#tail[number] as number) - 1] = row
    this.#tail[number] = row + 1
  }

  #addKey(row: number, protocol: number, sourcePort: Port, destinationPort: Port): number {
    const source = this.#source.add(this.#from, this.#family)
    const destination = this.#destination.add(this.#to, this.#family)
    const traffic =
      protocol |
      (sourcePort.kind === 'single' ? sourcePortBit : 0) |
      (destinationPort.kind === 'single' ? destinationPortBit : 0)
    this.#tuples.key[0] = source
    this.#tuples.key[1] = destination
    this.#tuples.key[2] = traffic
    const before = this.#tuples.size
    const tuple = this.#tuples.add()
    if (tuple === before) this.#addTuple(tuple, source, destination, traffic, row)
    const { key } = this.#keys
    key[0] = tuple
    for (let word = 0; word < this.#words; word += 1) {
      key[1 + word] = this.#from.value[word] as number
      key[1 + this.#words + word] = this.#to.value[word] as number
    }
    key[1 + 2 * this.#words] = portKey(
      sourcePort.kind === 'single' ? sourcePort.port : 0,
      destinationPort.kind === 'single' ? destinationPort.port : 0,
    )
    return this.#keys.add()
  }

  #addTuple(tuple: number, source: number, destination: number, traffic: number, row: number): void {
    if (tuple === this.#tupleSource.length) {
      this.#tupleSource = doubled(this.#tupleSource)
      this.#tupleDestination = doubled(this.#tupleDestination)
      this.#tupleTraffic = doubled(this.#tupleTraffic)
      this.#tupleBest = doubled(this.#tupleBest)
    }
    this.#tupleSource[tuple] = source
    this.#tupleDestination[tuple] = destination
    this.#tupleTraffic[tuple] = traffic
    this.#tupleBest[tuple] = row
  }

  /** Which ranges there are, source ports, destination ports, then first and last of source and destination. */
  #addRanges(sourcePort: Port, destinationPort: Port): number {
    const has =
      (sourcePort.kind === 'range' ? rangeOf.sourcePort : 0) |
      (destinationPort.kind === 'range' ? rangeOf.destinationPort : 0) |
      (this.#from.isRange ? rangeOf.source : 0) |
      (this.#to.isRange ? rangeOf.destination : 0)
    if (has === 0) return 0
    const words = this.#words
    const at = this.#rangesEnd
    this.#rangesEnd = at + 3 + 4 * words
    if (this.#rangesEnd > this.#ranges.length) this.#ranges = doubled(this.#ranges)
    const ranges = this.#ranges
    ranges[at] = has
    ranges[at + 1] = sourcePort.kind === 'range' ? portKey(sourcePort.first, sourcePort.last) : 0
    ranges[at + 2] = destinationPort.kind === 'range' ? portKey(destinationPort.first, destinationPort.last) : 0
    ranges.set(this.#from.first, at + 3)
    ranges.set(this.#from.last, at + 3 + words)
    ranges.set(this.#to.first, at + 3 + 2 * words)
    ranges.set(this.#to.last, at + 3 + 3 * words)
    return at
  }

  /** The first row in match order that matches; -1 when none does. */
  first(question: Question): number {
    this.#ask(question)
    let best = -1
    for (let tuple = 0; tuple < this.#tuples.size; tuple += 1) {
      if (best >= 0 && (this.#tupleBest[tuple] as number) > best) break
      let row = this.#firstRow(tuple, question)
      while (row >= 0 && (best < 0 || row < best)) {
        if (this.#isMatch(row, question)) best = row
        else row = this.#links.next[row] as number
      }
    }
    return best
  }

  /** Every row that matches, in match order. */
  all(question: Question): number[] {
    this.#ask(question)
    const rows: number[] = []
    for (let tuple = 0; tuple < this.#tuples.size; tuple += 1) {
      for (let row = this.#firstRow(tuple, question); row >= 0; row = this.#links.next[row] as number) {
        if (this.#isMatch(row, question)) rows.push(row)
      }
    }
    return rows.toSorted((a, b) => a - b)
  }

  /** Which ports the packet lacks that filters for such addresses and such a protocol name. */
  missingPorts(question: Question): { readonly source: boolean; readonly destination: boolean } {
    this.#ask(question)
    let source = false
    let destination = false
    for (let tuple = 0; tuple < this.#tuples.size; tuple += 1) {
      const traffic = this.#tupleTraffic[tuple] as number
      if (!this.#isPossible(tuple, question.protocol)) continue
      source ||= (traffic & sourcePortBit) !== 0
      destination ||= (traffic & destinationPortBit) !== 0
      for (let row = this.#firstRow(tuple, question); row >= 0; row = this.#links.next[row] as number) {
        const at = this.#links.ranges[row] as number
        const has = at === 0 ? 0 : (this.#ranges[at] as number)
        source ||= (has & rangeOf.sourcePort) !== 0
        destination ||= (has & rangeOf.destinationPort) !== 0
      }
    }
    return { source: source && question.sourcePort < 0, destination: destination && question.destinationPort < 0 }
  }

  #ask(question: Question): void {
    writeWords(question.source, this.#sourceWords)
    writeWords(question.destination, this.#destinationWords)
    this.#source.next()
    this.#destination.next()
  }

  /** The first row whose addresses, protocol and single ports agree in a tuple; -1 when there is none. */
  #firstRow(tuple: number, { protocol, sourcePort, destinationPort }: Question): number {
    if (!this.#isPossible(tuple, protocol)) return -1
    const traffic = this.#tupleTraffic[tuple] as number
    const hasSourcePort = (traffic & sourcePortBit) !== 0
    const hasDestinationPort = (traffic & destinationPortBit) !== 0
    if ((hasSourcePort && sourcePort < 0) || (hasDestinationPort && destinationPort < 0)) return -1
    const { key } = this.#keys
    key[0] = tuple
    this.#source.writeKey(this.#tupleSource[tuple] as number, key, 1)
    this.#destination.writeKey(this.#tupleDestination[tuple] as number, key, 1 + this.#words)
    key[1 + 2 * this.#words] = portKey(hasSourcePort ? sourcePort : 0, hasDestinationPort ? destinationPort : 0)
    const number = this.#keys.find()
    return number < 0 ? -1 : (this.#head[number] as number) - 1
  }

  /** The tuple has filters for the protocol, and some for the source and some for the destination. */
  #isPossible(tuple: number, protocol: number): boolean {
    const wanted = (this.#tupleTraffic[tuple] as number) & 0xff
    return (
      (wanted === 0 || wanted === protocol) &&
      this.#source.occurs(this.#tupleSource[tuple] as number) &&
      this.#destination.occurs(this.#tupleDestination[tuple] as number)
    )
  }

  #isMatch(row: number, question: Question): boolean {
    const both = (this.#links.conditions[row] as number) & question.conditions
    if ((both & condition.bothWays) === 0 || (both & condition.anyConnection) === 0) return false
    const at = this.#links.ranges[row] as number
    return at === 0 || this.#isInRanges(at, question.sourcePort, question.destinationPort)
  }

  #isInRanges(at: number, sourcePort: number, destinationPort: number): boolean {
    const words = this.#words
    const ranges = this.#ranges
    const has = ranges[at] as number
    if ((has & rangeOf.sourcePort) !== 0 && !isPortIn(sourcePort, ranges[at + 1] as number)) return false
    if ((has & rangeOf.destinationPort) !== 0 && !isPortIn(destinationPort, ranges[at + 2] as number)) return false
    if ((has & rangeOf.source) !== 0 && !isAddressIn(this.#sourceWords, ranges, at + 3, words)) return false
    return (has & rangeOf.destination) === 0 || isAddressIn(this.#destinationWords, ranges, at + 3 + 2 * words, words)
  }
}

function portKey(first: number, second: number): number {
  return ((first << 16) | second) >>> 0
}

function isPortIn(port: number, range: number): boolean {
  return port >= range >>> 16 && port <= (range & 0xffff)
}

function isAddressIn(address: Uint32Array, ranges: Uint32Array, at: number, words: number): boolean {
  return compareWords(address, 0, ranges, at, words) >= 0 && compareWords(address, 0, ranges, at + words, words) <= 0
}

function doubled(from: Uint32Array): Uint32Array<ArrayBuffer> {
  const to = new Uint32Array(from.length * 2)
  to.set(from)
  return to
}
