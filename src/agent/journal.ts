import { failureCodeOf } from './failureCodes.ts'
import type { EventSink, SinkFactory, WrittenEvent } from './eventSink.ts'
import { agentEvent, type AgentEvent, agentEventOf } from './sourceEvents.ts'

/** Why events cannot be written at present. */
export interface EventLogFailure {
  readonly reason: string
  readonly win32: number
  /** Events that wait to be written. */
  readonly waiting: number
}

/** Events kept for status. */
const keptEvents = 50

/**
 * Writes the agent's events, keeps the last ones for status, and carries on when they cannot be written: that is an event
 * of its own (4712), so that the gap in time is explained in the log once it can be written again.
 */
export class Journal {
  readonly #sink: EventSink
  readonly #now: () => string
  readonly #listeners: ((event: WrittenEvent) => void)[] = []
  readonly #last: WrittenEvent[] = []
  #failure: EventLogFailure | undefined

  constructor(options: {
    readonly openSink: SinkFactory
    /** ISO 8601, UTC. */
    readonly now: () => string
    readonly note: (text: string) => void
  }) {
    this.#now = options.now
    this.#sink = options.openSink(() => {
      options.note('the event log can be written again; nothing that waited is lost')
      this.#failure = undefined
    }, options.note)
  }

  get lastEvents(): readonly WrittenEvent[] {
    return this.#last
  }

  get failure(): EventLogFailure | undefined {
    return this.#failure
  }

  /** Calls `listener` with every event from now on, written or not. */
  listen(listener: (event: WrittenEvent) => void): void {
    this.#listeners.push(listener)
  }

  write(event: AgentEvent): void {
    const written: WrittenEvent = { time: this.#now(), ...event }
    this.#last.push(written)
    if (this.#last.length > keptEvents) this.#last.shift()
    const isNew = this.#tryWrite(written) === 'failing-since-now'
    for (const listener of this.#listeners) listener(written)
    if (isNew && this.#failure !== undefined) {
      const { reason, win32 } = this.#failure
      this.write(agentEventOf(agentEvent.seriousFailure, `Events cannot be written: ${reason} (error ${win32})`))
    }
  }

  close(): void {
    this.#sink.close()
  }

  #tryWrite(event: WrittenEvent): 'written' | 'failing' | 'failing-since-now' {
    const before = this.#failure
    try {
      this.#sink.write(event)
      this.#failure = undefined
      return 'written'
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown failure'
      this.#failure = { reason, win32: failureCodeOf(error), waiting: (before?.waiting ?? 0) + 1 }
      return before === undefined ? 'failing-since-now' : 'failing'
    }
  }
}
