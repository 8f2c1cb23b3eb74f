import type { Command } from 'commander'
import type { Io } from './io.ts'

/** A command module: adds arguments, options and help to `command` and sets its action. */
export interface CommandModule {
  readonly define: (command: Command, io: Io) => void
  /** Shown by `--help` and in docs/commands.md. */
  readonly examples?: readonly CommandExample[]
}

export interface CommandExample {
  readonly line: string
  readonly does: string
}

export type CommandGroup = 'read' | 'store' | 'agent' | 'audit' | 'other'

export interface CommandRow {
  readonly name: string
  /** One line for `polagent help`, also used by completion and docs/commands.md. */
  readonly summary: string
  readonly group: CommandGroup
  readonly load: () => Promise<CommandModule>
}

export const commandGroupTitle: Record<CommandGroup, string> = {
  read: 'Read and explain policy:',
  store: "This computer's policy store:",
  agent: 'The agent:',
  audit: 'Events and error codes:',
  other: 'Other:',
}

/** Every command, in the order help lists them. Modules are loaded only when their command runs. */
export const commandTable: readonly CommandRow[] = [
  {
    name: 'events',
    summary: 'Show, follow or export the event log',
    group: 'audit',
    load: async () => (await import('./commands/events.ts')).command,
  },
  {
    name: 'helpmsg',
    summary: 'Explain an error code: its text, cause, fix and check',
    group: 'audit',
    load: async () => (await import('./commands/helpmsg.ts')).command,
  },
]
