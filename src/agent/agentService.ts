import type { AgentEffect, AgentInput } from './agentInput.ts'
import { type AgentSettings, type AgentState, initialState } from './agentState.ts'
import { failureCodeOf } from './failureCodes.ts'
import type { Failure, PolicySource } from './policySource.ts'
import type { AgentEvent } from './sourceEvents.ts'
import { agentStep } from './stateMachine.ts'

/** What the service needs of the world; tests pass their own. */
export interface AgentSurroundings {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Calls back once after that many seconds; the answer cancels. */
  readonly setTimer: (seconds: number, callback: () => void) => () => void
  readonly source: PolicySource
  readonly log: (event: AgentEvent) => void
  /** An attempt has ended; the state is the one it has led to. */
  readonly onAttempt: (outcome: AttemptOutcome) => void
  readonly exit: () => void
}

/** Inputs that come from outside the service itself. */
export type AgentTrigger = 'started' | 'store-changed' | 'reload-requested' | 'interfaces-changed' | 'stop-requested'

/** How one attempt ended. */
export interface AttemptOutcome {
  readonly state: AgentState
  /** What it logged, in order. */
  readonly events: readonly AgentEvent[]
}

/** Drives the state machine: one input after the other, each with all its effects, in order. */
export class AgentService {
  readonly #surroundings: AgentSurroundings
  readonly #settings: AgentSettings
  readonly #queue: AgentInput[] = []
  #state: AgentState = initialState
  #isDraining = false
  #cancelTimer: (() => void) | undefined
  /** Attempts begun and ended since the start. */
  #begun = 0
  #ended = 0
  #events: AgentEvent[] = []
  #waiting: { readonly attempt: number; readonly resolve: (outcome: AttemptOutcome) => void }[] = []

  constructor(surroundings: AgentSurroundings, settings: AgentSettings) {
    this.#surroundings = surroundings
    this.#settings = settings
  }

  get state(): AgentState {
    return this.#state
  }

  trigger(kind: AgentTrigger): void {
    this.#input({ kind, at: this.#surroundings.now() })
  }

  /** Forces a reload and tells how the attempt ended that began with or after this request. */
  reload(): Promise<AttemptOutcome> {
    return new Promise((resolve) => {
      this.#waiting.push({ attempt: this.#begun + 1, resolve })
      this.trigger('reload-requested')
    })
  }

  #input(input: AgentInput): void {
    this.#queue.push(input)
    if (this.#isDraining) return
    this.#isDraining = true
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#take(next)
    } finally {
      this.#isDraining = false
    }
  }

  #take(input: AgentInput): void {
    const step = agentStep(this.#state, input, this.#settings)
    this.#state = step.state
    for (const effect of step.effects) this.#perform(effect)
  }

  #perform(effect: AgentEffect): void {
    const { source, now } = this.#surroundings
    switch (effect.kind) {
      case 'log':
        this.#events.push(effect.event)
        return this.#surroundings.log(effect.event)
      case 'load':
        // Every attempt begins with the persistent policy, once.
        if (effect.source === 'persistent') this.#begin()
        void source
          .load(effect.source, effect.knownDigest)
          .catch((error: unknown) => ({ kind: 'failed', scope: 'store', ...failureOf(error) }) as const)
          .then((result) => this.#input({ kind: 'loaded', result, at: now() }))
        return
      case 'apply':
        void source
          .apply(effect.source, effect.what)
          .catch((error: unknown) => ({ kind: 'none', ...failureOf(error) }) as const)
          .then((result) => this.#input({ kind: 'applied', result, at: now() }))
        return
      case 'end-attempt':
        source.endAttempt()
        return this.#end()
      case 'set-timer':
        this.#clearTimer()
        this.#cancelTimer = this.#surroundings.setTimer(effect.seconds, () => {
          this.#cancelTimer = undefined
          this.#input({ kind: 'poll-due', at: now() })
        })
        return
      case 'clear-timer':
        return this.#clearTimer()
      case 'exit':
        this.#ended = Number.POSITIVE_INFINITY
        this.#tellWaiting()
        return this.#surroundings.exit()
    }
  }

  #begin(): void {
    this.#begun += 1
    if (this.#begun > 1) this.#events = []
  }

  #end(): void {
    this.#ended += 1
    this.#surroundings.onAttempt({ state: this.#state, events: this.#events })
    this.#tellWaiting()
  }

  #tellWaiting(): void {
    const outcome = { state: this.#state, events: this.#events }
    const due = this.#waiting.filter((one) => one.attempt <= this.#ended)
    this.#waiting = this.#waiting.filter((one) => one.attempt > this.#ended)
    for (const one of due) one.resolve(outcome)
  }

  #clearTimer(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }
}

function failureOf(error: unknown): Failure {
  return { win32: failureCodeOf(error), reason: error instanceof Error ? error.message : 'unknown failure' }
}

/** A timer of any length: one call of setTimeout takes at most 24.8 days. */
export function longTimer(seconds: number, callback: () => void): () => void {
  const longestStep = 86_400
  let left = seconds
  let timer: NodeJS.Timeout
  const next = (): void => {
    const step = Math.min(left, longestStep)
    left -= step
    timer = setTimeout(() => (left > 0 ? next() : callback()), step * 1000)
  }
  next()
  return () => clearTimeout(timer)
}
