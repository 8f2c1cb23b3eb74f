import type { Finding, Report } from '../../base/finding.ts'
import type { Guid } from '../../base/guid.ts'
import type { FilterAction, FilterList, MainMode, Rule } from '../../policy/model.ts'
import type { ObjectClass } from '../../policy/objectClass.ts'
import { parseReference, referenceKey } from '../../policy/reference.ts'
import { textOfValue } from '../../policy/registryValue.ts'
import type { ObjectStore, StoredObject } from '../../policy/storedObject.ts'
import { decodePolicyBlob } from '../ipsec-data/index.ts'
import { isActivePolicy } from '../object-store/assignment.ts'
import { targetsOf } from '../object-store/links.ts'
import { namesOf } from '../object-store/names.ts'
import { decodeObjectData } from '../object-store/objectData.ts'
import { ObjectIndex } from '../object-store/objectIndex.ts'
import { readFilterAction } from '../object-store/readFilterAction.ts'
import { readFilterList } from '../object-store/readFilterList.ts'
import { readMainMode } from '../object-store/readMainMode.ts'
import { readRule } from '../object-store/readRule.ts'
import { builtInActions, documentDefaults } from './defaults.ts'
import {
  type AreaContent,
  type DocumentDefaultResponse,
  type DocumentFilterAction,
  type DocumentFilterList,
  type DocumentMainMode,
  type DocumentPolicy,
  type DocumentRule,
  nowhere,
  type Reference,
} from './document.ts'
import { idOfText } from './draftArea.ts'
import { filterLine } from './filterLine.ts'
import {
  defaultResponseId,
  filterActionId,
  filterListId,
  folded,
  mainModeId,
  policyId,
  ruleFilterActionId,
  ruleFilterListId,
  ruleFilterListName,
  ruleId,
} from './ids.ts'
import { actionWords, authenticationField, mainModeWords, negotiateWords } from './objectWords.ts'
/** Findings that mean a part of the object was not understood. */
const notUnderstood: ReadonlySet<string> = new Set([
  'DATA_MISSING',
  'DATA_HIDDEN',
  'DATA_TYPE_UNKNOWN',
  'DATA_UNREADABLE',
  'DATA_REST_IGNORED',
  'RULE_INTERFACE_UNKNOWN',
  'RULE_AUTHENTICATION_SKIPPED',
  'ACTION_UNKNOWN',
  'OFFER_SKIPPED',
  'MAIN_MODE_OFFER_SKIPPED',
])

class Understanding {
  isWhole = true
  readonly report: Report = (finding: Finding) => {
    if (notUnderstood.has(finding.code)) this.isWhole = false
  }
}

const emptyIndex = new ObjectIndex({ objects: [] })

/** Surroundings in which a rule refers to nothing: only its own data is looked at. */
const ownDataOnly = { index: emptyIndex, filterListOf: notThere, filterActionOf: notThere }

function notThere(): never {
  throw new TypeError('nothing can be found in an empty index')
}

/** Chooses words for the objects of a store. */
export class AreaWords {
  readonly #store: ObjectStore
  readonly #unsayable: ReadonlySet<StoredObject>
  readonly #index: ObjectIndex
  /** Objects that have words, by reference key. */
  readonly sayable = new Map<string, StoredObject>()
  readonly #lists = new Map<Guid, FilterList>()
  readonly #actions = new Map<Guid, FilterAction>()
  readonly #rules = new Map<Guid, Rule>()
  readonly #mainModes = new Map<Guid, MainMode>()
  /** How many rules in words refer to a list or an action. */
  readonly #uses = new Map<string, number>()
  /** How many objects of a class have a name. */
  readonly #names = new Map<string, number>()
  /** Lists and actions that are written where they are used. */
  readonly #inline = new Set<string>()

  constructor(store: ObjectStore, unsayable: ReadonlySet<StoredObject>) {
    this.#store = store
    this.#unsayable = unsayable
    this.#index = new ObjectIndex(store)
    for (const object of store.objects) this.#understand(object)
    this.#dropUnreached()
  }

  filterList(id: Guid): FilterList | undefined {
    return this.#lists.get(id)
  }

  #understand(object: StoredObject): void {
    if (!this.#index.isFirst(object) || this.#unsayable.has(object)) return
    const understanding = new Understanding()
    const keep = this.#reading(object, understanding)
    if (!understanding.isWhole || keep === undefined) return
    keep()
    this.sayable.set(referenceKey(object), object)
    const { name } = namesOf(object)
    if (name === undefined) return
    const key = nameKey(object.class, name)
    this.#names.set(key, (this.#names.get(key) ?? 0) + 1)
  }

