import { type MessageId, type MessageRow, messageTable } from './table/messages.ts'

/** Why a line was refused; expected, so a value and no exception. It never holds key material. */
export interface Fault {
  readonly message: MessageId
  /** What stands for `%1` … in the message. */
  readonly values: readonly string[]
  /** What exactly was wrong, in words. */
  readonly what: string
  /** In the line, counted in UTF-16 units from 1. */
  readonly column: number
  /** The valid word that was most likely meant. */
  readonly nearest?: string
  /** Kind of the command whose usage is printed after the message. */
  readonly usageOf?: string
}

export function fault(
  message: MessageId,
  values: readonly string[],
  what: string,
  column: number,
  more: Pick<Fault, 'nearest' | 'usageOf'> = {},
): Fault {
  return { message, values, what, column, ...more }
}

/** What netsh prints on standard output: `ERR IPsec[05072] : No Policies in Policy Store`, a blank line around. */
export function messageText(message: MessageId, values: readonly string[]): string {
  const row: MessageRow = messageTable[message]
  const text = row.text.replaceAll(/%([1-9])/g, (_, digit: string) => shown(values[Number(digit) - 1] ?? ''))
  if (row.code === undefined) return `\n${text}\n\n`
  return `\nERR IPsec[${String(row.code).padStart(5, '0')}] : ${text}\n\n`
}

/** For standard error: `column 12: there is no tag "srcaddy"; did you mean "srcaddr"?` */
export function faultText(found: Fault): string {
  const nearest = found.nearest === undefined ? '' : `; did you mean "${found.nearest}"?`
  return `column ${found.column}: ${found.what}${nearest}`
}

const longestShown = 80

/** Text of a line within a message: cut when long, control characters as `?`. */
export function shown(text: string): string {
  const characters = Array.from(text.slice(0, 2 * longestShown + 2))
  const clean = characters.slice(0, longestShown).join('').replaceAll(/\p{C}/gu, '?')
  return characters.length > longestShown ? `${clean}…` : clean
}
