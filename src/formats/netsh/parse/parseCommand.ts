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

/** A row with its tags by name. */
interface IndexedRow {
  readonly tags: readonly TagRow[]
  readonly byName: ReadonlyMap<string, number>
  /** For each tag, the place of the one that it stands in place of; −1 for most. */
  readonly insteadOf: readonly number[]
}

const indexedRows = new WeakMap<CommandRow, IndexedRow>()

function indexed(row: CommandRow): IndexedRow {
  const known = indexedRows.get(row)
  if (known !== undefined) return known
  const byName = new Map(row.tags.map((tag, index) => [tag.name, index]))
  const insteadOf = row.tags.map((tag) => (tag.insteadOf === undefined ? -1 : (byName.get(tag.insteadOf) ?? -1)))
  const made = { tags: row.tags, byName, insteadOf }
  indexedRows.set(row, made)
  return made
}

/** Stands where a tag was not given. */
const notGiven = Symbol('not given')

class ArgumentReader {
  readonly #row: CommandRow
  readonly #index: IndexedRow
  /** By the place of the tag in the row. */
  readonly #values: unknown[]
  readonly #columns: number[]
  #authentication: AuthenticationMethod[] | undefined
  #keyword: { readonly word: string; readonly column: number } | undefined
  /** A tag that may hold a key was met: what follows may be the rest of a key that was not quoted. */
  #isSecretive = false

  constructor(row: CommandRow) {
    this.#row = row
    this.#index = indexed(row)
    this.#values = Array<unknown>(row.tags.length).fill(notGiven)
    this.#columns = Array<number>(row.tags.length).fill(1)
  }

