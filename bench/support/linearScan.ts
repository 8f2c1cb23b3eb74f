import type { ExpandedFilters, Packet } from '../../src/engine/index.ts'
import { ipv4Mask } from '../../src/policy/ip.ts'

/** The peer of the classifier: typed columns of IPv4 filters, scanned in match order until one matches. */
export class LinearScan {
  readonly #length: number
  readonly #columns: readonly Uint32Array[]
  readonly #own: ReadonlySet<number>
  /** Bit 1: the source is this computer, bit 2: the destination is. */
  readonly #isMe: Uint8Array
  readonly #protocol: Uint8Array
  readonly #ports: Int32Array

  constructor(filters: ExpandedFilters, own: readonly number[]) {
    this.#length = filters.length
    this.#columns = Array.from({ length: 4 }, () => new Uint32Array(filters.length))
    this.#own = new Set(own)
    this.#isMe = new Uint8Array(filters.length)
    this.#protocol = new Uint8Array(filters.length)
    this.#ports = new Int32Array(filters.length * 2).fill(-1)
    for (const filter of filters) {
      const at = filter.index
      for (const [side, set] of [filter.source, filter.destination].entries()) {
        if (set.kind === 'prefix') {
          ;(this.#columns[2 * side] as Uint32Array)[at] = set.address.bits as number
          ;(this.#columns[2 * side + 1] as Uint32Array)[at] = ipv4Mask(set.length)
        } else if (set.kind === 'addresses') {
          this.#isMe[at] = (this.#isMe[at] as number) | (1 << side)
        } else if (set.kind !== 'any') {
          throw new TypeError(`the scan does not know ${set.kind}`)
        }
      }
      this.#protocol[at] = filter.protocol
      if (filter.sourcePort.kind === 'single') this.#ports[2 * at] = filter.sourcePort.port
      if (filter.destinationPort.kind === 'single') this.#ports[2 * at + 1] = filter.destinationPort.port
    }
  }

  first(packet: Packet): number {
    const source = packet.source.bits as number
    const destination = packet.destination.bits as number
    const isMe = (this.#own.has(source) ? 1 : 0) | (this.#own.has(destination) ? 2 : 0)
    const [sourceBits, sourceMask, destinationBits, destinationMask] = this.#columns as [
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
    ]
    const ports = this.#ports
    for (let at = 0; at < this.#length; at += 1) {
      if (((source ^ (sourceBits[at] as number)) & (sourceMask[at] as number)) !== 0) continue
      if (((destination ^ (destinationBits[at] as number)) & (destinationMask[at] as number)) !== 0) continue
      const protocol = this.#protocol[at] as number
      if (protocol !== 0 && protocol !== packet.protocol) continue
      const sourcePort = ports[2 * at] as number
      if (sourcePort >= 0 && sourcePort !== packet.sourcePort) continue
      const destinationPort = ports[2 * at + 1] as number
      if (destinationPort >= 0 && destinationPort !== packet.destinationPort) continue
      if (((this.#isMe[at] as number) & ~isMe) === 0) return at
    }
    return -1
  }
}
