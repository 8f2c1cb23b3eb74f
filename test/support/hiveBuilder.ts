import { baseChecksum } from '../../src/formats/regf/baseBlock.ts'
import { nameHash, nameHint, upperName } from '../../src/formats/regf/nameOrder.ts'

const nowhere = 0xffff_ffff

/** A key for the builder; what is not given is as Windows would write it. */
export interface BuiltKey {
  readonly name: string
  readonly parent?: number
  readonly flags?: number
  readonly subkeyCount?: number
  readonly subkeyList?: number
  readonly valueCount?: number
  readonly valueList?: number
  readonly security?: number
  readonly utf16?: boolean
  /** Instead of the true one. Bytes. */
  readonly nameLength?: number
}

/**
 * Puts hives together cell by cell, the forms that the writer never makes included, and faults on purpose. All cells lie
 * in one bin in the order they are added; an offset may be patched in later.
 */
export class HiveBuilder {
  /** By offset, in order. */
  readonly #cells = new Map<number, Uint8Array>()
  readonly #header: 4 | 8
  #next = 32

  /** `header`: 8 for version 1.1. */
  constructor(header: 4 | 8 = 4) {
    this.#header = header
  }

  /** A cell with that record; gives its offset. `room`: bytes beyond the record. */
  cell(record: Uint8Array, room = 0, free = false): number {
    const unit = this.#header === 8 ? 16 : 8
    const length = Math.ceil((record.length + room + this.#header) / unit) * unit
    const bytes = new Uint8Array(length)
    new DataView(bytes.buffer).setInt32(0, free ? length : -length, true)
    bytes.set(record, this.#header)
    const offset = this.#next
    this.#cells.set(offset, bytes)
    this.#next += length
    return offset
  }

  key(key: BuiltKey): number {
    const latin = key.utf16 !== true
    const name = nameBytes(key.name, latin)
    const record = new Uint8Array(76 + name.length)
    const view = new DataView(record.buffer)
    view.setUint16(0, 0x6b6e, true)
    view.setUint16(2, key.flags ?? (latin ? 0x20 : 0), true)
    view.setUint32(16, key.parent ?? nowhere, true)
    view.setUint32(20, key.subkeyCount ?? 0, true)
    view.setUint32(28, key.subkeyList ?? nowhere, true)
    view.setUint32(32, nowhere, true)
    view.setUint32(36, key.valueCount ?? 0, true)
    view.setUint32(40, key.valueList ?? nowhere, true)
    view.setUint32(44, key.security ?? nowhere, true)
    view.setUint32(48, nowhere, true)
    view.setUint32(52, 510, true)
    view.setUint32(60, 0xffff, true)
    view.setUint32(64, 0x7fff_ffff, true)
    view.setUint16(72, key.nameLength ?? name.length, true)
    record.set(name, 76)
    return this.cell(record)
  }

  /** A value of REG_BINARY whose data fields are given as they shall stand. */
  value(name: string, dataLength: number, dataOffset: number, flags = 1, type = 3): number {
    const bytes = nameBytes(name, (flags & 1) !== 0)
    const record = new Uint8Array(20 + bytes.length)
    const view = new DataView(record.buffer)
    view.setUint16(0, 0x6b76, true)
    view.setUint16(2, bytes.length, true)
    view.setUint32(4, dataLength, true)
    view.setUint32(8, dataOffset, true)
    view.setUint32(12, type, true)
    view.setUint16(16, flags, true)
    record.set(bytes, 20)
    return this.cell(record)
  }

  /** A list of subkeys; lf and lh take the names for their hints and hashes, ri takes the offsets of lists. */
  list(kind: 'li' | 'lf' | 'lh' | 'ri', offsets: readonly number[], names: readonly string[] = [], room = 0): number {
    const size = kind === 'lf' || kind === 'lh' ? 8 : 4
    const record = new Uint8Array(4 + size * offsets.length)
    const view = new DataView(record.buffer)
    record.set([kind.charCodeAt(0), kind.charCodeAt(1)])
    view.setUint16(2, offsets.length, true)
    for (const [i, offset] of offsets.entries()) {
      view.setUint32(4 + size * i, offset, true)
      const name = names[i] ?? ''
      if (size === 8) view.setUint32(8 + size * i, kind === 'lf' ? nameHint(name) : nameHash(upperName(name)), true)
    }
    return this.cell(record, room)
  }

  /** Offsets one after the other: a list of values or of segments. */
  offsets(offsets: readonly number[], room = 0): number {
    const record = new Uint8Array(4 * offsets.length)
    const view = new DataView(record.buffer)
    for (const [i, offset] of offsets.entries()) view.setUint32(4 * i, offset, true)
    return this.cell(record, room)
  }

  bigData(count: number, list: number): number {
    const record = new Uint8Array(8)
    const view = new DataView(record.buffer)
    view.setUint16(0, 0x6264, true)
    view.setUint16(2, count, true)
    view.setUint32(4, list, true)
    return this.cell(record)
  }

  /** Overwrites 32 bits of the record in a cell. */
  patch(cell: number, at: number, value: number): void {
    const bytes = this.#cells.get(cell)
    if (bytes === undefined) throw new Error(`no cell at ${cell}`)
    new DataView(bytes.buffer).setUint32(this.#header + at, value, true)
  }

  finish(root: number, minor = 5): Uint8Array {
    const size = Math.ceil((this.#next + 8) / 4096) * 4096
    const bytes = new Uint8Array(4096 + size)
    const view = new DataView(bytes.buffer)
    bytes.set([0x72, 0x65, 0x67, 0x66, 1, 0, 0, 0, 1])
    view.setUint32(20, 1, true)
    view.setUint32(24, minor, true)
    view.setUint32(32, 1, true)
    view.setUint32(36, root, true)
    view.setUint32(40, size, true)
    view.setUint32(44, 1, true)
    view.setUint32(508, baseChecksum(bytes), true)
    bytes.set([0x68, 0x62, 0x69, 0x6e], 4096)
    view.setUint32(4096 + 8, size, true)
    for (const [offset, cell] of this.#cells) bytes.set(cell, 4096 + offset)
    view.setInt32(4096 + this.#next, size - this.#next, true)
    return bytes
  }
}

function nameBytes(name: string, latin: boolean): Uint8Array {
  const bytes = new Uint8Array(latin ? name.length : 2 * name.length)
  for (let i = 0; i < name.length; i += 1) {
    const unit = name.charCodeAt(i)
    if (latin) bytes[i] = unit
    else bytes.set([unit & 0xff, unit >>> 8], 2 * i)
  }
  return bytes
}
