import type { Report } from '../../base/finding.ts'
import { encodeUtf16, encodeUtf16Terminated } from '../../base/utf16.ts'
import { RegistryType, type RegistryValue } from '../../policy/registryValue.ts'
import { type RegFindingCode, regFinding } from './regFindingTable.ts'
import type { RegHeader } from './regHeader.ts'
import { longestValueName, readKeyPath } from './registryNames.ts'
import { type KeyBuilder, TreeBuilder } from './treeBuilder.ts'

const tab = 9
const lineFeed = 10
const carriageReturn = 13
const blank = 32
const quote = 34
const openingParenthesis = 40
const closingParenthesis = 41
const comma = 44
const minus = 45
const colon = 58
const semicolon = 59
const equals = 61
const at = 64
const bracket = 91
const backslash = 92

/** Value of each hexadecimal digit by character code, −1 for all others. */
const digitOfCode = new Int8Array(128).fill(-1)
for (let value = 0; value < 16; value += 1) {
  digitOfCode[value.toString(16).charCodeAt(0)] = value
  digitOfCode[value.toString(16).toUpperCase().charCodeAt(0)] = value
}

/** Types whose bytes are text: single bytes in version 4, UTF-16 in version 5. */
const textTypes: readonly number[] = [RegistryType.string, RegistryType.expandString, RegistryType.multiString]

/** What a value line gives: data, the wish to delete the value, or why it cannot be read. */
type ValueReading =
  | { readonly kind: 'data'; readonly type: number; readonly data: Uint8Array }
  | { readonly kind: 'delete' }
  | { readonly kind: 'bad'; readonly what: string }

interface TextPosition {
  readonly at: number
  readonly line: number
  readonly lineStart: number
}

export interface RegReaderInput {
  readonly text: string
  readonly header: RegHeader
  /** Reads the single bytes of a version 4 string. */
  readonly decodeAnsi: (bytes: Uint8Array) => string
  readonly report: Report
}

/**
 * Reads registry text in one pass (registry-store.md 4). A value that cannot be read is left out and an earlier one of the
 * same name with it: the value is then missing, never half or old.
 */
export class RegReader {
  readonly tree = new TreeBuilder()
  readonly #text: string
  readonly #end: number
  readonly #version: 4 | 5
  readonly #decodeAnsi: (bytes: Uint8Array) => string
  readonly #report: Report
  #at: number
  #line: number
  /** Where the line at #at begins, for columns. */
  #lineStart: number
  #key: KeyBuilder | undefined
  /** The path of #key as written, for findings. */
  #keyText: string | undefined
  /** Below a line that names no key, one finding is enough. */
  #hasToldOrphans = false
  #scratch = new Uint8Array(4096)
  /** Something about the value being read that Windows may take otherwise. */
  #unusual: string | undefined

  constructor(input: RegReaderInput) {
    this.#text = input.text
    this.#end = input.text.length
    this.#version = input.header.version
    this.#decodeAnsi = input.decodeAnsi
    this.#report = input.report
    this.#at = input.header.end
    this.#lineStart = this.#at
    this.#line = input.header.line
  }

  read(): void {
    while (this.#at < this.#end) {
      this.#skipBlanks()
      switch (this.#code()) {
        case -1:
        case lineFeed:
        case carriageReturn:
        case semicolon:
          this.#passLine()
          break
        case bracket:
          this.#readKey()
          break
        case quote:
        case at:
          this.#readValue()
          break
        default:
          this.#tell('REG_LINE_MALFORMED', `column ${this.#column()}`)
          this.#passContinuedLine()
      }
    }
  }

