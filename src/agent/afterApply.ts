import type { AgentEffect } from './agentInput.ts'
import { type AgentSettings, type AgentState, type Attempt, type InForce, stateOfSource } from './agentState.ts'
import { endAttempt, firstMainSource, loadNext, log, settledName, sourceAfter, withFailure } from './attemptFlow.ts'
import type { ApplyResult, LoadedPolicy, MainSource } from './policySource.ts'
import { agentEvent, sourceEvents } from './sourceEvents.ts'
import type { AgentStep } from './stateMachine.ts'

type InForceResult = Exclude<ApplyResult, { kind: 'none' }>

/** What the result of an apply leads to. */
export function afterApply(
  state: AgentState,
  attempt: Attempt,
  result: ApplyResult,
  settings: AgentSettings,
  at: number,
): AgentStep {
  if (attempt.source === 'persistent') return afterPersistentApply(state, attempt, result, settings, at)
  if (result.kind === 'none') return afterRefusal(state, attempt, attempt.source, result, settings, at)
  const { loaded } = attempt
  if (loaded === undefined) return afterRemoval(state, attempt, at)
  const inForce = inForceOf(loaded, result, at)
  const events =
    result.kind === 'some' ? partialEvents(state.main, attempt, inForce, result) : successEvents(state, attempt, loaded)
  return endAttempt({ ...state, main: inForce }, attempt, stateOfSource[attempt.source], events, at)
}

function afterPersistentApply(
  state: AgentState,
  attempt: Attempt,
  result: ApplyResult,
  settings: AgentSettings,
  at: number,
): AgentStep {
  const next = firstMainSource(settings)
  const { loaded } = attempt
  if (result.kind === 'none') {
    const events = refusalEvents(attempt, (loaded ?? state.persistent?.policy)?.name ?? '', result.win32)
    return loadNext(state, withFailure(attempt, 'apply', result, at), next, events)
  }
  if (loaded === undefined) {
    const { persistent: _, ...rest } = state
    return loadNext(rest, { ...attempt, changed: true }, next, [])
  }
  const persistent = inForceOf(loaded, result, at)
  const events = result.kind === 'some' ? partialEvents(state.persistent, attempt, persistent, result) : []
  const noted: Attempt = {
    ...attempt,
    changed: attempt.changed || state.persistent?.policy.digest !== loaded.digest,
    isQuiet: attempt.isQuiet || result.kind === 'some',
  }
  return loadNext({ ...state, persistent }, noted, next, events)
}

/** Nothing assigned any more: the filters are gone, the agent waits. */
function afterRemoval(state: AgentState, attempt: Attempt, at: number): AgentStep {
  const { main: _, ...rest } = state
  const events = attempt.trigger === 'poll' || attempt.trigger === 'interfaces' ? [log(agentEvent.changed)] : []
  return endAttempt(rest, attempt, 'none', events, at)
}

/** Nothing new is in force. What was in force stays; without anything in force the next source is tried. */
function afterRefusal(
  state: AgentState,
  attempt: Attempt,
  source: MainSource,
  result: Extract<ApplyResult, { kind: 'none' }>,
  settings: AgentSettings,
  at: number,
): AgentStep {
  const failed = withFailure(attempt, 'apply', result, at)
  const events = refusalEvents(attempt, (attempt.loaded ?? state.main?.policy)?.name ?? '', result.win32)
  const next = sourceAfter(source, 'failed', settings)
  if (next !== undefined && state.main === undefined) return loadNext(state, failed, next, events)
  return endAttempt(state, failed, settledName(state), events, at)
}

function refusalEvents(attempt: Attempt, policy: string, win32: number): AgentEffect[] {
  if (attempt.trigger === 'interfaces') return [log(agentEvent.interfaceChangeFailed)]
  return [log(sourceEvents[attempt.source].applyFailed, policy, win32)]
}

/** All rules in: the one success event that fits (events.md 3, 4.1, 4.3). The reload event follows at the end. */
function successEvents(state: AgentState, attempt: Attempt, loaded: LoadedPolicy): AgentEffect[] {
  const source = attempt.source as MainSource
  const applied = sourceEvents[source].applied
  const asAtStart = applied === undefined ? [] : [log(applied, loaded.name)]
  if (attempt.trigger === 'start' || attempt.trigger === 'reload') return asAtStart
  const before = state.main?.policy
  if (source === 'directory' && state.name === 'cached') return [log(agentEvent.directoryBackChanged)]
  // Another source or another policy than before is a change of assignment, and that is told as at start.
  if (before === undefined || state.name !== stateOfSource[source] || before.id !== loaded.id) return asAtStart
  if (attempt.trigger === 'interfaces' && before.digest === loaded.digest) return []
  return attempt.isQuiet ? [] : [log(agentEvent.changed)]
}

/**
 * Some rules out: one 5477 per filter, then 5462 for the policy, and no success event (events.md 4.3). After a change of
 * interfaces 5485 says it instead, and only when something fails that did not fail before.
 */
function partialEvents(
  before: InForce | undefined,
  attempt: Attempt,
  inForce: InForce,
  result: Extract<ApplyResult, { kind: 'some' }>,
): AgentEffect[] {
  const isReexpansion = attempt.trigger === 'interfaces' && before?.policy.digest === inForce.policy.digest
  if (isReexpansion && before !== undefined && failuresOf(before) === failuresOf(inForce)) return []
  const perFilter = result.failedFilters.map((failed) => log(agentEvent.filterFailed, failed.filter, failed.win32))
  const whole = isReexpansion
    ? log(agentEvent.interfaceChangeFailed)
    : log(agentEvent.someRulesFailed, inForce.policy.name, result.win32)
  return [...perFilter, whole]
}

function failuresOf(inForce: InForce): string {
  return JSON.stringify([inForce.failedRules, inForce.failedFilters, inForce.failedFilterCount])
}

function inForceOf(policy: LoadedPolicy, result: InForceResult, at: number): InForce {
  const isPartial = result.kind === 'some'
  return {
    policy,
    counts: { filters: result.filters, rules: result.rules },
    failedRules: isPartial ? result.failedRules : [],
    failedFilters: isPartial ? result.failedFilters : [],
    failedFilterCount: isPartial ? result.failedFilterCount : 0,
    since: at,
  }
}
