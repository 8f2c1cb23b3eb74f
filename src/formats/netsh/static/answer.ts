import { type Fault, fault } from '../fault.ts'
import type { MessageId } from '../table/messages.ts'

/** What a command gave. */
export interface Answer {
  /** For standard output; the text of a fault included. */
  readonly output: string
  readonly fault?: Fault
  /** What was odd though it was done, in words. */
  readonly notes: readonly string[]
  readonly effect?: StaticEffect
}

/** What only the caller can do: choose another store, read and write files, ask the directory. */
export type StaticEffect =
  | { readonly kind: 'set-store'; readonly location: 'local' | 'persistent' | 'domain'; readonly domain?: string }
  | { readonly kind: 'set-batch'; readonly isEnabled: boolean }
  | { readonly kind: 'export'; readonly file: string }
  | { readonly kind: 'import'; readonly file: string }
  | { readonly kind: 'restore-examples'; readonly release: 'win2k' | 'win2003' }
  | { readonly kind: 'dump' }
  | { readonly kind: 'show-group-policy'; readonly gpo?: string }

/**
 * Ends a command; caught by the session. No Error: a script may be refused line by line, and a stack trace of each costs
 * more than the line.
 */
export class Refusal {
  readonly fault: Fault

  constructor(found: Fault) {
    this.fault = found
  }
}

/** A command as far as messages about it need it. */
export interface WithColumns {
  readonly columns: Readonly<Record<string, number>>
}

/** Refuses a command at one of its tags. */
export function refuse(
  command: WithColumns,
  tag: string,
  message: MessageId,
  values: readonly string[],
  what: string,
  nearest?: string,
): Refusal {
  const column = command.columns[tag] ?? 1
  return new Refusal(fault(message, values, what, column, nearest === undefined ? {} : { nearest }))
}