  #reading(object: StoredObject, { report }: Understanding): (() => void) | undefined {
    switch (object.class) {
      case 'ipsecPolicy':
        return decodeObjectData(object, decodePolicyBlob, report) === undefined ? undefined : () => undefined
      case 'ipsecISAKMPPolicy': {
        const { mainMode } = readMainMode(object, report)
        return mainMode && (() => this.#mainModes.set(object.id, mainMode))
      }
      case 'ipsecFilter': {
        const list = readFilterList(object, report)
        const isSayable = list.filters.every((filter) => filterLine(filter) !== undefined)
        return isSayable ? () => this.#lists.set(object.id, list) : undefined
      }
      case 'ipsecNegotiationPolicy': {
        const { action } = readFilterAction(object, report)
        return action && (() => this.#actions.set(object.id, action))
      }
      case 'ipsecNFA': {
        const rule = readRule(object, ownDataOnly, report)
        return () => this.#rules.set(object.id, rule)
      }
    }
  }

  /** Rules and main mode settings have words only inside a policy, the first that refers to them. */
  #dropUnreached(): void {
    const reached = new Set<string>()
    for (const object of this.#store.objects) {
      if (object.class !== 'ipsecPolicy' || !this.sayable.has(referenceKey(object))) continue
      const mainMode = this.#target(object, 'ipsecISAKMPReference', 'ipsecISAKMPPolicy')
      if (mainMode !== undefined) reached.add(`ipsecISAKMPPolicy${mainMode}`)
      for (const rule of this.#targets(object, 'ipsecNFAReference', 'ipsecNFA')) reached.add(`ipsecNFA${rule}`)
    }
    for (const [key, object] of this.sayable) {
      const needsPolicy = object.class === 'ipsecNFA' || object.class === 'ipsecISAKMPPolicy'
      if (needsPolicy && !reached.has(key)) this.sayable.delete(key)
    }
    for (const object of this.sayable.values()) if (object.class === 'ipsecNFA') this.#countUses(object)
  }

  #countUses(rule: StoredObject): void {
    for (const id of this.#targets(rule, 'ipsecFilterReference', 'ipsecFilter')) this.#use(`ipsecFilter${id}`)
    const action = this.#target(rule, 'ipsecNegotiationPolicyReference', 'ipsecNegotiationPolicy')
    if (action !== undefined) this.#use(`ipsecNegotiationPolicy${action}`)
  }

  #use(key: string): void {
    this.#uses.set(key, (this.#uses.get(key) ?? 0) + 1)
  }

