import { commandTable } from '../table/commandTable.ts'
import type { CommandRow, Mark } from '../table/tagTypes.ts'

/** Contexts of the shell that are known here, by their path (netsh-ipsec.md 1.4). */
export const contexts = ['', 'ipsec', 'ipsec static', 'ipsec dynamic'] as const
export type ContextPath = (typeof contexts)[number]

const helpOfContext: Record<ContextPath, string> = {
  '': 'The netsh shell.',
  ipsec: 'Goes to the contexts for IPsec policy.',
  'ipsec static': 'Works on stored policy.',
  'ipsec dynamic': 'Works on the running agent.',
}

/** Commands the shell has in every context (1.2). `takes` says what may follow. */
export interface ShellRow {
  readonly verb: string
  readonly object?: string
  readonly takes: string
  readonly help: string
  readonly mark: Mark
}

export const shellTable: readonly ShellRow[] = [
  { verb: '..', takes: '', help: 'Goes up one context.', mark: 'D' },
  { verb: '?', takes: '', help: 'Lists the commands.', mark: 'D' },
  { verb: 'abort', takes: '', help: 'Drops changes made in offline mode.', mark: 'D' },
  { verb: 'add', object: 'helper', takes: 'DLL', help: 'Adds a helper DLL; there are none here.', mark: 'D' },
  { verb: 'alias', takes: '[name [text …]]', help: 'Lists, shows or makes an alias.', mark: 'D' },
  { verb: 'bye', takes: '', help: 'Leaves the shell.', mark: 'D' },
  { verb: 'commit', takes: '', help: 'Applies changes made in offline mode.', mark: 'D' },
  { verb: 'delete', object: 'helper', takes: 'DLL', help: 'Removes a helper DLL; there are none here.', mark: 'D' },
  { verb: 'exec', takes: 'file', help: 'Runs a script file.', mark: 'D' },
  { verb: 'exit', takes: '', help: 'Leaves the shell.', mark: 'D' },
  { verb: 'help', takes: '', help: 'Lists the commands.', mark: 'D' },
  { verb: 'offline', takes: '', help: 'Goes to offline mode.', mark: 'D' },
  { verb: 'online', takes: '', help: 'Goes to online mode.', mark: 'D' },
  { verb: 'popd', takes: '', help: 'Goes back to the context that pushd saved.', mark: 'D' },
  { verb: 'pushd', takes: '[context]', help: 'Saves the context, and goes to another.', mark: 'D' },
  { verb: 'quit', takes: '', help: 'Leaves the shell.', mark: 'D' },
  {
    verb: 'set',
    object: 'file',
    takes: 'open|append|close [file]',
    help: 'Copies what is printed to a file.',
    mark: 'D',
  },
  { verb: 'set', object: 'machine', takes: '[name]', help: 'Says which computer commands are for.', mark: 'D' },
  { verb: 'set', object: 'mode', takes: 'online|offline', help: 'Goes to online or offline mode.', mark: 'D' },
  { verb: 'show', object: 'alias', takes: '[name]', help: 'Shows aliases.', mark: 'D' },
  { verb: 'show', object: 'helper', takes: '', help: 'Shows helpers.', mark: 'D' },
  { verb: 'show', object: 'mode', takes: '', help: 'Shows the mode.', mark: 'D' },
  { verb: 'unalias', takes: 'name', help: 'Removes an alias.', mark: 'D' },
]

/** What a word after a context path may be: a context below it, or the first word of commands. */
export type Entry =
  | { readonly kind: 'context'; readonly word: string; readonly path: ContextPath; readonly help: string }
  | { readonly kind: 'verb'; readonly word: string; readonly rows: readonly VerbRow[] }

/** A command of a context, and its second word when it has one. */
export interface VerbRow {
  readonly object?: string
  readonly help: string
  readonly command?: CommandRow
  readonly shell?: ShellRow
}

const entriesByPath = new Map<ContextPath, readonly Entry[]>(contexts.map((path) => [path, makeEntries(path)]))

/** Entries of a context and of those above it, by their whole words; the nearest counts. */
const entryByWord = new Map(
  contexts.map((path) => {
    const found = new Map<string, { readonly entry: Entry; readonly context: ContextPath }>()
    for (const context of makeLineage(path).toReversed()) {
      for (const entry of makeEntries(context)) found.set(entry.word, { entry, context })
    }
    return [path, found] as const
  }),
)

/** What a whole word means in a context. */
export function entryNamed(path: ContextPath, word: string) {
  return entryByWord.get(path)?.get(word)
}

/** What is in a context itself, by the alphabet. */
export function entriesOf(path: ContextPath): readonly Entry[] {
  return entriesByPath.get(path) ?? []
}

function makeEntries(path: ContextPath): Entry[] {
  const below: Entry[] = contexts
    .filter((candidate) => candidate !== '' && parentOf(candidate) === path)
    .map((candidate) => ({
      kind: 'context',
      word: lastWord(candidate),
      path: candidate,
      help: helpOfContext[candidate],
    }))
  const rows = new Map<string, VerbRow[]>()
  const add = (verb: string, row: VerbRow): void => {
    const known = rows.get(verb)
    if (known === undefined) rows.set(verb, [row])
    else known.push(row)
  }
  for (const command of commandTable) {
    const [context = '', verb = '', object] = command.kind.split(' ')
    if (path === `ipsec ${context}`)
      add(verb, { ...(object === undefined ? {} : { object }), help: command.help, command })
  }
  if (path === 'ipsec' || path === '') {
    const dump = { verb: 'dump', takes: '', help: 'Prints a script of the configuration.', mark: 'D' } as const
    add('dump', { help: dump.help, shell: dump })
  }
  if (path === '') {
    for (const shell of shellTable) {
      add(shell.verb, { ...(shell.object === undefined ? {} : { object: shell.object }), help: shell.help, shell })
    }
  }
  const verbs: Entry[] = [...rows].map(([word, list]) => ({ kind: 'verb', word, rows: list }))
  return [...below, ...verbs].toSorted((a, b) => (a.word < b.word ? -1 : 1))
}

export function parentOf(path: ContextPath): ContextPath {
  const space = path.lastIndexOf(' ')
  return space < 0 ? '' : (path.slice(0, space) as ContextPath)
}

function lastWord(path: string): string {
  return path.slice(path.lastIndexOf(' ') + 1)
}

const lineages = new Map<ContextPath, readonly ContextPath[]>(contexts.map((path) => [path, makeLineage(path)]))

/** The context itself, then those above it: commands of all of them can be given. */
export function lineage(path: ContextPath): readonly ContextPath[] {
  return lineages.get(path) ?? [path]
}

function makeLineage(path: ContextPath): ContextPath[] {
  const paths: ContextPath[] = [path]
  for (let at = path; at !== ''; ) {
    at = parentOf(at)
    paths.push(at)
  }
  return paths
}
