import type { AgentEffect, AgentInput } from './agentInput.ts'
import { type AgentSettings, type AgentState, initialState } from './agentState.ts'
import type { PolicySource } from './policySource.ts'
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
  readonly onState: (state: AgentState) => void
  readonly exit: () => void
}

/** Inputs that come from outside the service itself. */
export type AgentTrigger = 'started' | 'store-changed' | 'reload-requested' | 'interfaces-changed' | 'stop-requested'

/** Drives the state machine: one input after the other, each with all its effects, in order. */
export class AgentService {
  readonly #surroundings: AgentSurroundings
  readonly #settings: AgentSettings
  readonly #queue: AgentInput[] = []
  #state: AgentState = initialState
  #isDraining = false
  #cancelTimer: (() => void) | undefined

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
    this.#surroundings.onState(step.state)
    for (const effect of step.effects) this.#perform(effect)
  }

  #perform(effect: AgentEffect): void {
    const { source, now } = this.#surroundings
    switch (effect.kind) {
      case 'log':
        return this.#surroundings.log(effect.event)
      case 'load':
        void source
          .load(effect.source, effect.knownDigest)
          .then((result) => this.#input({ kind: 'loaded', result, at: now() }))
        return
      case 'apply':
        void source
          .apply(effect.source, effect.what)
          .then((result) => this.#input({ kind: 'applied', result, at: now() }))
        return
      case 'end-attempt':
        return source.endAttempt()
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
        return this.#surroundings.exit()
    }
  }

  #clearTimer(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }
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
