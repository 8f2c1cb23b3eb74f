import type { Command } from 'commander'
import { type ReloadReport, verdictOn } from '../../agent/agentStatus.ts'
import { askAgent } from '../../agent/controlClient.ts'
import { shortEvent } from '../agentOutput.ts'
import type { CommandModule } from '../commandTable.ts'
import type { Io } from '../io.ts'
import { jsonText } from '../jsonText.ts'
import { addStateDirOption, type StateDirOption, stateDirectoryFor, wholeNumber } from '../options.ts'
import { situationLines } from '../situationText.ts'
import { statusOfVerdict } from '../verdictStatus.ts'

interface Options extends StateDirOption {
  readonly wait: boolean
  readonly timeout?: number
  readonly json?: true
}

/** Longer than the agent works on anything. Seconds. */
const longestWait = 1300

export const command: CommandModule = {
  define: (reload: Command, io: Io) => {
    addStateDirOption(reload)
      .option('--json', 'one JSON document (docs/schema/reload.schema.json)')
      .option('--no-wait', 'do not wait for the outcome')
      .option('--timeout <seconds>', 'how long to wait for the outcome', wholeNumber(1, 86_400))
      .action((options: Options) => reloadPolicy(options, io))
  },
  examples: [
    {
      line: 'polagent reload',
      does: 'Reads and applies the policy again; exit status 0 all of it is in force, 1 a part failed, 4 it failed.',
    },
  ],
}

async function reloadPolicy(options: Options, io: Io): Promise<void> {
  const directory = stateDirectoryFor(options, io)
  if (!options.wait) {
    await askAgent(directory.controlSocket, 'reload-soon')
    if (options.json !== true) io.out('The agent reloads the policy.\n')
    return
  }
  const report = (await askAgent(directory.controlSocket, 'reload', options.timeout ?? longestWait)) as ReloadReport
  if (options.json === true) io.out(jsonText(report))
  else io.out([...report.events.map(shortEvent), ...situationLines(report, report.mode), ''].join('\n'))
  io.setStatus(statusOfVerdict[verdictOn(report)])
}
