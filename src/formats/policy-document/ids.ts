import { type Guid, guid } from '../../base/guid.ts'
import { nameGuid } from '../../base/nameGuid.ts'
import type { StoreArea } from '../../policy/storedObject.ts'

/**
 * Ids of objects that have none in the document. They come from names, so that the same document gives the same ids on
 * every computer and at every reading, and a store made from it can be compared with the last one.
 */
const namespace = guid('{7c2d9f5e-0b1a-5c3e-9d46-2f8f3a1b6e50}')

export function policyId(area: StoreArea, name: string): Guid {
  return nameGuid(namespace, `${area}/policy/${folded(name)}`)
}

export function filterListId(area: StoreArea, name: string): Guid {
  return nameGuid(namespace, `${area}/filterList/${folded(name)}`)
}

export function filterActionId(area: StoreArea, name: string): Guid {
  return nameGuid(namespace, `${area}/filterAction/${folded(name)}`)
}

export function mainModeId(policy: Guid): Guid {
  return nameGuid(policy, 'mainMode')
}

/** Rules without a name are told apart by their number among such rules. */
export function ruleId(policy: Guid, name: string | undefined, number: number): Guid {
  return nameGuid(policy, name === undefined ? `rule/#${number}` : `rule/${folded(name)}`)
}

export function defaultResponseId(policy: Guid): Guid {
  return nameGuid(policy, 'defaultResponse')
}

export function ruleFilterListId(rule: Guid): Guid {
  return nameGuid(rule, 'filterList')
}

export function ruleFilterActionId(rule: Guid): Guid {
  return nameGuid(rule, 'filterAction')
}

/** Name of a filter list that was written inside a rule; unique as long as policies and rules are. */
export function ruleFilterListName(policy: string | undefined, rule: string | undefined): string | undefined {
  return rule === undefined || policy === undefined ? undefined : `${policy}: ${rule}`
}

/** Names are compared without regard to case. */
export function folded(name: string): string {
  return name.toLowerCase()
}
