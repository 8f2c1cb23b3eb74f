import { Command } from 'commander'
import { type CommandModule, commandTable } from '../commandTable.ts'
import { commandCompletions, type Completion, type Completions, wordCompletions } from '../completions.ts'
import type { Io } from '../io.ts'
import { localStoreOf, setOfStores } from '../localStoreOf.ts'
import type { StateDirOption } from '../options.ts'

/** Asked by the completion scripts; not meant for people. */
export const command: CommandModule = {
  define: (complete: Command, io: Io) => {
    complete
      .argument('[words...]', 'the command line up to the cursor')
      .allowUnknownOption()
      .action((words: readonly string[]) => answer(words, io))
  },
}

async function answer(words: readonly string[], io: Io): Promise<void> {
  const { candidates, allowsFiles } = await completionsFor(words, io)
  const lines = candidates.map((one) =>
    one.description === undefined ? one.value : `${one.value}\t${one.description}`,
  )
  io.out([...lines, ...(allowsFiles ? [':'] : [])].map((line) => `${line}\n`).join(''))
}

async function completionsFor(words: readonly string[], io: Io): Promise<Completions> {
  const [name = '', ...rest] = words
  if (rest.length === 0) return commandCompletions(name)
  if (name === 'help')
    return rest.length === 1 ? commandCompletions(rest[0] as string) : { candidates: [], allowsFiles: false }
  const row = commandTable.find((one) => one.name === name)
  if (row === undefined) return { candidates: [], allowsFiles: false }
  const asked = new Command(name)
  const module = await row.load()
  module.define(asked, io)
  const options = stateDirOf(rest)
  return wordCompletions(asked, rest, {
    policyNames: () => quietly(() => policyNames(options, io)),
    generations: () => quietly(() => generations(options, io)),
  })
}

function policyNames(options: StateDirOption, io: Io): string[] {
  const { stores } = localStoreOf(options, io).read()
  const names = setOfStores(stores).areas.flatMap((area) => area.policies.map((policy) => policy.name))
  // A name with a line break or tab cannot be told to a shell.
  return [...new Set(names)].filter((name) => !/[\n\r\t]/.test(name))
}

function generations(options: StateDirOption, io: Io): Completion[] {
  return localStoreOf(options, io)
    .history()
    .generations.map(({ number, time, reason }) => ({
      value: String(number),
      description: `${time} ${reason}`.replaceAll(/\s+/g, ' '),
    }))
}

/** `--state-dir` among the words that are there already. */
function stateDirOf(words: readonly string[]): StateDirOption {
  const at = words.indexOf('--state-dir')
  const value = at < 0 ? undefined : words[at + 1]
  return value === undefined ? {} : { stateDir: value }
}

/** Completion never complains. */
function quietly<T>(work: () => readonly T[]): readonly T[] {
  try {
    return work()
  } catch {
    return []
  }
}
