import type { Finding, Report } from '../../../base/finding.ts'
import { formatIp } from '../../../policy/ip.ts'
import type { FilterAction, FilterList, MainMode, Policy, PolicyArea, Rule } from '../../../policy/model.ts'
import { shown } from '../fault.ts'
import { type NetshFindingCode, netshFinding } from '../findings.ts'
import { readEndpoint } from '../parse/addresses.ts'
import { longestName } from '../parse/readValue.ts'
import { methodLimits } from '../parse/methods.ts'
import { defaultResponseSuites } from '../table/defaults.ts'
import { authenticationTags } from './authenticationTags.ts'
import { filterLines } from './filterLines.ts'
import { mainModeWord, quickModeWord } from './methodWords.ts'
import { NetshNames, quoted, sayable, type Tell } from './netshNames.ts'

export interface WriteNetshOptions {
  /** Preshared keys are left out, and the rules that need them are written inactive. */
  readonly hidesKeys?: boolean
}

/**
 * A script for `netsh -f` that builds these policies in an empty store (netsh-ipsec.md 8): actions, lists, filters,
 * policies, rules, default response rules, and the assignment last. What netsh cannot say is told at the top, and
 * reported.
 */
export function writeNetsh(areas: readonly PolicyArea[], options: WriteNetshOptions, report: Report): string {
  const remarks: string[] = []
  const tell: Tell = (code, what) => {
    const finding = netshFinding(code, shownLine(what))
    remarks.push(remarkOf(finding, code))
    report(finding)
  }
  const body = areas.flatMap((area) => areaLines(area, options, tell))
  const top = ['# IPsec policy as a netsh script. Run it with: netsh -f <this file>']
  if (remarks.length > 0) {
    const told = [...new Set(remarks)]
    top.push('#', '# What netsh cannot say:', ...told.slice(0, mostRemarks).map((remark) => `#   ${remark}`))
    if (told.length > mostRemarks) top.push(`#   and ${told.length - mostRemarks} more`)
  }
  return `${[...top, 'pushd ipsec static', ...body, 'popd'].join('\n')}\n`
}

const mostRemarks = 200

function remarkOf(finding: Finding, _code: NetshFindingCode): string {
  return finding.message
}

/** Text within a comment or a message: one line. */
function shownLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '?')
}

function areaLines(area: PolicyArea, options: WriteNetshOptions, tell: Tell): string[] {
  return new AreaWriter(area, options, tell).lines()
}

class AreaWriter {
  readonly #area: PolicyArea
  readonly #hidesKeys: boolean
  readonly #tell: Tell
  readonly #lists: NetshNames<string>
  readonly #actions: NetshNames<string>
  readonly #policies: NetshNames<string>

  constructor(area: PolicyArea, options: WriteNetshOptions, tell: Tell) {
    this.#area = area
    this.#hidesKeys = options.hidesKeys ?? false
    this.#tell = tell
    this.#lists = new NetshNames('filter list', tell)
    this.#actions = new NetshNames('filter action', tell)
    this.#policies = new NetshNames('policy', tell)
  }

