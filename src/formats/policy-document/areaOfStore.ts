import { PolagentError } from '../../base/errors.ts'
import type { Finding, Report } from '../../base/finding.ts'
import type { Guid } from '../../base/guid.ts'
import type { AuthenticationMethod, FilterAction, FilterList, MainMode, Offer, Rule } from '../../policy/model.ts'
import type { ObjectClass } from '../../policy/objectClass.ts'
import { parseReference, referenceKey } from '../../policy/reference.ts'
import {
  dwordValue,
  findValue,
  numberOfValue,
  RegistryType,
  type RegistryValue,
  textOfValue,
} from '../../policy/registryValue.ts'
import type { DirectoryEntry, ObjectStore, StoredObject } from '../../policy/storedObject.ts'
import { decodePolicyBlob } from '../ipsec-data/index.ts'
import { isActivePolicy } from '../object-store/assignment.ts'
import type { AuthorContext } from '../object-store/index.ts'
import { targetsOf } from '../object-store/links.ts'
import { namesOf } from '../object-store/names.ts'
import { decodeObjectData } from '../object-store/objectData.ts'
import { ObjectIndex } from '../object-store/objectIndex.ts'
import { readFilterAction } from '../object-store/readFilterAction.ts'
import { readFilterList } from '../object-store/readFilterList.ts'
import { readMainMode } from '../object-store/readMainMode.ts'
import { readRule } from '../object-store/readRule.ts'
import { authorObject, fingerprintOf } from './authorObject.ts'
import { builtInActions, documentDefaults } from './defaults.ts'
import {
  type ActionWords,
  type AreaContent,
  type DocumentAuthentication,
  type DocumentDefaultResponse,
  type DocumentFilterAction,
  type DocumentFilterList,
  type DocumentMainMode,
  type DocumentPolicy,
  type DocumentRule,
  nowhere,
  type Reference,
} from './document.ts'
import { documentFinding } from './documentFindings.ts'
import { draftArea, idOfText, type ObjectDraft } from './draftArea.ts'
import { filterIdBytes, FilterIds, filtersWithIds } from './filterIds.ts'
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
import { Problems } from './problems.ts'
import { mostFrequent, type Spelling, spelled, spellingOf, usualSpelling } from './spelling.ts'
import type { KeyProperties, StoredAttribute, StoredEntry, StoredPart } from './storedPart.ts'
import {
  differenceOf,
  keyPropertiesBeside,
  keyPropertiesOf,
  keyPropertyNames,
  sameValue,
  storedKeyOf,
  storedValueOf,
} from './storedValues.ts'
import { areaPlace, areaValues, assignmentFingerprint } from './storeOfArea.ts'

/**
 * A store in words, and beside them whatever the words do not give back exactly. An object is put in words only when
 * all of it is understood: words must not claim more than is known.
 */
export function areaOfStore(store: ObjectStore, report: Report): AreaContent {
  const unsayable = new Set<StoredObject>()
  for (;;) {
    const words = new AreaWords(store, unsayable)
    const content = words.content()
    const stored = new StoredWords(store, words, content, report)
    const refused = stored.refused()
    if (refused.length === 0) return stored.content()
    for (const object of refused) unsayable.add(object)
  }
}

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

const emptyIndex = new ObjectIndex({ area: 'local', keyPath: [], values: [], objects: [], otherKeys: [] })

/** Chooses words for the objects of a store. */
class AreaWords {
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
        const mainMode = readMainMode(object, report)
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
        const unused = (): never => {
          throw new TypeError('nothing can be found in an empty index')
        }
        const rule = readRule(object, { index: emptyIndex, filterListOf: unused, filterActionOf: unused }, report)
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

