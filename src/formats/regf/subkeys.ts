import type { Cell } from './cells.ts'
import { fileOffset, type HiveContext, reportFree } from './hiveContext.ts'
import type { HiveKey } from './hiveKey.ts'
import { keyCellAt, keyField, parentOf } from './keyNode.ts'
import { deepestKey, nowhere } from './layout.ts'
import { compareUpper, hintFits, nameHash, upperName } from './nameOrder.ts'
import { listsKey, looksLikeList, type SubkeyElement, subkeyElements } from './subkeyList.ts'
import { quoted } from './values.ts'

/** Makes the key of a cell a child of the one that is read. */
type MakeKey = (cell: Cell) => HiveKey

/**
 * The subkeys of the key whose record is in `node`: those its lists lead to, and when a list is damaged also those that
 * name the key as their parent.
 */
export function subkeysOf(hive: HiveContext, node: Cell, key: HiveKey, makeKey: MakeKey): HiveKey[] {
  const told = key.field(keyField.subkeyCount)
  const listOffset = key.field(keyField.subkeyList)
  if (told === 0 && !isForgottenList(hive, node, listOffset)) return []
  if (key.depth >= deepestKey) {
    hive.findings.add('HIVE_KEY_TOO_DEEP', { offset: key.offset, path: key.path })
    return []
  }
  const list = subkeyElements(hive, listOffset, key.path)
  const reader = new SubkeyReader(hive, node, key, makeKey)
  for (const element of list.elements) reader.take(element)
  if (list.elements.length !== told) {
    const what = `${told} are announced, ${list.elements.length} are listed`
    if (list.isWhole) hive.findings.add('HIVE_SUBKEY_COUNT', { offset: key.offset, path: key.path, what })
    for (const element of list.spare().slice(0, Math.max(0, told - list.elements.length))) reader.tryOne(element)
  }
  if (!list.isWhole || reader.hasLost || list.elements.length !== told) reader.adopt()
  reader.reportOrder()
  return reader.keys
}

/**
 * A key without subkeys has no list; if a list is there whose first key names this one as its parent, the number is
 * damaged.
 */
function isForgottenList(hive: HiveContext, node: Cell, listOffset: number): boolean {
  if (listOffset === nowhere) return false
  const first = looksLikeList(hive, listOffset)
  const cell = first === undefined ? 'none' : keyCellAt(hive, first)
  return typeof cell !== 'string' && !cell.isFree && parentOf(hive, cell) === node.offset
}

class SubkeyReader {
  readonly keys: HiveKey[] = []
  hasLost = false
  readonly #hive: HiveContext
  readonly #node: Cell
  readonly #key: HiveKey
  readonly #makeKey: MakeKey
  #isOrdered = true
  #lastUpper: string | undefined
  /** Or may have: adopted keys are not in order. */
  #hasDuplicates = false

  constructor(hive: HiveContext, node: Cell, key: HiveKey, makeKey: MakeKey) {
    this.#hive = hive
    this.#node = node
    this.#key = key
    this.#makeKey = makeKey
  }

  /** Reads one element of a list. */
  take(element: SubkeyElement): void {
    const lost = this.#take(element)
    if (lost === undefined) return
    this.hasLost = true
    const code = lost === usedTwice ? 'HIVE_CELL_USED_TWICE' : 'HIVE_KEY_LOST'
    this.#hive.findings.add(code, { offset: element.at, path: this.#key.path, what: lost })
  }

  /** Reads what may be an element: only a key that names this one as its parent. */
  tryOne(element: SubkeyElement): void {
    const cell = keyCellAt(this.#hive, element.offset)
    if (typeof cell === 'string' || cell.isFree || parentOf(this.#hive, cell) !== this.#node.offset) return
    this.#take(element)
  }

  /** Takes in the keys that no list leads to and that name this one as their parent. */
  adopt(): void {
    for (const offset of this.#hive.keysByParent().get(this.#node.offset) ?? []) {
      if (this.#hive.cells.isUsed(offset)) continue
      const cell = keyCellAt(this.#hive, offset)
      if (typeof cell === 'string' || !this.#hive.cells.use(offset)) continue
      const key = this.#makeKey(cell)
      this.keys.push(key)
      this.#hasDuplicates = true
      const what = `it was put back below "${this.#key.path}", which it names as its parent`
      this.#hive.findings.add('HIVE_ORPHAN', { offset: key.offset, path: key.path, what })
    }
  }

  /** The order over all lists of the key, and names that occur twice (5.5). */
  reportOrder(): void {
    const { offset, path } = this.#key
    if (!this.#isOrdered && !this.hasLost) this.#hive.findings.add('HIVE_SUBKEY_ORDER', { offset, path })
    if (this.#isOrdered && !this.#hasDuplicates) return
    const names = new Set<string>()
    for (const key of this.keys) {
      const upper = upperName(key.name)
      if (names.has(upper)) this.#hive.findings.add('HIVE_SUBKEY_DUPLICATE', { offset: key.offset, path: key.path })
      names.add(upper)
    }
  }

  #take(element: SubkeyElement): string | undefined {
    const hive = this.#hive
    const cell = keyCellAt(hive, element.offset)
    if (typeof cell === 'string') return cell
    const parent = parentOf(hive, cell)
    if (parent !== this.#node.offset && this.#isOthers(parent, element.offset)) {
      return `the key at byte ${fileOffset(element.offset)} belongs to another`
    }
    if (!hive.cells.use(element.offset)) return usedTwice
    const key = this.#makeKey(cell)
    this.keys.push(key)
    reportFree(hive, cell, key.path)
    if (parent !== this.#node.offset && !hive.deleted) {
      hive.findings.add('HIVE_KEY_PARENT', { offset: key.offset, path: key.path })
    }
    this.#noteOrder(key.name)
    this.#check(element, key)
    return undefined
  }

  /** Whether the key that is named as the parent is one, so that a list there is the one that should lead to the child. */
  #isOthers(parent: number, offset: number): boolean {
    const cell = keyCellAt(this.#hive, parent)
    if (typeof cell === 'string' || cell.isFree) return false
    return listsKey(this.#hive, cell, offset)
  }

  #noteOrder(name: string): void {
    const upper = upperName(name)
    const order = this.#lastUpper === undefined ? -1 : compareUpper(this.#lastUpper, upper)
    if (order > 0) this.#isOrdered = false
    if (order === 0) this.#hasDuplicates = true
    this.#lastUpper = upper
  }

  #check(element: SubkeyElement, key: HiveKey): void {
    if (element.check === 'none') return
    const isRight =
      element.check === 'hash'
        ? element.checkValue === nameHash(upperName(key.name))
        : hintFits(element.checkValue, key.name)
    if (isRight) return
    const what = quoted(key.name)
    this.#hive.findings.add('HIVE_SUBKEY_HASH', { offset: element.at, path: key.path, what })
  }
}

const usedTwice = 'a key that is already a subkey elsewhere'