  lines(): string[] {
    const { policies, filterLists, filterActions, assigned } = this.#area
    // Names that are there come before names that are made.
    for (const list of named(filterLists)) this.#lists.of(list.id, list.name)
    for (const action of named(filterActions)) this.#actions.of(action.id, action.name)
    const parts = [
      storeLine(this.#area, this.#tell),
      ...filterActions.filter((action) => !action.isDefaultResponse).flatMap((action) => this.#actionLines(action)),
      ...filterLists.flatMap((list) => this.#listLines(list)),
      ...policies.flatMap((policy) => this.#policyLines(policy)),
    ]
    if (assigned !== undefined && this.#area.area !== 'directory') {
      parts.push(`set policy name=${quoted(this.#policies.of(assigned.id, assigned.name))} assign="yes"`)
    }
    return parts
  }

  #description(text: string | undefined, what: string): string[] {
    if (text === undefined || text === '') return []
    return [`description=${quoted(sayable(text, `the description of ${what}`, this.#tell))}`]
  }

  #actionLines(action: FilterAction): string[] {
    const name = this.#actions.of(action.id, action.name)
    const what = `the filter action "${shown(name)}"`
    const head = ['add filteraction', `name=${quoted(name)}`, ...this.#description(action.description, what)]
    if (isBroken(action.problems)) return this.#unreadable(what)
    if (action.action !== 'negotiate') return [[...head, `action=${quoted(action.action)}`].join(' ')]
    const offers = this.#offerWords(action.offers, what)
    if (offers.length === 0) {
      this.#tell('NETSH_LEFT_OUT', `${what} has no offer that netsh can say; it is written as block`)
      return [[...head, 'action="block"'].join(' ')]
    }
    const tags = [
      `qmpfs=${quoted(yesNo(action.perfectForwardSecrecy))}`,
      `inpass=${quoted(yesNo(action.acceptUnsecuredInbound))}`,
      `soft=${quoted(yesNo(action.fallBackToClear))}`,
      'action="negotiate"',
      `qmsecmethods=${quoted(offers.join(' '))}`,
    ]
    return [[...head, ...tags].join(' ')]
  }

  #unreadable(what: string): string[] {
    this.#tell('NETSH_LEFT_OUT', `${what} cannot be read`)
    return []
  }

  #offerWords(offers: Extract<FilterAction, { action: 'negotiate' }>['offers'], what: string): string[] {
    const first = offers[0]?.perfectForwardSecrecy
    if (offers.some((offer) => offer.perfectForwardSecrecy !== first)) {
      this.#tell('NETSH_NOT_SAYABLE', `forward secrecy of single offers of ${what}; all of them get it`)
    }
    const words: string[] = []
    for (const offer of offers.slice(0, methodLimits.quickModeOffers)) {
      const word = quickModeWord(offer, this.#tell)
      if (word === undefined) this.#tell('NETSH_NOT_SAYABLE', `an offer of ${what} was left out`)
      else words.push(word)
    }
    if (offers.length > methodLimits.quickModeOffers) this.#tell('NETSH_NOT_SAYABLE', `offers of ${what} were left out`)
    return words
  }

  #listLines(list: FilterList): string[] {
    const name = this.#lists.of(list.id, list.name)
    const what = `the filter list "${shown(name)}"`
    if (isBroken(list.problems)) return this.#unreadable(what)
    const head = ['add filterlist', `name=${quoted(name)}`, ...this.#description(list.description, what)].join(' ')
    const lines = list.filters.flatMap((filter) => filterLines(name, filter, this.#tell))
    const seen = new Set<string>()
    const once = lines.filter((line) => {
      // Descriptions do not make filters different to netsh.
      const key = line.replace(/ description="[^"]*"/, '').toLowerCase()
      if (seen.has(key)) return false
      seen.add(key)
      return true
    })
    if (once.length < lines.length) this.#tell('NETSH_NOT_SAYABLE', `filters that ${what} has twice are written once`)
    return [head, ...once]
  }

  #policyLines(policy: Policy): string[] {
    const name = this.#policies.of(policy.id, policy.name)
    const what = `the policy "${shown(name)}"`
    if (policy.mainMode === undefined) return this.#unreadable(what)
    const defaultRules = policy.rules.filter((rule) => rule.isDefaultResponse)
    const [defaultRule] = defaultRules
    if (defaultRule === undefined) {
      this.#tell('NETSH_NOT_SAYABLE', `${what} has no default response rule; the script makes an inactive one`)
    }
    if (defaultRules.length > 1) this.#tell('NETSH_NOT_SAYABLE', `${what} has several default response rules`)
    for (const missing of policy.missingRules) this.#tell('NETSH_LEFT_OUT', `${what} misses its rule ${shown(missing)}`)
    const line = [
      'add policy',
      `name=${quoted(name)}`,
      ...this.#description(policy.description, what),
      ...this.#mainModeTags(policy.mainMode, what),
      `activatedefaultrule=${quoted(yesNo(defaultRule?.isActive ?? false))}`,
      `pollinginterval=${quoted(this.#minutes(policy.pollingIntervalSeconds, `the polling interval of ${what}`))}`,
      'assign="no"',
      `mmsecmethods=${quoted(this.#mainModeWords(policy.mainMode, what))}`,
    ].join(' ')
    const names = new NetshNames<string>('rule', this.#tell)
    for (const rule of named(policy.rules)) names.of(rule.id, rule.name)
    const rules = policy.rules.filter((rule) => !rule.isDefaultResponse)
    return [
      line,
      ...rules.flatMap((rule) => this.#ruleLines(rule, name, names)),
      ...(defaultRule === undefined ? [] : this.#defaultRuleLines(defaultRule, name)),
    ]
  }

  #mainModeTags(mainMode: MainMode, what: string): string[] {
    const { perfectForwardSecrecy, quickModeLimit } = mainMode
    if (perfectForwardSecrecy && quickModeLimit !== 1) {
      this.#tell('NETSH_NOT_SAYABLE', `the limit of quick modes of ${what}: master key PFS makes it 1`)
    }
    if (mainMode.certificateMapping || mainMode.noCertificateRequest) {
      this.#tell('NETSH_NOT_SAYABLE', `certificate settings of the main mode of ${what}`)
    }
    if (quickModeLimit > 2_147_483_647) this.#tell('NETSH_NOT_SAYABLE', `the limit of quick modes of ${what}`)
    return [
      `mmpfs=${quoted(yesNo(perfectForwardSecrecy))}`,
      `qmpermm=${quoted(String(perfectForwardSecrecy ? 1 : Math.min(quickModeLimit, 2_147_483_647)))}`,
      `mmlifetime=${quoted(this.#minutes(mainMode.lifetimeSeconds, `the main mode lifetime of ${what}`))}`,
    ]
  }

  /** The strongest method stands where none can be said: never a weaker one. */
  #mainModeWords(mainMode: MainMode, what: string): string {
    const words: string[] = []
    for (const offer of mainMode.offers) {
      const word = mainModeWord(offer)
      if (word === undefined) this.#tell('NETSH_NOT_SAYABLE', `a main mode method of ${what} was left out`)
      else words.push(word)
      const isOfPolicy =
        offer.lifetimeSeconds === mainMode.lifetimeSeconds &&
        offer.lifetimeKilobytes === 0 &&
        offer.quickModeLimit === mainMode.quickModeLimit &&
        offer.perfectForwardSecrecy === mainMode.perfectForwardSecrecy
      if (!isOfPolicy) this.#tell('NETSH_NOT_SAYABLE', `limits of single main mode methods of ${what}`)
    }
    if (words.length > methodLimits.mainModeMethods) {
      this.#tell('NETSH_NOT_SAYABLE', `main mode methods of ${what} beyond the first ${methodLimits.mainModeMethods}`)
    }
    if (words.length > 0) return words.slice(0, methodLimits.mainModeMethods).join(' ')
    this.#tell('NETSH_LEFT_OUT', `${what} has no main mode method that netsh can say; 3DES-SHA1-3 is written`)
    return '3DES-SHA1-3'
  }

  #minutes(seconds: number, what: string): string {
    if (seconds % 60 !== 0) this.#tell('NETSH_NOT_SAYABLE', `${what} is ${seconds} seconds, no whole minutes`)
    return String(Math.max(1, Math.floor(seconds / 60)))
  }

  #ruleLines(rule: Rule, policy: string, names: NetshNames<string>): string[] {
    const name = names.of(rule.id, rule.name)
    const what = `the rule "${shown(name)}" of policy "${shown(policy)}"`
    const { filterAction } = rule
    if (filterAction === undefined || rule.filterLists.length === 0 || isBroken(rule.problems)) {
      this.#tell('NETSH_LEFT_OUT', `${what} misses its filter list or filter action, or cannot be read`)
      return []
    }
    if (isBroken(filterAction.problems) || rule.filterLists.some((list) => isBroken(list.problems))) {
      this.#tell('NETSH_LEFT_OUT', `${what}: its filter list or filter action cannot be read`)
      return []
    }
    if (filterAction.isDefaultResponse) {
      this.#tell('NETSH_LEFT_OUT', `${what} has the filter action of a default response rule`)
      return []
    }
    if ((rule.interfaceName ?? '') !== '') this.#tell('NETSH_NOT_SAYABLE', `the interface name of ${what}`)
    const tunnel = this.#tunnelTags(rule, what)
    if (tunnel === undefined) return []
    const authentication = authenticationTags(rule.authentication, what, this.#hidesKeys, this.#tell)
    if (rule.filterLists.length > 1)
      this.#tell('NETSH_NOT_SAYABLE', `several filter lists of ${what}; one rule for each`)
    return rule.filterLists.map((list, index) => {
      const own = index === 0 ? name : names.of(`${rule.id} ${index}`, `${name.slice(0, longestName - 6)} ${index + 1}`)
      return [
        'add rule',
        `name=${quoted(own)}`,
        `policy=${quoted(policy)}`,
        `filterlist=${quoted(this.#lists.of(list.id, list.name))}`,
        `filteraction=${quoted(this.#actions.of(filterAction.id, filterAction.name))}`,
        ...tunnel,
        `conntype=${quoted(rule.connectionType)}`,
        `activate=${quoted(yesNo(rule.isActive && authentication.isWhole))}`,
        ...this.#description(rule.description, what),
        ...authentication.tags,
      ].join(' ')
    })
  }

  #tunnelTags(rule: Rule, what: string): string[] | undefined {
    if (!rule.isTunnel) return []
    const { tunnelEndpoint, tunnelEndpointName = '' } = rule
    if (tunnelEndpoint !== undefined) {
      if (tunnelEndpointName !== '') this.#tell('NETSH_NOT_SAYABLE', `the name of the tunnel endpoint of ${what}`)
      return [`tunnel=${quoted(formatIp(tunnelEndpoint))}`]
    }
    const reading = readEndpoint(tunnelEndpointName)
    if (reading.ok && reading.value.kind === 'name') return [`tunnel=${quoted(tunnelEndpointName)}`]
    this.#tell('NETSH_LEFT_OUT', `${what} is a tunnel to no endpoint that netsh can say`)
    return undefined
  }

  /** Nothing is said where `add policy` makes the same. */
  #defaultRuleLines(rule: Rule, policy: string): string[] {
    const what = `the default response rule of policy "${shown(policy)}"`
    const isPlain = rule.name === undefined && rule.description === undefined && !rule.isTunnel
    if (!isPlain || rule.connectionType !== 'all' || (rule.interfaceName ?? '') !== '') {
      this.#tell('NETSH_NOT_SAYABLE', `name, description, connection type or tunnel of ${what}`)
    }
    const tags: string[] = []
    const action = rule.filterAction
    if (action?.action === 'negotiate') {
      if (action.acceptUnsecuredInbound || action.fallBackToClear) {
        this.#tell('NETSH_NOT_SAYABLE', `what ${what} lets through in clear`)
      }
      const offers = this.#offerWords(action.offers, what)
      const usual = this.#offerWords(
        defaultResponseSuites.map((suite) => ({ ...suite, perfectForwardSecrecy: false })),
        what,
      )
      if (action.perfectForwardSecrecy) tags.push('qmpfs="yes"')
      if (offers.length > 0 && offers.join(' ') !== usual.join(' '))
        tags.push(`qmsecmethods=${quoted(offers.join(' '))}`)
      if (offers.length === 0) this.#tell('NETSH_NOT_SAYABLE', `the offers of ${what}`)
    } else {
      this.#tell('NETSH_NOT_SAYABLE', `the filter action of ${what}`)
    }
    const isKerberos = rule.authentication.length === 1 && rule.authentication[0]?.kind === 'kerberos'
    const authentication = authenticationTags(rule.authentication, what, this.#hidesKeys, this.#tell)
    if (!isKerberos) tags.push(...authentication.tags)
    if (!authentication.isWhole && rule.isActive) tags.push('activate="no"')
    return tags.length === 0 ? [] : [`set defaultrule policy=${quoted(policy)} ${tags.join(' ')}`]
  }
}

function named<T extends { readonly name?: string }>(items: readonly T[]): T[] {
  return items.filter((item) => (item.name ?? '') !== '')
}

function isBroken(problems: readonly Finding[]): boolean {
  return problems.some((problem) => problem.code.startsWith('DATA_'))
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no'
}

function storeLine(area: PolicyArea, tell: Tell): string {
  switch (area.area) {
    case 'local':
    case 'persistent':
      return `set store location=${quoted(area.area)}`
    case 'cache':
      tell('NETSH_NOT_SAYABLE', 'the cached copy of directory policy; the script builds it in the local store')
      return 'set store location="local"'
    case 'directory': {
      const domain = domainOf(area.store.keyPath[0] ?? '')
      return `set store location="domain"${domain === '' ? '' : ` domain=${quoted(domain)}`}`
    }
  }
}

/** `DC=corp,DC=example` → `corp.example` */
function domainOf(dn: string): string {
  const labels = [...dn.matchAll(/(?:^|,)\s*DC=([\p{L}\p{N}_-]{1,63})/giu)].map((match) => match[1] ?? '')
  return labels.join('.')
}
