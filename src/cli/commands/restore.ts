import type { Command } from 'commander'
import type { CommandModule } from '../commandTable.ts'
import { localTime } from '../localTime.ts'
import type { Io } from '../io.ts'
import { addStoreOptions, localStoreOf, type StoreOptions } from '../localStoreOf.ts'
import { wholeNumber } from '../options.ts'
import { printable } from '../printable.ts'
import { PolagentError } from '../../base/errors.ts'

interface Options extends StoreOptions {
  readonly last?: true
}

export const command: CommandModule = {
  define: (restoring: Command, io: Io) => {
    addStoreOptions(
      restoring
        .argument('[generation]', 'number from `polagent history`', wholeNumber(1, 999_999_999))
        .option('--last', 'the one before the present state'),
    ).action((generation: number | undefined, options: Options) => restore(generation, options, io))
  },
  examples: [
    { line: 'polagent restore --last', does: 'takes the last change back' },
    { line: 'polagent restore 7', does: 'makes generation 7 the present state; the history goes on' },
  ],
}

async function restore(generation: number | undefined, options: Options, io: Io): Promise<void> {
  if ((generation === undefined) !== (options.last === true)) {
    throw new PolagentError('USAGE', { what: 'say either a generation or --last' })
  }
  const { from, generation: made } = await localStoreOf(options, io).restore(generation)
  const which = `generation ${from.number} of ${localTime(from.time)} (${printable(from.reason)})`
  io.out(made === undefined ? `The store is ${which} already\n` : `Restored ${which}, as generation ${made.number}\n`)
}
