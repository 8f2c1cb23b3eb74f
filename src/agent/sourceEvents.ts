import type { SourceName } from './policySource.ts'

/** The event numbers of one source; absent = the step has no event of its own. events.md 3 and 4. */
export interface SourceEvents {
  readonly loaded?: number
  readonly loadFailed?: number
  readonly applied?: number
  readonly applyFailed: number
}

/**
 * Persistent policy has no event of its own [S 4.1]; when it fails, the numbers of the registry storage it lies in are
 * used, because a failure must not be silent [R]. The cache has no load events [D].
 */
export const sourceEvents: Readonly<Record<SourceName, SourceEvents>> = {
  persistent: { loadFailed: 5472, applyFailed: 5461 },
  directory: { loaded: 5473, loadFailed: 5474, applied: 5456, applyFailed: 5457 },
  cache: { applied: 5458, applyFailed: 5459 },
  local: { loaded: 5471, loadFailed: 5472, applied: 5460, applyFailed: 5461 },
}

/** Events that belong to no single source. events.md 3. */
export const agentEvent = {
  policySource: 4709,
  seriousFailure: 4712,
  someRulesFailed: 5462,
  unchanged: 5463,
  changed: 5464,
  reloaded: 5465,
  directoryLost: 5466,
  directoryBackUnchanged: 5467,
  directoryBackChanged: 5468,
  filterFailed: 5477,
  started: 5478,
  stopped: 5479,
  interfaceListIncomplete: 5480,
  rpcServerFailed: 5483,
  crashed: 5484,
  interfaceChangeFailed: 5485,
} as const

/** An event to be written; `fields` in the order of the catalogue's parameters, all of them strings. */
export interface AgentEvent {
  readonly id: number
  readonly fields: readonly string[]
}

/** The Error field is decimal text, as `net helpmsg` takes it (events.md 1). */
export function agentEventOf(id: number, ...fields: readonly (string | number)[]): AgentEvent {
  return { id, fields: fields.map(String) }
}
