import { type Guid, parseGuid } from '../../base/guid.ts'
import type { AuthenticationMethod, MainModeOffer, Offer } from '../../policy/model.ts'
import type { ObjectClass } from '../../policy/objectClass.ts'
import { objectClassTitle } from '../../policy/objectClass.ts'
import type { StoreArea } from '../../policy/storedObject.ts'
import type {
  FilterActionDraft,
  FilterListDraft,
  MainModeDraft,
  PolicyDraft,
  RuleDraft,
} from '../object-store/index.ts'
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
  isReference,
  type Reference,
} from './document.ts'
import { type FilterIds, filtersWithIds } from './filterIds.ts'
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
import type { OfferWords } from './methodWords.ts'
import { suggestion } from './nearestWord.ts'
import type { Problems } from './problems.ts'

/** What an area says, object by object, every default and id filled in. `at` is the place in the text. */
export type ObjectDraft = { readonly at: number } & (
  | { readonly class: 'ipsecPolicy'; readonly draft: PolicyDraft }
  | { readonly class: 'ipsecISAKMPPolicy'; readonly draft: MainModeDraft }
  | { readonly class: 'ipsecNFA'; readonly draft: RuleDraft }
  | { readonly class: 'ipsecFilter'; readonly draft: FilterListDraft }
  | { readonly class: 'ipsecNegotiationPolicy'; readonly draft: FilterActionDraft }
)

export interface AreaDrafts {
  readonly objects: readonly ObjectDraft[]
  readonly assigned?: Guid
}

/** Ids of the filters a list has in the stored part. */
export type KnownFilterIds = (list: Guid) => FilterIds | undefined

export function draftArea(
  content: AreaContent,
  area: StoreArea,
  knownFilterIds: KnownFilterIds,
  problems: Problems,
): AreaDrafts {
  return new AreaDrafter(content, area, knownFilterIds, problems).drafts()
}

class AreaDrafter {
  readonly #content: AreaContent
  readonly #area: StoreArea
  readonly #knownFilterIds: KnownFilterIds
  readonly #problems: Problems
  readonly #lists: Names
  readonly #actions: Names
  readonly #policies: Names
  /** Rules that use a list or an action, by its id. */
  readonly #owners = new Map<Guid, Guid[]>()
  readonly #defaultResponseActions = new Set<Guid>()
  readonly #builtIns = new Map<Guid, keyof typeof builtInActions>()
  readonly #objects: ObjectDraft[] = []
  /** Lists and actions are drafted last, when it is known which rules use them. */
  readonly #later: (() => ObjectDraft)[] = []
  readonly #taken = new Set<string>()

  constructor(content: AreaContent, area: StoreArea, knownFilterIds: KnownFilterIds, problems: Problems) {
    this.#content = content
    this.#area = area
    this.#knownFilterIds = knownFilterIds
    this.#problems = problems
    this.#lists = new Names(content.filterLists ?? [], (name) => filterListId(area, name))
    this.#actions = new Names(content.filterActions ?? [], (name) => filterActionId(area, name))
    this.#policies = new Names(content.policies ?? [], (name) => policyId(area, name))
  }

