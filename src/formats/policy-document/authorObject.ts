import type { StoredObject } from '../../policy/storedObject.ts'
import {
  type AuthorContext,
  authorFilterAction,
  authorFilterList,
  authorMainMode,
  authorPolicy,
  authorRule,
} from '../object-store/index.ts'
import type { ObjectDraft } from './draftArea.ts'
import { lineOf } from './filterIds.ts'
import { Fingerprint } from './fingerprint.ts'
import { Secret } from '../../base/secret.ts'

export function authorObject(object: ObjectDraft, context: AuthorContext): StoredObject {
  switch (object.class) {
    case 'ipsecPolicy':
      return authorPolicy(object.draft, context)
    case 'ipsecISAKMPPolicy':
      return authorMainMode(object.draft, context)
    case 'ipsecNFA':
      return authorRule(object.draft, context)
    case 'ipsecFilter':
      return authorFilterList(object.draft, context)
    case 'ipsecNegotiationPolicy':
      return authorFilterAction(object.draft, context)
  }
}

/** What an object says, as a check value; ids of filters are no words. */
export function fingerprintOf(object: ObjectDraft): string {
  if (object.class !== 'ipsecFilter') return new Fingerprint().add(wordsOf(object.draft)).text
  const { filters, ...rest } = object.draft
  const fingerprint = new Fingerprint().add(wordsOf(rest))
  for (const filter of filters) fingerprint.add(lineOf(filter))
  return fingerprint.text
}

/** The same for the same words, whatever the order in which fields were put together. */
function wordsOf(draft: object): string {
  return JSON.stringify(draft, function (this: Readonly<Record<string, unknown>>, key: string, value: unknown) {
    // A secret would give its stand-in; a changed key is a change.
    const original = this[key]
    if (original instanceof Secret) return original.reveal()
    if (typeof value === 'bigint') return value.toString(16)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}
