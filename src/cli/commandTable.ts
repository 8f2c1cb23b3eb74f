import type { Command } from 'commander'
import type { Io } from './io.ts'

/** A command module: adds arguments, options and help to `command` and sets its action. */
export interface CommandModule {
  readonly define: (command: Command, io: Io) => void
  /** What its exit status means, and the like. */
  readonly notes?: string
  /** Shown by `--help` and in docs/commands.md, as are the notes. */
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
  /** Called by programs, not shown to people. */
  readonly isHidden?: true
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
    name: 'show',
    summary: 'Show policies, rules, filter lists and actions as a tree',
    group: 'read',
    load: async () => (await import('./commands/show.ts')).command,
  },
  {
    name: 'check',
    summary: 'Check a store: damage of the file and of every policy object',
    group: 'read',
    load: async () => (await import('./commands/check.ts')).command,
  },
  {
    name: 'convert',
    summary: 'Convert policies between formats without loss',
    group: 'read',
    load: async () => (await import('./commands/convert.ts')).command,
  },
  {
    name: 'rules',
    summary: 'Process the policy: every filter in the order it is matched',
    group: 'read',
    load: async () => (await import('./commands/rules.ts')).command,
  },
  {
    name: 'explain',
    summary: 'Say what happens to a packet, and which filter decides it',
    group: 'read',
    load: async () => (await import('./commands/explain.ts')).command,
  },
  {
    name: 'import',
    summary: "Add the policies of a file to this computer's store",
    group: 'store',
    load: async () => (await import('./commands/import.ts')).command,
  },
  {
    name: 'export',
    summary: "Write the policies of this computer's store to a file",
    group: 'store',
    load: async () => (await import('./commands/export.ts')).command,
  },
  {
    name: 'assign',
    summary: 'Assign a policy: the agent applies it',
    group: 'store',
    load: async () => (await import('./commands/assign.ts')).command,
  },
  {
    name: 'unassign',
    summary: 'Assign no policy',
    group: 'store',
    load: async () => (await import('./commands/unassign.ts')).command,
  },
  {
    name: 'delete',
    summary: 'Delete a policy with what only it uses',
    group: 'store',
    load: async () => (await import('./commands/delete.ts')).command,
  },
  {
    name: 'history',
    summary: 'List the kept generations of the local store',
    group: 'store',
    load: async () => (await import('./commands/history.ts')).command,
  },
  {
    name: 'restore',
    summary: 'Go back to an earlier generation of the local store',
    group: 'store',
    load: async () => (await import('./commands/restore.ts')).command,
  },
  {
    name: 'netsh',
    summary: 'Run netsh ipsec commands and scripts on the store, or open the netsh shell',
    group: 'store',
    load: async () => (await import('./commands/netsh.ts')).command,
  },
  {
    name: 'run',
    summary: 'Run the agent: load, process and watch the assigned policy',
    group: 'agent',
    load: async () => (await import('./commands/run.ts')).command,
  },
  {
    name: 'status',
    summary: 'Show what the agent has in force, and what failed',
    group: 'agent',
    load: async () => (await import('./commands/status.ts')).command,
  },
  {
    name: 'reload',
    summary: 'Make the agent load and apply its policy again',
    group: 'agent',
    load: async () => (await import('./commands/reload.ts')).command,
  },
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
  {
    name: 'completion',
    summary: 'Print the script that completes command lines in bash, zsh or fish',
    group: 'other',
    load: async () => (await import('./commands/completion.ts')).command,
  },
  {
    name: 'complete',
    summary: 'Say what may stand at the cursor, for completion scripts',
    group: 'other',
    isHidden: true,
    load: async () => (await import('./commands/complete.ts')).command,
  },
]
