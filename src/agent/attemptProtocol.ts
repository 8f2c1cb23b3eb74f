import type { ApplyResult, LoadResult, SourceName } from './policySource.ts'

/** What the agent asks of the process that works on policy, one at a time. */
export type AttemptRequest =
  | { readonly op: 'load'; readonly source: SourceName; readonly knownDigest?: string }
  | { readonly op: 'apply'; readonly source: SourceName; readonly what: 'policy' | 'nothing' }

export type AttemptAnswer =
  | { readonly op: 'load'; readonly result: LoadResult }
  | { readonly op: 'apply'; readonly result: ApplyResult }

/** Entries of failedRules and failedFilters in one answer; the counts beside them are complete. */
export const listedFailures = 100
