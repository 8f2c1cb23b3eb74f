import { unknown, type Variables } from '../reg-batch/variables.ts'

/** What a line becomes whose variables make too much of it. */
export const tooLong = unknown('its length')

/** ^Z, which ends old files. */
const endOfFile = '\u001a'

/** The lines of a batch file, expanded one by one as they are taken. */
export class LineCursor {
  readonly #lines: readonly string[]
  readonly #variables: Variables
  #next = 0
  readonly #tellTooLong: (line: number) => void
  /** The expanded line that is being read. */
  text = ''
  at = 0

  constructor(text: string, variables: Variables, tellTooLong: (line: number) => void) {
    const end = text.indexOf(endOfFile)
    this.#lines = (end < 0 ? text : text.slice(0, end)).split(/\r\n|\r|\n/)
    this.#variables = variables
    this.#tellTooLong = tellTooLong
  }

  /** Number of the line being read, from 1. */
  get line(): number {
    return this.#next
  }

  get isAtEnd(): boolean {
    return this.#next >= this.#lines.length
  }

  /** The line that comes next, as written. */
  get upcoming(): string {
    return this.#lines[this.#next] ?? ''
  }

  /** Every label with the number of its first line. */
  labels(): Map<string, number> {
    const labels = new Map<string, number>()
    for (const [index, line] of this.#lines.entries()) {
      const name = labelOf(line)
      if (name !== undefined && !labels.has(name)) labels.set(name, index + 1)
    }
    return labels
  }

  /** Goes on with the line of that number. */
  jumpTo(line: number): void {
    this.#next = line - 1
    this.text = ''
    this.at = 0
  }

  /** `false` when there is none. */
  takeLine(): boolean {
    if (this.isAtEnd) return false
    const raw = this.#lines[this.#next] ?? ''
    this.#next += 1
    this.text = this.#variables.expand(raw)
    this.at = 0
    if (this.text === tooLong) this.#tellTooLong(this.#next)
    return true
  }

  skipBlanks(): void {
    while (this.at < this.text.length && /[\s,;=]/.test(this.text[this.at] ?? '')) this.at += 1
  }

  skipLine(): void {
    this.at = this.text.length
  }

  /** Where a command stands in its line as written; 1 when variables moved it. */
  columnAt(at: number): number {
    const raw = this.#lines[this.#next - 1] ?? ''
    if (raw === this.text) return at + 1
    const found = raw.indexOf(this.text.slice(at, at + 12))
    return found < 0 ? 1 : found + 1
  }
}

/** The name of a label in lower case; `undefined` for other lines and for remarks of the form `::`. */
export function labelOf(line: string): string | undefined {
  return /^[\s,;=]{0,200}:([^\s:&|<>()+,;=]{1,128})/.exec(line)?.[1]?.toLowerCase()
}
