import type { AgentEvent } from './sourceEvents.ts'
import type { ApplyResult, LoadResult, SourceName } from './policySource.ts'

/** Everything that can happen to the agent. `at`: milliseconds since 1970. */
export type AgentInput = { readonly at: number } & (
  | { readonly kind: 'started' }
  | { readonly kind: 'loaded'; readonly result: LoadResult }
  | { readonly kind: 'applied'; readonly result: ApplyResult }
  | { readonly kind: 'poll-due' }
  | { readonly kind: 'store-changed' }
  | { readonly kind: 'reload-requested' }
  | { readonly kind: 'interfaces-changed' }
  | { readonly kind: 'stop-requested' }
)

/** Everything the agent does to the world, in the order given. */
export type AgentEffect =
  | { readonly kind: 'log'; readonly event: AgentEvent }
  | { readonly kind: 'load'; readonly source: SourceName; readonly knownDigest?: string }
  | { readonly kind: 'apply'; readonly source: SourceName; readonly what: 'policy' | 'nothing' }
  | { readonly kind: 'end-attempt' }
  /** Replaces the timer there may be. */
  | { readonly kind: 'set-timer'; readonly seconds: number }
  | { readonly kind: 'clear-timer' }
  | { readonly kind: 'exit' }
