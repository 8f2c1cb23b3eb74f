import type { AgentEffect, AgentInput } from '../../src/agent/agentInput.ts'
import { type AgentSettings, type AgentState, initialState, localOnly } from '../../src/agent/agentState.ts'
import type { ApplyResult, LoadedPolicy, LoadResult, SourceName } from '../../src/agent/policySource.ts'
import { agentStep } from '../../src/agent/stateMachine.ts'

/** What the agent finds when it looks; tests change it between steps. */
export interface World {
  load: Partial<Record<SourceName, LoadResult>>
  apply: Partial<Record<SourceName, ApplyResult>>
}

const verdicts = { block: 1, permit: 1, protect: 0 }

export const allIn: ApplyResult = { kind: 'all', filters: 2, rules: 1, verdicts }
export const incompleteInterfaces: ApplyResult = { ...allIn, isInterfaceListIncomplete: true }

export function someIn(...failed: readonly string[]): ApplyResult {
  return {
    kind: 'some',
    filters: 1,
    rules: 0,
    verdicts,
    win32: 13,
    failedRules: [{ rule: 'Broken', win32: 13, reason: 'cannot be decoded' }],
    failedRuleCount: 1,
    failedFilters: failed.map((filter) => ({ filter, rule: 'Broken', win32: 87, reason: 'refused' })),
    failedFilterCount: failed.length,
  }
}

export function refused(win32 = 13): ApplyResult {
  return { kind: 'none', win32, reason: 'nothing can be in force' }
}

export function policy(name: string, digest = name, more: Partial<LoadedPolicy> = {}): LoadResult {
  return {
    kind: 'policy',
    policy: { id: `{${name}}`, name, pollingIntervalSeconds: 600, dependsOnNames: false, digest, ...more },
  }
}

export const nothing: LoadResult = { kind: 'nothing' }

export function unreadable(win32: number, scope: 'store' | 'policy' = 'store', policyName?: string): LoadResult {
  return { kind: 'failed', scope, win32, reason: 'unreadable', ...(policyName === undefined ? {} : { policyName }) }
}

/** Runs the state machine against a world, with a clock of its own. */
export class AgentDriver {
  readonly world: World
  readonly settings: AgentSettings
  state: AgentState = initialState
  /** Milliseconds since 1970. */
  now = 1_000_000
  /** The timer, as the effects have left it. Seconds from when it was set. */
  timer: number | undefined
  hasExited = false
  readonly requests: string[] = []
  #effects: AgentEffect[] = []

  constructor(world: Partial<World> = {}, settings: AgentSettings = localOnly) {
    this.world = { load: {}, apply: {}, ...world }
    this.settings = settings
  }

  /** Takes one input and everything that follows from it; the events it led to, as `5461 Servers 2`. */
  step(kind: Exclude<AgentInput['kind'], 'loaded' | 'applied'>): string[] {
    const events = this.begin(kind)
    while (this.#effects.length > 0) events.push(...this.answerNext())
    return events
  }

  /** Takes an input without answering what it asks for. */
  begin(kind: Exclude<AgentInput['kind'], 'loaded' | 'applied'>): string[] {
    if (kind === 'poll-due') {
      if (this.timer === undefined) throw new Error('there is no timer that could be due')
      this.now += this.timer * 1000
      this.timer = undefined
    } else {
      this.now += 1
    }
    return this.#take({ kind, at: this.now })
  }

  /** Answers the oldest request that is open, as the world has it. */
  answerNext(): string[] {
    const effect = this.#effects.shift()
    if (effect?.kind === 'load') {
      const found = this.world.load[effect.source] ?? nothing
      const isSame = found.kind === 'policy' && found.policy.digest === effect.knownDigest
      return this.#take({ kind: 'loaded', at: this.now, result: isSame ? { kind: 'unchanged' } : found })
    }
    if (effect?.kind === 'apply') {
      const result = effect.what === 'nothing' ? allIn : (this.world.apply[effect.source] ?? allIn)
      return this.#take({ kind: 'applied', at: this.now, result })
    }
    throw new Error('nothing was asked for')
  }

  get isAsking(): boolean {
    return this.#effects.length > 0
  }

  #take(input: AgentInput): string[] {
    const step = agentStep(this.state, input, this.settings)
    this.state = step.state
    const events: string[] = []
    for (const effect of step.effects) {
      switch (effect.kind) {
        case 'log':
          events.push([effect.event.id, ...effect.event.fields].join(' '))
          break
        case 'load':
        case 'apply':
          this.requests.push(`${effect.kind} ${effect.source}${effect.kind === 'apply' ? ` ${effect.what}` : ''}`)
          this.#effects.push(effect)
          break
        case 'set-timer':
          this.timer = effect.seconds
          break
        case 'clear-timer':
          this.timer = undefined
          break
        case 'end-attempt':
          this.#effects = []
          break
        case 'exit':
          this.hasExited = true
      }
    }
    return events
  }
}