  #ofClass(objectClass: ObjectClass): StoredObject[] {
    return this.#store.objects.filter(
      (object) => object.class === objectClass && this.sayable.get(referenceKey(object)) === object,
    )
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
    return (this.#lists.get(id)?.filters ?? []).map(({ id: _, ...words }) => ({ value: words, at: nowhere }))
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

function actionWords(action: FilterAction): ActionWords {
  if (action.action !== 'negotiate') return { action: action.action }
  return {
    action: 'negotiate',
    ...negotiateWords(action.offers, action.fallBackToClear, documentDefaults.methods),
    ...(action.acceptUnsecuredInbound ? { inpass: true } : {}),
  }
}

function negotiateWords(
  offers: readonly Offer[],
  soft: boolean,
  defaults: readonly object[],
): Pick<ActionWords, 'methods' | 'pfs' | 'soft'> {
  const pfs = offers.length > 0 && offers.every((offer) => offer.perfectForwardSecrecy)
  const methods = offers.map(({ perfectForwardSecrecy, ...offer }) =>
    perfectForwardSecrecy === pfs ? offer : { ...offer, perfectForwardSecrecy },
  )
  return {
    ...(isSame(methods, defaults) ? {} : { methods }),
    ...(pfs ? { pfs } : {}),
    ...(soft ? { soft } : {}),
  }
}

function mainModeWords(mainMode: MainMode): Omit<DocumentMainMode, 'at' | 'id'> {
  const methods = mainMode.offers.map(({ encryption, integrity, group, ...limits }) => {
    const suite = { encryption, integrity, group }
    const own = {
      ...(limits.lifetimeSeconds === mainMode.lifetimeSeconds ? {} : { lifetime: limits.lifetimeSeconds }),
      ...(limits.lifetimeKilobytes === 0 ? {} : { lifetimeKilobytes: limits.lifetimeKilobytes }),
      ...(limits.quickModeLimit === mainMode.quickModeLimit ? {} : { quickModeLimit: limits.quickModeLimit }),
      ...(limits.perfectForwardSecrecy === mainMode.perfectForwardSecrecy ? {} : { pfs: limits.perfectForwardSecrecy }),
    }
    return Object.keys(own).length === 0 ? suite : { at: nowhere, method: suite, ...own }
  })
  return {
    ...(mainMode.lifetimeSeconds === documentDefaults.mainModeLifetimeSeconds
      ? {}
      : { lifetime: mainMode.lifetimeSeconds }),
    ...(mainMode.perfectForwardSecrecy ? { pfs: true } : {}),
    ...(mainMode.quickModeLimit === 0 ? {} : { quickModeLimit: mainMode.quickModeLimit }),
    ...(mainMode.certificateMapping ? { certificateMapping: true } : {}),
    ...(mainMode.noCertificateRequest ? { noCertificateRequest: true } : {}),
    ...(isSame(methods, documentDefaults.mainModeMethods) ? {} : { methods }),
  }
}

function authenticationField(methods: readonly AuthenticationMethod[]): {
  authentication?: readonly DocumentAuthentication[]
} {
  if (methods.length === 1 && methods[0]?.kind === 'kerberos') return {}
  return { authentication: methods.map(authenticationWords) }
}

function authenticationWords(method: AuthenticationMethod): DocumentAuthentication {
  switch (method.kind) {
    case 'kerberos':
      return 'kerberos'
    case 'preshared-key':
      return { at: nowhere, psk: method.key }
    case 'certificate':
      return {
        at: nowhere,
        rootca: method.authority,
        ...(method.certificateMapping ? { certmap: true } : {}),
        ...(method.excludeAuthorityName ? { excludecaname: true } : {}),
      }
  }
}

/** Plain data of equal content, fields in any order. */
function isSame(a: unknown, b: unknown): boolean {
  return sortedJson(a) === sortedJson(b)
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([x], [y]) => (x < y ? -1 : 1)))
      : part,
  )
}

/** Finds what the words do not give back, by making the objects of them and comparing. */
class StoredWords {
  readonly #store: ObjectStore
  readonly #words: AreaWords
  readonly #content: AreaContent
  readonly #report: Report
  readonly #spelling: Spelling
  readonly #changed: number | undefined
  readonly #objectKeys: KeyProperties | undefined
  readonly #drafts: readonly ObjectDraft[]
  readonly #assigned: Guid | undefined
  readonly #refused: StoredObject[] = []
  readonly #entries: StoredEntry[] = []

  constructor(store: ObjectStore, words: AreaWords, content: AreaContent, report: Report) {
    this.#store = store
    this.#words = words
    this.#content = content
    this.#report = report
    this.#spelling = spellingOf(store)
    this.#changed = usualChange(store.objects)
    this.#objectKeys = usualKeyProperties(store.objects)
    const problems = new Problems()
    const drafts = draftArea(content, store.area, (list) => this.#knownIds(list), problems)
    if (problems.count > 0) throw new TypeError(`words chosen for a store are wrong: ${problems.kept[0]?.message}`)
    this.#drafts = drafts.objects
    this.#assigned = drafts.assigned
    this.#compare()
  }

  #knownIds(list: Guid): FilterIds | undefined {
    const found = this.#words.filterList(list)
    return found && FilterIds.ofFilters(found.filters)
  }