  takeBare(argument: Extract<Argument, { kind: 'bare' }>): Fault | undefined {
    const { keywords } = this.#row
    const word = argument.text.length > 16 ? '' : argument.text.toLowerCase()
    // A forgotten "=": the key is the next word, whatever tag that comes to fill.
    if (word.startsWith('psk')) this.#isSecretive = true
    if (keywords?.includes(word) === true && this.#keyword === undefined && !this.#isGiven(0)) {
      this.#keyword = { word, column: argument.column }
      return undefined
    }
    const place = this.#values.findIndex((_, index) => !this.#isFilled(index))
    if (place < 0) {
      const what = this.#isSecretive
        ? 'there is a word too many (it is not shown, since it may be part of a key)'
        : `there is nothing that "${shown(argument.text)}" could stand for`
      return fault('WORD_SURPLUS', [], what, argument.column, { usageOf: this.#row.kind })
    }
    return this.#take(place, argument.text, argument.column)
  }

  takeTagged(argument: Extract<Argument, { kind: 'tagged' }>): Fault | undefined {
    const place = this.#placeOf(argument.tag)
    const tag = this.#index.tags[place]
    if (tag === undefined) return this.#unknownTag(argument)
    if (this.#isGiven(place) && tag.repeatable !== true) {
      return fault('TAG_REPEATED', [tag.name], `the tag "${tag.name}" is given twice`, argument.column)
    }
    return this.#take(place, argument.value, argument.valueColumn)
  }

  /** An exact tag, else the first in table order that begins so and is not given, else one that is given. */
  #placeOf(typed: string): number {
    if (typed === '' || typed.length > 64) return -1
    const wanted = typed.toLowerCase()
    const exact = this.#index.byName.get(wanted)
    if (exact !== undefined) return exact
    let given = -1
    for (const [place, tag] of this.#index.tags.entries()) {
      if (!tag.name.startsWith(wanted)) continue
      if (!this.#isGiven(place) || tag.repeatable === true) return place
      if (given < 0) given = place
    }
    return given
  }

  #unknownTag(argument: Extract<Argument, { kind: 'tagged' }>): Fault {
    const nearest = nearestWord(argument.tag, [...this.#index.byName.keys()])
    const isShown = !this.#isSecretive
    const what = isShown
      ? `there is no tag "${shown(argument.tag)}"`
      : 'there is no such tag (it is not shown, since it may be part of a key)'
    return fault('TAG_UNKNOWN', [isShown ? argument.tag : '…'], what, argument.column, {
      usageOf: this.#row.kind,
      ...(nearest === undefined ? {} : { nearest }),
    })
  }

  #take(place: number, text: string, column: number): Fault | undefined {
    const tag = this.#index.tags[place] as TagRow
    const isSecretiveTag = secretiveTags.has(tag.name)
    if (isSecretiveTag) this.#isSecretive = true
    const reading = readValue(text, tag)
    if (!reading.ok) {
      const what = this.#isSecretive && !isSecretiveTag ? 'the value is not valid' : reading.what
      const nearest = reading.nearest === undefined || this.#isSecretive ? {} : { nearest: reading.nearest }
      return fault(reading.message ?? 'VALUE_INVALID', [tag.name], `${tag.name}: ${what}`, column, nearest)
    }
    if (!this.#isGiven(place)) this.#columns[place] = column
    if (isSecretiveTag && reading.value !== undefined) {
      this.#authentication ??= []
      this.#authentication.push(reading.value as AuthenticationMethod)
    }
    this.#values[place] = reading.value
    return undefined
  }

  #isGiven(place: number): boolean {
    return this.#values[place] !== notGiven
  }

  /** Whether a bare word passes the tag by: it is given, a word stands for it, or another stands instead of it. */
  #isFilled(place: number): boolean {
    const { insteadOf } = this.#index
    if (this.#isGiven(place) || insteadOf[place] !== -1) return true
    if (place === 0 && this.#keyword !== undefined) return true
    return insteadOf.some((target, other) => target === place && this.#isGiven(other))
  }

  /** Tags that must be given and are not, or exclude each other. Names that are given and empty count as missing. */
  missing(column: number): Fault | undefined {
    const usage = { usageOf: this.#row.kind }
    for (const [place, tag] of this.#index.tags.entries()) {
      const at = this.#isGiven(place) ? (this.#columns[place] ?? column) : column
      if (tag.required === true && !this.#isSaid(place)) {
        return fault('TAG_MISSING', [], `the tag "${tag.name}" must be given`, at, usage)
      }
      const target = this.#index.insteadOf[place] ?? -1
      if (target >= 0 && this.#isGiven(place) && (this.#isGiven(target) || this.#keyword !== undefined)) {
        const other = this.#keyword?.word ?? tag.insteadOf ?? ''
        return fault('TAG_ALTERNATIVES', [other, tag.name], `give either "${other}" or "${tag.name}"`, at)
      }
    }
    const { needsOne } = this.#row
    if (needsOne === undefined || this.#keyword !== undefined) return undefined
    if (needsOne.some((name) => this.#isSaid(this.#index.byName.get(name) ?? -1))) return undefined
    const wanted = [...needsOne, ...(this.#row.keywords ?? [])].map((name) => `"${name}"`).join(' or ')
    return fault('TAG_MISSING', [], `${wanted} must be given`, column, usage)
  }

  #isSaid(place: number): boolean {
    const value = this.#values[place]
    return value !== undefined && value !== notGiven && value !== ''
  }

  /** The table and its types say the same, so what was read by a row is the command of that row. */
  command(): NetshCommand {
    const args: Record<string, unknown> = {}
    const columns: Record<string, number> = {}
    for (const [place, tag] of this.#index.tags.entries()) {
      if (!this.#isGiven(place)) continue
      columns[tag.name] = this.#columns[place] ?? 1
      if (!secretiveTags.has(tag.name)) args[tag.name] = this.#values[place]
    }
    const command: Record<string, unknown> = { kind: this.#row.kind, args, columns }
    if (this.#keyword !== undefined) {
      command['keyword'] = this.#keyword.word
      columns['keyword'] = this.#keyword.column
    }
    if (this.#authentication !== undefined) command['authentication'] = this.#authentication
    return command as unknown as NetshCommand
  }
}
