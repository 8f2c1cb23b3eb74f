import type { StoredObject } from '../../policy/storedObject.ts'
import {
  type AuthorContext,
  updateFilterAction,
  updateFilterList,
  updateMainMode,
  updatePolicy,
  updateRule,
} from '../object-store/index.ts'
import type { ObjectDraft } from './draftArea.ts'

/** A stored object whose words were edited: the words win, what they do not speak of stays. */
export function editedObject(stored: StoredObject, object: ObjectDraft, context: AuthorContext): StoredObject {
  switch (object.class) {
    case 'ipsecPolicy':
      return updatePolicy(stored, object.draft, context)
    case 'ipsecISAKMPPolicy':
      return updateMainMode(stored, object.draft, context)
    case 'ipsecNFA':
      return updateRule(stored, object.draft, context)
    case 'ipsecFilter':
      return updateFilterList(stored, object.draft, context)
    case 'ipsecNegotiationPolicy':
      return updateFilterAction(stored, object.draft, context)
  }
}
