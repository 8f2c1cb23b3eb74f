import { formatIp } from '../../policy/ip.ts'
import type {
  ActionWords,
  AreaContent,
  DocumentArea,
  DocumentAuthentication,
  DocumentDefaultResponse,
  DocumentFilter,
  DocumentFilterAction,
  DocumentFilterList,
  DocumentMainMode,
  DocumentPolicy,
  DocumentRule,
  DocumentTunnel,
  PolicyDocument,
  Reference,
} from './document.ts'
import { isReference } from './document.ts'
import { durationWord } from './durationWords.ts'
import { lineOf } from './filterIds.ts'
import { offerWord, suiteWord } from './methodWords.ts'
import { FilterLines, OneLine, type Plain, type PlainMap } from './plainTree.ts'
import { renderStored } from './renderStored.ts'
import type { Located } from './shape.ts'

/** Counts the preshared keys that were written in clear. */
export interface RenderCount {
  keys: number
}

/** The document in the order people read it: what is assigned, the policies, what they share, and the stored part last. */
export function renderDocument(document: PolicyDocument, count: RenderCount): PlainMap {
  const { stored, ...words } = renderArea(document, count)
  return {
    ...(document.$schema === undefined ? {} : { $schema: document.$schema }),
    polagent: 1,
    ...words,
    areas: document.areas?.map((area: DocumentArea) => ({ area: area.area, ...renderArea(area, count) })),
    stored,
  }
}

function renderArea(area: AreaContent, count: RenderCount): PlainMap {
  return {
    assigned: area.assigned?.value,
    policies: area.policies?.map((policy) => renderPolicy(policy, count)),
    filterLists: area.filterLists?.map(renderFilterList),
    filterActions: area.filterActions?.map(renderFilterAction),
    stored: area.stored && renderStored(area.stored),
  }
}

function described(object: { readonly name?: string; readonly id?: string; readonly description?: string }): PlainMap {
  return { name: object.name, id: object.id, description: object.description }
}

function renderPolicy(policy: DocumentPolicy, count: RenderCount): PlainMap {
  return {
    ...described(policy),
    pollingInterval: policy.pollingInterval === undefined ? undefined : durationWord(policy.pollingInterval),
    mainMode: policy.mainMode && renderMainMode(policy.mainMode),
    defaultResponse: renderDefaultResponse(policy.defaultResponse, count),
    rules: policy.rules?.map((rule) => (isReference(rule) ? rule.value : renderRule(rule, count))),
  }
}

function renderMainMode(words: DocumentMainMode | Reference): Plain {
  if (isReference(words)) return words.value
  return {
    id: words.id,
    lifetime: words.lifetime === undefined ? undefined : durationWord(words.lifetime),
    pfs: words.pfs,
    quickModeLimit: words.quickModeLimit,
    certificateMapping: words.certificateMapping,
    noCertificateRequest: words.noCertificateRequest,
    methods: words.methods?.map((method) => {
      if (!('method' in method)) return suiteWord(method)
      return new OneLine({
        method: suiteWord(method.method),
        lifetime: method.lifetime === undefined ? undefined : durationWord(method.lifetime),
        lifetimeKilobytes: method.lifetimeKilobytes,
        quickModeLimit: method.quickModeLimit,
        pfs: method.pfs,
      })
    }),
  }
}

function renderDefaultResponse(
  words: DocumentDefaultResponse | boolean | 'none' | undefined,
  count: RenderCount,
): Plain | undefined {
  if (typeof words !== 'object') return words
  return {
    id: words.id,
    actionId: words.actionId,
    active: words.active,
    authentication: renderAuthentication(words.authentication, count),
    ...renderNegotiation(words),
  }
}

function renderNegotiation(words: Pick<ActionWords, 'methods' | 'pfs' | 'soft'>): PlainMap {
  const pfs = words.pfs ?? false
  return {
    methods: words.methods?.map((method) => offerWord({ perfectForwardSecrecy: pfs, ...method }, pfs)),
    pfs: words.pfs,
    soft: words.soft,
  }
}

function renderAction(words: ActionWords): PlainMap {
  const { soft, ...rest } = renderNegotiation(words)
  return { action: words.action, ...rest, inpass: words.inpass, soft }
}

function renderRule(rule: DocumentRule, count: RenderCount): PlainMap {
  return {
    ...described(rule),
    active: rule.active,
    filterList: rule.filterList?.value,
    filterLists: rule.filterLists && new OneLine(rule.filterLists.map((reference) => reference.value)),
    filters: rule.filters && renderFilters(rule.filters),
    filterAction: isReference(rule.filterAction) ? rule.filterAction.value : renderAction(rule.filterAction),
    authentication: renderAuthentication(rule.authentication, count),
    tunnel: rule.tunnel && renderTunnel(rule.tunnel),
    connectionType: rule.connectionType,
    interface: rule.interface,
  }
}

function renderTunnel(tunnel: DocumentTunnel): Plain {
  const address = tunnel.address === undefined ? undefined : formatIp(tunnel.address)
  if (address !== undefined && tunnel.name === undefined) return address
  if (address === undefined && tunnel.name !== undefined && /^[A-Za-z][A-Za-z0-9.-]*$/.test(tunnel.name))
    return tunnel.name
  return new OneLine({ address, name: tunnel.name })
}

function renderAuthentication(
  methods: readonly DocumentAuthentication[] | undefined,
  count: RenderCount,
): Plain | undefined {
  return methods?.map((method): Plain => {
    if (method === 'kerberos') return method
    if ('psk' in method) {
      count.keys += 1
      return { psk: method.psk.reveal() }
    }
    const { rootca, certmap, excludecaname } = method
    return { rootca, certmap, excludecaname }
  })
}

function renderFilters(filters: readonly Located<DocumentFilter>[]): Plain {
  return new FilterLines(filters.map((filter) => lineOf(filter.value)))
}

function renderFilterList(list: DocumentFilterList): PlainMap {
  return { ...described(list), filters: list.filters && renderFilters(list.filters) }
}

function renderFilterAction(action: DocumentFilterAction): PlainMap {
  return { ...described(action), defaultResponse: action.defaultResponse, ...renderAction(action) }
}