  #targets(
    object: StoredObject,
    field: 'ipsecNFAReference' | 'ipsecFilterReference' | 'ipsecISAKMPReference' | 'ipsecNegotiationPolicyReference',
    objectClass: ObjectClass,
  ): Guid[] {
    return targetsOf(object, field)
      .filter((target) => target.class === objectClass)
      .map((target) => target.id)
  }

  #target(object: StoredObject, field: 'ipsecISAKMPReference' | 'ipsecNegotiationPolicyReference', to: ObjectClass) {
    return this.#targets(object, field, to)[0]
  }

  content(): AreaContent {
    const said = new Set<string>()
    const policies: DocumentPolicy[] = []
    for (const object of this.#ofClass('ipsecPolicy')) policies.push(this.#policyOf(object, said))
    const filterLists = this.#ofClass('ipsecFilter')
      .filter((object) => !this.#inline.has(referenceKey(object)))
      .map((object) => this.#listOf(object))
    const filterActions = this.#ofClass('ipsecNegotiationPolicy')
      .filter((object) => !this.#inline.has(referenceKey(object)))
      .map((object) => this.#actionOf(object))
    const assigned = this.#assigned()
    return {
      ...(assigned === undefined ? {} : { assigned }),
      ...(policies.length === 0 ? {} : { policies }),
      ...(filterLists.length === 0 ? {} : { filterLists }),
      ...(filterActions.length === 0 ? {} : { filterActions }),
    }
  }

  /** By name; their order in the store has no meaning. */
  #ofClass(objectClass: ObjectClass): StoredObject[] {
    const found = this.#store.objects.filter(
      (object) => object.class === objectClass && this.sayable.get(referenceKey(object)) === object,
    )
    const named = found.map((object) => ({ name: `${folded(namesOf(object).name ?? '')}\0${object.id}`, object }))
    return named.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ object }) => object)
  }

  #assigned(): Reference | undefined {
    if (this.#store.area === 'directory') return undefined
    const value = this.#store.values.find(isActivePolicy)
    const target = value === undefined ? undefined : parseReference(textOfValue(value))
    return target?.class === 'ipsecPolicy' ? this.#referenceTo('ipsecPolicy', target.id) : undefined
  }

  /** By name when that finds the object again, else by id. */
  #referenceTo(objectClass: ObjectClass, id: Guid): Reference {
    const object = this.sayable.get(`${objectClass}${id}`)
    const name = object === undefined ? undefined : namesOf(object).name
    const isUnique = name !== undefined && this.#names.get(nameKey(objectClass, name)) === 1
    const isPlain = isUnique && name.trim() !== '' && idOfText(name) === undefined
    return { value: isPlain ? name : id, at: nowhere }
  }

  /** Name, description, and the id unless it is the one the name gives. */
  #described(object: StoredObject, derived: ((name: string) => Guid) | Guid) {
    const names = namesOf(object)
    const fromName = typeof derived === 'string' ? derived : names.name === undefined ? undefined : derived(names.name)
    return { at: nowhere, ...names, ...(fromName === object.id ? {} : { id: object.id }) }
  }

  #listOf(object: StoredObject): DocumentFilterList {
    const { area } = this.#store
    return { ...this.#described(object, (name) => filterListId(area, name)), filters: this.#filtersOf(object.id) }
  }

  #filtersOf(id: Guid) {
    return (this.#lists.get(id)?.filters ?? []).map(({ id: _id, ...words }) => ({ value: words, at: nowhere }))
  }

  #actionOf(object: StoredObject): DocumentFilterAction {
    const { area } = this.#store
    const action = this.#actions.get(object.id)
    return {
      ...this.#described(object, (name) => filterActionId(area, name)),
      ...(action === undefined ? { action: 'block' } : actionWords(action)),
      ...(action?.isDefaultResponse === true ? { defaultResponse: true } : {}),
    }
  }

  #policyOf(object: StoredObject, said: Set<string>): DocumentPolicy {
    const { area } = this.#store
    const interval = decodeObjectData(object, decodePolicyBlob, () => undefined)?.pollingIntervalSeconds ?? 0
    const described = this.#described(object, (name) => policyId(area, name))
    const mainMode = this.#mainModeOf(object, said)
    const ruleIds = this.#targets(object, 'ipsecNFAReference', 'ipsecNFA')
    const response = this.#defaultResponseOf(object, ruleIds, said)
    const others = response === undefined ? ruleIds : ruleIds.slice(1)
    const rules = this.#rulesOf(object, described.name, others, said)
    return {
      ...described,
      ...(interval === 0 || interval === documentDefaults.pollingIntervalSeconds ? {} : { pollingInterval: interval }),
      ...(mainMode === undefined ? {} : { mainMode }),
      ...(response === true ? {} : { defaultResponse: response ?? 'none' }),
      ...(rules.length === 0 ? {} : { rules }),
    }
  }

  #mainModeOf(policy: StoredObject, said: Set<string>): DocumentMainMode | Reference | undefined {
    const derived = mainModeId(policy.id)
    const id = this.#target(policy, 'ipsecISAKMPReference', 'ipsecISAKMPPolicy') ?? derived
    const key = `ipsecISAKMPPolicy${id}`
    const mainMode = this.#mainModes.get(id)
    if (mainMode === undefined || !this.sayable.has(key) || said.has(key)) return { value: id, at: nowhere }
    said.add(key)
    const words = { ...(id === derived ? {} : { id }), ...mainModeWords(mainMode) }
    return Object.keys(words).length === 0 ? undefined : { at: nowhere, ...words }
  }

  /** `true` when the first rule is a default response rule as one is made by default; `undefined` when it has no short form. */
  #defaultResponseOf(
    policy: StoredObject,
    ruleIds: readonly Guid[],
    said: Set<string>,
  ): DocumentDefaultResponse | boolean | undefined {
    const id = ruleIds[0]
    const key = `ipsecNFA${id}`
    const object = this.sayable.get(key)
    const rule = id === undefined ? undefined : this.#rules.get(id)
    if (object === undefined || rule === undefined || said.has(key)) return undefined
    const actionId = this.#target(object, 'ipsecNegotiationPolicyReference', 'ipsecNegotiationPolicy')
    const action = actionId === undefined ? undefined : this.#actions.get(actionId)
    const actionKey = `ipsecNegotiationPolicy${actionId}`
    const isPlainRule =
      this.#targets(object, 'ipsecFilterReference', 'ipsecFilter').length === 0 &&
      Object.keys(namesOf(object)).length === 0 &&
      !rule.isTunnel &&
      rule.connectionType === 'all' &&
      rule.interfaceName === undefined
    if (!isPlainRule || action === undefined || this.#uses.get(actionKey) !== 1 || !this.sayable.has(actionKey))
      return undefined
    if (action.action !== 'negotiate' || !action.isDefaultResponse || action.acceptUnsecuredInbound) return undefined
    if (Object.keys(namesOf(action.object)).length > 0) return undefined
    said.add(key)
    this.#inline.add(actionKey)
    const { methods, pfs, soft } = negotiateWords(
      action.offers,
      action.fallBackToClear,
      documentDefaults.responseMethods,
    )
    const words = {
      ...(rule.id === defaultResponseId(policy.id) ? {} : { id: rule.id }),
      ...(action.id === ruleFilterActionId(rule.id) ? {} : { actionId: action.id }),
      ...(rule.isActive ? {} : { active: false }),
      ...authenticationField(rule.authentication),
      ...(methods === undefined ? {} : { methods }),
      ...(pfs === undefined ? {} : { pfs }),
      ...(soft === undefined ? {} : { soft }),
    }
    const names = Object.keys(words)
    if (names.length === 0) return true
    return names.length === 1 && words.active === false ? false : { at: nowhere, ...words }
  }

  #rulesOf(policy: StoredObject, policyName: string | undefined, ids: readonly Guid[], said: Set<string>) {
    let unnamed = 0
    return ids.map((id): DocumentRule | Reference => {
      const key = `ipsecNFA${id}`
      const object = this.sayable.get(key)
      const rule = this.#rules.get(id)
      if (object === undefined || rule === undefined || said.has(key)) return { value: id, at: nowhere }
      said.add(key)
      const { name } = namesOf(object)
      if (name === undefined) unnamed += 1
      return this.#ruleOf(object, rule, { policy: policyName, derived: ruleId(policy.id, name, unnamed) })
    })
  }

  #ruleOf(
    object: StoredObject,
    rule: Rule,
    around: { readonly policy: string | undefined; readonly derived: Guid },
  ): DocumentRule {
    const described = this.#described(object, around.derived)
    return {
      ...described,
      ...(rule.isActive ? {} : { active: false }),
      ...this.#listFieldsOf(object, ruleFilterListName(around.policy, described.name)),
      filterAction: this.#actionFieldOf(object),
      ...authenticationField(rule.authentication),
      ...(rule.isTunnel
        ? {
            tunnel: {
              ...(rule.tunnelEndpoint === undefined ? {} : { address: rule.tunnelEndpoint }),
              ...(rule.tunnelEndpointName === undefined ? {} : { name: rule.tunnelEndpointName }),
            },
          }
        : {}),
      ...(rule.connectionType === 'all' ? {} : { connectionType: rule.connectionType }),
      ...(rule.interfaceName === undefined ? {} : { interface: rule.interfaceName }),
    }
  }

  #listFieldsOf(rule: StoredObject, inlineName: string | undefined): Partial<DocumentRule> {
    const ids = this.#targets(rule, 'ipsecFilterReference', 'ipsecFilter')
    const [id] = ids
    if (id === undefined || ids.length > 1) {
      return { filterLists: ids.map((list) => this.#referenceTo('ipsecFilter', list)) }
    }
    const key = `ipsecFilter${id}`
    const list = this.sayable.get(key)
    const names = list === undefined ? {} : namesOf(list)
    const isInline =
      list !== undefined &&
      id === ruleFilterListId(rule.id) &&
      this.#uses.get(key) === 1 &&
      names.name === inlineName &&
      names.description === undefined
    if (!isInline) return { filterList: this.#referenceTo('ipsecFilter', id) }
    this.#inline.add(key)
    return { filters: this.#filtersOf(id) }
  }

  #actionFieldOf(rule: StoredObject): DocumentRule['filterAction'] {
    const own = ruleFilterActionId(rule.id)
    const id = this.#target(rule, 'ipsecNegotiationPolicyReference', 'ipsecNegotiationPolicy') ?? own
    const key = `ipsecNegotiationPolicy${id}`
    const action = this.#actions.get(id)
    const object = this.sayable.get(key)
    if (object === undefined || action === undefined) return { value: id, at: nowhere }
    const names = namesOf(object)
    const isBare = names.description === undefined && !action.isDefaultResponse
    if (isBare && id === own && names.name === undefined && this.#uses.get(key) === 1) {
      this.#inline.add(key)
      return { at: nowhere, ...actionWords(action) }
    }
    const kind = action.action
    if (
      isBare &&
      kind !== 'negotiate' &&
      names.name === builtInActions[kind] &&
      id === filterActionId(this.#store.area, names.name)
    ) {
      const isUnique = this.#names.get(nameKey('ipsecNegotiationPolicy', names.name)) === 1
      if (isUnique) {
        this.#inline.add(key)
        return { value: kind, at: nowhere }
      }
    }
    return this.#referenceTo('ipsecNegotiationPolicy', id)
  }
}

function nameKey(objectClass: ObjectClass, name: string): string {
  return `${objectClass}\0${folded(name)}`
}
