import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml'
import type { Report } from '../../base/finding.ts'
import type { ObjectStore, StoreArea } from '../../policy/storedObject.ts'
import type { AuthorContext } from '../object-store/index.ts'
import type { AreaContent, PolicyDocument } from './document.ts'
import { documentFinding } from './documentFindings.ts'
import { lineOf } from './filterIds.ts'
import { parseFilterLine } from './filterLine.ts'
import { filterShape } from './documentShape.ts'
import { type AreaIdentities, areaKeys, identitiesOf } from './identities.ts'
import { isFault } from './parsed.ts'
import { FilterLines, LongText, OneLine, type Plain, type PlainMap } from './plainTree.ts'
import { Problems, problemError } from './problems.ts'
import { parseDocument, readPolicyDocument } from './readPolicyDocument.ts'
import { readJsonText } from './readJsonText.ts'
import { composeYaml } from './readYamlText.ts'
import { looksLikeJson } from './recognise.ts'
import { renderDocument } from './renderDocument.ts'
import { sequenceChanges } from './sequenceChanges.ts'
import type { StoredPart } from './storedPart.ts'
import { TextEdits } from './textEdits.ts'
import { isList, writeJsonText } from './writeJsonText.ts'
import { documentOfStores } from './writePolicyDocument.ts'
import { writeYamlText, yamlItem, yamlPair, yamlScalar } from './writeYamlText.ts'

/**
 * The document changed so that it stands for `stores`. Only the places that differ are written; comments, order,
 * spelling and blank lines elsewhere stay byte for byte. JSON, which has none of these, is written anew, and so is YAML
 * that is laid out in a way that cannot be changed in place; the latter is reported, since its comments are lost.
 *
 * A document without times of change gets none: they belong to stores, not to a text in version control.
 */
export function editPolicyDocument(
  original: string,
  stores: readonly ObjectStore[],
  context: AuthorContext,
  report: Report,
): string {
  const text = original.replaceAll('\r\n', '\n')
  const reading = readPolicyDocument(text, context)
  const written = withoutTimes(documentOfStores(stores, report), text)
  const target = render(written)
  if (looksLikeJson(text)) return writeJsonText(target)
  const source = withoutTimes(
    documentOfStores(reading.stores, () => undefined),
    text,
  )
  const edited = new DocumentEditor(text, source, written).edited()
  const isRight = edited !== undefined && saysTheSame(edited, target, context)
  if (!isRight) report(documentFinding('DOCUMENT_WRITTEN_ANEW'))
  const result = isRight ? edited : writeYamlText(target)
  return original.includes('\r\n') ? result.replaceAll('\n', '\r\n') : result
}

function render(document: PolicyDocument): PlainMap {
  return renderDocument(document, { keys: 0 })
}

/** The judge of every edit: what was written must read as what was meant. */
function saysTheSame(text: string, target: PlainMap, context: AuthorContext): boolean {
  try {
    const { stores } = readPolicyDocument(text, context)
    return (
      writeYamlText(
        render(
          withoutTimes(
            documentOfStores(stores, () => undefined),
            text,
          ),
        ),
      ) === writeYamlText(target)
    )
  } catch {
    return false
  }
}

function withoutTimes(document: PolicyDocument, text: string): PolicyDocument {
  if (/^\s*stored\s*:/m.test(text)) return document
  return {
    ...bare(document),
    ...(document.areas === undefined ? {} : { areas: document.areas.map(bare) }),
  }
}

/** An area less a stored part that has nothing but times. */
function bare<T extends AreaContent>(content: T): T {
  const { stored, ...words } = content
  if (stored === undefined || !hasTimesOnly(stored)) return content
  return words as T
}

function hasTimesOnly(stored: StoredPart): boolean {
  const { at: _at, changed: _changed, objects, ...rest } = stored
  if (Object.keys(rest).length > 0) return false
  return (objects ?? []).every(({ at: _place, object: _object, of, changed: _time, ...other }) => {
    return of !== undefined && Object.keys(other).length === 0
  })
}

type YamlMap = YAMLMap<Node, Node | null>
type YamlPair = Pair<Node, Node | null>

/** An object in a list: its fields before and after, and where it stands in the text. */
interface Item {
  readonly id: string
  readonly tree: Plain
}

