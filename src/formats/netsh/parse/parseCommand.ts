import type { AuthenticationMethod } from '../../../policy/model.ts'
import { nearestWord } from '../../policy-document/nearestWord.ts'
import { type Fault, fault, shown } from '../fault.ts'
import type { NetshCommand } from '../table/commandTable.ts'
import type { CommandRow, TagRow } from '../table/tagTypes.ts'
import { secretiveTags } from './authentication.ts'
import { readValue } from './readValue.ts'
import { type Argument, argumentsOf, type Word } from './tokens.ts'

export type ParsedCommand =
  | { readonly kind: 'command'; readonly command: NetshCommand }
  | { readonly kind: 'fault'; readonly fault: Fault }

/**
 * The arguments of a command, by the row that describes it (netsh-ipsec.md 2.2–2.5): tags by prefix, bare words for the
 * next tag not given yet, words such as `all` in the place of the first tag.
 */
export function parseArguments(row: CommandRow, words: readonly Word[], column: number): ParsedCommand {
  const reader = new ArgumentReader(row)
  for (const argument of argumentsOf(words)) {
    const found = argument.kind === 'bare' ? reader.takeBare(argument) : reader.takeTagged(argument)
    if (found !== undefined) return { kind: 'fault', fault: found }
  }
  const missing = reader.missing(column)
  if (missing !== undefined) return { kind: 'fault', fault: missing }
  return { kind: 'command', command: reader.command() }
}

class ArgumentReader {
  readonly #row: CommandRow
  readonly #values = new Map<string, unknown>()
  readonly #columns: Record<string, number> = {}
  readonly #authentication: AuthenticationMethod[] = []
  #keyword: string | undefined
  /** A tag that may hold a key was met: what follows may be the rest of a key that was not quoted. */
  #isSecretive = false

  constructor(row: CommandRow) {
    this.#row = row
  }

  takeBare(argument: Extract<Argument, { kind: 'bare' }>): Fault | undefined {
    const [first] = this.#row.tags
    const isInFirstPlace = this.#keyword === undefined && !(first !== undefined && this.#isGiven(first))
    const word = argument.text.toLowerCase()
    // A forgotten "=": the key is the next word, whatever tag that comes to fill.
    if (/^psk\b/.test(word)) this.#isSecretive = true
    if (isInFirstPlace && this.#row.keywords?.includes(word) === true) {
      this.#keyword = word
      this.#columns['keyword'] = argument.column
      return undefined
    }
    const tag = this.#row.tags.find((candidate) => candidate.insteadOf === undefined && !this.#isFilled(candidate))
    if (tag === undefined) {
      const what = this.#isSecretive
        ? 'there is a word too many (it is not shown, since it may be part of a key)'
        : `there is nothing that "${shown(argument.text)}" could stand for`
      return fault('WORD_SURPLUS', [], what, argument.column, { usageOf: this.#row.kind })
    }
    return this.#take(tag, argument.text, argument.column)
  }

  takeTagged(argument: Extract<Argument, { kind: 'tagged' }>): Fault | undefined {
    const tag = this.#tagFor(argument.tag)
    if (tag === undefined) return this.#unknownTag(argument)
    if (this.#isGiven(tag) && tag.repeatable !== true) {
      return fault('TAG_REPEATED', [tag.name], `the tag "${tag.name}" is given twice`, argument.column)
    }
    return this.#take(tag, argument.value, argument.valueColumn)
  }

  /** An exact tag, else the first in table order that begins so and is not given, else one that is given. */
  #tagFor(typed: string): TagRow | undefined {
    const wanted = typed.toLowerCase()
    if (wanted === '' || wanted.length > 64) return undefined
    const { tags } = this.#row
    const begun = tags.filter((tag) => tag.name.startsWith(wanted))
    return (
      begun.find((tag) => tag.name === wanted) ??
      begun.find((tag) => !this.#isGiven(tag) || tag.repeatable === true) ??
      begun[0]
    )
  }

  #unknownTag(argument: Extract<Argument, { kind: 'tagged' }>): Fault {
    const names = this.#row.tags.map((tag) => tag.name)
    const nearest = nearestWord(argument.tag, names)
    const isShown = !this.#isSecretive
    const what = isShown
      ? `there is no tag "${shown(argument.tag)}"`
      : 'there is no such tag (it is not shown, since it may be part of a key)'
    return fault('TAG_UNKNOWN', [isShown ? argument.tag : '…'], what, argument.column, {
      usageOf: this.#row.kind,
      ...(nearest === undefined ? {} : { nearest }),
    })
  }

  #take(tag: TagRow, text: string, column: number): Fault | undefined {
    if (secretiveTags.has(tag.name)) this.#isSecretive = true
    const reading = readValue(text, tag)
    if (!reading.ok) {
      const what = this.#isSecretive && !secretiveTags.has(tag.name) ? 'the value is not valid' : reading.what
      const nearest = reading.nearest === undefined || this.#isSecretive ? {} : { nearest: reading.nearest }
      return fault(reading.message ?? 'VALUE_INVALID', [tag.name], `${tag.name}: ${what}`, column, nearest)
    }
    this.#columns[tag.name] ??= column
    if (tag.type === 'kerberos' || tag.type === 'psk' || tag.type === 'rootca') {
      if (reading.value !== undefined) this.#authentication.push(reading.value as AuthenticationMethod)
    }
    this.#values.set(tag.name, reading.value)
    return undefined
  }

