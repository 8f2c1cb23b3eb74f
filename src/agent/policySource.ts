import type { ApplyOutcome } from '../enforcement/enforcer.ts'

export type { AppliedCounts } from '../enforcement/enforcer.ts'

/** Where policy comes from, in the order of policy-objects.md 4.8. */
export type SourceName = 'persistent' | 'directory' | 'cache' | 'local'
/** The sources of which exactly one is in force at a time; persistent policy stays in force beside it. */
export type MainSource = Exclude<SourceName, 'persistent'>

/** What the agent keeps of a loaded policy; the policy itself stays in the process that works on it. */
export interface LoadedPolicy {
  readonly id: string
  readonly name: string
  /** 0 means the default. */
  readonly pollingIntervalSeconds: number
  /** It has filters for DNS names, whose addresses may change although the policy does not. */
  readonly dependsOnNames: boolean
  /** Digest over all objects the policy is made of. */
  readonly digest: string
}

/** A failed step: the Win32 code the event carries and a sentence for status and log. */
export interface Failure {
  readonly win32: number
  readonly reason: string
}

export type LoadResult =
  | { readonly kind: 'policy'; readonly policy: LoadedPolicy }
  /** The digest is the one that was asked for. */
  | { readonly kind: 'unchanged' }
  /** The source is in order and assigns nothing. */
  | { readonly kind: 'nothing' }
  /** `scope`: the whole store could not be read, or only this source's policy. */
  | ({ readonly kind: 'failed'; readonly scope: 'store' | 'policy'; readonly policyName?: string } & Failure)

/** Outcome of process, plan and apply for one source. */
export type ApplyResult = ApplyOutcome

/**
 * A place policy is loaded from and applied out of. Load and apply are separate steps with their own events; an attempt
 * begins with the first `load` and ends with `endAttempt`, until which the source may keep what it has read.
 */
export interface PolicySource {
  /** Reads and decodes. With `knownDigest`, answers `unchanged` when the policy is still the same. Never rejects. */
  load(source: SourceName, knownDigest: string | undefined): Promise<LoadResult>
  /** Processes, plans and applies what was loaded last from `source`; 'nothing' takes its filters away. Never rejects. */
  apply(source: SourceName, what: 'policy' | 'nothing'): Promise<ApplyResult>
  endAttempt(): void
}
