import { type DocumentEntry, type DocumentNode, depthLimit } from './documentNode.ts'
import type { Problems } from './problems.ts'

/** Strict JSON (RFC 8259) with the position of every node. `undefined` after a problem was reported. */
export function readJsonText(text: string, problems: Problems): DocumentNode | undefined {
  try {
    return new JsonReader(text, problems).document()
  } catch (error) {
    if (!(error instanceof JsonMistake)) throw error
    problems.addSyntax(error.at, error.message)
    return undefined
  }
}

class JsonMistake extends Error {
  readonly at: number

  constructor(at: number, message: string) {
    super(message)
    this.at = at
  }
}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const wordPattern = /[A-Za-z_][A-Za-z0-9_]*/y
const words = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
])
const escapes = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])
const quote = 0x22
const backslash = 0x5c

class JsonReader {
  readonly #text: string
  readonly #problems: Problems
  #at = 0

  constructor(text: string, problems: Problems) {
    this.#text = text
    this.#problems = problems
  }

  document(): DocumentNode {
    const node = this.#value(0)
    this.#skipBlanks()
    if (this.#at < this.#text.length)
      throw new JsonMistake(this.#at, 'there is more text after the end of the document')
    return node
  }

  #value(depth: number): DocumentNode {
    this.#skipBlanks()
    const at = this.#at
    if (depth > depthLimit) throw new JsonMistake(at, `more than ${depthLimit} levels of nesting`)
    const char = this.#text[at]
    if (char === undefined) throw new JsonMistake(at, 'the text ends in the middle of the document')
    if (char === '{') return this.#map(depth)
    if (char === '[') return this.#list(depth)
    if (char === '"') return { kind: 'text', value: this.#string(), at, form: 'quoted' }
    numberPattern.lastIndex = at
    const number = numberPattern.exec(this.#text)
    if (number !== null) {
      this.#at += number[0].length
      return { kind: 'plain', value: Number(number[0]), at }
    }
    wordPattern.lastIndex = at
    const word = wordPattern.exec(this.#text)?.[0]
    const value = word === undefined ? undefined : words.get(word)
    if (word === undefined || value === undefined) {
      throw new JsonMistake(at, 'no JSON value here (texts go in double quotes; comments are for YAML)')
    }
    this.#at += word.length
    return { kind: 'plain', value, at }
  }

  #map(depth: number): DocumentNode {
    const at = this.#at
    this.#at += 1
    const entries: DocumentEntry[] = []
    const seen = new Set<string>()
    if (this.#takes('}')) return { kind: 'map', entries, at }
    for (;;) {
      this.#skipBlanks()
      const keyAt = this.#at
      if (this.#text[keyAt] !== '"') throw new JsonMistake(keyAt, 'a field name in double quotes is expected')
      const key = this.#string()
      if (seen.has(key)) this.#problems.add(keyAt, `the field "${key}" is given twice`)
      seen.add(key)
      if (!this.#takes(':')) throw new JsonMistake(this.#at, 'a colon is expected')
      entries.push({ key, keyAt, value: this.#value(depth + 1) })
      if (this.#takes(',')) continue
      if (this.#takes('}')) return { kind: 'map', entries, at }
      throw new JsonMistake(this.#at, 'a comma or } is expected')
    }
  }

  #list(depth: number): DocumentNode {
    const at = this.#at
    this.#at += 1
    const items: DocumentNode[] = []
    if (this.#takes(']')) return { kind: 'list', items, at }
    for (;;) {
      items.push(this.#value(depth + 1))
      if (this.#takes(',')) continue
      if (this.#takes(']')) return { kind: 'list', items, at }
      throw new JsonMistake(this.#at, 'a comma or ] is expected')
    }
  }

  /** The string whose opening quote is here. */
  #string(): string {
    const text = this.#text
    const start = this.#at
    let at = start + 1
    let from = at
    let value = ''
    for (;;) {
      const code = text.charCodeAt(at)
      if (code === quote) break
      if (Number.isNaN(code)) throw new JsonMistake(start, 'the text that begins here has no closing quote')
      if (code < 0x20) throw new JsonMistake(at, 'a line break or control character inside a text must be escaped')
      if (code !== backslash) {
        at += 1
        continue
      }
      const char = text[at + 1] ?? ''
      const escape = escapes.get(char)
      value += text.slice(from, at)
      if (escape !== undefined) {
        value += escape
        at += 2
      } else {
        const hex = text.slice(at + 2, at + 6)
        if (char !== 'u' || !/^[0-9a-fA-F]{4}$/.test(hex)) throw new JsonMistake(at, 'this escape is not known in JSON')
        value += String.fromCharCode(Number.parseInt(hex, 16))
        at += 6
      }
      from = at
    }
    this.#at = at + 1
    return value + text.slice(from, at)
  }

  #takes(char: string): boolean {
    this.#skipBlanks()
    if (this.#text[this.#at] !== char) return false
    this.#at += 1
    return true
  }

  #skipBlanks(): void {
    const text = this.#text
    for (;;) {
      const code = text.charCodeAt(this.#at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
      this.#at += 1
    }
  }
}
