import type { Guid } from '../../../base/guid.ts'
import { attributeText, type ReferenceAttribute } from '../../../policy/attributes.ts'
import type { FilterAction, FilterList, MainMode, Policy, Rule } from '../../../policy/model.ts'
import type { ObjectClass } from '../../../policy/objectClass.ts'
import type { StoredObject } from '../../../policy/storedObject.ts'
import { targetsOf } from '../links.ts'
import type { FilterActionDraft, FilterListDraft, MainModeDraft, PolicyDraft, RuleDraft } from '../author/draft.ts'

/**
 * What the objects of a model say, as drafts: change a draft and give it to the update function of its class. An update
 * with an unchanged draft changes nothing; references that lead nowhere are in the draft as well.
 * `undefined` when the policy refers to no main mode settings.
 */
export function policyDraftOf(policy: Policy): PolicyDraft | undefined {
  const [mainMode] = targetsOf(policy.object, 'ipsecISAKMPReference')
  if (mainMode === undefined) return undefined
  return {
    id: policy.id,
    // A policy without a name is shown by its key; that is no name to write.
    name: attributeText(policy.object, 'ipsecName') ?? '',
    ...(policy.description === undefined ? {} : { description: policy.description }),
    pollingIntervalSeconds: policy.pollingIntervalSeconds,
    mainModeId: mainMode.id,
    ruleIds: idsOf(policy.object, 'ipsecNFAReference', 'ipsecNFA'),
  }
}

export function mainModeDraftOf(mainMode: MainMode, policyId: Guid): MainModeDraft {
  const { object: _object, ...fields } = mainMode
  return { ...fields, policyId }
}

/** `undefined` when the rule refers to no filter action. */
export function ruleDraftOf(rule: Rule, policyId: Guid): RuleDraft | undefined {
  const [filterActionId] = idsOf(rule.object, 'ipsecNegotiationPolicyReference', 'ipsecNegotiationPolicy')
  if (filterActionId === undefined) return undefined
  const {
    object,
    problems: _problems,
    filterLists: _lists,
    filterAction: _action,
    isDefaultResponse: _default,
    ...fields
  } = rule
  return { ...fields, policyId, filterListIds: idsOf(object, 'ipsecFilterReference', 'ipsecFilter'), filterActionId }
}

export function filterListDraftOf(list: FilterList): FilterListDraft {
  const { object, problems: _problems, ...fields } = list
  return { ...fields, ownerRuleIds: idsOf(object, 'ipsecOwnersReference', 'ipsecNFA') }
}

export function filterActionDraftOf(action: FilterAction): FilterActionDraft {
  const { object, problems: _problems, ...fields } = action
  const ownerRuleIds = idsOf(object, 'ipsecOwnersReference', 'ipsecNFA')
  if (fields.action !== 'negotiate') return { ...fields, ownerRuleIds }
  const { perfectForwardSecrecy: _pfs, ...negotiate } = fields
  return { ...negotiate, ownerRuleIds }
}

/** Ids of what an attribute leads to, each once. */
function idsOf(object: StoredObject, field: ReferenceAttribute, wanted: ObjectClass): Guid[] {
  const found = targetsOf(object, field).filter((reference) => reference.class === wanted)
  return [...new Set(found.map((reference) => reference.id))]
}
