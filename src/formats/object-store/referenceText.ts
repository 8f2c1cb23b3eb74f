import { upperGuid } from '../../base/guid.ts'
import type { ObjectReference } from '../../policy/reference.ts'
import { areaOfKeyName, ipsecKeyDepth, standardKeyPath } from './keyPaths.ts'

/**
 * A reference as Windows writes it: `SOFTWARE\Policies\Microsoft\Windows\IPSEC\Policy\Local\ipsecNFA{…}` with IPSEC in
 * capitals and the GUID in lower case (registry-store.md 1, 2.4), or the DN of the object when `keyPath` is that of a
 * directory container.
 */
export function referenceText(keyPath: readonly string[], reference: ObjectReference): string {
  const container = containerDnOf(keyPath)
  if (container !== undefined) return `CN=${objectRdn(reference)},${container}`
  return `${referencePath(keyPath)}\\${reference.class}${reference.id}`
}

/** What references into an area begin with, without the last backslash. */
export function referencePath(keyPath: readonly string[]): string {
  const depth = ipsecKeyDepth(keyPath)
  // Below a root of its own an area still refers to its objects by the path they have on Windows.
  const path = depth === undefined ? standardKeyPath(areaOfKeyName(keyPath.at(-1) ?? '') ?? 'local') : keyPath
  return ['SOFTWARE', ...path.map((name) => (name.toLowerCase() === 'ipsec' ? 'IPSEC' : name))].join('\\')
}

/** RDN value of an object, with the GUID in capitals as directories have it (policy-objects.md 1.3). */
export function objectRdn(reference: ObjectReference): string {
  return `${reference.class}${upperGuid(reference.id)}`
}

/** The container's DN when `keyPath` is that of a directory area. */
export function containerDnOf(keyPath: readonly string[]): string | undefined {
  const [only, ...others] = keyPath
  return only !== undefined && others.length === 0 && /^\s*(?:CN|OU|DC)\s*=/i.test(only) ? only : undefined
}
