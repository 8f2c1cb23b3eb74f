import { fileOffset, type HiveContext } from './hiveContext.ts'
import type { HiveKey } from './hiveKey.ts'
import type { HiveTotals } from './hiveReading.ts'
import { keyField } from './keyNode.ts'
import { signature } from './layout.ts'
import { securityField } from './security.ts'

/** Visits keys and everything below them; not recursive, for keys may be nested deeply. */
export class KeyWalk {
  readonly #hive: HiveContext
  /** Keys by the offset of their security cell. */
  readonly #users = new Map<number, number>()
  #keys = 0
  #values = 0

  constructor(hive: HiveContext) {
    this.#hive = hive
  }

  get totals(): HiveTotals {
    return { keys: this.#keys, values: this.#values }
  }

  visit(top: HiveKey): void {
    const waiting = [top]
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
      this.#keys += 1
      this.#values += key.values.length
      this.#users.set(key.securityOffset, (this.#users.get(key.securityOffset) ?? 0) + 1)
      if (!this.#hive.deleted) this.#checkLongest(key)
      for (const subkey of key.subkeys) waiting.push(subkey)
    }
  }

  /** The ring of the descriptors that the visited keys use (5.7), and, unless keys are lost, how often each is used. */
  checkSecurity(): void {
    const { cells, findings, view } = this.#hive
    for (const [offset, users] of this.#users) {
      const cell = cells.at(offset)
      if (typeof cell === 'string' || this.#hive.security.get(offset) === undefined) continue
      const told = view.getUint32(cell.start + securityField.users, true)
      const place = { offset: fileOffset(offset) }
      if (told !== users && !findings.hasErrors)
        findings.add('HIVE_SECURITY_COUNT', { ...place, what: `${told} instead of ${users}` })
      const next = cells.at(view.getUint32(cell.start + securityField.next, true))
      const isLinked =
        typeof next !== 'string' &&
        next.length >= securityField.descriptor &&
        view.getUint16(next.start, true) === signature.sk &&
        view.getUint32(next.start + securityField.previous, true) === offset
      if (!isLinked) findings.add('HIVE_SECURITY_RING', place)
    }
  }

  /** A key must not understate what programs make their buffers by (5.4). */
  #checkLongest(key: HiveKey): void {
    let subkeyName = 0
    for (const subkey of key.subkeys) subkeyName = Math.max(subkeyName, subkey.name.length * 2)
    let valueName = 0
    let valueData = 0
    for (const value of key.values) {
      valueName = Math.max(valueName, value.name.length * 2)
      valueData = Math.max(valueData, value.data.length)
    }
    const isEnough =
      (key.field(keyField.longestSubkeyName) & 0xffff) >= subkeyName &&
      key.field(keyField.longestValueName) >= valueName &&
      key.field(keyField.longestValueData) >= valueData
    if (!isEnough) this.#hive.findings.add('HIVE_LONGEST_NAMES', { offset: key.offset, path: key.path })
  }
}
