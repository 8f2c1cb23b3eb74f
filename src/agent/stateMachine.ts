import type { AgentEffect, AgentInput } from './agentInput.ts'
import {
  type AgentSettings,
  type AgentState,
  type Attempt,
  localOnly,
  settledDigest,
  type Trigger,
} from './agentState.ts'
import { afterApply } from './afterApply.ts'
import { afterLoad } from './afterLoad.ts'
import { agentEvent, agentEventOf } from './sourceEvents.ts'

/** What one input leads to. */
export interface AgentStep {
  readonly state: AgentState
  readonly effects: readonly AgentEffect[]
}

/**
 * The agent's whole behaviour as a function: no clock, no timer, no input or output of its own. docs/agent.md has the
 * states in sentences; events.md section 4 is the specification. Inputs that do not fit the state are ignored.
 */
export function agentStep(state: AgentState, input: AgentInput, settings: AgentSettings = localOnly): AgentStep {
  if (state.name === 'stopped') return { state, effects: [] }
  switch (input.kind) {
    case 'started':
      return state.startedAt === undefined ? start({ ...state, startedAt: input.at }, settings) : { state, effects: [] }
    case 'poll-due':
      return trigger(withoutTimer(state), 'poll')
    case 'store-changed':
      return trigger(state, 'poll')
    case 'reload-requested':
      return trigger(state, 'reload')
    case 'interfaces-changed': {
      const isIdleWithoutPolicy = state.attempt === undefined && !hasPolicy(state)
      return isIdleWithoutPolicy ? { state, effects: [] } : trigger(state, 'interfaces')
    }
    case 'loaded':
      return state.attempt?.step === 'load'
        ? goOn(afterLoad(state, state.attempt, input.result, settings, input.at))
        : { state, effects: [] }
    case 'applied':
      return state.attempt?.step === 'apply'
        ? goOn(afterApply(state, state.attempt, input.result, settings, input.at))
        : { state, effects: [] }
    case 'stop-requested':
      return stop(state)
  }
}

function start(state: AgentState, settings: AgentSettings): AgentStep {
  const begun = begin(state, 'start')
  const started: AgentEffect[] = [
    { kind: 'log', event: agentEventOf(agentEvent.started) },
    {
      kind: 'log',
      event: agentEventOf(
        agentEvent.policySource,
        '',
        settings.sources.map((name) => sourceTitle[name]).join(', '),
        '',
      ),
    },
  ]
  return { state: begun.state, effects: [...started, ...begun.effects] }
}

/** As Windows words them in its texts. */
const sourceTitle = {
  directory: 'Active Directory storage',
  cache: 'cached copy of Active Directory storage',
  local: 'local registry storage',
} as const

/** Stronger triggers do everything the weaker ones do. */
const strength = { poll: 0, interfaces: 1, reload: 2 } as const

function trigger(state: AgentState, wanted: Exclude<Trigger, 'start'>): AgentStep {
  if (state.startedAt === undefined) return { state, effects: [] }
  if (state.attempt === undefined) return begin(state, wanted)
  const pending = state.pending
  const strongest = pending !== undefined && strength[pending] >= strength[wanted] ? pending : wanted
  return { state: { ...state, pending: strongest }, effects: [] }
}

function begin(state: AgentState, cause: Trigger): AgentStep {
  const knownDigest = cause === 'poll' ? settledDigest(state.persistent) : undefined
  const attempt: Attempt = { trigger: cause, source: 'persistent', step: 'load', changed: false, isQuiet: false }
  return {
    state: { ...withoutTimer(state), attempt },
    effects: [
      ...(state.nextPollAt === undefined ? [] : [{ kind: 'clear-timer' } as const]),
      { kind: 'load', source: 'persistent', ...(knownDigest === undefined ? {} : { knownDigest }) },
    ],
  }
}

/** When the attempt has ended and something was asked for meanwhile, the next one begins at once, without a timer between. */
function goOn(step: AgentStep): AgentStep {
  const { pending, ...rest } = step.state
  if (step.state.attempt !== undefined || pending === undefined) return step
  if (pending === 'interfaces' && !hasPolicy(rest)) return { state: rest, effects: step.effects }
  const next = begin(withoutTimer(rest), pending)
  return {
    state: next.state,
    effects: [...step.effects.filter((effect) => effect.kind !== 'set-timer'), ...next.effects],
  }
}

function stop(state: AgentState): AgentStep {
  const { attempt, pending: _, ...rest } = withoutTimer(state)
  const effects: AgentEffect[] = [
    ...(state.nextPollAt === undefined ? [] : [{ kind: 'clear-timer' } as const]),
    ...(attempt === undefined ? [] : [{ kind: 'end-attempt' } as const]),
    ...(state.startedAt === undefined ? [] : [{ kind: 'log', event: agentEventOf(agentEvent.stopped) } as const]),
    { kind: 'exit' },
  ]
  return { state: { ...rest, name: 'stopped' }, effects }
}

function withoutTimer(state: AgentState): AgentState {
  const { nextPollAt: _, ...rest } = state
  return rest
}

function hasPolicy(state: AgentState): boolean {
  return state.main !== undefined || state.persistent !== undefined
}
