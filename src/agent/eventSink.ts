import type { AgentEvent } from './sourceEvents.ts'

/** An event as it was written. */
export interface WrittenEvent extends AgentEvent {
  /** ISO 8601, UTC. */
  readonly time: string
}

/**
 * Where the agent's events go. `write` may throw: a full disk must not stop the agent. What could not be written is kept
 * by the sink and written later; then it calls `onRecovered`.
 */
export interface EventSink {
  readonly write: (event: WrittenEvent) => void
  readonly close: () => void
}

export type SinkFactory = (onRecovered: () => void, note: (text: string) => void) => EventSink
