import type { Place } from './errors.ts'

export type Severity = 'error' | 'warning' | 'info'

/**
 * Something noticed while reading, checking or processing. Expected outcomes are findings, not exceptions.
 * `code` is stable and listed with its meaning in the owning table of codes.
 */
export interface Finding extends Place {
  readonly severity: Severity
  readonly code: string
  readonly message: string
  /** What to do about it, in one sentence. */
  readonly advice?: string
  /** Win32 code that an audit event about this finding carries. */
  readonly win32?: number
}

/** Collects findings while a reader works its way through an input. */
export type Report = (finding: Finding) => void
