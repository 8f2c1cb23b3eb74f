import type { RegistryKey, RegistryValue } from '../../policy/registryValue.ts'
import type { Cell } from './cells.ts'
import { cellAt, fileOffset, type HiveContext } from './hiveContext.ts'
import { flagsOf, keyField, nameOfKey } from './keyNode.ts'
import { keyFlag, longestKeyName } from './layout.ts'
import { securityAt } from './security.ts'
import { subkeysOf } from './subkeys.ts'
import { valuesOf } from './values.ts'

/**
 * A key of a hive. Subkeys and values are read when they are first asked for, and kept; damage found on the way is
 * reported then. Properties are getters: copy them by name, not by spreading.
 */
export class HiveKey implements RegistryKey {
  readonly name: string
  /** Levels below the root. */
  readonly depth: number
  declare readonly className?: Uint8Array
  declare readonly security?: Uint8Array
  readonly #hive: HiveContext
  readonly #cell: Cell
  readonly #parent: HiveKey | undefined
  #path: string | undefined
  #subkeys: readonly HiveKey[] | undefined
  #values: readonly RegistryValue[] | undefined

  /** `place`: the key it lies in, or what it is instead: the root, or a key whose parent is not known. */
  constructor(hive: HiveContext, cell: Cell, place: HiveKey | 'root' | 'orphan') {
    const parent = typeof place === 'string' ? undefined : place
    this.#hive = hive
    this.#cell = cell
    this.#parent = parent
    this.depth = parent === undefined ? 0 : parent.depth + 1
    const { name, isWhole } = nameOfKey(hive, cell)
    this.name = name
    if (place === 'root') this.#path = ''
    if (!isWhole) hive.findings.add('HIVE_KEY_NAME', { offset: this.offset, path: this.path })
    else if (place !== 'root' && (name === '' || name.length > longestKeyName || name.includes('\\'))) {
      hive.findings.add('HIVE_KEY_NAME_UNUSUAL', { offset: this.offset, path: this.path })
    }
    const security = securityAt(hive, this.securityOffset, () => this.path)
    if (security !== undefined) this.security = security
    const className = this.#readClassName()
    if (className !== undefined) this.className = className
  }

  /** Byte of the key's cell in the file. */
  get offset(): number {
    return fileOffset(this.#cell.offset)
  }

  /** Names from below the root, or from the topmost key that is left, down to this key. */
  get path(): string {
    this.#path ??= joined(this.#parent === undefined ? '…' : this.#parent.path, this.name)
    return this.#path
  }

  get lastWritten(): bigint {
    return this.#hive.view.getBigUint64(this.#cell.start + keyField.lastWritten, true)
  }

  /** Flags of the record without those for root and name; in bits 16 to 31 the user and virtualisation flags. */
  get flags(): number {
    const flags = flagsOf(this.#hive, this.#cell) & ~(keyFlag.root | keyFlag.latinName)
    return (flags | (this.field(keyField.longestSubkeyName) & 0xffff_0000)) >>> 0
  }

  get subkeys(): readonly HiveKey[] {
    this.#subkeys ??= subkeysOf(this.#hive, this.#cell, this, (cell) => new HiveKey(this.#hive, cell, this))
    return this.#subkeys
  }

  get values(): readonly RegistryValue[] {
    this.#values ??= valuesOf(this.#hive, this.#cell, this.path)
    return this.#values
  }

  get securityOffset(): number {
    return this.field(keyField.security)
  }

  /** A 32-bit field of the record. */
  field(at: number): number {
    return this.#hive.view.getUint32(this.#cell.start + at, true)
  }

  /** UTF-16 in a cell of its own. */
  #readClassName(): Uint8Array | undefined {
    const { view, bytes, findings } = this.#hive
    const length = view.getUint16(this.#cell.start + keyField.classLength, true)
    if (length === 0) return undefined
    const offset = this.field(keyField.className)
    const cell = cellAt(this.#hive, offset)
    if (typeof cell !== 'string' && cell.length >= length) return bytes.subarray(cell.start, cell.start + length)
    const what = typeof cell === 'string' ? cell : 'it is longer than its cell'
    findings.add('HIVE_CLASS_NAME', { offset: this.offset, path: this.path, what })
    return undefined
  }
}

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}\\${name}`
}
