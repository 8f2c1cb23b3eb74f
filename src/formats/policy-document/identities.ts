import type { Guid } from '../../base/guid.ts'
import type { StoreArea } from '../../policy/storedObject.ts'
import type { AreaContent, DocumentPolicy, PolicyDocument } from './document.ts'
import { isReference } from './document.ts'
import { filterActionId, filterListId, policyId, ruleId } from './ids.ts'

/**
 * Who is who in the lists of a document, so that the same object is found in two of them: the id of each item, written
 * or derived, in the order of the items.
 */
export interface AreaIdentities {
  readonly policies: readonly Guid[]
  /** Of each policy. */
  readonly rules: readonly (readonly Guid[])[]
  readonly filterLists: readonly Guid[]
  readonly filterActions: readonly Guid[]
}

export function identitiesOf(content: AreaContent, area: StoreArea): AreaIdentities {
  const policies = content.policies ?? []
  return {
    policies: policies.map((policy) => idOfPolicy(policy, area)),
    rules: policies.map((policy) => rulesOf(policy, idOfPolicy(policy, area))),
    filterLists: (content.filterLists ?? []).map((list) => list.id ?? filterListId(area, list.name ?? '')),
    filterActions: (content.filterActions ?? []).map((action) => action.id ?? filterActionId(area, action.name ?? '')),
  }
}

function idOfPolicy(policy: DocumentPolicy, area: StoreArea): Guid {
  return policy.id ?? policyId(area, policy.name ?? '')
}

function rulesOf(policy: DocumentPolicy, id: Guid): Guid[] {
  let unnamed = 0
  return (policy.rules ?? []).map((rule) => {
    if (isReference(rule)) return rule.value as Guid
    if (rule.name === undefined) unnamed += 1
    return rule.id ?? ruleId(id, rule.name, unnamed)
  })
}

/** Areas below `areas`, told apart by kind and number among those of the kind. */
export function areaKeys(document: PolicyDocument): string[] {
  const counts = new Map<string, number>()
  return (document.areas ?? []).map(({ area }) => {
    const count = (counts.get(area) ?? 0) + 1
    counts.set(area, count)
    return `${area}#${count}`
  })
}
