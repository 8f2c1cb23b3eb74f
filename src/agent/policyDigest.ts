import { createHash } from 'node:crypto'
import { referenceKey } from '../policy/reference.ts'
import type { StoredObject } from '../policy/storedObject.ts'

/**
 * Digest over all objects a policy is made of, whatever order the store has them in. Comparing it finds every change,
 * also one that left the policy object's whenChanged alone (policy-objects.md 4.5).
 */
export function policyDigest(objects: readonly StoredObject[]): string {
  const hash = createHash('sha256')
  const part = (bytes: Uint8Array | string): void => {
    hash.update(`${bytes.length}:`)
    hash.update(bytes)
  }
  for (const object of objects.toSorted((a, b) => inOrder(referenceKey(a), referenceKey(b)))) {
    part(referenceKey(object))
    const values = object.values.toSorted((a, b) => inOrder(a.name.toLowerCase(), b.name.toLowerCase()))
    for (const value of values) {
      part(value.name.toLowerCase())
      part(String(value.type))
      part(value.data)
    }
    part('')
  }
  return hash.digest('hex')
}

/** By code units: the same everywhere, whatever the language settings. */
function inOrder(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