  /** Objects whose words cannot be stored; another attempt leaves them without words. */
  refused(): readonly StoredObject[] {
    return this.#refused
  }

  #compare(): void {
    const said = new Set<StoredObject>()
    for (const draft of this.#drafts) {
      const object = this.#words.sayable.get(`${draft.class}${draft.draft.id}`)
      if (object === undefined) throw new TypeError('words chosen for a store make an object it does not have')
      said.add(object)
      const made = this.#made(draft, object)
      if (made !== undefined) this.#addDifference(object, draft, made)
    }
    const whole = this.#store.objects.filter((object) => !said.has(object))
    for (const object of whole) this.#entries.push(this.#wholeEntry(object))
    if (whole.length > 0 && this.#refused.length === 0)
      this.#report(documentFinding('DOCUMENT_STORED_ONLY', `${whole.length}`))
  }

  #made(draft: ObjectDraft, object: StoredObject): StoredObject | undefined {
    const context: AuthorContext = {
      keyPath: this.#store.keyPath,
      whenChanged: changeOf(object) ?? this.#changed ?? 0,
      newId: () => object.id,
    }
    try {
      return spelled(authorObject(draft, context), this.#spelling)
    } catch (error) {
      if (!(error instanceof PolagentError)) throw error
      this.#refused.push(object)
      return undefined
    }
  }

  #addDifference(object: StoredObject, draft: ObjectDraft, made: StoredObject): void {
    const difference = differenceOf(object.values, made.values)
    const data = findValue(object.values, 'ipsecData')
    const isDataOther = difference.values?.some((value) => value.name.toLowerCase() === 'ipsecdata') === true
    const isPlainData =
      isDataOther && data !== undefined && data.type === RegistryType.binary && data.name === 'ipsecData'
    const values = isPlainData ? difference.values?.filter((value) => value.name !== 'ipsecData') : difference.values
    const entry = {
      ...(isPlainData ? { data: data.data } : {}),
      ...(isDataOther ? {} : this.#filterIdsOf(draft)),
      ...this.#changeField(object),
      ...(values === undefined || values.length === 0 ? {} : { values }),
      ...(difference.absent === undefined ? {} : { absent: difference.absent }),
      ...this.#beyondValues(object),
    }
    if (Object.keys(entry).length === 0 && object.key === made.key) return
    this.#entries.push({ at: nowhere, object: object.key, of: fingerprintOf(draft), ...entry })
  }