/** The ids of the items of a list as they stand in the text, and the items before and after. */
interface ListItems {
  readonly text: readonly string[]
  readonly source: readonly Item[]
  readonly target: readonly Item[]
  /** The order has a place in the store, as that of rules has. */
  readonly isOrdered?: boolean
}

class DocumentEditor {
  readonly #text: string
  readonly #source: PolicyDocument
  readonly #target: PolicyDocument
  readonly #edits: TextEdits
  /** Set where the text is laid out in a way that cannot be changed in place. */
  #isHopeless = false

  constructor(text: string, source: PolicyDocument, target: PolicyDocument) {
    this.#text = text
    this.#source = source
    this.#target = target
    this.#edits = new TextEdits(text)
  }

  /** `undefined` when the text cannot be changed in place. */
  edited(): string | undefined {
    const problems = new Problems()
    const words = parseDocument(this.#text, false, problems)
    const contents = composeYaml(this.#text, problems)?.contents
    if (words === undefined || !isMap(contents)) throw problemError(this.#text, problems)
    const top = contents as YamlMap
    const [source, target] = [render(this.#source), render(this.#target)]
    this.#area(
      top,
      { words, area: 'local' },
      { document: this.#source, tree: source },
      { document: this.#target, tree: target },
    )
    this.#areas(top, words, source, target)
    return this.#isHopeless ? undefined : this.#edits.result()
  }

  #areas(top: YamlMap, words: PolicyDocument, source: PlainMap, target: PlainMap): void {
    const wordKeys = areaKeys(words)
    const sourceKeys = areaKeys(this.#source)
    this.#list(
      top,
      'areas',
      {
        text: wordKeys,
        source: itemsOf(sourceKeys, source['areas']),
        target: itemsOf(areaKeys(this.#target), target['areas']),
      },
      target,
      (node, index, before, after) => {
        const area = words.areas?.[index]
        const sourceArea = this.#source.areas?.[sourceKeys.indexOf(wordKeys[index] ?? '')]
        const targetArea = this.#target.areas?.[areaKeys(this.#target).indexOf(wordKeys[index] ?? '')]
        if (area === undefined || sourceArea === undefined || targetArea === undefined) return
        this.#area(
          node,
          { words: area, area: area.area },
          { document: sourceArea, tree: before },
          { document: targetArea, tree: after },
        )
      },
    )
  }

  #area(
    node: YamlMap,
    text: { readonly words: AreaContent; readonly area: StoreArea },
    source: { readonly document: AreaContent; readonly tree: PlainMap },
    target: { readonly document: AreaContent; readonly tree: PlainMap },
  ): void {
    const ids = identitiesOf(text.words, text.area)
    const sourceIds = identitiesOf(source.document, text.area)
    const targetIds = identitiesOf(target.document, text.area)
    this.#fields(node, pick(source.tree, areaFields), pick(target.tree, areaFields), target.tree)
    for (const name of ['filterLists', 'filterActions'] as const) {
      this.#list(
        node,
        name,
        {
          text: ids[name],
          source: itemsOf(sourceIds[name], source.tree[name]),
          target: itemsOf(targetIds[name], target.tree[name]),
        },
        target.tree,
        (item, _, before, after) => this.#fields(item, before, after, after),
      )
    }
    this.#list(
      node,
      'policies',
      {
        text: ids.policies,
        source: itemsOf(sourceIds.policies, source.tree['policies']),
        target: itemsOf(targetIds.policies, target.tree['policies']),
      },
      target.tree,
      (item, index, before, after) => this.#policy(item, { ids, sourceIds, targetIds, index }, before, after),
    )
  }

  #policy(
    node: YamlMap,
    where: { ids: AreaIdentities; sourceIds: AreaIdentities; targetIds: AreaIdentities; index: number },
    before: PlainMap,
    after: PlainMap,
  ): void {
    const { ids, sourceIds, targetIds, index } = where
    const id = ids.policies[index]
    const rulesIn = (other: AreaIdentities) => (id === undefined ? [] : (other.rules[other.policies.indexOf(id)] ?? []))
    this.#fields(node, without(before, 'rules'), without(after, 'rules'), after)
    this.#list(
      node,
      'rules',
      {
        text: ids.rules[index] ?? [],
        source: itemsOf(rulesIn(sourceIds), before['rules']),
        target: itemsOf(rulesIn(targetIds), after['rules']),
        isOrdered: true,
      },
      after,
      (item, _, ruleBefore, ruleAfter) => this.#fields(item, ruleBefore, ruleAfter, ruleAfter),
    )
  }

  /** Makes the fields of a map that differ between `before` and `after` say what `after` says. */
  #fields(node: YamlMap, before: PlainMap, after: PlainMap, order: PlainMap): void {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const [old, next] = [before[name], after[name]]
      if (isSame(old, next)) continue
      const pair = pairOf(node, name)
      if (next === undefined) {
        if (pair !== undefined) this.#deletePair(node, pair)
      } else if (pair === undefined) this.#insertPair(node, name, next, order)
      else if (old instanceof FilterLines && next instanceof FilterLines && this.#filters(pair, old, next)) continue
      else if (isFields(old) && isFields(next) && isMap(pair.value) && pair.value.flow !== true) {
        this.#fields(pair.value as YamlMap, old, next, next)
      } else this.#replacePair(pair, name, next)
    }
  }

