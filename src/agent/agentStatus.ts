import type { AgentState, InForce, StateName } from './agentState.ts'
import type { FailedFilter, FailedRule } from '../enforcement/enforcer.ts'
import type { WrittenEvent } from './eventSink.ts'

/** What `polagent status --json` prints; docs/schema/status.schema.json describes it. */
export interface AgentStatus {
  readonly version: 1
  readonly state: StateName
  readonly mode: 'observe' | 'enforce'
  readonly pid: number
  readonly stateDirectory: string
  readonly startedAt?: string
  /** Source of the policy in force: local, directory, cached; absent in state none. */
  readonly source?: string
  readonly policy?: PolicyStatus
  readonly persistentPolicy?: PolicyStatus
  readonly isBusy: boolean
  readonly nextPollAt?: string
  readonly backOffMinutes: number
  /** Of the last attempt; absent when it went well. The policy above stays in force meanwhile. */
  readonly lastFailure?: {
    readonly source: string
    readonly step: string
    readonly win32: number
    readonly reason: string
    readonly at: string
  }
  /** Why events cannot be written, when they cannot. */
  readonly eventLogFailure?: string
  readonly lastEvents: readonly WrittenEvent[]
}

export interface PolicyStatus {
  readonly id: string
  readonly name: string
  readonly digest: string
  readonly since: string
  readonly filters: number
  readonly rules: number
  readonly failedRules: readonly FailedRule[]
  readonly failedFilters: readonly FailedFilter[]
  readonly failedFilterCount: number
}

export interface StatusFacts {
  readonly mode: AgentStatus['mode']
  readonly stateDirectory: string
  readonly lastEvents: readonly WrittenEvent[]
  readonly eventLogFailure?: string
}

export function agentStatus(state: AgentState, facts: StatusFacts): AgentStatus {
  const { lastFailure } = state
  const hasSource = state.name === 'local' || state.name === 'directory' || state.name === 'cached'
  return {
    version: 1,
    state: state.name,
    mode: facts.mode,
    pid: process.pid,
    stateDirectory: facts.stateDirectory,
    ...(state.startedAt === undefined ? {} : { startedAt: isoTime(state.startedAt) }),
    ...(hasSource ? { source: state.name } : {}),
    ...(state.main === undefined ? {} : { policy: policyStatus(state.main) }),
    ...(state.persistent === undefined ? {} : { persistentPolicy: policyStatus(state.persistent) }),
    isBusy: state.attempt !== undefined,
    ...(state.nextPollAt === undefined ? {} : { nextPollAt: isoTime(state.nextPollAt) }),
    backOffMinutes: state.backOffMinutes,
    ...(lastFailure === undefined ? {} : { lastFailure: { ...lastFailure, at: isoTime(lastFailure.at) } }),
    ...(facts.eventLogFailure === undefined ? {} : { eventLogFailure: facts.eventLogFailure }),
    lastEvents: facts.lastEvents,
  }
}

function policyStatus(inForce: InForce): PolicyStatus {
  const { policy, counts, failedRules, failedFilters, failedFilterCount } = inForce
  return {
    id: policy.id,
    name: policy.name,
    digest: policy.digest,
    since: isoTime(inForce.since),
    ...counts,
    failedRules,
    failedFilters,
    failedFilterCount,
  }
}

function isoTime(milliseconds: number): string {
  // A policy may ask for an interval beyond what a date can say.
  return Number.isFinite(milliseconds) && Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : ''
}
