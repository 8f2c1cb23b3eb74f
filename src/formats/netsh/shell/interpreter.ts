import { type Fault, fault, shown } from '../fault.ts'
import { matchWord } from '../parse/matchWord.ts'
import { parseArguments } from '../parse/parseCommand.ts'
import { type Word, wordsOf } from '../parse/tokens.ts'
import type { NetshCommand } from '../table/commandTable.ts'
import {
  type ContextPath,
  type Entry,
  entriesOf,
  entryNamed,
  lineage,
  parentOf,
  type ShellRow,
  type VerbRow,
} from './contexts.ts'

/** Where a script or a session of the shell stands. */
export interface ShellState {
  readonly context: ContextPath
  /** Contexts that pushd saved, the last one on top. */
  readonly saved: readonly ContextPath[]
  /** `exit`, `quit` or `bye` was said. */
  readonly isEnded: boolean
}

export const startState: ShellState = { context: '', saved: [], isEnded: false }

/** What a line asks for. */
export type LineResult =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'command'; readonly command: NetshCommand }
  | { readonly kind: 'help'; readonly of: HelpTopic }
  | { readonly kind: 'shell'; readonly row: ShellRow; readonly words: readonly string[] }
  | { readonly kind: 'fault'; readonly fault: Fault }

/** What help is wanted about: a context, the objects of a verb, or one command by its kind. */
export type HelpTopic =
  | { readonly kind: 'context'; readonly context: ContextPath }
  | { readonly kind: 'verb'; readonly context: ContextPath; readonly verb: string }
  | { readonly kind: 'command'; readonly command: string }
  | { readonly kind: 'shell'; readonly row: ShellRow }

export interface LineStep {
  readonly state: ShellState
  readonly result: LineResult
  /** What was odd though it was understood, in words. */
  readonly notes: readonly string[]
}

/** Most contexts that pushd saves. */
const mostSaved = 1000

/**
 * One line of a script, or as typed at the prompt (netsh-ipsec.md 1.2–1.4). Pure: running the command, executing files
 * and printing are the caller's.
 */
export function interpretLine(state: ShellState, line: string): LineStep {
  if (/^\s*(?:#|$)/.test(line)) return { state, result: { kind: 'nothing' }, notes: [] }
  const { words, unclosedQuote } = wordsOf(line)
  const notes = unclosedQuote === undefined ? [] : [`the quotation mark at column ${unclosedQuote} is never closed`]
  return { ...stepOf(state, words), notes }
}

type Step = Pick<LineStep, 'state' | 'result'>

function stepOf(state: ShellState, words: readonly Word[]): Step {
  let context = state.context
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] as Word
    if (isHelp(word) && index > 0) return answer(state, { kind: 'help', of: { kind: 'context', context } })
    const found = entryFor(context, word)
    if (found.kind === 'fault') return answer(state, found)
    if (found.entry.kind === 'verb') return verbStep(state, found.context, found.entry, words, index)
    context = found.entry.path
  }
  return answer({ ...state, context }, { kind: 'nothing' })
}

function answer(state: ShellState, result: LineResult): Step {
  return { state, result }
}

function isHelp(word: Word): boolean {
  const text = word.text.toLowerCase()
  return text === '?' || text === '/?' || text === '-?' || text === 'help'
}

type EntrySearch =
  | { readonly kind: 'found'; readonly entry: Entry; readonly context: ContextPath }
  | { readonly kind: 'fault'; readonly fault: Fault }

/** In the context itself, then in those above it: the exact word anywhere comes before any abbreviation. */
function entryFor(context: ContextPath, word: Word): EntrySearch {
  const typed = word.text === '/?' || word.text === '-?' ? '?' : word.text
  const exact = entryNamed(context, typed.toLowerCase())
  if (exact !== undefined) return { kind: 'found', ...exact }
  let nearest: string | undefined
  for (const path of lineage(context)) {
    const match = matchWord(typed, entriesOf(path), (entry) => entry.word)
    if (match.kind === 'match') return { kind: 'found', entry: match.item, context: path }
    if (match.kind === 'ambiguous')
      return {
        kind: 'fault',
        fault: ambiguous(
          word,
          match.items.map((item) => item.word),
        ),
      }
    nearest ??= match.nearest
  }
  return { kind: 'fault', fault: unknown(word, nearest) }
}

/** A tag in the place of a command may hold a key: only its name is told. */
function toldWord(word: Word): string {
  return word.equalsAt < 0 ? word.text : `${word.text.slice(0, word.equalsAt)}=…`
}

function unknown(word: Word, nearest: string | undefined): Fault {
  const what = `there is no command "${shown(toldWord(word))}" here`
  return fault('COMMAND_UNKNOWN', [toldWord(word)], what, word.column, nearest === undefined ? {} : { nearest })
}

