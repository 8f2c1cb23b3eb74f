import type { AppliedCounts, Failure, LoadedPolicy, MainSource, SourceName } from './policySource.ts'
import type { FailedFilter, FailedRule } from '../enforcement/enforcer.ts'

/** The states of docs/agent.md. `local`, `directory` and `cached` name the source of the policy in force. */
export type StateName = 'starting' | 'none' | 'local' | 'directory' | 'cached' | 'stopped'

/** What set an attempt off. */
export type Trigger = 'start' | 'poll' | 'reload' | 'interfaces'

/** A policy that is in force, and what of it is not. */
export interface InForce {
  readonly policy: LoadedPolicy
  readonly counts: AppliedCounts
  /** The first ones; the counts beside the lists are complete. */
  readonly failedRules: readonly FailedRule[]
  readonly failedRuleCount: number
  readonly failedFilters: readonly FailedFilter[]
  readonly failedFilterCount: number
  /** Milliseconds since 1970 at which it came into force, with the content it has now. */
  readonly since: number
}

/** One walk through the sources. At most one is under way. */
export interface Attempt {
  readonly trigger: Trigger
  readonly source: SourceName
  readonly step: 'load' | 'apply'
  /** Loaded and being applied. */
  readonly loaded?: LoadedPolicy
  /** Persistent policy changed in this attempt. */
  readonly changed: boolean
  /** An event already says more than "polled" would. */
  readonly isQuiet: boolean
  readonly failure?: LastFailure
  /**
   * Persistent and local policy lie in one store. That it cannot be read is told by the events of the local load, or, when
   * that goes well after all, before them.
   */
  readonly untold?: Failure
}

export interface LastFailure extends Failure {
  readonly source: SourceName
  readonly step: 'load' | 'apply'
  readonly at: number
}

export interface AgentState {
  readonly name: StateName
  readonly persistent?: InForce
  readonly main?: InForce
  readonly attempt?: Attempt
  /** Asked for while an attempt was under way; the strongest wins. */
  readonly pending?: Exclude<Trigger, 'start'>
  /** Back-off variable of MS-GPIPSEC 3.2; 0 after a success. Minutes. */
  readonly backOffMinutes: number
  /** Event 5480 was logged and the list of network interfaces has not been complete since. */
  readonly isInterfaceListIncomplete?: true
  /** Milliseconds since 1970 of the next poll; there is one timer exactly when this is set. */
  readonly nextPollAt?: number
  /** Of the last attempt; absent when it went well. */
  readonly lastFailure?: LastFailure
  readonly startedAt?: number
}

/** What the agent is told to do by its settings. */
export interface AgentSettings {
  /** Main sources in order of precedence. `['local']` until a directory is configured. */
  readonly sources: readonly MainSource[]
  /** When neither directory nor cache can be used (events.md 4.1: not documented, so it is a setting). */
  readonly fallback: 'local' | 'none'
}

export const initialState: AgentState = { name: 'starting', backOffMinutes: 0 }
export const localOnly: AgentSettings = { sources: ['local'], fallback: 'local' }

/** Something of it is not in force. */
export function hasFailures(inForce: InForce): boolean {
  return inForce.failedRuleCount > 0 || inForce.failedFilterCount > 0
}

/**
 * The digest a poll compares with. Absent when an unchanged policy is no reason to leave it alone: something of it failed
 * and may succeed now, or it has filters for names, which are looked up anew.
 */
export function settledDigest(inForce: InForce | undefined): string | undefined {
  if (inForce === undefined || hasFailures(inForce) || inForce.policy.dependsOnNames) return undefined
  return inForce.policy.digest
}

/** The state that goes with a main source in force. */
export const stateOfSource: Readonly<Record<MainSource, StateName>> = {
  directory: 'directory',
  cache: 'cached',
  local: 'local',
}
