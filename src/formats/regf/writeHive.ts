import { PolagentError } from '../../base/errors.ts'
import type { RegistryKey, RegistryValue } from '../../policy/registryValue.ts'
import { baseChecksum } from './baseBlock.ts'
import { CellAllocator } from './cellAllocator.ts'
import { defaultSecurity } from './defaultSecurity.ts'
import { keyField } from './keyNode.ts'
import {
  baseBlockLength,
  deepestKey,
  keyFlag,
  keyNodeLength,
  leafElements,
  longestKeyName,
  longestValueName,
  magic,
  nowhere,
  segmentLength,
  signature,
  valueFlag,
  valueRecordLength,
} from './layout.ts'
import { compareUpper, isLatin1, nameHash, nameHint, upperName } from './nameOrder.ts'
import { SecurityCells } from './securityCells.ts'
import { valueField } from './values.ts'

export interface WriteHiveOptions {
  /** Kept in the base block, 31 characters of its end at most. */
  readonly fileName: string
  /** FILETIME of the hive, and of keys that bring none. */
  readonly lastWritten?: bigint
  /** Format version 1.minor; default 5. Version 1.3 has no segments for large data, and 1.4 no hashes. */
  readonly minorVersion?: 3 | 4 | 5 | 6
}

/**
 * A whole hive as Windows would write it (5.9): the same tree gives the same bytes. Keys are sorted, values keep their
 * order. A key without a descriptor gets that of its parent. Throws HIVE_UNWRITABLE for what no hive can hold.
 *
 * readHive(writeHive({ name: 'ROOT', values: [], subkeys: [] }, { fileName: 'policy.hive' }), []).root.name
 * // → 'ROOT'
 */
export function writeHive(root: RegistryKey, options: WriteHiveOptions): Uint8Array {
  const writer = new HiveWriter(options)
  return writer.write(root)
}

/** A key that is written and whose subkeys are not. */
interface Parent {
  readonly key: RegistryKey
  readonly offset: number
  readonly depth: number
  readonly security: Uint8Array
  readonly path: Path
}

/** Names from the root down, for messages only. */
interface Path {
  readonly name: string
  readonly parent: Path | undefined
}

interface SortedKey {
  readonly key: RegistryKey
  readonly upper: string
}

class HiveWriter {
  readonly #options: WriteHiveOptions
  readonly #minor: number
  readonly #time: bigint
  readonly #cells = new CellAllocator(65_536)
  readonly #security = new SecurityCells(this.#cells)

  constructor(options: WriteHiveOptions) {
    this.#options = options
    this.#minor = options.minorVersion ?? 5
    this.#time = options.lastWritten ?? 0n
  }

  /** Parents before their subkeys, for these name them; the lists of a key after its subkeys, for they name those. */
  write(root: RegistryKey): Uint8Array {
    const top = this.#writeKey(root, undefined)
    const waiting = [top]
    for (let parent = waiting.pop(); parent !== undefined; parent = waiting.pop()) {
      const subkeys = this.#writeSubkeys(parent)
      for (let i = subkeys.length - 1; i >= 0; i -= 1) waiting.push(subkeys[i] as Parent)
    }
    this.#security.finish()
    return this.#finish(top.offset)
  }

  /** Gives the subkeys that have subkeys themselves. */
  #writeSubkeys(parent: Parent): Parent[] {
    const { subkeys } = parent.key
    if (subkeys.length === 0) return []
    if (parent.depth >= deepestKey) throw unwritable(parent.path, `keys are nested more than ${deepestKey} levels deep`)
    const sorted = subkeys
      .map((key): SortedKey => ({ key, upper: upperName(key.name) }))
      .toSorted((a, b) => compareUpper(a.upper, b.upper))
    const written = sorted.map(({ key }) => this.#writeKey(key, parent))
    const list = this.#writeLists(sorted, written)
    let longestName = 0
    let longestClass = 0
    for (const { key } of sorted) {
      longestName = Math.max(longestName, key.name.length * 2)
      longestClass = Math.max(longestClass, key.className?.length ?? 0)
    }
    const at = CellAllocator.recordAt(parent.offset)
    const { view } = this.#cells
    view.setUint32(at + keyField.subkeyCount, sorted.length, true)
    view.setUint32(at + keyField.subkeyList, list, true)
    view.setUint16(at + keyField.longestSubkeyName, longestName, true)
    view.setUint32(at + keyField.longestClassName, longestClass, true)
    return written.filter(({ key }) => key.subkeys.length > 0)
  }