  /** Lists of objects: those that went are taken out, new ones put at the end, and `change` sees to the others. */
  #list(
    node: YamlMap,
    name: string,
    items: ListItems,
    order: PlainMap,
    change: (node: YamlMap, index: number, before: PlainMap, after: PlainMap) => void,
  ): void {
    const pair = pairOf(node, name)
    const next = order[name]
    if (pair === undefined) {
      if (next !== undefined && items.target.length > 0) this.#insertPair(node, name, next, order)
      return
    }
    const list = pair.value
    if (!isSeq(list) || list.flow === true || list.items.length === 0) {
      if (next === undefined) this.#deletePair(node, pair)
      else if (
        !isSame(
          items.source.map((item) => item.tree),
          items.target.map((item) => item.tree),
        )
      ) {
        this.#replacePair(pair, name, next)
      }
      return
    }
    const source = new Map(items.source.map((item) => [item.id, item.tree]))
    const target = new Map(items.target.map((item) => [item.id, item.tree]))
    const present = new Set(items.text)
    const isAnyAdded = items.target.some((item) => !present.has(item.id))
    const isAnyKept = items.text.some((id) => target.has(id) || !source.has(id))
    if (!isAnyKept && !isAnyAdded) {
      this.#deletePair(node, pair)
      return
    }
    const children = list.items as Node[]
    for (const [index, id] of items.text.entries()) {
      const child = children[index]
      const after = target.get(id)
      const before = source.get(id)
      if (child === undefined || isSame(before, after)) continue
      if (after === undefined) this.#deleteItem(child)
      else if (isMap(child) && child.flow !== true && isFields(after) && isFields(before)) {
        change(child as YamlMap, index, before, after)
      } else this.#isHopeless = true
    }
    this.#insertItems(items, children)
  }

  /** New objects go to the end; where the order is stored, below the one they follow or above the one they precede. */
  #insertItems(items: ListItems, children: readonly Node[]): void {
    const childOf = new Map(items.text.map((id, index) => [id, children[index]]))
    const next = items.target.find((item) => childOf.has(item.id))
    let beside = items.isOrdered === true ? undefined : children.at(-1)
    for (const item of items.target) {
      const child = childOf.get(item.id)
      if (child !== undefined) {
        if (items.isOrdered === true) beside = child
        continue
      }
      const below = beside ?? (next === undefined ? children.at(-1) : undefined)
      if (below !== undefined) this.#insertItem(item.tree, below, false)
      else this.#insertItem(item.tree, childOf.get(next?.id ?? '') as Node, true)
    }
  }

  /** Filters as a list or a block of text; false when they are laid out in another way. */
  #filters(pair: YamlPair, before: FilterLines, next: FilterLines): boolean {
    const places = this.#filterPlaces(pair.value)
    if (places === undefined || next.lines.length === 0) return false
    const { removed, inserted } = sequenceChanges(before.lines, next.lines)
    const found = placesOf(before.lines, places.entries)
    // A filter of the store that is no line of its own in the text cannot be changed on its own.
    if (found === undefined) return false
    const gone = new Set(removed)
    if (gone.size === before.lines.length) return false
    for (const at of removed) {
      const place = found[at] as FilterPlace
      this.#edits.deleteLines(place.start, place.last)
    }
    const first = before.lines.findIndex((_, at) => !gone.has(at))
    for (const { at, after } of inserted) {
      const text = places.lineOf(next.lines[at] as string)
      if (after >= 0) this.#edits.insertBelow((found[after] as FilterPlace).last, text)
      else this.#edits.insertAbove((found[first] as FilterPlace).start, text)
    }
    return true
  }

  /** Where each filter stands, and how another one is written beside them. */
  #filterPlaces(value: Node | null): FilterPlaces | undefined {
    if (isSeq(value) && value.flow !== true && value.items.length > 0) {
      const items = value.items as Node[]
      const indent = this.#dashIndent(items[0] as Node)
      if (indent === undefined) return undefined
      const entries = items.map((item) => ({
        line: canonicalLine(item),
        start: startOf(item),
        last: this.#lastPlace(item),
      }))
      return { entries, lineOf: (line) => `${indent}- ${yamlScalar(line)}\n` }
    }
    if (!isScalar(value) || value.type !== 'BLOCK_LITERAL' || value.range === null || value.range === undefined)
      return undefined
    const entries: FilterPlace[] = []
    let indent: string | undefined
    for (let at = this.#edits.lineEnd(value.range[0]); at < value.range[1]; at = this.#edits.lineEnd(at)) {
      const line = this.#text.slice(at, this.#edits.lineEnd(at))
      const words = line.trim()
      if (words === '') continue
      indent ??= /^ */.exec(line)?.[0] ?? ''
      if (words.startsWith('#')) continue
      const filter = parseFilterLine(words)
      entries.push({ line: isFault(filter) ? undefined : lineOf(filter.value), start: at, last: at })
    }
    return indent === undefined ? undefined : { entries, lineOf: (line) => `${indent}${line}\n` }
  }

  #insertItem(item: Plain, beside: Node, isAbove: boolean): void {
    const indent = this.#dashIndent(beside)
    if (indent === undefined) return
    if (isAbove) this.#edits.insertAbove(startOf(beside), yamlItem(item, indent))
    else this.#edits.insertBelow(this.#lastPlace(beside), yamlItem(item, indent))
  }

  /** What stands before the dash of an item that begins on the line of its dash. */
  #dashIndent(item: Node): string | undefined {
    const start = startOf(item)
    const before = this.#text.slice(this.#edits.lineStart(start), start)
    const indent = /^( *)- +$/.exec(before)?.[1]
    if (indent === undefined) this.#isHopeless = true
    return indent
  }

  #deleteItem(item: Node): void {
    if (this.#dashIndent(item) === undefined) return
    this.#edits.deleteLines(startOf(item), this.#lastPlace(item))
  }

  #deletePair(node: YamlMap, pair: YamlPair): void {
    const start = startOf(pair.key)
    const last = this.#lastPlace(pair.value ?? pair.key)
    const before = this.#text.slice(this.#edits.lineStart(start), start)
    if (before.trim() === '') {
      this.#edits.deleteLines(start, last)
      return
    }
    // The first field of an item of a list: the next one takes its place behind the dash.
    const next = node.items[node.items.indexOf(pair) + 1]
    if (next === undefined || !/^ *- +$/.test(before)) this.#isHopeless = true
    else this.#edits.replace(start, startOf(next.key), '')
  }

  /** Below the field that comes before it in the usual order, else at the end. */
  #insertPair(node: YamlMap, name: string, value: Plain, order: PlainMap): void {
    const names = Object.keys(order)
    const earlier = new Set(names.slice(0, names.indexOf(name)))
    const pairs = node.items as YamlPair[]
    const after = pairs.findLast((pair) => earlier.has(nameOf(pair))) ?? pairs.at(-1)
    const first = pairs[0]
    if (after === undefined || first === undefined) {
      this.#isHopeless = true
      return
    }
    const start = startOf(first.key)
    const indent = ' '.repeat(start - this.#edits.lineStart(start))
    const isSection = indent === '' && typeof value === 'object'
    this.#edits.insertBelow(
      this.#lastPlace(after.value ?? after.key),
      `${isSection ? '\n' : ''}${yamlPair(name, value, indent)}`,
    )
  }

  #replacePair(pair: YamlPair, name: string, value: Plain): void {
    const old = pair.value
    if (
      isScalar(old) &&
      typeof value !== 'object' &&
      old.range !== null &&
      old.range !== undefined &&
      !isBlockScalar(old.type)
    ) {
      this.#edits.replace(old.range[0], old.range[1], yamlScalar(value))
      return
    }
    const start = startOf(pair.key)
    const indent = ' '.repeat(start - this.#edits.lineStart(start))
    const text = yamlPair(name, value, indent).slice(indent.length)
    this.#edits.replace(start, this.#edits.lineEnd(this.#lastPlace(old ?? pair.key)), text)
  }

  /** A place on the last line of what a node says, comments after it not counted. */
  #lastPlace(node: Node): number {
    let at: Node | null | undefined = node
    while (at !== null && at !== undefined) {
      const end: number = at.range?.[1] ?? 0
      if (isMap(at) && at.flow !== true) {
        const last = (at as YamlMap).items.at(-1)
        at =
          last?.value?.range === undefined || last.value.range === null || isEmptyValue(last.value)
            ? last?.key
            : last.value
      } else if (isSeq(at) && at.flow !== true) at = at.items.at(-1) as Node | undefined
      else if (isScalar(at) && isBlockScalar(at.type)) return Math.max(0, this.#text.slice(0, end).trimEnd().length - 1)
      else return Math.max(at.range?.[0] ?? 0, end - 1)
    }
    return 0
  }
}

