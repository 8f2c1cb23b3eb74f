import { Command, CommanderError } from 'commander'
import { PolagentError } from '../base/errors.ts'
import { commandGroupTitle, commandTable, type CommandModule, type CommandRow } from './commandTable.ts'
import { reportFailure } from './failure.ts'
import type { Io } from './io.ts'

const title =
  'Reads Windows IP Security policies from any store or export, processes every rule, and says and does what they mean.'

const sourceHelp = `
SOURCE is a file whose format is recognised by its content (registry hive, .reg text, batch file with reg add lines,
.ipsec export, LDIF, netsh ipsec script or batch file, policy document in JSON or YAML), - for standard input, or local
for this computer's store.

Exit status: 0 done, 1 something was found, 2 wrong usage, 3 unreadable input, 4 the system refused, 5 no agent.`

/** Runs one command line. Never rejects: every failure becomes a sentence on standard error and an exit status. */
export async function runProgram(args: readonly string[], io: Io, version: string): Promise<void> {
  const { rest, env } = withLeadingStateDir(args, io)
  const words = wordsOf(rest)
  try {
    const program = await programFor(words, { ...io, env }, version)
    await program.parseAsync(words, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return
      return reportFailure(usageError(error), io, words.includes('--json'))
    }
    reportFailure(error, io, words.includes('--json'))
  }
}

/** `help show` asks for the same as `show --help`; nothing at all asks for help. */
function wordsOf(args: readonly string[]): string[] {
  if (args.length === 0) return ['--help']
  if (args[0] !== 'help') return [...args]
  return args[1] === undefined ? ['--help'] : [args[1], '--help']
}

/** `--state-dir` belongs to commands, but people also write it before the command. */
function withLeadingStateDir(args: readonly string[], io: Io): { rest: readonly string[]; env: Io['env'] } {
  const [first, second] = args
  if (first === '--state-dir' && second !== undefined) {
    return { rest: args.slice(2), env: { ...io.env, POLAGENT_STATE_DIR: second } }
  }
  if (first?.startsWith('--state-dir=') === true) {
    return { rest: args.slice(1), env: { ...io.env, POLAGENT_STATE_DIR: first.slice('--state-dir='.length) } }
  }
  return { rest: args, env: io.env }
}

/** The program with every command named and the one that is asked for defined. */
async function programFor(words: readonly string[], io: Io, version: string): Promise<Command> {
  const program = new Command('polagent')
  program
    .description(title)
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print help about a command')
    .configureOutput({ writeOut: io.out, writeErr: () => {}, outputError: () => {} })
    .exitOverride()
    .addHelpText('after', sourceHelp)
  for (const row of commandTable) {
    const command = program.command(row.name, { hidden: row.isHidden === true })
    command.helpGroup(commandGroupTitle[row.group])
    if (row.name === words[0]) defineCommand(command, row, await row.load(), io)
    else command.summary(row.summary).allowUnknownOption()
  }
  return program
}

/** Gives `command` what its module says and what all commands have in common. */
function defineCommand(command: Command, row: CommandRow, module: CommandModule, io: Io): void {
  command.summary(row.summary).description(`${row.summary}.`).helpOption('-h, --help', 'print this help')
  module.define(command, io)
  if (module.notes !== undefined) command.addHelpText('after', `\n${module.notes}`)
  const examples = module.examples ?? []
  if (examples.length === 0) return
  const lines = examples.map((example) => `  ${example.line}\n      ${example.does}`)
  command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`)
}

function usageError(error: CommanderError): PolagentError {
  const what = error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ')
  return new PolagentError('USAGE', { what })
}
