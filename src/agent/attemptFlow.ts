import { longestMemoryWaitSeconds, nextBackOffMinutes, pollingSeconds } from './backOff.ts'
import type { AgentEffect } from './agentInput.ts'
import {
  type AgentSettings,
  type AgentState,
  type Attempt,
  type InForce,
  type LastFailure,
  settledDigest,
  type StateName,
} from './agentState.ts'
import { failureCode } from './failureCodes.ts'
import type { Failure, LoadedPolicy, MainSource, SourceName } from './policySource.ts'
import { agentEvent, agentEventOf } from './sourceEvents.ts'
import type { AgentStep } from './stateMachine.ts'

/** Moves that both halves of an attempt (after a load, after an apply) use. */

export function log(id: number, ...fields: readonly (string | number)[]): AgentEffect {
  return { kind: 'log', event: agentEventOf(id, ...fields) }
}

/** Goes on to load from the next source. The digest is given only where "unchanged" is an answer one can act on. */
export function loadNext(
  state: AgentState,
  attempt: Attempt,
  source: MainSource,
  effects: readonly AgentEffect[],
): AgentStep {
  const isComparable = attempt.trigger === 'poll' && isSourceInForce(state, source) && !isRecovering(state, source)
  const knownDigest = isComparable ? settledDigest(state.main) : undefined
  const { loaded: _, ...rest } = attempt
  return {
    state: { ...state, attempt: { ...rest, source, step: 'load' } },
    effects: [...effects, { kind: 'load', source, ...(knownDigest === undefined ? {} : { knownDigest }) }],
  }
}

/** The cached copy is the directory's policy: a directory that is back is compared with it. */
export function isSourceInForce(state: AgentState, source: MainSource): boolean {
  if (source === 'directory') return state.name === 'directory' || state.name === 'cached'
  return source === 'local' ? state.name === 'local' : state.name === 'cached'
}

/** What is in force from a source. */
export function inForceFrom(state: AgentState, source: SourceName): InForce | undefined {
  if (source === 'persistent') return state.persistent
  return isSourceInForce(state, source) ? state.main : undefined
}

/** The policy in force is processed anew only because the host may have changed: nothing was loaded in any event's sense. */
export function isReexpansion(state: AgentState, attempt: Attempt, loaded: LoadedPolicy): boolean {
  if (attempt.trigger === 'start' || attempt.trigger === 'reload') return false
  return inForceFrom(state, attempt.source)?.policy.digest === loaded.digest
}

/**
 * The last look at local registry storage failed. After 5472 and 5461 an administrator waits for 5471 and 5460
 * (events.md 5), so the policy is loaded and applied again although it may be the one in force.
 */
export function isRecovering(state: AgentState, source: SourceName): boolean {
  return source === 'local' && state.lastFailure?.source === 'local'
}

/** The event of an attempt that left the policy of its source as it was, unless another event has said more. */
export function unchangedEvents(state: AgentState, attempt: Attempt): AgentEffect[] {
  if (attempt.source === 'persistent') return []
  if (attempt.source === 'directory' && state.name === 'cached') return [log(agentEvent.directoryBackUnchanged)]
  if (attempt.trigger !== 'poll' || attempt.isQuiet || attempt.failure !== undefined) return []
  return [log(attempt.changed ? agentEvent.changed : agentEvent.unchanged)]
}

export function applyLoaded(state: AgentState, attempt: Attempt, effects: readonly AgentEffect[]): AgentStep {
  return {
    state: { ...state, attempt: { ...attempt, step: 'apply' } },
    effects: [
      ...effects,
      { kind: 'apply', source: attempt.source, what: attempt.loaded === undefined ? 'nothing' : 'policy' },
    ],
  }
}

export function firstMainSource(settings: AgentSettings): MainSource {
  return settings.sources[0] ?? 'local'
}

/** Where to go after `source` gave nothing usable; `undefined` = nowhere. */
export function sourceAfter(
  source: SourceName,
  why: 'nothing' | 'failed',
  settings: AgentSettings,
): MainSource | undefined {
  const has = (name: MainSource): boolean => settings.sources.includes(name)
  if (source === 'persistent') return firstMainSource(settings)
  // An assignment that the directory says there is none of has no cached copy either (policy-objects.md 4.6).
  if (source === 'directory' && why === 'failed' && has('cache')) return 'cache'
  if (source === 'local' || !has('local')) return undefined
  return why === 'failed' && settings.fallback === 'none' ? undefined : 'local'
}

export function withFailure(attempt: Attempt, step: 'load' | 'apply', failure: Failure, at: number): Attempt {
  const lastFailure: LastFailure = { source: attempt.source, step, win32: failure.win32, reason: failure.reason, at }
  return { ...attempt, failure: lastFailure }
}

/**
 * Ends the attempt: the reload event when all went well, the state's name, and the one timer: the policy's own interval,
 * or the back-off after a failure. What is in force stays in force unless an apply said otherwise.
 */
export function endAttempt(
  state: AgentState,
  attempt: Attempt,
  name: StateName,
  effects: readonly AgentEffect[],
  at: number,
): AgentStep {
  const { attempt: _, lastFailure: __, ...rest } = state
  const backOffMinutes = attempt.failure === undefined ? 0 : nextBackOffMinutes(state.backOffMinutes)
  const interval = (state.main ?? state.persistent)?.policy.pollingIntervalSeconds ?? 0
  const seconds = secondsToNextPoll(attempt.failure, backOffMinutes, interval)
  const isReloaded = attempt.trigger === 'reload' && attempt.failure === undefined
  return {
    state: {
      ...rest,
      name,
      backOffMinutes,
      nextPollAt: at + seconds * 1000,
      ...(attempt.failure === undefined ? {} : { lastFailure: attempt.failure }),
    },
    effects: [
      ...effects,
      ...(isReloaded ? [log(agentEvent.reloaded)] : []),
      { kind: 'end-attempt' },
      { kind: 'set-timer', seconds },
    ],
  }
}

function secondsToNextPoll(failure: Failure | undefined, backOffMinutes: number, interval: number): number {
  if (failure === undefined) return pollingSeconds(interval)
  const isMemory = failure.win32 === failureCode.outOfMemory || failure.win32 === failureCode.notEnoughMemory
  return Math.min(backOffMinutes * 60, isMemory ? longestMemoryWaitSeconds : Number.POSITIVE_INFINITY)
}

/** `starting` ends with the first attempt. */
export function settledName(state: AgentState): StateName {
  return state.name === 'starting' ? 'none' : state.name
}
