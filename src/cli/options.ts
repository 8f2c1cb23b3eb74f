import { type Command, InvalidArgumentError } from 'commander'
import { type StateDirectory, stateDirectoryOf } from '../stores/stateDirectory.ts'
import type { Io } from './io.ts'

export interface StateDirOption {
  readonly stateDir?: string
}

/** Options that many commands share, so that they are spelled and described alike. */
export function addStateDirOption(command: Command): Command {
  return command.option(
    '--state-dir <dir>',
    'state directory (default: $POLAGENT_STATE_DIR, else /var/lib/polagent for root, ~/.local/state/polagent for others)',
  )
}

export function addEncodingOption(command: Command): Command {
  return command.option('--encoding <name>', 'code page of ANSI text, for example windows-1251 (default windows-1252)')
}

/** The directory the options name; nothing is created. */
export function stateDirectoryFor(options: StateDirOption, io: Io): StateDirectory {
  return stateDirectoryOf(options.stateDir, io.env)
}

/** For commander: a whole number between the bounds. */
export function wholeNumber(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    if (!(number >= lowest && number <= highest)) {
      throw new InvalidArgumentError(`It must be a whole number from ${lowest} to ${highest}.`)
    }
    return number
  }
}

/** For commander: collects the values of an option that may be given several times. */
export function collect<T>(parse: (text: string) => T): (text: string, earlier: readonly T[] | undefined) => T[] {
  return (text, earlier) => [...(earlier ?? []), parse(text)]
}

/** What every command with a SOURCE takes. */
export function addSourceOptions(command: Command): Command {
  return addStateDirOption(addEncodingOption(command))
}
