/** A label and what it says; lines without a value are left out by the caller. */
export type Line = readonly [label: string, value: string]

/** Columns of the screen that names are cut to when `wide=no` (netsh-ipsec.md 3.8). */
const screenWidth = 80

/** `Label<blanks>: value`, the colon in column `width` + 1 of every line. Readers split at the first colon. */
export function linesText(lines: readonly Line[], width: number, isWide: boolean): string {
  return lines
    .map(
      ([label, value]) =>
        `${label.padEnd(width)}: ${isWide ? oneLine(value) : cut(oneLine(value), screenWidth - width - 2)}\n`,
    )
    .join('')
}

/** Cells with a tab between them. */
export function rowText(cells: readonly string[], isWide: boolean, widths: readonly number[]): string {
  return `${cells
    .map((cell, index) => {
      const width = widths[index] ?? 0
      const text = oneLine(cell).replaceAll('\t', ' ')
      return (isWide ? text : cut(text, width)).padEnd(width)
    })
    .join('\t')
    .trimEnd()}\n`
}

export function underlined(title: string): string {
  return `${title}\n${'-'.repeat(title.length)}\n`
}

/** Names hold anything; a line break or another control character in one would break the lines apart. */
export function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '?')
}

function cut(text: string, width: number): string {
  if (width <= 0 || text.length <= width) return text
  const characters = Array.from(text)
  return characters.length <= width ? text : characters.slice(0, width).join('')
}
