import type { Command } from 'commander'
import type { AgentStatus } from '../../agent/agentStatus.ts'
import { askAgent } from '../../agent/controlClient.ts'
import { agentEventLine } from '../agentOutput.ts'
import type { CommandModule } from '../commandTable.ts'
import type { Io } from '../io.ts'
import { jsonText } from '../jsonText.ts'
import { localTime } from '../localTime.ts'
import { addStateDirOption, type StateDirOption, stateDirectoryFor } from '../options.ts'
import { situationLines } from '../situationText.ts'
import { printable } from '../printable.ts'

interface Options extends StateDirOption {
  readonly json?: true
}

/** Events shown to people; `--json` has all that the agent keeps. */
const shownEvents = 10

export const command: CommandModule = {
  define: (status: Command, io: Io) => {
    addStateDirOption(status)
      .option('--json', 'one JSON document (docs/schema/status.schema.json)')
      .action((options: Options) => showStatus(options, io))
  },
  examples: [{ line: 'polagent status', does: 'What is in force, what failed and why, and the last events.' }],
}

async function showStatus(options: Options, io: Io): Promise<void> {
  const directory = stateDirectoryFor(options, io)
  const status = (await askAgent(directory.controlSocket, 'status')) as AgentStatus
  io.out(options.json === true ? jsonText(status) : statusLines(status).join('\n'))
}

function statusLines(status: AgentStatus): string[] {
  const since = status.startedAt === undefined ? '' : ` since ${localTime(status.startedAt)}`
  const { failure } = status.eventLog
  return [
    `The agent runs as process ${status.pid}${since}, state: ${status.state}${status.isBusy ? ', working' : ''}.`,
    ...situationLines(status, status.mode),
    ...(failure === undefined
      ? []
      : [
          `Events cannot be written (${printable(failure.reason)}, error ${failure.win32}); ` +
            `${failure.waiting} wait to be written.`,
        ]),
    '',
    ...status.lastEvents.slice(-shownEvents).map(agentEventLine),
    '',
  ]
}
