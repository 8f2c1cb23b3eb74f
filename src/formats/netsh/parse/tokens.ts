/** A word of a line, with quotation marks taken away (netsh-ipsec.md 2.1). */
export interface Word {
  readonly text: string
  /** Where it begins, counted in UTF-16 units from 1. */
  readonly column: number
  /** Position of the first `=` in `text`; −1 when there is none. */
  readonly equalsAt: number
  /** Column of what follows that `=`. */
  readonly valueColumn: number
  /** It ends with that `=`, outside quotation marks: the value is the next word. */
  readonly isOpen: boolean
  /** It begins with an `=` outside quotation marks, which belongs to the word before. */
  readonly startsOpen: boolean
}

export interface Words {
  readonly words: readonly Word[]
  /** Column of a quotation mark that is never closed; it counts as closed at the end of the line. */
  readonly unclosedQuote?: number
}

/** Splits a line at blanks; a part in double quotation marks keeps its blanks, and a backslash escapes nothing. */
export function wordsOf(line: string): Words {
  const words: Word[] = []
  let at = 0
  let unclosedQuote: number | undefined
  while (at < line.length) {
    if (isBlank(line.charCodeAt(at))) {
      at += 1
      continue
    }
    const start = at
    /** What stands before the last quotation mark; most words have none. */
    let before = ''
    let partStart = at
    let isQuoted = false
    let equalsAt = -1
    let valueColumn = 0
    let isEqualsQuoted = false
    for (; at < line.length; at += 1) {
      const code = line.charCodeAt(at)
      if (code === quote) {
        before += line.slice(partStart, at)
        partStart = at + 1
        isQuoted = !isQuoted
        if (isQuoted) unclosedQuote = at + 1
      } else if (code === equals && equalsAt < 0) {
        equalsAt = before.length + (at - partStart)
        valueColumn = at + 2
        isEqualsQuoted = isQuoted
      } else if (!isQuoted && isBlank(code)) {
        break
      }
    }
    words.push({
      text: before + line.slice(partStart, at),
      column: start + 1,
      equalsAt,
      valueColumn,
      isOpen: equalsAt >= 0 && !isEqualsQuoted && valueColumn === at + 1,
      startsOpen: line.charCodeAt(start) === equals,
    })
    if (!isQuoted) unclosedQuote = undefined
  }
  return unclosedQuote === undefined ? { words } : { words, unclosedQuote }
}

const quote = 0x22
const equals = 0x3d

/** Blank, tab, and the carriage return a line may end with. */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a
}

export type Argument =
  | { readonly kind: 'bare'; readonly text: string; readonly column: number }
  | {
      readonly kind: 'tagged'
      readonly tag: string
      readonly value: string
      readonly column: number
      readonly valueColumn: number
    }

/**
 * Words as arguments: `tag=value`, `tag= value`, `tag =value` and `tag = value` are one (2.1). Only an `=` that no
 * quotation marks surround joins words.
 */
export function argumentsOf(words: readonly Word[]): Argument[] {
  const found: Argument[] = []
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] as Word
    const next = words[index + 1]
    const previous = found.at(-1)
    if (word.startsOpen && previous?.kind === 'bare') {
      const isAlone = word.text === '=' && word.isOpen
      if (isAlone && next !== undefined) index += 1
      const value = isAlone ? (next?.text ?? '') : word.text.slice(1)
      const valueColumn = isAlone ? (next?.column ?? word.valueColumn) : word.valueColumn
      found[found.length - 1] = { kind: 'tagged', tag: previous.text, value, column: previous.column, valueColumn }
    } else if (word.equalsAt < 0) {
      found.push({ kind: 'bare', text: word.text, column: word.column })
    } else {
      const takesNext = word.isOpen && next !== undefined
      if (takesNext) index += 1
      found.push({
        kind: 'tagged',
        tag: word.text.slice(0, word.equalsAt).trim(),
        value: takesNext ? next.text : word.text.slice(word.equalsAt + 1),
        column: word.column,
        valueColumn: takesNext ? next.column : word.valueColumn,
      })
    }
  }
  return found
}
