import type { AgentEffect } from './agentInput.ts'
import {
  type AgentSettings,
  type AgentState,
  type Attempt,
  hasFailures,
  type InForce,
  stateOfSource,
} from './agentState.ts'
import {
  endAttempt,
  firstMainSource,
  inForceFrom,
  isRecovering,
  isReexpansion,
  loadNext,
  log,
  settledName,
  sourceAfter,
  unchangedEvents,
  withFailure,
} from './attemptFlow.ts'
import type { ApplyResult, LoadedPolicy, MainSource } from './policySource.ts'
import { agentEvent, sourceEvents } from './sourceEvents.ts'
import type { AgentStep } from './stateMachine.ts'

type Refused = Extract<ApplyResult, { kind: 'none' }>
type InForceResult = Exclude<ApplyResult, { kind: 'none' }>

/** What the result of an apply leads to. */
export function afterApply(
  before: AgentState,
  attempt: Attempt,
  result: ApplyResult,
  settings: AgentSettings,
  at: number,
): AgentStep {
  const { state, events } = withInterfaceList(before, result.isInterfaceListIncomplete === true, result.kind !== 'none')
  const step =
    attempt.source === 'persistent'
      ? afterPersistentApply(state, attempt, result, settings, at)
      : afterMainApply(state, attempt, attempt.source, result, settings, at)
  return { state: step.state, effects: [...events, ...step.effects] }
}

function afterMainApply(
  state: AgentState,
  attempt: Attempt,
  source: MainSource,
  result: ApplyResult,
  settings: AgentSettings,
  at: number,
): AgentStep {
  if (result.kind === 'none') return afterRefusal(state, attempt, source, result, settings, at)
  const { loaded } = attempt
  if (loaded === undefined) return afterRemoval(state, attempt, at)
  const inForce = inForceOf(inForceFrom(state, source), loaded, result, at)
  const events =
    result.kind === 'some'
      ? partialEvents(state, attempt, inForce, result.win32)
      : successEvents(state, attempt, source, loaded)
  return endAttempt({ ...state, main: inForce }, attempt, stateOfSource[source], events, at)
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
  const persistent = inForceOf(state.persistent, loaded, result, at)
  const events = result.kind === 'some' ? partialEvents(state, attempt, persistent, result.win32) : []
  const noted: Attempt = {
    ...attempt,
    changed: attempt.changed || state.persistent?.policy.digest !== loaded.digest,
    isQuiet: attempt.isQuiet || events.length > 0,
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
  result: Refused,
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
function successEvents(
  state: AgentState,
  attempt: Attempt,
  source: MainSource,
  loaded: LoadedPolicy,
): readonly AgentEffect[] {
  const applied = sourceEvents[source].applied
  const asAtStart = applied === undefined ? [] : [log(applied, loaded.name)]
  if (attempt.trigger === 'start' || attempt.trigger === 'reload') return asAtStart
  const isBack = source === 'directory' && state.name === 'cached'
  if (isBack && !isReexpansion(state, attempt, loaded)) return [log(agentEvent.directoryBackChanged)]
  const before = inForceFrom(state, source)
  // Another source or another policy than before is a change of assignment, and that is told as at start.
  if (before === undefined || before.policy.id !== loaded.id) return asAtStart
  if (!isReexpansion(state, attempt, loaded)) return attempt.isQuiet ? [] : [log(agentEvent.changed)]
  // After 5461 or 5462 an administrator waits for this event (events.md 5).
  return hasFailures(before) || isRecovering(state, source) ? asAtStart : unchangedEvents(state, attempt)
}

/**
 * Some rules out: one 5477 per filter, then 5462 for the policy, and no success event (events.md 4.3). When the same
 * policy was only processed anew, it is told when something fails that did not fail before, and after a change of
 * interfaces 5485 says it.
 */
function partialEvents(state: AgentState, attempt: Attempt, inForce: InForce, win32: number): AgentEffect[] {
  const before = inForceFrom(state, attempt.source)
  const isAgain = isReexpansion(state, attempt, inForce.policy)
  if (isAgain && before !== undefined && failuresOf(before) === failuresOf(inForce)) {
    return unchangedEvents(state, attempt)
  }
  const perFilter = inForce.failedFilters.map((failed) => log(agentEvent.filterFailed, failed.filter, failed.win32))
  const whole =
    isAgain && attempt.trigger === 'interfaces'
      ? log(agentEvent.interfaceChangeFailed)
      : log(agentEvent.someRulesFailed, inForce.policy.name, win32)
  return [...perFilter, whole]
}

function failuresOf(inForce: InForce): string {
  const { failedRules, failedRuleCount, failedFilters, failedFilterCount } = inForce
  return JSON.stringify([failedRules, failedRuleCount, failedFilters, failedFilterCount])
}

function inForceOf(before: InForce | undefined, policy: LoadedPolicy, result: InForceResult, at: number): InForce {
  const isPartial = result.kind === 'some'
  return {
    policy,
    counts: { filters: result.filters, rules: result.rules, verdicts: result.verdicts },
    failedRules: isPartial ? result.failedRules : [],
    failedRuleCount: isPartial ? result.failedRuleCount : 0,
    failedFilters: isPartial ? result.failedFilters : [],
    failedFilterCount: isPartial ? result.failedFilterCount : 0,
    since: before?.policy.digest === policy.digest ? before.since : at,
  }
}

/** Tells once that the list of interfaces is not complete, and again when it was complete in between. */
function withInterfaceList(
  state: AgentState,
  isIncomplete: boolean,
  isApplied: boolean,
): { readonly state: AgentState; readonly events: readonly AgentEffect[] } {
  const { isInterfaceListIncomplete: wasIncomplete, ...rest } = state
  if (!isIncomplete) return { state: isApplied ? rest : state, events: [] }
  const events = wasIncomplete === true ? [] : [log(agentEvent.interfaceListIncomplete)]
  return { state: { ...rest, isInterfaceListIncomplete: true }, events }
}
