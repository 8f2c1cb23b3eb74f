import type { Guid } from '../../../base/guid.ts'
import { attributeReferences } from '../../../policy/attributes.ts'
import type { Policy, PolicyArea, Rule } from '../../../policy/model.ts'
import { parseReference } from '../../../policy/reference.ts'
import type { ObjectStore, StoredObject } from '../../../policy/storedObject.ts'
import {
  type AuthorContext,
  assign,
  authorFilterAction,
  authorFilterList,
  authorMainMode,
  authorPolicy,
  authorRule,
  filterActionDraftOf,
  filterListDraftOf,
  mainModeDraftOf,
  policyDraftOf,
  ruleDraftOf,
  updateFilterAction,
  updateFilterList,
  updateMainMode,
  updatePolicy,
  updateRule,
} from '../../object-store/index.ts'
import {
  type ActionEntry,
  filtersOf,
  isDamagedBy,
  type ListEntry,
  nameKey,
  type PolicyEntry,
  type RuleEntry,
} from './entries.ts'

/**
 * The objects of a store by name and id, changed in memory and written back at once: a script of any length costs one
 * reading and one writing of the store.
 */
export class Contents {
  readonly policies = new Map<string, PolicyEntry>()
  /** Those that share their name with another included. */
  readonly allPolicies = new Set<PolicyEntry>()
  readonly lists = new Map<string, ListEntry>()
  readonly actions = new Map<string, ActionEntry>()
  readonly #listsById = new Map<Guid, ListEntry>()
  readonly #actionsById = new Map<Guid, ActionEntry>()
  readonly #rulesById = new Map<Guid, RuleEntry>()
  readonly #mainModeUsers = new Map<Guid, number>()
  /** Objects of the base store that are gone. */
  readonly #gone = new Set<StoredObject>()
  /** What was made since the last flush, in order. */
  readonly #changed = new Map<Changed['entry'], Changed>()
  #assigned: Guid | undefined
  #isAssignmentChanged = false
  #store: ObjectStore

  constructor(area: PolicyArea) {
    this.#store = area.store
    this.#assigned = area.assigned?.id
    for (const list of area.filterLists) this.#takeList(list)
    for (const action of area.filterActions) this.#takeAction(action)
    for (const policy of area.policies) this.#takePolicy(policy)
    for (const object of area.store.objects) if (object.class === 'ipsecNFA') this.#takeUses(object)
  }

  #takeList(list: PolicyArea['filterLists'][number]): void {
    const { filters, ownerRuleIds: _owners, ...draft } = filterListDraftOf(list)
    const isDamaged = isDamagedBy(list.problems)
    const entry: ListEntry = { draft, filters, object: list.object, isChanged: false, isDamaged, users: new Set() }
    if (!this.#listsById.has(list.id)) this.#listsById.set(list.id, entry)
    putFirst(this.lists, draft.name, entry)
  }

  #takeAction(action: PolicyArea['filterActions'][number]): void {
    const draft = filterActionDraftOf(action)
    const isDamaged = isDamagedBy(action.problems)
    const entry: ActionEntry = { draft, object: action.object, isChanged: false, isDamaged, users: new Set() }
    if (!this.#actionsById.has(action.id)) this.#actionsById.set(action.id, entry)
    putFirst(this.actions, draft.name, entry)
  }

