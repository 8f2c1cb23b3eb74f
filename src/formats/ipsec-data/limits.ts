import { PolagentError } from '../../base/errors.ts'

/**
 * Most records of a kind that are read (policy-objects.md 2.7 item 4) [R]. Far above what any editor offers; a blob
 * beyond them is hostile. Filters have no such limit: real policies have 100,000 and more, and the size of the blob
 * bounds them.
 */
export const limits = {
  authenticationMethods: 64,
  quickModeOffers: 256,
  mainModeMethods: 256,
} as const

/** Fails when a count at `offset` is above its limit. */
export function needAtMost(limit: number, count: number, field: string, offset: number): void {
  if (count <= limit) return
  throw new PolagentError('BLOB_MALFORMED', { field, offset, what: `${count} entries, at most ${limit} are read` })
}
