interface TextEdit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Changes to a text, made all at once; what no change touches stays as it is, byte for byte. */
export class TextEdits {
  readonly #text: string
  readonly #edits: TextEdit[] = []

  constructor(text: string) {
    this.#text = text
  }

  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text })
  }

  /** Takes out the lines from the one `start` is on to the one `end` is on. */
  deleteLines(start: number, end: number): void {
    this.replace(this.lineStart(start), this.lineEnd(end), '')
  }

  /** Puts whole lines below the line `at` is on. */
  insertBelow(at: number, lines: string): void {
    const end = this.lineEnd(at)
    this.replace(end, end, this.#text[end - 1] === '\n' ? lines : `\n${lines.replace(/\n$/, '')}`)
  }

  /** Puts whole lines above the line `at` is on. */
  insertAbove(at: number, lines: string): void {
    const start = this.lineStart(at)
    this.replace(start, start, lines)
  }

  lineStart(at: number): number {
    return this.#text.lastIndexOf('\n', at - 1) + 1
  }

  /** The start of the next line, or the end of the text. */
  lineEnd(at: number): number {
    const end = this.#text.indexOf('\n', at)
    return end < 0 ? this.#text.length : end + 1
  }

  /** The text with all changes; `undefined` when two of them touch the same place. */
  result(): string | undefined {
    const edits = this.#edits.map((edit, order) => ({ ...edit, order }))
    edits.sort((a, b) => a.start - b.start || a.end - b.end || a.order - b.order)
    const parts: string[] = []
    let at = 0
    for (const edit of edits) {
      if (edit.start < at) return undefined
      parts.push(this.#text.slice(at, edit.start), edit.text)
      at = edit.end
    }
    parts.push(this.#text.slice(at))
    return parts.join('')
  }
}
