/** Begins and ends the name of something whose value is not known; both are no characters, and so in no text. */
const unknownStart = '\ufdd0'
const unknownEnd = '\ufdd1'

/** cmd keeps values to this length. */
const longestValue = 32_767
/** How much longer than itself a line may grow. */
const mostGrowth = 65_536

/** What a script has assigned to its variables so far. A value that is not known is `undefined`. */
export class Variables {
  readonly #values = new Map<string, string | undefined>()
  /** Names assigned since each open setlocal. */
  readonly #scopes: string[][] = []
  /** Characters that expansion may still add to the whole text. */
  #budget: number

  constructor(textLength: number) {
    this.#budget = 1_048_576 + textLength * 8
  }

  assign(name: string, value: string | undefined): void {
    const lower = name.toLowerCase()
    const isKnown = value !== undefined && value.length <= longestValue && !value.includes(unknownStart)
    this.#values.set(lower, isKnown ? value : undefined)
    this.#scopes.at(-1)?.push(lower)
  }

  openScope(): void {
    // cmd allows 32 levels.
    if (this.#scopes.length < 32) this.#scopes.push([])
  }

  /** What was assigned inside is forgotten, with whatever the names held before. */
  closeScope(): void {
    for (const name of this.#scopes.pop() ?? []) this.#values.delete(name)
  }

  /**
   * A line with its `%…%` replaced, as a batch file has them: `%%` is one percent sign, arguments and variables that the
   * script did not assign are unknown, a single `%` vanishes.
   */
  expand(line: string): string {
    if (!line.includes('%')) return line
    const parts: string[] = []
    let length = 0
    let at = 0
    while (at < line.length) {
      const percent = line.indexOf('%', at)
      if (percent < 0) break
      parts.push(line.slice(at, percent))
      const reading = this.#readAt(line, percent)
      parts.push(reading.text)
      length += reading.text.length
      if (length > mostGrowth || length > this.#budget) return unknown('its length')
      at = reading.end
    }
    parts.push(line.slice(at))
    this.#budget -= length
    return parts.join('')
  }

  #readAt(line: string, percent: number): { readonly text: string; readonly end: number } {
    const next = line[percent + 1]
    if (next === '%') return { text: '%', end: percent + 2 }
    argument.lastIndex = percent
    const found = argument.exec(line)
    if (found !== null) return { text: unknown(found[0]), end: percent + found[0].length }
    // Names are short; a distant percent sign belongs to something else.
    const close = line.slice(percent + 1, percent + 257).indexOf('%')
    if (close < 0) return { text: '', end: percent + 1 }
    const name = line.slice(percent + 1, percent + 1 + close)
    const end = percent + close + 2
    const value = this.#values.get(name.toLowerCase())
    return { text: value ?? unknown(name), end }
  }
}

const argument = /%(?:~[a-z$:]{0,20}\d|[\d*])/iy

/** Stands in a text for something that is not known. */
export function unknown(name: string): string {
  return unknownStart + name + unknownEnd
}

/** The name of the first thing in a text that is not known; `undefined` when all is. */
export function firstUnknown(text: string): string | undefined {
  const start = text.indexOf(unknownStart)
  if (start < 0) return undefined
  const end = text.indexOf(unknownEnd, start)
  return text.slice(start + 1, end < 0 ? undefined : end)
}

/** The text for people, unknown things as they were written. */
export function asWritten(text: string): string {
  return text.replaceAll(/\ufdd0(%?)([^\ufdd1]*)\ufdd1/g, (_, mark: string, name: string) =>
    mark === '' ? `%${name}%` : `%${name}`,
  )
}
