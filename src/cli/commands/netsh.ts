import type { Command } from 'commander'
import { PolagentError } from '../../base/errors.ts'
import type { CommandModule } from '../commandTable.ts'
import type { Io } from '../io.ts'
import { addStoreOptions } from '../localStoreOf.ts'
import { lineOfWords } from '../netsh/commandLine.ts'
import { runInteractive } from '../netsh/interactive.ts'
import { NetshShell, type ShellOptions } from '../netsh/netshShell.ts'
import { addEncodingOption, stateDirectoryFor } from '../options.ts'

interface Options extends ShellOptions {
  readonly aliases?: string
  readonly context?: string
  readonly file?: string
  readonly remote?: string
  readonly user?: string
  readonly password?: string
}

export const command: CommandModule = {
  define: (netsh: Command, io: Io) => {
    netsh
      .argument('[words...]', 'one command, as `ipsec static show all`; without it and without -f there is a prompt')
      .option('-c, --context <context>', 'begin in this context, as "ipsec static"')
      .option('-f, --file <script>', 'run a script, or the netsh lines of a batch file; - is standard input')
      .option('-a, --aliases <script>', 'run a script first, then go on')
      .option('-r, --remote <computer>', 'refused: commands run on this computer only')
      .option('-u, --user <user>', 'refused, as -r')
      .option('-p, --password <password>', 'refused, as -r')
      .option('--each', 'commit every line of a script by itself; without it a script is one change of the store')
      .option('--store <hive>', "work on this registry hive instead of this computer's store")
      .option('--show-keys', 'show preshared keys in listings, as Windows does')
      .option('--hide-keys', 'leave preshared keys out of dump')
    addStoreOptions(addEncodingOption(netsh))
    netsh.action((words: readonly string[], options: Options) => runNetsh(words, options, io))
  },
  notes:
    'What netsh says goes to standard output, errors (ERR …) included; what exactly was wrong goes to standard error. The exit status is 1 when a command was refused.',
  examples: [
    { line: 'polagent netsh ipsec static show policy all', does: 'one command' },
    { line: 'polagent netsh -f block-ports.netsh', does: 'a script as one change of the store' },
    { line: 'polagent netsh', does: 'the prompt, with history and completion' },
  ],
}

async function runNetsh(words: readonly string[], options: Options, io: Io): Promise<void> {
  refuseOtherComputers(options)
  const hasWords = words.length > 0
  if (hasWords && options.file !== undefined) {
    throw new PolagentError('USAGE', { what: 'give either a command or -f, not both' })
  }
  const shell = new NetshShell(options, io)
  try {
    if (options.aliases !== undefined) await shell.runScript(options.aliases)
    if (options.context !== undefined) await shell.runLine(options.context)
    if (options.file !== undefined) await shell.runScript(options.file)
    else if (hasWords) await shell.runLine(lineOfWords(words))
    else if (!shell.isEnded) await runInteractive(shell, stateDirectoryFor(options, io).root, io)
    await shell.close()
  } finally {
    shell.flush()
    if (shell.hasFailed) io.setStatus(1)
  }
}

function refuseOtherComputers(options: Options): void {
  const given = (['remote', 'user', 'password'] as const).find((name) => options[name] !== undefined)
  if (given === undefined) return
  throw new PolagentError('USAGE', {
    what: `-${given.charAt(0)} is for other computers, and polagent works on this one; run it there`,
  })
}