interface FilterPlace {
  /** The filter in its usual words; absent when it cannot be read. */
  readonly line: string | undefined
  readonly start: number
  readonly last: number
}

interface FilterPlaces {
  readonly entries: readonly FilterPlace[]
  readonly lineOf: (line: string) => string
}

/** For each line its place in the text; `undefined` unless text and lines are the same filters in some order. */
function placesOf(lines: readonly string[], entries: readonly FilterPlace[]): FilterPlace[] | undefined {
  if (lines.length !== entries.length) return undefined
  const byLine = new Map<string, FilterPlace[]>()
  for (const entry of entries.toReversed()) {
    if (entry.line === undefined) return undefined
    const known = byLine.get(entry.line)
    if (known === undefined) byLine.set(entry.line, [entry])
    else known.push(entry)
  }
  const found: FilterPlace[] = []
  for (const line of lines) {
    const place = byLine.get(line)?.pop()
    if (place === undefined) return undefined
    found.push(place)
  }
  return found
}

function isEmptyValue(node: Node): boolean {
  return isScalar(node) && node.value === null && node.range?.[0] === node.range?.[1]
}

const areaFields = ['assigned', 'stored']

function pick(map: PlainMap, names: readonly string[]): PlainMap {
  return Object.fromEntries(Object.entries(map).filter(([name]) => names.includes(name)))
}