  #writeKey(key: RegistryKey, parent: Parent | undefined): Parent {
    const path = { name: key.name, parent: parent?.path }
    checkKeyName(key.name, path)
    const isLatin = isLatin1(key.name)
    const nameLength = isLatin ? key.name.length : key.name.length * 2
    const security = key.security ?? parent?.security ?? defaultSecurity()
    const securityOffset = this.#security.use(security)
    const offset = this.#cells.allocate(keyNodeLength + nameLength)
    const given = key.flags ?? (parent === undefined ? keyFlag.noDelete : 0)
    const flags =
      (given & 0xffff & ~(keyFlag.root | keyFlag.latinName)) |
      (parent === undefined ? keyFlag.root : 0) |
      (isLatin ? keyFlag.latinName : 0)
    const at = CellAllocator.recordAt(offset)
    const { view } = this.#cells
    view.setUint16(at, signature.nk, true)
    view.setUint16(at + keyField.flags, flags, true)
    view.setBigUint64(at + keyField.lastWritten, key.lastWritten ?? this.#time, true)
    view.setUint32(at + keyField.parent, parent?.offset ?? nowhere, true)
    view.setUint32(at + keyField.subkeyList, nowhere, true)
    view.setUint32(at + 32, nowhere, true)
    view.setUint32(at + keyField.valueList, nowhere, true)
    view.setUint32(at + keyField.security, securityOffset, true)
    view.setUint32(at + keyField.className, nowhere, true)
    view.setUint32(at + keyField.longestSubkeyName, (given & 0xffff_0000) >>> 0, true)
    view.setUint16(at + keyField.nameLength, nameLength, true)
    this.#putName(at + keyField.name, key.name, isLatin)
    this.#writeClassName(key, offset, path)
    this.#writeValues(key.values, offset, path)
    return { key, offset, depth: parent === undefined ? 0 : parent.depth + 1, security, path }
  }

