import { PolagentError } from './errors.ts'
import { type Guid, guidFromBytes } from './guid.ts'

/** One of several fields of fixed length that follow each other. */
export interface FixedField {
  readonly name: string
  readonly length: number
}

/**
 * Reads little-endian fields from a blob. Every read names its field, so that an error tells the field and its
 * offset; the position moves only when the read succeeds.
 */
export class ByteReader {
  readonly bytes: Uint8Array
  readonly view: DataView
  #position: number

  constructor(bytes: Uint8Array, position = 0) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#position = position
  }

  get position(): number {
    return this.#position
  }

  set position(value: number) {
    this.#position = value
  }

  get remaining(): number {
    return this.bytes.length - this.#position
  }

  /** Fails unless `length` bytes remain. */
  need(length: number, field: string): void {
    if (length > this.remaining) {
      throw new PolagentError('BLOB_TRUNCATED', {
        field,
        offset: this.#position,
        what: `${length} bytes expected, ${Math.max(0, this.remaining)} present`,
      })
    }
  }

  /** Fails at the first of consecutive fields that does not fit whole; then all of them may be read unchecked. */
  needFields(fields: readonly FixedField[], totalLength: number): void {
    if (totalLength <= this.remaining) return
    const start = this.#position
    try {
      for (const { name, length } of fields) {
        this.need(length, name)
        this.#position += length
      }
    } finally {
      this.#position = start
    }
  }

  u8(field: string): number {
    this.need(1, field)
    const value = this.view.getUint8(this.#position)
    this.#position += 1
    return value
  }

  u16(field: string): number {
    this.need(2, field)
    const value = this.view.getUint16(this.#position, true)
    this.#position += 2
    return value
  }

  u32(field: string): number {
    this.need(4, field)
    const value = this.view.getUint32(this.#position, true)
    this.#position += 4
    return value
  }

  /** Four bytes in network order, as an unsigned number. */
  ipv4(field: string): number {
    this.need(4, field)
    const value = this.view.getUint32(this.#position, false)
    this.#position += 4
    return value
  }

  guid(field: string): Guid {
    this.need(16, field)
    const value = guidFromBytes(this.bytes, this.#position)
    this.#position += 16
    return value
  }

  /** A view, not a copy: blobs are never changed in place. */
  take(length: number, field: string): Uint8Array {
    this.need(length, field)
    const value = this.bytes.subarray(this.#position, this.#position + length)
    this.#position += length
    return value
  }
}
