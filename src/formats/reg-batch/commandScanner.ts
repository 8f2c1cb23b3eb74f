import type { Variables } from './variables.ts'

/** How a command stands to the one before it. */
export type Joint = 'start' | '&' | '&&' | '||' | '|'

/** One command of a batch file, carets resolved and redirections taken off; quotes are still in it. */
export interface BatchCommand {
  readonly text: string
  readonly joint: Joint
  /** Below an `if`, `for` or `else`, on its line or in its block. */
  readonly isConditional: boolean
  readonly line: number
}

/** What receives the commands, in order; variables it assigns count from the next line on, as in cmd. */
export type CommandSink = (command: BatchCommand) => void

/** Characters of a command that tell whether it is a condition. */
const headLength = 64
const conditionWord = /^\s*@?\s*(?:if|for|else|do)(?![\w.\\:])/i
const remark = /^[\s@,;=]*rem(?:[\s,;=+&]|$)/i
const label = /^[\s,;=]*:/

/**
 * Splits a batch file into commands as cmd.exe does: `%` first, then quotes, `^`, `&`, `|`, parentheses and redirections.
 * One pass; a line is looked at twice at most.
 */
export class CommandScanner {
  readonly #lines: readonly string[]
  readonly #variables: Variables
  readonly #sink: CommandSink
  #next = 0
  /** One entry an open parenthesis: whether what is in it is conditional. */
  readonly #blocks: boolean[] = []
  // Of the command being read
  #parts: string[] = []
  /** The first characters of the parts. */
  #head = ''
  #joint: Joint = 'start'
  #isConditionalLine = false
  #startLine = 1

  constructor(text: string, variables: Variables, sink: CommandSink) {
    this.#lines = text.split(/\r\n|\r|\n/)
    this.#variables = variables
    this.#sink = sink
  }

  scan(): void {
    while (this.#next < this.#lines.length) this.#scanLine()
  }

  #takeLine(): string | undefined {
    const line = this.#lines[this.#next]
    this.#next += 1
    return line
  }

  #scanLine(): void {
    const raw = (this.#takeLine() ?? '').trimStart()
    this.#startLine = this.#next
    this.#isConditionalLine = false
    this.#joint = 'start'
    this.#parts = []
    this.#head = ''
    // ^Z ends old files.
    if (label.test(raw) || remark.test(raw) || raw === '\x1a') return
    this.#scanText(this.#variables.expand(raw))
    this.#finishCommand('start')
  }

  #scanText(first: string): void {
    let text = first
    let isQuoted = false
    let piece = 0
    let at = 0
    const take = (end: number): void => {
      if (end <= piece) return
      this.#parts.push(text.slice(piece, end))
      if (this.#head.length < headLength) this.#head += text.slice(piece, Math.min(end, piece + headLength))
    }
    while (at < text.length) {
      const char = text[at]
      if (isQuoted && char !== '"') {
        at += 1
        continue
      }
      switch (char) {
        case '"':
          isQuoted = !isQuoted
          at += 1
          break
        case '^':
          take(at)
          if (at + 1 < text.length) {
            piece = at + 1
            at += 2
            break
          }
          text = this.#variables.expand(this.#takeLine() ?? '')
          piece = 0
          // The first character of the next line is escaped.
          at = text === '' ? 0 : 1
          break
        case '&':
        case '|': {
          take(at)
          const isDouble = text[at + 1] === char
          at = skipBlanks(text, at + (isDouble ? 2 : 1))
          piece = at
          this.#finishCommand(char === '&' ? (isDouble ? '&&' : '&') : isDouble ? '||' : '|')
          if (remark.test(text.slice(at, at + 16))) return
          break
        }
        case '(':
          if (!this.#opensBlock(text, piece, at)) {
            at += 1
            break
          }
          take(at)
          this.#finishCommand('start')
          this.#blocks.push(this.#isConditional())
          at = skipBlanks(text, at + 1)
          piece = at
          break
        case ')':
          if (this.#blocks.length === 0) {
            at += 1
            break
          }
          take(at)
          this.#finishCommand('start')
          this.#blocks.pop()
          at = skipBlanks(text, at + 1)
          piece = at
          break
        case '<':
        case '>': {
          const digit = /(?:^|[\s"])\d$/.test(text.slice(Math.max(piece, at - 2), at)) ? 1 : 0
          take(at - digit)
          at = endOfRedirection(text, at)
          piece = at
          break
        }
        default:
          at += 1
      }
    }
    take(text.length)
  }

  #isConditional(): boolean {
    return this.#isConditionalLine || this.#blocks.at(-1) === true
  }

  /** A parenthesis opens a block where a command could begin, and after the condition of an `if` or `for`. */
  #opensBlock(text: string, piece: number, at: number): boolean {
    if (this.#isConditionalLine) return true
    const before = this.#head + text.slice(piece, Math.min(at, piece + headLength))
    if (/^[\s@,;=]*$/.test(before)) return true
    if (!conditionWord.test(before)) return false
    this.#isConditionalLine = true
    return true
  }

  #finishCommand(next: Joint): void {
    const text = this.#parts.join('')
    const joint = this.#joint
    this.#parts = []
    this.#head = ''
    this.#joint = next
    if (conditionWord.test(text)) this.#isConditionalLine = true
    if (text.trim() === '') return
    this.#sink({ text, joint, isConditional: this.#isConditional(), line: this.#startLine })
  }
}

function skipBlanks(text: string, start: number): number {
  let at = start
  while (text[at] === ' ' || text[at] === '\t') at += 1
  return at
}

/** Past `>`, `>>`, `<`, `>&1` and the name that follows. */
function endOfRedirection(text: string, start: number): number {
  let at = start + 1
  if (text[at] === '>') at += 1
  if (text[at] === '&') return at + 2
  while (text[at] === ' ' || text[at] === '\t') at += 1
  let isQuoted = false
  for (; at < text.length; at += 1) {
    const char = text[at] as string
    if (char === '"') isQuoted = !isQuoted
    else if (!isQuoted && /[\s&|<>()]/.test(char)) break
  }
  return at
}
