import { attributeText } from '../../policy/attributes.ts'
import type { StoredObject } from '../../policy/storedObject.ts'

/** Display name and description; absent ones and empty ones are left out. */
export function namesOf(object: StoredObject): { name?: string; description?: string } {
  const name = attributeText(object, 'ipsecName')
  const description = attributeText(object, 'description')
  return {
    ...(name === undefined || name === '' ? {} : { name }),
    ...(description === undefined || description === '' ? {} : { description }),
  }
}