  #writeClassName(key: RegistryKey, keyOffset: number, path: Path): void {
    const { className } = key
    if (className === undefined || className.length === 0) return
    if (className.length > 0xffff) throw unwritable(path, 'its class name is longer than 65,535 bytes')
    const offset = this.#writeData(className)
    const at = CellAllocator.recordAt(keyOffset)
    this.#cells.view.setUint32(at + keyField.className, offset, true)
    this.#cells.view.setUint16(at + keyField.classLength, className.length, true)
  }

  #writeValues(values: readonly RegistryValue[], keyOffset: number, path: Path): void {
    if (values.length === 0) return
    const list = this.#cells.allocate(4 * values.length)
    let longestName = 0
    let longestData = 0
    for (const [i, value] of values.entries()) {
      const offset = this.#writeValue(value, path)
      this.#cells.view.setUint32(CellAllocator.recordAt(list) + 4 * i, offset, true)
      longestName = Math.max(longestName, value.name.length * 2)
      longestData = Math.max(longestData, value.data.length)
    }
    const at = CellAllocator.recordAt(keyOffset)
    const { view } = this.#cells
    view.setUint32(at + keyField.valueCount, values.length, true)
    view.setUint32(at + keyField.valueList, list, true)
    view.setUint32(at + keyField.longestValueName, longestName, true)
    view.setUint32(at + keyField.longestValueData, longestData, true)
  }

  #writeValue(value: RegistryValue, path: Path): number {
    const { name, data } = value
    if (name.length > longestValueName) throw unwritable(path, `the name of a value has ${name.length} characters`)
    const isLatin = isLatin1(name)
    const nameLength = isLatin ? name.length : name.length * 2
    const offset = this.#cells.allocate(valueRecordLength + nameLength)
    const at = CellAllocator.recordAt(offset)
    this.#cells.view.setUint16(at, signature.vk, true)
    this.#cells.view.setUint16(at + valueField.nameLength, nameLength, true)
    this.#cells.view.setUint32(at + valueField.type, value.type, true)
    this.#cells.view.setUint16(at + valueField.flags, isLatin ? valueFlag.latinName : 0, true)
    this.#putName(at + valueField.name, name, isLatin)
    if (data.length <= 4) {
      this.#cells.view.setUint32(at + valueField.dataLength, (0x8000_0000 | data.length) >>> 0, true)
      this.#cells.bytes.set(data, at + valueField.dataOffset)
      return offset
    }
    const dataOffset = this.#isBig(data) ? this.#writeBigData(data, path) : this.#writeData(data)
    this.#cells.view.setUint32(at + valueField.dataLength, data.length, true)
    this.#cells.view.setUint32(at + valueField.dataOffset, dataOffset, true)
    return offset
  }

  #isBig(data: Uint8Array): boolean {
    return this.#minor > 3 && data.length > segmentLength
  }

  #writeData(data: Uint8Array): number {
    const offset = this.#cells.allocate(data.length)
    this.#cells.bytes.set(data, CellAllocator.recordAt(offset))
    return offset
  }

  /**
   * Segments in cells with four bytes to spare, a list of them, and the record that leads there (5.6). They lie one
   * behind the other, for reglookup puts them together in the order of the file.
   */
  #writeBigData(data: Uint8Array, path: Path): number {
    const count = Math.ceil(data.length / segmentLength)
    if (count > 0xffff) throw unwritable(path, `a value has ${data.length} bytes`)
    const record = this.#cells.allocate(8)
    const list = this.#cells.allocate(4 * count)
    let segment = 0
    for (let i = 0; i < count; i += 1) {
      const part = data.subarray(i * segmentLength, (i + 1) * segmentLength)
      segment = this.#cells.allocate(part.length + 4, segment)
      this.#cells.bytes.set(part, CellAllocator.recordAt(segment))
      this.#cells.view.setUint32(CellAllocator.recordAt(list) + 4 * i, segment, true)
    }
    const at = CellAllocator.recordAt(record)
    this.#cells.view.setUint16(at, signature.db, true)
    this.#cells.view.setUint16(at + 2, count, true)
    this.#cells.view.setUint32(at + 4, list, true)
    return record
  }

  /** One leaf, or a list of leaves when there are more subkeys than fit one. */
  #writeLists(sorted: readonly SortedKey[], written: readonly Parent[]): number {
    const leaves: number[] = []
    for (let from = 0; from < sorted.length; from += leafElements) {
      leaves.push(this.#writeLeaf(sorted, written, from, Math.min(from + leafElements, sorted.length)))
    }
    if (leaves.length === 1) return leaves[0] as number
    if (leaves.length > 0xffff)
      throw new PolagentError('HIVE_UNWRITABLE', { what: `a key has ${sorted.length} subkeys` })
    const root = this.#cells.allocate(4 + 4 * leaves.length)
    const at = CellAllocator.recordAt(root)
    this.#cells.view.setUint16(at, signature.ri, true)
    this.#cells.view.setUint16(at + 2, leaves.length, true)
    for (const [i, leaf] of leaves.entries()) this.#cells.view.setUint32(at + 4 + 4 * i, leaf, true)
    return root
  }

  #writeLeaf(sorted: readonly SortedKey[], written: readonly Parent[], from: number, to: number): number {
    const offset = this.#cells.allocate(4 + 8 * (to - from))
    const { view } = this.#cells
    let at = CellAllocator.recordAt(offset)
    view.setUint16(at, this.#hasHashes ? signature.lh : signature.lf, true)
    view.setUint16(at + 2, to - from, true)
    at += 4
    for (let i = from; i < to; i += 1) {
      const { key, upper } = sorted[i] as SortedKey
      view.setUint32(at, (written[i] as Parent).offset, true)
      view.setUint32(at + 4, this.#hasHashes ? nameHash(upper) : nameHint(key.name), true)
      at += 8
    }
    return offset
  }

  get #hasHashes(): boolean {
    return this.#minor > 4
  }

  #putName(at: number, name: string, isLatin: boolean): void {
    const { view, bytes } = this.#cells
    for (let i = 0; i < name.length; i += 1) {
      if (isLatin) bytes[at + i] = name.charCodeAt(i)
      else view.setUint16(at + 2 * i, name.charCodeAt(i), true)
    }
  }

  #finish(rootOffset: number): Uint8Array {
    const size = this.#cells.finish()
    const { view, bytes } = this.#cells
    view.setUint32(0, magic.regf, true)
    view.setUint32(4, 1, true)
    view.setUint32(8, 1, true)
    view.setBigUint64(12, this.#time, true)
    view.setUint32(20, 1, true)
    view.setUint32(24, this.#minor, true)
    view.setUint32(32, 1, true)
    view.setUint32(36, rootOffset, true)
    view.setUint32(40, size, true)
    view.setUint32(44, 1, true)
    this.#putName(48, this.#options.fileName.slice(-31), false)
    view.setBigUint64(baseBlockLength + 20, this.#time, true)
    view.setUint32(508, baseChecksum(bytes), true)
    return bytes.slice(0, baseBlockLength + size)
  }
}

function checkKeyName(name: string, path: Path): void {
  if (name.length > longestKeyName) throw unwritable(path, `its name has ${name.length} characters`)
  if (path.parent === undefined) return
  if (name === '') throw unwritable(path, 'it has no name')
  if (name.includes('\\')) throw unwritable(path, 'its name holds a backslash')
}

function unwritable(path: Path, what: string): PolagentError {
  const names: string[] = []
  for (let at: Path | undefined = path; at?.parent !== undefined; at = at.parent) names.unshift(at.name)
  return new PolagentError('HIVE_UNWRITABLE', { field: names.join('\\'), what })
}