  #takePolicy(policy: Policy): void {
    const draft = policyDraftOf(policy)
    const rules = new Set<RuleEntry>()
    const rulesByName = new Map<string, RuleEntry>()
    for (const rule of policy.rules) {
      const entry = this.#rulesById.get(rule.id) ?? this.#takeRule(rule, policy.id)
      entry.policies += 1
      rules.add(entry)
      putFirst(rulesByName, rule.name, entry)
    }
    const present = new Set(policy.rules.map((rule) => rule.id))
    const mainModeDraft = policy.mainMode === undefined ? undefined : mainModeDraftOf(policy.mainMode, policy.id)
    const mainMode =
      policy.mainMode === undefined || mainModeDraft === undefined
        ? undefined
        : { draft: mainModeDraft, object: policy.mainMode.object, isChanged: false, isDamaged: false }
    const { ruleIds = [], ...rest } = draft ?? { name: '' }
    const entry: PolicyEntry = {
      id: policy.id,
      name: rest.name === '' ? policy.name : rest.name,
      draft: draft === undefined ? undefined : (rest as PolicyEntry['draft']),
      object: policy.object,
      isChanged: false,
      isDamaged: isDamagedBy(policy.problems),
      mainMode,
      rules,
      rulesByName,
      missingRuleIds: ruleIds.filter((id) => !present.has(id)),
    }
    if (mainMode !== undefined) this.#countMainMode(mainMode.draft.id, 1)
    this.allPolicies.add(entry)
    putFirst(this.policies, entry.name, entry)
  }

  #takeRule(rule: Rule, policyId: Guid): RuleEntry {
    const entry: RuleEntry = {
      id: rule.id,
      draft: ruleDraftOf(rule, policyId),
      object: rule.object,
      isChanged: false,
      isDamaged: isDamagedBy(rule.problems),
      isDefault: rule.isDefaultResponse,
      policies: 0,
    }
    this.#rulesById.set(rule.id, entry)
    return entry
  }

  /** Every rule object counts as a user of what it refers to, whether a policy has it or not. */
  #takeUses(object: StoredObject): void {
    for (const field of ['ipsecFilterReference', 'ipsecNegotiationPolicyReference'] as const) {
      for (const text of attributeReferences(object, field)) {
        const target = parseReference(text)?.id
        if (target !== undefined) this.#usersOf(target)?.add(object.id)
      }
    }
  }

  #usersOf(id: Guid): Set<Guid> | undefined {
    return this.#listsById.get(id)?.users ?? this.#actionsById.get(id)?.users
  }

  #countMainMode(id: Guid, change: number): number {
    const count = (this.#mainModeUsers.get(id) ?? 0) + change
    this.#mainModeUsers.set(id, count)
    return count
  }

  get assigned(): Guid | undefined {
    return this.#assigned
  }

  assign(policyId: Guid | undefined): void {
    if (this.#assigned === policyId) return
    this.#assigned = policyId
    this.#isAssignmentChanged = true
  }

  listById(id: Guid): ListEntry | undefined {
    return this.#listsById.get(id)
  }

  actionById(id: Guid): ActionEntry | undefined {
    return this.#actionsById.get(id)
  }

  policyById(id: Guid): PolicyEntry | undefined {
    for (const policy of this.allPolicies) if (policy.id === id) return policy
    return undefined
  }

  allLists(): ListEntry[] {
    return [...this.#listsById.values()]
  }

  allActions(): ActionEntry[] {
    return [...this.#actionsById.values()]
  }

  addList(entry: ListEntry): void {
    this.#listsById.set(entry.draft.id, entry)
    putFirst(this.lists, entry.draft.name, entry)
    this.touchList(entry)
  }

  addAction(entry: ActionEntry): void {
    this.#actionsById.set(entry.draft.id, entry)
    putFirst(this.actions, entry.draft.name, entry)
    this.touchAction(entry)
  }

  addPolicy(entry: PolicyEntry): void {
    this.allPolicies.add(entry)
    putFirst(this.policies, entry.name, entry)
    if (entry.mainMode !== undefined) this.#countMainMode(entry.mainMode.draft.id, 1)
    this.touchPolicy(entry)
  }

  addRule(policy: PolicyEntry, entry: RuleEntry): void {
    this.#rulesById.set(entry.id, entry)
    policy.rules.add(entry)
    putFirst(policy.rulesByName, entry.draft?.name, entry)
    entry.policies += 1
    for (const id of usedIds(entry)) this.#use(id, entry.id)
    this.touchRule(entry)
    this.touchPolicy(policy)
  }

  /** A rule says something else now; what it uses is told. */
  changeRule(entry: RuleEntry, draft: NonNullable<RuleEntry['draft']>): void {
    const before = usedIds(entry)
    entry.draft = draft
    const after = usedIds(entry)
    for (const id of before) if (!after.includes(id)) this.#unuse(id, entry.id)
    for (const id of after) if (!before.includes(id)) this.#use(id, entry.id)
    this.touchRule(entry)
  }

  #use(id: Guid, ruleId: Guid): void {
    this.#usersOf(id)?.add(ruleId)
    this.#touchShared(id)
  }

  #unuse(id: Guid, ruleId: Guid): void {
    this.#usersOf(id)?.delete(ruleId)
    this.#touchShared(id)
  }

  #touchShared(id: Guid): void {
    const list = this.#listsById.get(id)
    if (list !== undefined) this.touchList(list)
    const action = this.#actionsById.get(id)
    if (action !== undefined) this.touchAction(action)
  }

  renameList(entry: ListEntry, name: string): void {
    removeFrom(this.lists, entry.draft.name, entry)
    entry.draft = { ...entry.draft, name }
    putFirst(this.lists, name, entry)
  }

  renameAction(entry: ActionEntry, name: string): void {
    removeFrom(this.actions, entry.draft.name, entry)
    entry.draft = { ...entry.draft, name }
    putFirst(this.actions, name, entry)
  }

  renamePolicy(entry: PolicyEntry, name: string): void {
    removeFrom(this.policies, entry.name, entry)
    entry.name = name
    if (entry.draft !== undefined) entry.draft = { ...entry.draft, name }
    putFirst(this.policies, name, entry)
  }

  renameRule(policy: PolicyEntry, entry: RuleEntry, name: string): void {
    removeFrom(policy.rulesByName, entry.draft?.name, entry)
    putFirst(policy.rulesByName, name, entry)
  }

  touchList(entry: ListEntry): void {
    if (entry.isDamaged) return
    entry.isChanged = true
    this.#changed.set(entry, { kind: 'list', entry })
  }

  touchAction(entry: ActionEntry): void {
    if (entry.isDamaged) return
    entry.isChanged = true
    this.#changed.set(entry, { kind: 'action', entry })
  }

  touchRule(entry: RuleEntry): void {
    entry.isChanged = true
    this.#changed.set(entry, { kind: 'rule', entry })
  }

  /** The policy and its main mode settings are written again. */
  touchPolicy(entry: PolicyEntry): void {
    if (entry.isDamaged || entry.draft === undefined) return
    entry.isChanged = true
    this.#changed.set(entry, { kind: 'policy', entry })
  }

  deleteList(entry: ListEntry): void {
    this.#forget(entry)
    this.#listsById.delete(entry.draft.id)
    removeFrom(this.lists, entry.draft.name, entry)
  }

  deleteAction(entry: ActionEntry): void {
    this.#forget(entry)
    this.#actionsById.delete(entry.draft.id)
    removeFrom(this.actions, entry.draft.name, entry)
  }

  /** The action of a default response rule goes with it; lists and named actions stay. */
  deleteRule(policy: PolicyEntry, entry: RuleEntry): void {
    policy.rules.delete(entry)
    removeFrom(policy.rulesByName, entry.draft?.name, entry)
    this.touchPolicy(policy)
    this.#releaseRule(entry, () => false)
  }

  /** With its rules, its main mode settings, and what only its rules used; `keepShared` spares what has a name. */
  deletePolicy(entry: PolicyEntry, keepShared: boolean): void {
    for (const rule of entry.rules) this.#releaseRule(rule, () => !keepShared)
    const mainMode = entry.mainMode
    if (mainMode !== undefined && this.#countMainMode(mainMode.draft.id, -1) === 0) this.#forget(mainMode)
    this.#forget(entry)
    removeFrom(this.policies, entry.name, entry)
    this.allPolicies.delete(entry)
    if (this.#assigned === entry.id) this.assign(undefined)
  }

  #releaseRule(rule: RuleEntry, cascades: (name: string) => boolean): void {
    rule.policies -= 1
    if (rule.policies > 0) return
    this.#forget(rule)
    this.#rulesById.delete(rule.id)
    const ids = rule.draft === undefined ? [] : usedIds(rule)
    for (const id of ids) {
      this.#unuse(id, rule.id)
      const list = this.#listsById.get(id)
      if (list?.users.size === 0 && (isUnnamed(list) || cascades(list.draft.name ?? ''))) this.deleteList(list)
      const action = this.#actionsById.get(id)
      if (action?.users.size === 0 && (isUnnamed(action) || cascades(action.draft.name ?? '')))
        this.deleteAction(action)
    }
  }

  #forget(entry: { object: StoredObject | undefined; isChanged: boolean }): void {
    if (entry.object !== undefined) this.#gone.add(entry.object)
    entry.isChanged = false
  }

  /** Everything, whatever it is: policy objects that no name leads to as well. */
  deleteAll(): void {
    for (const object of this.#store.objects) this.#gone.add(object)
    for (const entry of this.#changed.keys()) entry.isChanged = false
    this.policies.clear()
    this.allPolicies.clear()
    this.lists.clear()
    this.actions.clear()
    this.#listsById.clear()
    this.#actionsById.clear()
    this.#rulesById.clear()
    this.#mainModeUsers.clear()
    this.assign(undefined)
  }

  /** Whether the store is as it was when it was last written. */
  get isUnchanged(): boolean {
    return this.#changed.size === 0 && this.#gone.size === 0 && !this.#isAssignmentChanged
  }

  /** The store with every change in it; later changes go on from there. */
  flush(context: AuthorContext): ObjectStore {
    if (this.isUnchanged) return this.#store
    const replaced = new Map<StoredObject, StoredObject>()
    const made: StoredObject[] = []
    const write = (
      entry: { object: StoredObject | undefined; isChanged: boolean },
      written: (object: StoredObject | undefined) => StoredObject,
    ): void => {
      const before = entry.object
      const after = written(before)
      entry.object = after
      entry.isChanged = false
      if (before === undefined) made.push(after)
      else replaced.set(before, after)
    }
    for (const change of this.#changed.values()) {
      if (!change.entry.isChanged) continue
      switch (change.kind) {
        case 'list': {
          const { entry } = change
          const draft = { ...entry.draft, filters: filtersOf(entry), ownerRuleIds: [...entry.users] }
          write(entry, (object) =>
            object === undefined ? authorFilterList(draft, context) : updateFilterList(object, draft, context),
          )
          break
        }
        case 'action': {
          const { entry } = change
          const draft = { ...entry.draft, ownerRuleIds: [...entry.users] }
          write(entry, (object) =>
            object === undefined ? authorFilterAction(draft, context) : updateFilterAction(object, draft, context),
          )
          break
        }
        case 'rule': {
          const { draft } = change.entry
          if (draft === undefined) break
          write(change.entry, (object) =>
            object === undefined ? authorRule(draft, context) : updateRule(object, draft, context),
          )
          break
        }
        case 'policy': {
          const { entry } = change
          if (entry.draft === undefined) break
          const ruleIds = [...entry.missingRuleIds, ...[...entry.rules].map((rule) => rule.id)]
          const draft = { ...entry.draft, ruleIds }
          write(entry, (object) =>
            object === undefined ? authorPolicy(draft, context) : updatePolicy(object, draft, context),
          )
          const { mainMode } = entry
          if (mainMode?.isChanged !== true) break
          write(mainMode, (object) =>
            object === undefined
              ? authorMainMode(mainMode.draft, context)
              : updateMainMode(object, mainMode.draft, context),
          )
          break
        }
      }
    }
    const kept = this.#store.objects
      .filter((object) => !this.#gone.has(object))
      .map((object) => replaced.get(object) ?? object)
    const store = { ...this.#store, objects: [...kept, ...made] }
    this.#store = this.#isAssignmentChanged ? assign(store, this.#assigned) : store
    this.#gone.clear()
    this.#changed.clear()
    this.#isAssignmentChanged = false
    return this.#store
  }
}

type Changed =
  | { readonly kind: 'list'; readonly entry: ListEntry }
  | { readonly kind: 'action'; readonly entry: ActionEntry }
  | { readonly kind: 'rule'; readonly entry: RuleEntry }
  | { readonly kind: 'policy'; readonly entry: PolicyEntry }

function isUnnamed(entry: { readonly draft: { readonly name?: string } }): boolean {
  return (entry.draft.name ?? '') === ''
}

function usedIds(rule: RuleEntry): Guid[] {
  return rule.draft === undefined ? [] : [...rule.draft.filterListIds, rule.draft.filterActionId]
}

/** Of several with one name the first is the one that is meant. */
function putFirst<T>(map: Map<string, T>, name: string | undefined, entry: T): void {
  if (name === undefined || name === '') return
  const key = nameKey(name)
  if (!map.has(key)) map.set(key, entry)
}

function removeFrom<T>(map: Map<string, T>, name: string | undefined, entry: T): void {
  if (name === undefined) return
  if (map.get(nameKey(name)) === entry) map.delete(nameKey(name))
}
