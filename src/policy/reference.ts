import { type Guid, parseGuid } from '../base/guid.ts'
import { type ObjectClass, parseObjectClass } from './objectClass.ts'

/** What a reference points at: class and id. */
export interface ObjectReference {
  readonly class: ObjectClass
  readonly id: Guid
}

/**
 * Reads a key name (`ipsecNFA{…}`), a registry path or a DN: the last path component or the first RDN counts
 * (policy-objects.md 1.3 and 4.7). `undefined` when that names no object.
 */
export function parseReference(text: string): ObjectReference | undefined {
  return parseObjectName(isDn(text) ? firstRdnValue(text) : lastComponent(text))
}

/** Reads `<class>{guid}`, blanks tolerated. */
export function parseObjectName(name: string): ObjectReference | undefined {
  const brace = name.indexOf('{')
  if (brace < 0) return undefined
  const objectClass = parseObjectClass(name.slice(0, brace))
  const id = parseGuid(name.slice(brace))
  return objectClass === undefined || id === undefined ? undefined : { class: objectClass, id }
}

/** Unique text of a reference, for maps: `ipsecNFA{lower-case guid}`. */
export function referenceKey(reference: ObjectReference): string {
  return `${reference.class}${reference.id}`
}

function isDn(text: string): boolean {
  return /^\s*(?:LDAP:\/\/)?\s*CN\s*=/i.test(text)
}

function firstRdnValue(dn: string): string {
  const start = dn.indexOf('=') + 1
  const comma = dn.indexOf(',', start)
  return dn.slice(start, comma < 0 ? undefined : comma).trim()
}

function lastComponent(path: string): string {
  return path.slice(path.lastIndexOf('\\') + 1).trim()
}
