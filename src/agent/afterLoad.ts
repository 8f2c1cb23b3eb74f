import type { AgentSettings, AgentState, Attempt } from './agentState.ts'
import {
  applyLoaded,
  endAttempt,
  firstMainSource,
  isRecovering,
  isReexpansion,
  isSourceInForce,
  loadNext,
  log,
  settledName,
  sourceAfter,
  unchangedEvents,
  withFailure,
} from './attemptFlow.ts'
import type { Failure, LoadedPolicy, LoadResult, MainSource } from './policySource.ts'
import { agentEvent, sourceEvents } from './sourceEvents.ts'
import type { AgentStep } from './stateMachine.ts'

type Failed = Extract<LoadResult, { kind: 'failed' }>

/** What the result of a load leads to. */
export function afterLoad(
  state: AgentState,
  attempt: Attempt,
  result: LoadResult,
  settings: AgentSettings,
  at: number,
): AgentStep {
  if (attempt.source === 'persistent') return afterPersistentLoad(state, attempt, result, settings, at)
  const { untold, ...told } = attempt
  const events =
    untold === undefined || result.kind === 'failed' ? [] : failureEvents({ ...told, source: 'persistent' }, untold)
  const step = afterMainLoad(state, told, attempt.source, result, settings, at)
  return { state: step.state, effects: [...events, ...step.effects] }
}

function afterMainLoad(
  state: AgentState,
  attempt: Attempt,
  source: MainSource,
  result: LoadResult,
  settings: AgentSettings,
  at: number,
): AgentStep {
  switch (result.kind) {
    case 'unchanged':
      return afterUnchanged(state, attempt, at)
    case 'policy':
      return afterPolicy(state, attempt, result.policy)
    case 'nothing':
      return afterNothing(state, attempt, settings, at)
    case 'failed':
      return afterFailure(state, attempt, source, result, settings, at)
  }
}

function afterPersistentLoad(
  state: AgentState,
  attempt: Attempt,
  result: LoadResult,
  settings: AgentSettings,
  at: number,
): AgentStep {
  const next = firstMainSource(settings)
  switch (result.kind) {
    case 'unchanged':
      return loadNext(state, attempt, next, [])
    case 'policy':
      return applyLoaded(state, { ...attempt, loaded: result.policy }, [])
    case 'nothing':
      return state.persistent === undefined ? loadNext(state, attempt, next, []) : applyLoaded(state, attempt, [])
    case 'failed': {
      const failed = withFailure(attempt, 'load', result, at)
      if (result.scope === 'store' && next === 'local') return loadNext(state, { ...failed, untold: result }, next, [])
      return loadNext(state, failed, next, failureEvents(attempt, result))
    }
  }
}

function afterUnchanged(state: AgentState, attempt: Attempt, at: number): AgentStep {
  const isBack = attempt.source === 'directory' && state.name === 'cached'
  return endAttempt(state, attempt, isBack ? 'directory' : settledName(state), unchangedEvents(state, attempt), at)
}

function afterPolicy(state: AgentState, attempt: Attempt, policy: LoadedPolicy): AgentStep {
  const event = sourceEvents[attempt.source].loaded
  const isToldAlready = isReexpansion(state, attempt, policy) && !isRecovering(state, attempt.source)
  const isSilent = event === undefined || isToldAlready
  const events = isSilent ? [] : [log(event, policy.name)]
  return applyLoaded(state, { ...attempt, loaded: policy }, events)
}

function afterNothing(state: AgentState, attempt: Attempt, settings: AgentSettings, at: number): AgentStep {
  if (attempt.source === 'cache') {
    const missing = {
      kind: 'failed',
      scope: 'policy',
      win32: 2,
      reason: 'there is no cached copy of the directory policy',
    } as const
    return afterFailure(state, attempt, 'cache', missing, settings, at)
  }
  const next = sourceAfter(attempt.source, 'nothing', settings)
  if (next !== undefined) return loadNext(state, attempt, next, [])
  if (state.main !== undefined) return applyLoaded(state, attempt, [])
  const hasAny = attempt.changed || state.persistent !== undefined
  const events = hasAny ? unchangedEvents(state, attempt) : []
  return endAttempt(state, attempt, 'none', events, at)
}

/** A failed load ends the attempt on that source; what is in force stays in force. */
function afterFailure(
  state: AgentState,
  attempt: Attempt,
  source: MainSource,
  result: Failed,
  settings: AgentSettings,
  at: number,
): AgentStep {
  const failed = withFailure(attempt, 'load', result, at)
  if (source === 'directory' && isSourceInForce(state, 'directory') && attempt.trigger !== 'reload') {
    // The copy in force is what the cache holds; events.md 4.1 asks for 5466 once, on the way from DS to CACHED.
    const events = state.name === 'directory' ? [log(agentEvent.directoryLost)] : []
    return endAttempt(state, failed, 'cached', events, at)
  }
  const events = failureEvents(attempt, result)
  const next = sourceAfter(source, 'failed', settings)
  // A poll that cannot read its source must not replace a policy in force by one of lower precedence.
  if (
    next !== undefined &&
    (state.main === undefined || attempt.trigger === 'reload' || isSourceInForce(state, next))
  ) {
    return loadNext(state, failed, next, events)
  }
  return endAttempt(state, failed, settledName(state), events, at)
}

/**
 * A load that fails means that the policy is not applied either, so the source's apply failure follows with the same
 * code: 5461 is the number administrators watch, and its documented cause is storage that cannot be read (events.md 5).
 * During a change of interfaces the policy in force stays, and 5485 says that the change was not taken up.
 */
function failureEvents(
  attempt: Attempt,
  failure: Failure & { readonly policyName?: string },
): ReturnType<typeof log>[] {
  const numbers = sourceEvents[attempt.source]
  const policy = failure.policyName ?? ''
  return [
    ...(numbers.loadFailed === undefined ? [] : [log(numbers.loadFailed, policy, failure.win32)]),
    attempt.trigger === 'interfaces'
      ? log(agentEvent.interfaceChangeFailed)
      : log(numbers.applyFailed, policy, failure.win32),
  ]
}
