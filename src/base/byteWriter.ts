import { type Guid, guidToBytes } from './guid.ts'

/** Builds a blob out of little-endian fields; grows as needed. */
export class ByteWriter {
  #bytes: Uint8Array
  #view: DataView
  #length = 0

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity)
    this.#view = new DataView(this.#bytes.buffer)
  }

  get length(): number {
    return this.#length
  }

  /** Makes room and answers where; may replace the view, so it is called before the view is looked at. */
  #room(count: number): number {
    const at = this.#length
    if (at + count > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, at + count))
      grown.set(this.#bytes)
      this.#bytes = grown
      this.#view = new DataView(grown.buffer)
    }
    this.#length += count
    return at
  }

  u8(value: number): this {
    const at = this.#room(1)
    this.#view.setUint8(at, value)
    return this
  }

  u16(value: number): this {
    const at = this.#room(2)
    this.#view.setUint16(at, value, true)
    return this
  }

  u32(value: number): this {
    const at = this.#room(4)
    this.#view.setUint32(at, value, true)
    return this
  }

  /** Four bytes in network order. */
  ipv4(value: number): this {
    const at = this.#room(4)
    this.#view.setUint32(at, value, false)
    return this
  }

  guid(value: Guid): this {
    return this.put(guidToBytes(value))
  }

  put(bytes: Uint8Array): this {
    const at = this.#room(bytes.length)
    this.#bytes.set(bytes, at)
    return this
  }

  zeros(count: number): this {
    this.#room(count)
    return this
  }

  /** Overwrites a u32 written earlier, for lengths known only at the end. */
  patchU32(offset: number, value: number): this {
    this.#view.setUint32(offset, value, true)
    return this
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }
}
