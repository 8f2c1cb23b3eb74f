import type { Command } from 'commander'
import type { CommandModule } from '../commandTable.ts'
import { localTime } from '../localTime.ts'
import type { Io } from '../io.ts'
import { jsonText } from '../jsonText.ts'
import { localStoreOf, type StoreOptions } from '../localStoreOf.ts'
import { addStateDirOption } from '../options.ts'
import { jsonVersion } from '../policyJson.ts'
import { printable } from '../printable.ts'

interface Options extends StoreOptions {
  readonly json?: true
}

export const command: CommandModule = {
  define: (history: Command, io: Io) => {
    addStateDirOption(history)
      .option('--json', 'one JSON document (docs/schema/history.schema.json)')
      .action((options: Options) => showHistory(options, io))
  },
}

function showHistory(options: Options, io: Io): void {
  const { generations, isChangedOutside } = localStoreOf(options, io).history()
  if (options.json === true) {
    io.out(jsonText({ version: jsonVersion, generations, changedOutside: isChangedOutside }))
    return
  }
  if (generations.length === 0) io.err('There is no history: the local store was never changed.\n')
  const width = String(generations.at(-1)?.number ?? 0).length
  for (const { number, time, reason, bytes } of generations) {
    io.out(
      `${String(number).padStart(width)}  ${localTime(time)}  ${String(bytes).padStart(9)} bytes  ${printable(reason)}\n`,
    )
  }
  if (isChangedOutside)
    io.err('The store was changed by another program since; the next change makes that a generation too.\n')
}
