import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import type { AgentEvent } from './sourceEvents.ts'

/** An event as it was written. */
export interface WrittenEvent extends AgentEvent {
  /** ISO 8601, UTC. */
  readonly time: string
}

/** Where the agent's events go. `write` may throw: a full disk must not stop the agent, and its caller says so. */
export interface EventSink {
  readonly write: (event: WrittenEvent) => void
  readonly close: () => void
}

/** Appends one JSON object a line; each line is on disk when `write` returns. */
export function lineSink(path: string): EventSink {
  let descriptor: number | undefined
  const open = (): number => {
    descriptor ??= openSync(path, 'a', 0o600)
    return descriptor
  }
  return {
    write: (event) => {
      const target = open()
      writeSync(target, `${JSON.stringify(event)}\n`)
      fsyncSync(target)
    },
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor)
      descriptor = undefined
    },
  }
}