  #filterIdsOf(draft: ObjectDraft): { filterIds?: Uint8Array } {
    if (draft.class !== 'ipsecFilter') return {}
    const { filters, id } = draft.draft
    const derived = filtersWithIds(
      filters.map(({ id: _, ...words }) => ({ value: words })),
      id,
      undefined,
    )
    const isDerived = filters.every((filter, index) => derived[index]?.id === filter.id)
    return isDerived ? {} : { filterIds: filterIdBytes(filters) }
  }

  #changeField(object: StoredObject): { changed?: number } {
    const changed = changeOf(object)
    return changed === undefined || changed === this.#changed ? {} : { changed }
  }

  #beyondValues(object: StoredObject): Partial<StoredEntry> {
    const key = keyPropertiesBeside(object.keyInfo, this.#objectKeys)
    const keys = object.subkeys.map((subkey) => storedKeyOf(subkey, this.#lost))
    return {
      ...(keys.length === 0 ? {} : { keys }),
      ...(key === undefined ? {} : { key }),
      ...this.#directoryFields(object),
    }
  }

  readonly #lost = (name: string): void => this.#report(documentFinding('DOCUMENT_KEY_LOST', name))

  #directoryFields(object: StoredObject): Partial<StoredEntry> {
    const { directory } = object
    if (directory === undefined) return {}
    const attributes = attributesOf(directory)
    return {
      ...(directory.dn === `CN=${object.key},${this.#spelling.references}` ? {} : { dn: directory.dn }),
      ...(attributes.length === 0 ? {} : { attributes }),
    }
  }

  #wholeEntry(object: StoredObject): StoredEntry {
    const data = only(object.values, 'ipsecData')
    const changed = changeOf(object)
    const isOwnField = (value: RegistryValue): boolean =>
      (value === data && value.type === RegistryType.binary) || (changed !== undefined && value.name === 'whenChanged')
    const values = object.values.filter((value) => !isOwnField(value)).map(storedValueOf)
    return {
      at: nowhere,
      object: object.key,
      ...(data !== undefined && data.type === RegistryType.binary ? { data: data.data } : {}),
      ...(changed === undefined ? {} : { changed }),
      ...(values.length === 0 ? {} : { values }),
      ...this.#beyondValues(object),
    }
  }

  content(): AreaContent {
    const stored = this.#storedPart()
    return Object.keys(stored).length === 1 ? this.#content : { ...this.#content, stored }
  }

  #storedPart(): StoredPart {
    const store = this.#store
    const usualPlace = areaPlace(store.area, undefined)
    const isUsualPath = equalTexts(store.keyPath, usualPlace.keyPath)
    const usual = usualSpelling(store.area, store.keyPath)
    const key = keyPropertiesOf(store.keyInfo)
    return {
      at: nowhere,
      ...(isUsualPath ? {} : { keyPath: store.keyPath }),
      ...(store.rootPath === undefined ? {} : { rootPath: store.rootPath }),
      ...(this.#spelling.references === usual.references ? {} : { references: this.#spelling.references }),
      ...(this.#spelling.guids === usual.guids ? {} : { guids: this.#spelling.guids }),
      ...(this.#changed === undefined ? {} : { changed: this.#changed }),
      ...(key === undefined ? {} : { key }),
      ...(this.#objectKeys === undefined ? {} : { objectKeys: this.#objectKeys }),
      ...this.#areaDifference(),
      ...(store.otherKeys.length === 0
        ? {}
        : { otherKeys: store.otherKeys.map((other) => storedKeyOf(other, this.#lost)) }),
      ...(store.surroundings === undefined ? {} : { surroundings: storedKeyOf(store.surroundings, this.#lost) }),
      ...(store.gpoAssignments === undefined
        ? {}
        : {
            gpoAssignments: store.gpoAssignments.map(({ entry, references }) => ({
              at: nowhere,
              dn: entry.dn,
              attributes: attributesOf(entry),
              references,
            })),
          }),
      ...(this.#entries.length === 0 ? {} : { objects: this.#entries }),
    }
  }

  #areaDifference(): Pick<StoredPart, 'area'> {
    const made = areaValues(this.#assigned, this.#store.keyPath, this.#spelling)
    const difference = differenceOf(this.#store.values, made)
    if (difference.values === undefined && difference.absent === undefined) return {}
    return { area: { at: nowhere, of: assignmentFingerprint(this.#assigned), ...difference } }
  }
}

function attributesOf(entry: DirectoryEntry): StoredAttribute[] {
  return entry.attributes.map(({ name, values }) => ({ at: nowhere, name, values }))
}

/** The one value of that name in that spelling. */
function only(values: readonly RegistryValue[], name: string): RegistryValue | undefined {
  const found = values.filter((value) => value.name.toLowerCase() === name.toLowerCase())
  return found.length === 1 && found[0]?.name === name ? found[0] : undefined
}

/** whenChanged when it is stored as it should be. */
function changeOf(object: StoredObject): number | undefined {
  const value = only(object.values, 'whenChanged')
  const number = value === undefined ? undefined : numberOfValue(value)
  return value !== undefined && number !== undefined && sameValue(value, dwordValue('whenChanged', number))
    ? number
    : undefined
}

function usualChange(objects: readonly StoredObject[]): number | undefined {
  const counts = new Map<number, number>()
  for (const object of objects) {
    const changed = changeOf(object)
    if (changed !== undefined) counts.set(changed, (counts.get(changed) ?? 0) + 1)
  }
  return mostFrequent(counts)
}

/** Of each property of keys, what most objects have; a property that most do not have is left out. */
function usualKeyProperties(objects: readonly StoredObject[]): KeyProperties | undefined {
  const usual: Record<string, unknown> = {}
  for (const name of keyPropertyNames) {
    const counts = new Map<string, number>()
    const values = new Map<string, unknown>()
    for (const object of objects) {
      const value = keyPropertiesOf(object.keyInfo)?.[name]
      if (value === undefined) continue
      const text = String(value)
      values.set(text, value)
      counts.set(text, (counts.get(text) ?? 0) + 1)
    }
    const most = mostFrequent(counts)
    if (most !== undefined && (counts.get(most) ?? 0) * 2 > objects.length) usual[name] = values.get(most)
  }
  return Object.keys(usual).length === 0 ? undefined : ({ at: nowhere, ...usual } as KeyProperties)
}

function equalTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index])
}