  drafts(): AreaDrafts {
    for (const list of this.#content.filterLists ?? []) this.#addList(this.#lists.idOf(list), list)
    for (const action of this.#content.filterActions ?? []) {
      const id = this.#actions.idOf(action)
      if (action.defaultResponse === true) this.#defaultResponseActions.add(id)
      this.#addAction(id, action)
    }
    for (const policy of this.#content.policies ?? []) this.#addPolicy(policy)
    for (const [id, kind] of this.#builtIns) {
      this.#addAction(id, { at: 0, name: builtInActions[kind], action: kind })
    }
    for (const make of this.#later) this.#objects.push(make())
    const { assigned } = this.#content
    const assignedId = assigned === undefined ? undefined : this.#resolve(assigned, this.#policies, 'ipsecPolicy')
    return { objects: this.#objects, ...(assignedId === undefined ? {} : { assigned: assignedId }) }
  }

  /** Two objects of one class with one id would be one object. */
  #claim(objectClass: ObjectClass, id: Guid, at: number, name: string | undefined, isDerived: boolean): boolean {
    const key = `${objectClass}${id}`
    if (!this.#taken.has(key)) {
      this.#taken.add(key)
      return true
    }
    const title = objectClassTitle[objectClass]
    const what = isDerived
      ? `there is another ${title} ${name === undefined ? 'without a name' : `called ${JSON.stringify(name)}`}; give one of them another name or an id`
      : `the id ${id} belongs to another ${title} already`
    this.#problems.add(at, what)
    return false
  }

  #addList(id: Guid, list: DocumentFilterList): void {
    this.#claim('ipsecFilter', id, list.at, list.name, list.id === undefined)
    this.#later.push(() => ({
      class: 'ipsecFilter',
      at: list.at,
      draft: {
        id,
        ...namesOf(list),
        filters: filtersWithIds(list.filters ?? [], id, this.#knownFilterIds(id)),
        ownerRuleIds: this.#owners.get(id) ?? [],
      },
    }))
  }

