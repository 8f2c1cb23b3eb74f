import type { Command } from 'commander'
import type { Io } from './io.ts'

/** A command module: adds arguments, options and help to `command` and sets its action. */
export interface CommandModule {
  readonly define: (command: Command, io: Io) => void
}

export interface CommandRow {
  readonly name: string
  /** One line for `polagent help`, also used by completion and docs/commands.md. */
  readonly summary: string
  readonly group: 'read' | 'store' | 'agent' | 'audit' | 'other'
  readonly load: () => Promise<CommandModule>
}

/** Every command, in the order help lists them. Modules are loaded only when their command runs. */
export const commandTable: readonly CommandRow[] = []
