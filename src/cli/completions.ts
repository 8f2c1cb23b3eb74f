import type { Argument, Command, Option } from 'commander'
import { commandTable } from './commandTable.ts'

/** One thing that may stand at the cursor. */
export interface Completion {
  readonly value: string
  readonly description?: string
}

export interface Completions {
  readonly candidates: readonly Completion[]
  /** File names may stand there too: the shell adds them. */
  readonly allowsFiles: boolean
}

/** What completion needs to know of this computer; asked for only where it matters. */
export interface CompletionSources {
  readonly policyNames: () => readonly string[]
  readonly generations: () => readonly Completion[]
}

const none: Completions = { candidates: [], allowsFiles: false }

/** The commands, for the first word. */
export function commandCompletions(partial: string): Completions {
  const rows = commandTable
    .filter((row) => row.isHidden !== true)
    .map((row) => ({ value: row.name, description: row.summary }))
  const help = { value: 'help', description: 'Print help about a command' }
  return starting({ candidates: [...rows, help], allowsFiles: false }, partial)
}

/**
 * What may follow `words` (after the command's name; the last one is being typed), by the arguments and options that the
 * command itself defines.
 */
export function wordCompletions(command: Command, words: readonly string[], sources: CompletionSources): Completions {
  const partial = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  const assignment = /^(--[\w-]+)=(.*)$/.exec(partial)
  if (assignment !== null) {
    const option = optionOf(command, assignment[1] as string)
    const values = option === undefined ? none : starting(optionValues(option, sources), assignment[2] as string)
    return {
      ...values,
      candidates: values.candidates.map((one) => ({ ...one, value: `${assignment[1]}=${one.value}` })),
    }
  }
  // bash makes words of their own of the = and of what follows it.
  const isAfterEquals = before.at(-1) === '='
  const optionWord = isAfterEquals || partial === '=' ? before.at(isAfterEquals ? -2 : -1) : before.at(-1)
  const waiting = optionOf(command, optionWord ?? '')
  if (waiting !== undefined && (waiting.required || waiting.optional)) {
    return starting(optionValues(waiting, sources), partial === '=' ? '' : partial)
  }
  if (partial.startsWith('-') && partial !== '-') return starting(optionNames(command, before), partial)
  const positionals = positionalsOf(command, before)
  const argument = command.registeredArguments[positionals] ?? variadicOf(command)
  return argument === undefined ? none : starting(argumentValues(argument, sources), partial)
}

function optionOf(command: Command, word: string): Option | undefined {
  return command.options.find((option) => option.long === word || option.short === word)
}

function variadicOf(command: Command): Argument | undefined {
  const last = command.registeredArguments.at(-1)
  return last?.variadic === true ? last : undefined
}

/** How many of the words before the cursor are arguments and not options or their values. */
function positionalsOf(command: Command, words: readonly string[]): number {
  let count = 0
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string
    const option = optionOf(command, word)
    if (option?.required === true) at += 1
    else if (!word.startsWith('-') || word === '-') count += 1
  }
  return count
}

/** Options that were not given yet, or may be given again. */
function optionNames(command: Command, before: readonly string[]): Completions {
  const given = new Set(before)
  const candidates = command.options
    .filter((option) => option.variadic || option.parseArg !== undefined || !given.has(option.long ?? ''))
    .flatMap((option) => (option.long === undefined ? [] : [{ value: option.long, description: option.description }]))
  return { candidates: [...candidates, { value: '--help', description: 'print this help' }], allowsFiles: false }
}

function optionValues(option: Option, sources: CompletionSources): Completions {
  return valuesOf(option.argChoices, /[<[]([\w-]+)/.exec(option.flags)?.[1] ?? '', sources)
}

function argumentValues(argument: Argument, sources: CompletionSources): Completions {
  return valuesOf(argument.argChoices, argument.name(), sources)
}

/** The name an argument is described by says what it takes. */
function valuesOf(choices: readonly string[] | undefined, name: string, sources: CompletionSources): Completions {
  if (choices !== undefined) return { candidates: choices.map((value) => ({ value })), allowsFiles: false }
  switch (name) {
    case 'policy':
      return { candidates: sources.policyNames().map((value) => ({ value })), allowsFiles: false }
    case 'generation':
      return { candidates: sources.generations(), allowsFiles: false }
    case 'command':
      return commandCompletions('')
    case 'source':
      return { candidates: [{ value: 'local', description: "this computer's store" }], allowsFiles: true }
    case 'file':
    case 'log':
    case 'dir':
    case 'directory':
    case 'socket':
      return { candidates: [], allowsFiles: true }
    default:
      return none
  }
}

/** In any case: policy names are found without regard to it. */
function starting(completions: Completions, partial: string): Completions {
  const wanted = partial.toLowerCase()
  return {
    ...completions,
    candidates: completions.candidates.filter((one) => one.value.toLowerCase().startsWith(wanted)),
  }
}