  #addAction(id: Guid, action: DocumentFilterAction): void {
    this.#claim('ipsecNegotiationPolicy', id, action.at, action.name, action.id === undefined)
    this.#later.push(() => ({
      class: 'ipsecNegotiationPolicy',
      at: action.at,
      draft: {
        id,
        ...namesOf(action),
        isDefaultResponse: action.defaultResponse === true,
        ownerRuleIds: this.#owners.get(id) ?? [],
        ...actionOf(action, documentDefaults.methods),
      },
    }))
  }

  #addPolicy(policy: DocumentPolicy): void {
    const id = this.#policies.idOf(policy)
    if (!this.#claim('ipsecPolicy', id, policy.at, policy.name, policy.id === undefined)) return
    const mainMode = this.#mainModeOf(policy, id)
    const ruleIds: Guid[] = []
    const response = responseOf(policy)
    if (response !== undefined) ruleIds.push(this.#addDefaultResponse(response, id))
    let unnamed = 0
    for (const rule of policy.rules ?? []) {
      if (isReference(rule)) {
        ruleIds.push(rule.value as Guid)
        continue
      }
      if (rule.name === undefined) unnamed += 1
      ruleIds.push(this.#addRule(rule, rule.id ?? ruleId(id, rule.name, unnamed), id, policy))
    }
    this.#objects.push({
      class: 'ipsecPolicy',
      at: policy.at,
      draft: {
        id,
        name: policy.name ?? '',
        ...(policy.description === undefined || policy.description === '' ? {} : { description: policy.description }),
        pollingIntervalSeconds: policy.pollingInterval ?? documentDefaults.pollingIntervalSeconds,
        mainModeId: mainMode,
        ruleIds,
      },
    })
  }

  #mainModeOf(policy: DocumentPolicy, policyOfIt: Guid): Guid {
    const words = policy.mainMode ?? { at: policy.at }
    if (isReference(words)) return words.value as Guid
    const id = words.id ?? mainModeId(policyOfIt)
    this.#claim('ipsecISAKMPPolicy', id, words.at, policy.name, words.id === undefined)
    this.#objects.push({ class: 'ipsecISAKMPPolicy', at: words.at, draft: mainModeDraft(words, id, policyOfIt) })
    return id
  }

  #addRule(rule: DocumentRule, id: Guid, policy: Guid, around: DocumentPolicy): Guid {
    this.#claim('ipsecNFA', id, rule.at, rule.name, rule.id === undefined)
    const actionId = this.#actionOfRule(rule, id)
    const listIds = this.#listsOfRule(rule, id, around)
    if (listIds === undefined && !this.#defaultResponseActions.has(actionId)) {
      this.#problems.add(rule.at, 'a rule needs filters: filterList with the name of a list, or filters')
    }
    this.#own(actionId, id)
    for (const list of listIds ?? []) this.#own(list, id)
    const { tunnel } = rule
    this.#objects.push({
      class: 'ipsecNFA',
      at: rule.at,
      draft: {
        id,
        policyId: policy,
        ...namesOf(rule),
        isActive: rule.active ?? true,
        filterListIds: listIds ?? [],
        filterActionId: actionId,
        authentication: authenticationOf(rule.authentication),
        isTunnel: tunnel !== undefined,
        ...(tunnel?.address === undefined ? {} : { tunnelEndpoint: tunnel.address }),
        ...(tunnel?.name === undefined ? {} : { tunnelEndpointName: tunnel.name }),
        connectionType: rule.connectionType ?? 'all',
        ...(rule.interface === undefined || rule.interface === '' ? {} : { interfaceName: rule.interface }),
      },
    })
    return id
  }

  #actionOfRule(rule: DocumentRule, id: Guid): Guid {
    const words = rule.filterAction
    if (!isReference(words)) {
      const own = ruleFilterActionId(id)
      this.#addAction(own, words)
      return own
    }
    const kind = folded(words.value)
    if ((kind !== 'block' && kind !== 'permit') || this.#actions.has(kind)) {
      return this.#resolve(words, this.#actions, 'ipsecNegotiationPolicy', Object.keys(builtInActions)) ?? id
    }
    const builtIn = filterActionId(this.#area, builtInActions[kind])
    this.#builtIns.set(builtIn, kind)
    return builtIn
  }

  /** `undefined` when the rule says nothing of filters. */
  #listsOfRule(rule: DocumentRule, id: Guid, policy: DocumentPolicy): Guid[] | undefined {
    if (rule.filters !== undefined) {
      const own = ruleFilterListId(id)
      const name = ruleFilterListName(policy.name, rule.name)
      this.#addList(own, { at: rule.at, ...(name === undefined ? {} : { name }), filters: rule.filters })
      return [own]
    }
    const references = rule.filterList === undefined ? rule.filterLists : [rule.filterList]
    return references?.flatMap((reference) => this.#resolve(reference, this.#lists, 'ipsecFilter') ?? [])
  }

  #addDefaultResponse(response: DocumentDefaultResponse, policy: Guid): Guid {
    const id = response.id ?? defaultResponseId(policy)
    const actionId = response.actionId ?? ruleFilterActionId(id)
    this.#claim('ipsecNFA', id, response.at, undefined, response.id === undefined)
    this.#own(actionId, id)
    this.#addAction(actionId, {
      at: response.at,
      id: actionId,
      action: 'negotiate',
      defaultResponse: true,
      methods: response.methods ?? documentDefaults.responseMethods,
      ...(response.pfs === undefined ? {} : { pfs: response.pfs }),
      ...(response.soft === undefined ? {} : { soft: response.soft }),
    })
    this.#objects.push({
      class: 'ipsecNFA',
      at: response.at,
      draft: {
        id,
        policyId: policy,
        isActive: response.active ?? true,
        filterListIds: [],
        filterActionId: actionId,
        authentication: authenticationOf(response.authentication),
        isTunnel: false,
        connectionType: 'all',
      },
    })
    return id
  }

  #own(target: Guid, rule: Guid): void {
    const owners = this.#owners.get(target)
    if (owners === undefined) this.#owners.set(target, [rule])
    else if (owners.at(-1) !== rule) owners.push(rule)
  }

  #resolve(
    reference: Reference,
    names: Names,
    objectClass: ObjectClass,
    further: readonly string[] = [],
  ): Guid | undefined {
    const id = idOfText(reference.value)
    if (id !== undefined) return id
    const found = names.find(reference.value)
    if (found !== undefined && found !== 'several') return found
    const title = objectClassTitle[objectClass]
    const shown = JSON.stringify(reference.value)
    this.#problems.add(
      reference.at,
      found === 'several'
        ? `more than one ${title} is called ${shown}; refer to one by its id`
        : `there is no ${title} called ${shown}${suggestion(reference.value, [...names.all(), ...further])}`,
    )
    return undefined
  }
}

