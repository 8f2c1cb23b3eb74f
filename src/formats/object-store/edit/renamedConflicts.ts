import type { Report } from '../../../base/finding.ts'
import { type Guid, guidFromBytes, guidToBytes } from '../../../base/guid.ts'
import { integrityFinding } from '../../../policy/integrityFinding.ts'
import { type ObjectReference, referenceKey } from '../../../policy/reference.ts'
import { findValue, stringValue } from '../../../policy/registryValue.ts'
import type { ObjectStore, StoredObject } from '../../../policy/storedObject.ts'
import { ownersByTarget } from '../links.ts'
import { directTargets, reachableObjects } from '../memberObjects.ts'
import { ObjectIndex } from '../objectIndex.ts'
import { containerDnOf, objectRdn } from '../referenceText.ts'
import { isNamedShare } from './deletePolicy.ts'
import { withValue, withValues } from './editValues.ts'
import type { MergeOptions } from './mergeStores.ts'
import { respelled } from './respell.ts'
import { sameContent } from './sameContent.ts'

/**
 * `from` with a new id for each object that `into` has with other content, and for each object `into` has that refers
 * to one of those, so that nothing in `into` changes. References follow.
 */
export function renamedConflicts(
  into: ObjectStore,
  from: ObjectStore,
  options: MergeOptions,
  report: Report,
): ObjectStore {
  const { newId } = options
  if (newId === undefined) throw new TypeError('new-ids needs a source of ids')
  const renamed = new Map<string, Guid>()
  for (const object of conflicting(into, from, options)) renamed.set(referenceKey(object), newId())
  if (renamed.size === 0) return from
  const rename = (reference: ObjectReference): ObjectReference => {
    const id = renamed.get(referenceKey(reference))
    return id === undefined ? reference : { class: reference.class, id }
  }
  const objects = from.objects.map((object) => {
    const id = renamed.get(referenceKey(object))
    const followed = respelled(object, { keyPath: into.keyPath, rename })
    if (id === undefined) return followed
    report(integrityFinding('MERGE_RENAMED', object, id))
    return withId(followed, id, into)
  })
  return { ...from, objects }
}

/**
 * Objects `into` has with other content, and what `into` has that hangs together with them: upwards everything that
 * leads to them, downwards what belongs to one policy or rule alone, so that the copy shares only named filter lists
 * and actions with the original.
 */
function conflicting(into: ObjectStore, from: ObjectStore, options: MergeOptions): Set<StoredObject> {
  const present = new ObjectIndex(into)
  const source = new ObjectIndex(from)
  const owners = ownersByTarget(from)
  const wanted = wantedObjects(from, options)
  const found = new Set(
    wanted.filter((object) => {
      const old = present.find(object.class, object.id)
      return old !== undefined && !sameContent(old, object)
    }),
  )
  // A set gives what is added while it is walked as well.
  for (const object of found) {
    const parts = directTargets(source, object).filter((part) => !isNamedShare(part))
    for (const other of [...(owners.get(referenceKey(object)) ?? []), ...parts]) {
      if (present.find(other.class, other.id) !== undefined) found.add(other)
    }
  }
  return found
}

function wantedObjects(from: ObjectStore, options: MergeOptions): readonly StoredObject[] {
  if (options.policies === undefined) return from.objects
  const index = new ObjectIndex(from)
  const policies = options.policies.map((id) => index.find('ipsecPolicy', id)).filter((object) => object !== undefined)
  return reachableObjects(index, policies)
}

/** The object under another id: key name, name, ipsecID, and the id inside main mode data. */
function withId(object: StoredObject, id: Guid, store: Pick<ObjectStore, 'keyPath'>): StoredObject {
  const isInDirectory = containerDnOf(store.keyPath) !== undefined
  const key = isInDirectory ? objectRdn({ class: object.class, id }) : `${object.class}${id}`
  let { values } = object
  if (findValue(values, 'name') !== undefined) values = withValue(values, stringValue('name', key))
  values = withValue(values, stringValue('ipsecID', id))
  if (object.class === 'ipsecISAKMPPolicy') values = withInstance(values, object.id, id)
  const { directory } = object
  return {
    ...withValues(object, values),
    id,
    key,
    ...(directory === undefined ? {} : { directory: { ...directory, dn: dnWithKey(directory.dn, key) } }),
  }
}

function dnWithKey(dn: string, key: string): string {
  const comma = dn.indexOf(',')
  return `CN=${key}${comma < 0 ? '' : dn.slice(comma)}`
}

/** ISAKMP-Policy-Instance, 16 bytes at 20, when it is the object's own id (policy-objects.md 2.3). */
function withInstance(values: StoredObject['values'], old: Guid, id: Guid): StoredObject['values'] {
  const value = findValue(values, 'ipsecData')
  if (value === undefined || value.data.length < 36 || guidFromBytes(value.data, 20) !== old) return values
  const data = value.data.slice()
  data.set(guidToBytes(id), 20)
  return withValue(values, { ...value, data })
}