  #tell(code: RegFindingCode, what: string | undefined, line = this.#line, field?: string): void {
    const object = this.#keyText === undefined ? {} : { object: this.#keyText }
    this.#report(regFinding(code, what, { ...object, line, ...(field === undefined ? {} : { field }) }))
  }

  // Characters and lines

  /** The character at the position; −1 at the end. */
  #code(): number {
    return this.#at < this.#end ? this.#text.charCodeAt(this.#at) : -1
  }

  #column(): number {
    return this.#at - this.#lineStart + 1
  }

  #skipBlanks(): void {
    while (isBlank(this.#code())) this.#at += 1
  }

  #isAtLineEnd(): boolean {
    const code = this.#code()
    return code === -1 || code === lineFeed || code === carriageReturn
  }

  /** The position of the next line break, or the end. */
  #lineEnd(): number {
    let end = this.#at
    while (end < this.#end) {
      const code = this.#text.charCodeAt(end)
      if (code === lineFeed || code === carriageReturn) break
      end += 1
    }
    return end
  }

  /** Moves to the beginning of the next line. */
  #passLine(): void {
    this.#at = this.#lineEnd()
    this.#passLineBreak()
  }

  #passLineBreak(): void {
    if (this.#at >= this.#end) return
    const isPair = this.#code() === carriageReturn && this.#text.charCodeAt(this.#at + 1) === lineFeed
    this.#at += isPair ? 2 : 1
    this.#line += 1
    this.#lineStart = this.#at
  }

  /** Passes the rest of a line that could not be read, and the lines it says continue it. */
  #passContinuedLine(): void {
    for (;;) {
      const end = this.#lineEnd()
      let last = end - 1
      while (last >= this.#at && this.#text.charCodeAt(last) <= blank) last -= 1
      const goesOn = last >= this.#at && this.#text.charCodeAt(last) === backslash
      this.#at = end
      this.#passLineBreak()
      if (!goesOn || this.#at >= this.#end || this.#isAtStatement()) return
    }
  }

  /** Whether the line at the position begins a key, a value or a comment. */
  #isAtStatement(): boolean {
    let look = this.#at
    while (look < this.#end && (this.#text.charCodeAt(look) === blank || this.#text.charCodeAt(look) === tab)) look += 1
    const code = look < this.#end ? this.#text.charCodeAt(look) : -1
    return code === quote || code === at || code === bracket || code === semicolon || code === -1
  }

  // Keys

  #readKey(): void {
    const { line, column } = { line: this.#line, column: this.#column() }
    const body = withoutTrailingBlanks(this.#text.slice(this.#at + 1, this.#lineEnd()))
    this.#passLine()
    this.#key = undefined
    this.#keyText = undefined
    this.#hasToldOrphans = true
    const close = closingBracket(body)
    if (close.at < 0) {
      this.#tell('REG_KEY_MALFORMED', `column ${column}: no closing bracket`, line)
      return
    }
    const isDeletion = body.startsWith('-')
    const written = body.slice(isDeletion ? 1 : 0, close.at).trimStart()
    const path = readKeyPath(written)
    if (path.kind === 'bad') {
      this.#tell('REG_KEY_MALFORMED', `column ${column}: ${path.what}`, line)
      return
    }
    this.#keyText = path.names.join('\\')
    if (close.notice !== undefined) this.#tell('REG_KEY_UNUSUAL', close.notice, line)
    if (path.notice !== undefined) this.#tell('REG_KEY_UNUSUAL', keyNotice[path.notice], line)
    if (isDeletion) {
      this.#hasToldOrphans = false
      if (!this.tree.remove(path.names)) this.#tell('REG_NOTHING_TO_DELETE', undefined, line)
      this.#keyText = undefined
      return
    }
    this.#key = this.tree.open(path.names, line)
  }

  // Values

  #readValue(): void {
    const line = this.#line
    const column = this.#column()
    const key = this.#key
    if (key === undefined && !this.#hasToldOrphans) {
      this.#hasToldOrphans = true
      this.#tell('REG_VALUE_WITHOUT_KEY', undefined, line)
    }
    const start = { at: this.#at, line, lineStart: this.#lineStart }
    this.#unusual = undefined
    const name = this.#readName()
    if (name === undefined) {
      this.#returnAfter(start)
      if (key !== undefined) this.#tell('REG_VALUE_MALFORMED', `column ${column}: the name has no closing quote`, line)
      return
    }
    const reading = this.#readData(start)
    if (key === undefined) return
    this.#apply(key, name, reading, line)
  }

  #apply(key: KeyBuilder, name: string, reading: ValueReading, line: number): void {
    const field = name === '' ? '@' : name.slice(0, 256)
    switch (reading.kind) {
      case 'bad':
        key.unset(name)
        this.#tell('REG_VALUE_MALFORMED', reading.what, line, field)
        return
      case 'delete':
        if (!key.unset(name)) this.#tell('REG_NOTHING_TO_DELETE', undefined, line, field)
        return
      case 'data':
        if (name.length > longestValueName) {
          this.#tell('REG_VALUE_MALFORMED', `its name has ${name.length} characters`, line, field)
          return
        }
        if (this.#unusual !== undefined) this.#tell('REG_VALUE_UNUSUAL', this.#unusual, line, field)
        key.set(this.#valueOf(name, reading.type, reading.data, line))
    }
  }

  #valueOf(name: string, type: number, data: Uint8Array, line: number): RegistryValue {
    if (this.#version === 5 || !this.#isFromHex || !textTypes.includes(type)) return { name, type, data }
    if (looksLikeUtf16(data)) this.#tell('REG_STRING_LOOKS_LIKE_UTF16', undefined, line, name)
    return { name, type, data: encodeUtf16(this.#decodeAnsi(data)) }
  }

  #isFromHex = false

  /** After a value that broke off at no definite place, reading goes on at the line after its first. */
  #returnAfter(start: TextPosition): void {
    this.#at = start.at
    this.#line = start.line
    this.#lineStart = start.lineStart
    this.#passContinuedLine()
  }

  #readName(): string | undefined {
    if (this.#code() === at) {
      this.#at += 1
      return ''
    }
    return this.#readString()
  }

  /** A quoted string; line breaks in it are part of it. `undefined` when the text ends before its closing quote. */
  #readString(): string | undefined {
    let piece = this.#at + 1
    let text = ''
    for (let look = piece; look < this.#end; look += 1) {
      const code = this.#text.charCodeAt(look)
      if (code === quote) {
        text += this.#text.slice(piece, look)
        this.#at = look + 1
        return text
      }
      if (code === backslash) {
        const next = this.#text.charCodeAt(look + 1)
        if (next === backslash || next === quote) {
          text += this.#text.slice(piece, look)
          piece = look + 1
          look += 1
        } else this.#unusual = 'a backslash stands alone in a string, where regedit writes two'
      } else if (code === lineFeed || (code === carriageReturn && this.#text.charCodeAt(look + 1) !== lineFeed)) {
        this.#line += 1
        this.#lineStart = look + 1
      }
    }
    return undefined
  }

  #readData(start: TextPosition): ValueReading {
    this.#isFromHex = false
    this.#skipBlanks()
    if (this.#code() !== equals) return this.#bad(start, 'no "=" after the name')
    this.#at += 1
    this.#skipBlanks()
    switch (this.#code()) {
      case quote: {
        const text = this.#readString()
        if (text === undefined) return this.#bad(start, 'the string has no closing quote')
        if (!this.#endsHere()) return this.#bad(start, 'text follows the closing quote')
        return { kind: 'data', type: RegistryType.string, data: encodeUtf16Terminated(text) }
      }
      case minus:
        this.#at += 1
        return this.#endsHere() ? { kind: 'delete' } : this.#bad(start, 'text follows the "-"')
      default:
        return this.#readTyped(start)
    }
  }

  /** Whether only blanks or a comment follow; passes the line then. */
  #endsHere(): boolean {
    this.#skipBlanks()
    if (!this.#isAtLineEnd() && this.#code() !== semicolon) return false
    this.#passLine()
    return true
  }

  #where(start: TextPosition): string {
    const column = `column ${this.#column()}`
    return this.#line === start.line ? column : `line ${this.#line}, ${column}`
  }

  #bad(start: TextPosition, what: string): ValueReading {
    const where =
      this.#line === start.line ? `column ${this.#column()}` : `line ${this.#line}, column ${this.#column()}`
    this.#returnAfter(start)
    return { kind: 'bad', what: `${where}: ${what}` }
  }

  #readTyped(start: TextPosition): ValueReading {
    const wordStart = this.#at
    while (this.#at - wordStart < 8 && isLetter(this.#code())) this.#at += 1
    const word = this.#text.slice(wordStart, this.#at).toLowerCase()
    switch (word) {
      case 'dword':
        return this.#readNumber(start, 8, RegistryType.dword)
      case 'qword':
        return this.#readNumber(start, 16, RegistryType.qword)
      case 'hex': {
        const type = this.#readHexType()
        if (type === undefined || this.#code() !== colon) return this.#bad(start, 'hex: or hex(type): expected')
        this.#at += 1
        this.#isFromHex = true
        return this.#readHex(start, type)
      }
      default:
        this.#at = wordStart
        return this.#bad(start, 'no data that registry text knows')
    }
  }

  #readHexType(): number | undefined {
    if (this.#code() === colon) return RegistryType.binary
    if (this.#code() !== openingParenthesis) return undefined
    this.#at += 1
    let type = 0
    let digits = 0
    for (let digit = digitOf(this.#code()); digit >= 0; digit = digitOf(this.#code())) {
      type = type * 16 + digit
      digits += 1
      this.#at += 1
      if (digits > 8) return undefined
    }
    if (digits === 0 || this.#code() !== closingParenthesis) return undefined
    this.#at += 1
    return type
  }

  #readNumber(start: TextPosition, mostDigits: number, type: number): ValueReading {
    if (this.#code() !== colon) return this.#bad(start, '":" expected')
    this.#at += 1
    this.#skipBlanks()
    const first = this.#at
    while (this.#at - first <= mostDigits && digitOf(this.#code()) >= 0) this.#at += 1
    const digits = this.#text.slice(first, this.#at)
    if (digits === '' || digits.length > mostDigits) return this.#bad(start, `1 to ${mostDigits} hex digits expected`)
    if (!this.#endsHere()) return this.#bad(start, 'text follows the number')
    const data = new Uint8Array(mostDigits / 2)
    const padded = digits.padStart(mostDigits, '0')
    for (let index = 0; index < data.length; index += 1) {
      data[data.length - 1 - index] = Number.parseInt(padded.slice(index * 2, index * 2 + 2), 16)
    }
    return { kind: 'data', type, data }
  }

  /** Bytes separated by commas over as many lines as end with a backslash. */
  #readHex(start: TextPosition, type: number): ValueReading {
    let length = 0
    let isAfterByte = false
    let isAfterComma = false
    for (;;) {
      this.#skipBlanks()
      const code = this.#code()
      if (code === backslash) {
        if (!this.#passContinuation()) return this.#badHex(start, 'the text ends where a line should go on')
        continue
      }
      if (this.#isAtLineEnd() || code === semicolon) {
        this.#passLine()
        if (isAfterComma) {
          if (this.#isAtByte()) return this.#badHex(start, 'a line ends with a comma and without a backslash')
          this.#unusual = 'the data ends with a comma'
        }
        return { kind: 'data', type, data: this.#scratch.slice(0, length) }
      }
      if (code === comma && isAfterByte) {
        isAfterByte = false
        isAfterComma = true
        this.#at += 1
        continue
      }
      const high = digitOf(code)
      if (high < 0 || isAfterByte) return this.#badHex(start, isAfterByte ? 'a comma expected' : 'a hex digit expected')
      this.#at += 1
      const low = digitOf(this.#code())
      if (low >= 0) this.#at += 1
      if (length === this.#scratch.length) this.#growScratch()
      this.#scratch[length] = low < 0 ? high : high * 16 + low
      length += 1
      isAfterByte = true
      isAfterComma = false
    }
  }

  #growScratch(): void {
    const grown = new Uint8Array(this.#scratch.length * 2)
    grown.set(this.#scratch)
    this.#scratch = grown
  }

  /** From a backslash to the next line with content, over blank and comment lines; false when the text ends. */
  #passContinuation(): boolean {
    this.#at += 1
    this.#skipBlanks()
    if (!this.#isAtLineEnd() && this.#code() !== semicolon) return true
    do {
      this.#passLine()
      this.#skipBlanks()
    } while (this.#at < this.#end && (this.#isAtLineEnd() || this.#code() === semicolon))
    return this.#at < this.#end
  }

  /** Whether the line at the position begins with a byte and a comma: the rest of data whose backslash was lost. */
  #isAtByte(): boolean {
    const looked = this.#text.slice(this.#at, this.#at + 40)
    return /^[ \t]*[0-9a-f]{2}(?:,|[ \t\r]*$|[ \t]*[\r\n])/i.test(looked)
  }

  #badHex(start: TextPosition, what: string): ValueReading {
    const where = this.#where(start)
    const isAtLineStart = this.#text.slice(this.#lineStart, this.#at).trim() === ''
    if (!(isAtLineStart && this.#isAtStatement())) this.#passContinuedLine()
    return { kind: 'bad', what: `${where}: ${what}` }
  }
}

const keyNotice = {
  'unknown-root': 'it begins with no root key that Windows knows',
  'empty-names': 'it has empty names, which are left out',
} as const

/** regedit takes the last bracket of the line; a comment behind the bracket is what people write by hand. */
function closingBracket(body: string): { readonly at: number; readonly notice?: string } {
  const last = body.lastIndexOf(']')
  const beforeComment = body.search(/\][ \t]*;/)
  if (last < 0) return { at: -1 }
  if (last === body.length - 1) {
    if (beforeComment < 0) return { at: last }
    return { at: last, notice: 'a comment behind the bracket may be meant, but the name ends at the last bracket' }
  }
  if (beforeComment >= 0) return { at: beforeComment }
  return { at: last, notice: 'text follows the bracket' }
}

function withoutTrailingBlanks(text: string): string {
  let end = text.length
  while (end > 0 && isBlank(text.charCodeAt(end - 1))) end -= 1
  return text.slice(0, end)
}

/** Files padded with zeros occur. */
function isBlank(code: number): boolean {
  return code === blank || code === tab || code === 0
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
}

function digitOf(code: number): number {
  return code >= 0 && code < 128 ? (digitOfCode[code] as number) : -1
}

/** ASCII text in UTF-16: every second byte zero and the others not. */
function looksLikeUtf16(data: Uint8Array): boolean {
  if (data.length < 6 || data.length % 2 !== 0) return false
  let letters = 0
  for (let index = 0; index < data.length; index += 2) {
    if (data[index + 1] !== 0) return false
    if (data[index] !== 0) letters += 1
  }
  return letters >= data.length / 4
}