function ambiguous(word: Word, words: readonly string[]): Fault {
  const what = `"${shown(toldWord(word))}" may be ${words.join(' or ')}`
  return fault('COMMAND_AMBIGUOUS', [toldWord(word)], what, word.column)
}

type VerbEntry = Extract<Entry, { kind: 'verb' }>

/** A verb with what follows: its object, when it has objects, and the arguments. */
function verbStep(
  state: ShellState,
  context: ContextPath,
  entry: VerbEntry,
  words: readonly Word[],
  index: number,
): Step {
  const [only] = entry.rows
  if (only !== undefined && only.object === undefined) return commandStep(state, only, words, index)
  const word = words[index + 1]
  if (word === undefined || isHelp(word)) {
    return answer(state, { kind: 'help', of: { kind: 'verb', context, verb: entry.word } })
  }
  const row = objectFor(context, entry, word)
  return row.kind === 'fault' ? answer(state, row) : commandStep(state, row.row, words, index + 1)
}

type ObjectSearch =
  | { readonly kind: 'found'; readonly row: VerbRow }
  | { readonly kind: 'fault'; readonly fault: Fault }

/** `set mode` is a command of the shell even where the context has a `set` of its own. */
function objectFor(context: ContextPath, entry: VerbEntry, word: Word): ObjectSearch {
  const wanted = word.text.toLowerCase()
  const ownExact = entry.rows.find((row) => row.object === wanted)
  if (ownExact !== undefined) return { kind: 'found', row: ownExact }
  const inherited = lineage(context)
    .slice(1)
    .flatMap((path) => entriesOf(path))
    .filter((other): other is VerbEntry => other.kind === 'verb' && other.word === entry.word)
    .flatMap((other) => other.rows)
  const exact = inherited.find((row) => row.object === wanted)
  if (exact !== undefined) return { kind: 'found', row: exact }
  const own = matchWord(word.text, entry.rows, objectOf)
  if (own.kind === 'match') return { kind: 'found', row: own.item }
  if (own.kind === 'ambiguous') return { kind: 'fault', fault: ambiguous(word, own.items.map(objectOf)) }
  const above = matchWord(word.text, inherited, objectOf)
  if (above.kind === 'match') return { kind: 'found', row: above.item }
  const found = unknown(word, own.nearest)
  return { kind: 'fault', fault: { ...found, values: [`${entry.word} ${toldWord(word)}`] } }
}

/** `index` is that of the last word of the command's name. */
function commandStep(state: ShellState, row: VerbRow, words: readonly Word[], index: number): Step {
  const rest = words.slice(index + 1)
  const [first] = rest
  const asksHelp = first !== undefined && rest.length === 1 && isHelp(first)
  if (row.shell !== undefined) {
    if (asksHelp) return answer(state, { kind: 'help', of: { kind: 'shell', row: row.shell } })
    return shellStep(state, row.shell, rest, words[index] as Word)
  }
  if (row.command === undefined) throw new TypeError('a row of a verb is a command or of the shell')
  if (asksHelp) return answer(state, { kind: 'help', of: { kind: 'command', command: row.command.kind } })
  return answer(state, parseArguments(row.command, rest, (words[index] as Word).column))
}

function shellStep(state: ShellState, row: ShellRow, rest: readonly Word[], word: Word): Step {
  const nothing: LineResult = { kind: 'nothing' }
  switch (row.verb) {
    case '..':
      return answer({ ...state, context: parentOf(state.context) }, nothing)
    case '?':
    case 'help':
      return answer(state, { kind: 'help', of: { kind: 'context', context: state.context } })
    case 'bye':
    case 'exit':
    case 'quit':
      return answer({ ...state, isEnded: true }, nothing)
    case 'pushd':
      return pushd(state, rest, word)
    case 'popd': {
      const context = state.saved.at(-1)
      if (context !== undefined) return answer({ ...state, context, saved: state.saved.slice(0, -1) }, nothing)
      const found = fault('STACK_EMPTY', [], 'no context was saved by pushd', word.column)
      return answer(state, { kind: 'fault', fault: found })
    }
    default:
      return answer(state, { kind: 'shell', row, words: rest.map(({ text }) => text) })
  }
}

function pushd(state: ShellState, rest: readonly Word[], word: Word): Step {
  if (state.saved.length >= mostSaved) {
    const found = fault('STACK_FULL', [], `more than ${mostSaved} contexts are saved`, word.column)
    return answer(state, { kind: 'fault', fault: found })
  }
  let context = state.context
  for (const part of rest) {
    const found = entryFor(context, part)
    if (found.kind === 'fault') return answer(state, found)
    if (found.entry.kind === 'verb') return answer(state, { kind: 'fault', fault: unknown(part, undefined) })
    context = found.entry.path
  }
  return answer({ ...state, context, saved: [...state.saved, state.context] }, { kind: 'nothing' })
}

function objectOf(row: VerbRow): string {
  return row.object ?? ''
}
