import type { AppliedCounts, FailedFilter, FailedRule } from '../enforcement/enforcer.ts'
import type { AgentState, InForce, StateName } from './agentState.ts'
import type { WrittenEvent } from './eventSink.ts'
import type { EventLogFailure } from './journal.ts'
import type { SourceName } from './policySource.ts'
import type { AgentEvent } from './sourceEvents.ts'

export type AgentMode = 'observe' | 'enforce'

/** What `polagent status --json` prints; docs/schema/status.schema.json describes it. Times are ISO 8601, UTC. */
export interface AgentStatus extends AgentSituation {
  readonly version: 1
  readonly mode: AgentMode
  readonly pid: number
  readonly stateDirectory: string
  readonly startedAt?: string
  /** Memory for policy data. Mebibytes. */
  readonly memoryLimit: number
  /** An attempt is under way. */
  readonly isBusy: boolean
  readonly eventLog: { readonly file: string; readonly failure?: EventLogFailure }
  readonly lastEvents: readonly WrittenEvent[]
}

/** What is in force, and what comes next. */
export interface AgentSituation {
  readonly state: StateName
  /** The one of the state's source. */
  readonly policy?: PolicyStatus
  readonly persistentPolicy?: PolicyStatus
  /** Of the last attempt; absent when it went well. The policies above stay in force meanwhile. */
  readonly lastFailure?: {
    readonly source: SourceName
    readonly step: 'load' | 'apply'
    readonly win32: number
    readonly reason: string
    readonly at: string
  }
  readonly isInterfaceListIncomplete: boolean
  readonly nextPollAt?: string
  readonly backOffMinutes: number
}

/** What `polagent reload --json` prints; docs/schema/reload.schema.json describes it. */
export interface ReloadReport extends AgentSituation {
  readonly version: 1
  readonly mode: AgentMode
  readonly events: readonly AgentEvent[]
}

export interface PolicyStatus extends AppliedCounts {
  readonly id: string
  readonly name: string
  readonly digest: string
  readonly since: string
  readonly failedRules: readonly FailedRule[]
  readonly failedRuleCount: number
  readonly failedFilters: readonly FailedFilter[]
  readonly failedFilterCount: number
}

export interface StatusFacts {
  readonly mode: AgentMode
  readonly stateDirectory: string
  readonly memoryLimit: number
  readonly eventLog: AgentStatus['eventLog']
  readonly lastEvents: readonly WrittenEvent[]
}

export function agentStatus(state: AgentState, facts: StatusFacts): AgentStatus {
  return {
    version: 1,
    ...agentSituation(state),
    mode: facts.mode,
    pid: process.pid,
    stateDirectory: facts.stateDirectory,
    ...(state.startedAt === undefined ? {} : { startedAt: isoTime(state.startedAt) }),
    memoryLimit: facts.memoryLimit,
    isBusy: state.attempt !== undefined,
    eventLog: facts.eventLog,
    lastEvents: facts.lastEvents,
  }
}

export function agentSituation(state: AgentState): AgentSituation {
  const { lastFailure } = state
  return {
    state: state.name,
    ...(state.main === undefined ? {} : { policy: policyStatus(state.main) }),
    ...(state.persistent === undefined ? {} : { persistentPolicy: policyStatus(state.persistent) }),
    ...(lastFailure === undefined ? {} : { lastFailure: { ...lastFailure, at: isoTime(lastFailure.at) } }),
    isInterfaceListIncomplete: state.isInterfaceListIncomplete === true,
    ...(state.nextPollAt === undefined ? {} : { nextPollAt: isoTime(state.nextPollAt) }),
    backOffMinutes: state.backOffMinutes,
  }
}

/** How an attempt went: everything in force, a part of it, or it failed and what was in force stays. */
export function verdictOn(situation: AgentSituation): 'well' | 'partly' | 'failed' {
  if (situation.lastFailure !== undefined) return 'failed'
  const policies = [situation.policy, situation.persistentPolicy]
  const isPartial = policies.some((policy) => (policy?.failedRuleCount ?? 0) + (policy?.failedFilterCount ?? 0) > 0)
  return isPartial || situation.isInterfaceListIncomplete ? 'partly' : 'well'
}

function policyStatus(inForce: InForce): PolicyStatus {
  const { policy, counts, failedRules, failedRuleCount, failedFilters, failedFilterCount } = inForce
  return {
    id: policy.id,
    name: policy.name,
    digest: policy.digest,
    since: isoTime(inForce.since),
    ...counts,
    failedRules,
    failedRuleCount,
    failedFilters,
    failedFilterCount,
  }
}

function isoTime(milliseconds: number): string {
  // A policy may ask for an interval beyond what a date can say.
  return new Date(Math.min(milliseconds, 8.64e15)).toISOString()
}