/** A GUID in braces; names that look like one can only be referred to by id. */
export function idOfText(text: string): Guid | undefined {
  return text.startsWith('{') ? parseGuid(text) : undefined
}

interface Nameable {
  readonly name?: string
  readonly id?: Guid
}

/** Ids by name; the ids of nameless objects are always written. */
class Names {
  readonly #byName = new Map<string, Guid | 'several'>()
  readonly #shown: string[] = []
  readonly #derive: (name: string) => Guid

  constructor(objects: readonly Nameable[], derive: (name: string) => Guid) {
    this.#derive = derive
    for (const object of objects) {
      if (object.name === undefined) continue
      const key = folded(object.name)
      this.#byName.set(key, this.#byName.has(key) ? 'several' : this.idOf(object))
      this.#shown.push(object.name)
    }
  }

  idOf(object: Nameable): Guid {
    return object.id ?? this.#derive(object.name ?? '')
  }

  has(name: string): boolean {
    return this.#byName.has(name)
  }

  find(name: string): Guid | 'several' | undefined {
    return this.#byName.get(folded(name))
  }

  /** For suggestions; a document with very many names gets none. */
  all(): readonly string[] {
    return this.#shown.length > 1000 ? [] : this.#shown
  }
}

function namesOf(object: { readonly name?: string; readonly description?: string }): {
  name?: string
  description?: string
} {
  return {
    ...(object.name === undefined ? {} : { name: object.name }),
    ...(object.description === undefined || object.description === '' ? {} : { description: object.description }),
  }
}

function responseOf(policy: DocumentPolicy): DocumentDefaultResponse | undefined {
  const words = policy.defaultResponse ?? true
  if (words === 'none') return undefined
  return typeof words === 'boolean' ? { at: policy.at, active: words } : words
}

function mainModeDraft(words: DocumentMainMode, id: Guid, policy: Guid): MainModeDraft {
  const limits = {
    lifetimeSeconds: words.lifetime ?? documentDefaults.mainModeLifetimeSeconds,
    quickModeLimit: words.quickModeLimit ?? 0,
    perfectForwardSecrecy: words.pfs ?? false,
  }
  const offers = (words.methods ?? documentDefaults.mainModeMethods).map((method): MainModeOffer => {
    if (!('method' in method)) return { ...method, ...limits, lifetimeKilobytes: 0 }
    return {
      ...method.method,
      lifetimeSeconds: method.lifetime ?? limits.lifetimeSeconds,
      lifetimeKilobytes: method.lifetimeKilobytes ?? 0,
      quickModeLimit: method.quickModeLimit ?? limits.quickModeLimit,
      perfectForwardSecrecy: method.pfs ?? limits.perfectForwardSecrecy,
    }
  })
  return {
    id,
    policyId: policy,
    ...limits,
    certificateMapping: words.certificateMapping ?? false,
    noCertificateRequest: words.noCertificateRequest ?? false,
    offers,
  }
}

function actionOf(words: ActionWords, defaultMethods: readonly OfferWords[]) {
  if (words.action !== 'negotiate') return { action: words.action } as const
  const pfs = words.pfs ?? false
  return {
    action: 'negotiate',
    offers: (words.methods ?? defaultMethods).map((method): Offer => ({ perfectForwardSecrecy: pfs, ...method })),
    acceptUnsecuredInbound: words.inpass ?? false,
    fallBackToClear: words.soft ?? false,
  } as const
}

function authenticationOf(words: readonly DocumentAuthentication[] | undefined): AuthenticationMethod[] {
  return (words ?? ['kerberos']).map((method): AuthenticationMethod => {
    if (method === 'kerberos') return { kind: 'kerberos' }
    if ('psk' in method) return { kind: 'preshared-key', key: method.psk }
    return {
      kind: 'certificate',
      authority: method.rootca,
      certificateMapping: method.certmap ?? false,
      excludeAuthorityName: method.excludecaname ?? false,
    }
  })
}