  #isGiven(tag: TagRow): boolean {
    return this.#values.has(tag.name)
  }

  /** Whether a bare word passes the tag by: it is given, a word stands for it, or another stands instead of it. */
  #isFilled(tag: TagRow): boolean {
    if (this.#isGiven(tag)) return true
    const isFirst = this.#row.tags[0] === tag
    if (isFirst && this.#keyword !== undefined) return true
    return this.#row.tags.some((other) => other.insteadOf === tag.name && this.#isGiven(other))
  }

  /** Tags that must be given and are not, or exclude each other. Names that are given and empty count as missing. */
  missing(column: number): Fault | undefined {
    const usage = { usageOf: this.#row.kind }
    for (const tag of this.#row.tags) {
      const isMissing = !this.#isGiven(tag) || this.#values.get(tag.name) === ''
      if (tag.required === true && isMissing) {
        const at = this.#columns[tag.name] ?? column
        return fault('TAG_MISSING', [], `the tag "${tag.name}" must be given`, at, usage)
      }
      if (tag.insteadOf !== undefined && this.#isGiven(tag) && this.#hasOther(tag.insteadOf)) {
        const at = this.#columns[tag.name] ?? column
        const other = this.#keyword ?? tag.insteadOf
        return fault('TAG_ALTERNATIVES', [other, tag.name], `give either "${other}" or "${tag.name}"`, at)
      }
    }
    const { needsOne } = this.#row
    if (needsOne === undefined || this.#keyword !== undefined) return undefined
    if (needsOne.some((name) => this.#values.has(name) && this.#values.get(name) !== '')) return undefined
    const wanted = [...needsOne, ...(this.#row.keywords ?? [])].map((name) => `"${name}"`).join(' or ')
    return fault('TAG_MISSING', [], `${wanted} must be given`, column, usage)
  }

  #hasOther(name: string): boolean {
    return this.#values.has(name) || this.#keyword !== undefined
  }

  /** The table and its types say the same, so what was read by a row is the command of that row. */
  command(): NetshCommand {
    const args: Record<string, unknown> = {}
    for (const [name, value] of this.#values) if (!secretiveTags.has(name)) args[name] = value
    const command = {
      kind: this.#row.kind,
      args,
      columns: this.#columns,
      ...(this.#keyword === undefined ? {} : { keyword: this.#keyword }),
      ...(this.#authentication.length === 0 ? {} : { authentication: this.#authentication }),
    }
    return command as unknown as NetshCommand
  }
}
