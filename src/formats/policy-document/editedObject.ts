import { referenceAttributes } from '../../policy/attributes.ts'
import { findValue } from '../../policy/registryValue.ts'
import type { StoredObject } from '../../policy/storedObject.ts'
import type { AuthorContext } from '../object-store/index.ts'
import type { ObjectDraft } from './draftArea.ts'

/**
 * A stored object whose words were edited: the words win, what they do not speak of stays. `made` is the object made of
 * the words alone.
 */
export function updatedObject(
  stored: StoredObject,
  _draft: ObjectDraft,
  made: StoredObject,
  _context: AuthorContext,
): StoredObject {
  const spoken = new Set([
    'ipsecname',
    'description',
    ...Object.keys(referenceAttributes).map((name) => name.toLowerCase()),
  ])
  const kept = stored.values.filter(
    (value) => !spoken.has(value.name.toLowerCase()) && findValue(made.values, value.name) === undefined,
  )
  return { ...stored, values: [...made.values, ...kept] }
}