function without(map: PlainMap, name: string): PlainMap {
  return Object.fromEntries(Object.entries(map).filter(([other]) => other !== name))
}

function itemsOf(ids: readonly string[], trees: Plain | undefined): Item[] {
  if (trees === undefined || typeof trees !== 'object' || !isList(trees)) return []
  return trees.map((tree, index) => ({ id: ids[index] ?? '', tree }))
}

function isFields(value: Plain | undefined): value is PlainMap {
  if (typeof value !== 'object' || isList(value)) return false
  return !(value instanceof FilterLines || value instanceof LongText || value instanceof OneLine)
}

function isSame(a: Plain | undefined, b: Plain | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function pairOf(node: YamlMap, name: string): YamlPair | undefined {
  return (node.items as YamlPair[]).find((pair) => nameOf(pair) === name)
}

function nameOf(pair: YamlPair): string {
  return isScalar(pair.key) ? String(pair.key.value) : ''
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0
}

function isBlockScalar(type: string | undefined): boolean {
  return type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED'
}

/** The usual line of a filter, however it is written. */
function canonicalLine(item: Node): string | undefined {
  const problems = new Problems()
  const text = JSON.stringify(item.toJSON()) ?? ''
  const node = readJsonText(text, problems)
  const filter = node && filterShape.read(node, { text, problems })
  return filter && lineOf(filter)
}
