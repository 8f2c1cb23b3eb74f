import { setFlagsFromString } from 'node:v8'
import type { Command } from 'commander'
import { agentEventLine } from '../agentOutput.ts'
import { attemptEntry } from '../../agent/attemptEntry.ts'
import { defaultMemoryLimit } from '../../agent/memoryLimit.ts'
import { type AgentReport, runAgent } from '../../agent/runAgent.ts'
import { verdictOn } from '../../agent/agentStatus.ts'
import { StoreSource } from '../../agent/storeSource.ts'
import { PolagentError } from '../../base/errors.ts'
import type { CommandModule } from '../commandTable.ts'
import type { Io } from '../io.ts'
import { addStateDirOption, type StateDirOption, stateDirectoryFor, wholeNumber } from '../options.ts'
import { situationLines } from '../situationText.ts'
import { statusOfVerdict } from '../verdictStatus.ts'

interface Options extends StateDirOption {
  readonly observe?: true
  readonly enforce?: true
  readonly memoryLimit?: number
  readonly once?: true
  readonly json?: true
}

/** Longest time for reading, processing or applying one policy. Seconds. */
const workSeconds = 600
/** With less, not even a small policy can be read. Mebibytes. */
const smallestMemoryLimit = 8

export const command: CommandModule = {
  define: (run: Command, io: Io) => {
    addStateDirOption(run)
      .option('--observe', 'process policy and say what would be done; nothing on this computer is changed (default)')
      .option('--enforce', 'put policy in force (not available yet)')
      .option(
        '--memory-limit <megabytes>',
        `memory for policy data (default ${defaultMemoryLimit}); a policy that needs more fails with error 14`,
        wholeNumber(smallestMemoryLimit, 1_048_576),
      )
      .option('--once', 'stop after the first attempt; the exit status says how it went')
      .option('--json', 'one JSON document a line: events, and what is in force (docs/schema/run.schema.json)')
      .action((options: Options) => runUntilStopped(options, io))
  },
  examples: [
    { line: 'polagent run', does: 'Runs the agent in the foreground until Ctrl-C; SIGHUP makes it reload.' },
    { line: 'polagent run --once', does: 'Loads and processes the assigned policy once and says how that went.' },
  ],
}

async function runUntilStopped(options: Options, io: Io): Promise<void> {
  if (options.enforce === true) throw new PolagentError('AGENT_MODE_UNAVAILABLE')
  // The agent runs for months and does little: V8 shall give memory back after a busy moment.
  setFlagsFromString('--optimize-for-size')
  const directory = stateDirectoryFor(options, io)
  const memoryLimit = options.memoryLimit ?? defaultMemoryLimit
  // The log costs memory and time to load; asking for help must not.
  const { eventLogSink } = await import('../../audit/eventLogSink.ts')
  const situation = await runAgent({
    directory,
    source: new StoreSource({
      hive: directory.hive,
      entry: attemptEntry(),
      args: [directory.root],
      memoryLimit,
      timeoutSeconds: workSeconds,
    }),
    openSink: (onRecovered, note) =>
      eventLogSink(directory.eventLog, { onRecovered, report: (finding) => note(finding.message) }),
    mode: 'observe',
    memoryLimit,
    once: options.once === true,
    env: io.env,
    report: (report) =>
      io.out(options.json === true ? `${JSON.stringify(documentOf(report))}\n` : textOf(report, options)),
  })
  if (options.once === true) io.setStatus(statusOfVerdict[verdictOn(situation)])
}

function documentOf(report: AgentReport): unknown {
  switch (report.kind) {
    case 'event':
      return { version: 1, kind: 'event', ...report.event }
    case 'situation':
      return { version: 1, kind: 'situation', mode: 'observe', ...report.situation }
    case 'note':
      return { version: 1, kind: 'note', text: report.text }
  }
}

function textOf(report: AgentReport, { once }: Options): string {
  switch (report.kind) {
    case 'event':
      return `${agentEventLine(report.event)}\n`
    case 'situation':
      return situationLines(report.situation, 'observe', once !== true)
        .map((line) => `    ${line}\n`)
        .join('')
    case 'note':
      return `    ${report.text}\n`
  }
}
