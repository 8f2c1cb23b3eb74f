import type { Policy, PolicyArea } from '../../policy/model.ts'
import type { StoredObject } from '../../policy/storedObject.ts'
import { forwardReferences } from './links.ts'
import { ObjectIndex } from './objectIndex.ts'

/**
 * All objects a policy is made of, each once: itself, its main mode settings, rules, filter lists and actions. Found by
 * reference and not through the model, so that objects that cannot be read are among them.
 */
export function memberObjects(area: PolicyArea, policy: Policy): readonly StoredObject[] {
  return reachableObjects(new ObjectIndex(area.store), [policy.object])
}

/** The objects given and all that their forward references lead to, each once. */
export function reachableObjects(index: ObjectIndex, from: readonly StoredObject[]): StoredObject[] {
  const members = new Set<StoredObject>(from)
  // A set gives what is added while it is walked as well.
  for (const object of members) for (const target of directTargets(index, object)) members.add(target)
  return [...members]
}

/** What the forward references of one object lead to. */
export function directTargets(index: ObjectIndex, object: StoredObject): StoredObject[] {
  return (forwardReferences[object.class] ?? []).flatMap(({ field, to }) =>
    index
      .references(object, field)
      .map(({ reference }) => (reference?.class === to ? index.find(to, reference.id) : undefined))
      .filter((target) => target !== undefined),
  )
}
