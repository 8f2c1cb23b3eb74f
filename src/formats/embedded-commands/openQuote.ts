/** The string literal a place stands in: its mark and where it begins. */
export interface OpenQuote {
  readonly mark: '"' | "'"
  readonly at: number
}

/**
 * Goes along a text and tells at any later place which literal of the same line is open there; all places together cost
 * one pass. Three marks in a row begin or end a text of several lines, which counts as no literal.
 */
export class QuoteTracker {
  readonly #text: string
  #at = 0
  #open: OpenQuote | undefined
  /** Number of the line, from 1, and where it begins. */
  line = 1
  lineStart = 0

  constructor(text: string) {
    this.#text = text
  }

  /** Moves on; places must not go back. */
  openAt(place: number): OpenQuote | undefined {
    const text = this.#text
    while (this.#at < place) {
      const char = text[this.#at] ?? ''
      if (char === '\n') {
        this.line += 1
        this.lineStart = this.#at + 1
        this.#open = undefined
      } else if (char === '"' || char === "'") {
        if (text.startsWith(char.repeat(3), this.#at)) this.#at += 2
        else this.#mark(char)
      }
      this.#at += 1
    }
    return this.#open
  }

  #mark(char: '"' | "'"): void {
    const before = this.#text[this.#at - 1] ?? ''
    if (this.#open === undefined) {
      // An apostrophe within a word opens nothing.
      if (char === '"' || !/[\p{L}\p{N}]/u.test(before) || /^[fFrRuUbB]$/.test(before)) {
        this.#open = { mark: char, at: this.#at }
      }
    } else if (this.#open.mark === char && before !== '\\' && before !== '`') {
      this.#open = undefined
    }
  }
}

/** A literal whose text begins at `from`: what it says, and where its closing mark stands; `undefined` when it has none. */
export function literalFrom(text: string, from: number, mark: '"' | "'"): { value: string; end: number } | undefined {
  const parts: string[] = []
  let piece = from
  for (let at = from; at < text.length; at += 1) {
    const char = text[at]
    if (char === '\n') return undefined
    if ((char === '\\' || char === '`') && text[at + 1] === mark) {
      // A backslash before an apostrophe may be netsh's own.
      if (mark === '"') {
        parts.push(text.slice(piece, at))
        piece = at + 1
      }
      at += 1
    } else if (char === mark && text[at + 1] === mark) {
      parts.push(text.slice(piece, at + 1))
      piece = at + 2
      at += 1
    } else if (char === mark) {
      parts.push(text.slice(piece, at))
      return { value: parts.join(''), end: at }
    }
  }
  return undefined
}
