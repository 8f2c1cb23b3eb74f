import type { Finding } from '../base/finding.ts'
import { type Address, anyPort, type Filter, type Port } from '../policy/filter.ts'
import { type Families, type Family, sameIp } from '../policy/ip.ts'
import type { Policy, Rule } from '../policy/model.ts'
import { weightOfAddress } from './addressMeasure.ts'
import { ExpandedFilters, filterFailure, hasEndpoint, rowFlag } from './expandedFilters.ts'
import type { ExpandedPolicy, FailedRule, FilterTrouble, SetAsideRule } from './expandedPolicy.ts'
import type { HostFacts } from './hostFacts.ts'
import { isAnyPort } from './portSet.ts'
import { type ProcessingCode, processingFinding } from './processingTable.ts'
import { mostRows, mostTroubles, RowBuilder, tooLarge } from './rowBuilder.ts'
import { type RuleUnit, ruleUse } from './ruleUnit.ts'
import { ruleTitle } from './ruleTitle.ts'
import { commonFamilies, hasFamily, isSpecial, SpecialAddresses } from './specialAddresses.ts'
import { filterWeight } from './weight.ts'
import { actionWeights } from './weightTables.ts'

/**
 * Processes every rule of a policy for a host (docs/processing.md): filters in match order, and what has failed with
 * the reason. Nothing that fails becomes weaker: the known filters of a failed rule block.
 */
export function expandPolicy(policy: Policy, facts: HostFacts): ExpandedPolicy {
  return expandPolicies([policy], facts)
}

/** The same for policies that are in force together: the persistent one and another. */
export function expandPolicies(policies: readonly Policy[], facts: HostFacts): ExpandedPolicy {
  // Seen before the work is done, not after.
  if (filterCount(policies) > mostRows) throw tooLarge(`more than ${mostRows} filters`)
  const expansion = new Expansion(facts)
  // Ids decide between equals, not the order of reading.
  for (const policy of policies.toSorted(byId)) expansion.addPolicy(policy)
  return expansion.result(policies)
}

/** Filters as often as rules use them. */
function filterCount(policies: readonly Policy[]): number {
  let count = 0
  for (const { rules } of policies) {
    for (const { filterLists } of rules) for (const { filters } of filterLists) count += filters.length
  }
  return count
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

const families: readonly Family[] = ['ipv4', 'ipv6']

class Expansion {
  readonly #facts: HostFacts
  readonly #special: SpecialAddresses
  readonly #rows = new RowBuilder()
  readonly #units: RuleUnit[] = []
  readonly #failedRules: FailedRule[] = []
  readonly #failedFilters: FilterTrouble[] = []
  readonly #neverMatching: FilterTrouble[] = []
  readonly #setAside: SetAsideRule[] = []
  readonly #findings: Finding[] = []
  readonly #emptyKinds = new Set<string>()
  #rowCount = 0

  constructor(facts: HostFacts) {
    this.#facts = facts
    this.#special = new SpecialAddresses(facts)
  }

  addPolicy(policy: Policy): void {
    for (const problem of policy.problems) this.#findings.push(problem)
    for (const reference of policy.missingRules) {
      const finding = processingFinding('RULE_NOT_FOUND', reference, { object: policy.object.key })
      this.#failedRules.push({ policy, reference, finding, blockingFilters: 0 })
    }
    for (const rule of policy.rules.toSorted(byId)) {
      const reason = this.#setAsideReason(rule)
      if (reason === undefined) this.#addRule(policy, rule)
      else this.#setAside.push({ policy, rule, reason })
    }
  }

  #setAsideReason(rule: Rule): SetAsideRule['reason'] | undefined {
    if (!rule.isActive) return 'inactive'
    if (rule.isDefaultResponse) {
      this.#findings.push(processingFinding('DEFAULT_RESPONSE_SET_ASIDE', undefined, placeOf(rule)))
      return 'default-response'
    }
    const { connectionTypes } = this.#facts
    const type = rule.connectionType
    return type === 'all' || connectionTypes === undefined || connectionTypes.includes(type)
      ? undefined
      : 'connection-type'
  }

  #addRule(policy: Policy, rule: Rule): void {
    const use = ruleUse(policy, rule, this.#special)
    const before = this.#rowCount
    let mirrored = 0
    for (const filterList of rule.filterLists.toSorted(byId)) {
      const unit = { ...use, filterList }
      this.#units.push(unit)
      for (const [position, filter] of filterList.filters.entries()) {
        if (filter.mirrored) mirrored += 1
        this.#addFilter(unit, filter, position)
      }
    }
    if (use.failure !== undefined) {
      this.#failedRules.push({ policy, rule, finding: use.failure, blockingFilters: this.#rowCount - before })
      return
    }
    if (rule.isTunnel && mirrored > 0) {
      this.#findings.push(processingFinding('FILTER_TUNNEL_MIRRORED', ruleTitle(rule), placeOf(rule)))
    }
    if (rule.interfaceName !== undefined) {
      this.#findings.push(processingFinding('RULE_INTERFACE_IGNORED', rule.interfaceName, placeOf(rule)))
    }
  }

  #addFilter(unit: RuleUnit, filter: Filter, position: number): void {
    const common = this.#familiesOf(unit, filter, position)
    if (common === undefined) return
    const weight = this.#baseWeight(unit, filter, position)
    const given = (filter.protocol === 0 ? 0 : 4) | (isAnyPort(filter.sourcePort) ? 0 : 2)
    const hasDestinationPort = isAnyPort(filter.destinationPort) ? 0 : 1
    const ports = given | hasDestinationPort
    const mirroredPorts = (given & 4) | (hasDestinationPort << 1) | ((given & 2) >>> 1)
    const hasImage = filter.mirrored && !isOwnImage(filter)
    for (const family of families) {
      if (!hasFamily(common, family)) continue
      const flags = weight.flags | (family === 'ipv6' ? rowFlag.isIpv6 : 0)
      const source = weightOfAddress(filter.source, family)
      const destination = weightOfAddress(filter.destination, family)
      this.#addRow(position, flags, weight.base + filterWeight(source, destination, ports))
      if (hasImage) {
        const image = weight.base + filterWeight(destination, source, mirroredPorts)
        this.#addRow(position, flags | rowFlag.isMirrorImage, image)
      }
    }
  }

  #addRow(position: number, flags: number, weight: number): void {
    this.#rows.add(this.#units.length - 1, position, flags, weight)
    this.#rowCount += 1
  }

  /** Weight of everything but addresses, protocol and ports. A record of Windows 2000 may have a tunnel of its own. */
  #baseWeight(unit: RuleUnit, filter: Filter, position: number): { readonly base: number; readonly flags: number } {
    if (filter.legacyTunnel === undefined || unit.rule.isTunnel) return { base: unit.weight, flags: 0 }
    const withTunnel = unit.weight + 1e9
    if (hasEndpoint(filter.legacyTunnel) || unit.failure !== undefined) return { base: withTunnel, flags: 0 }
    this.#noteTrouble(unit, filter, position, filterFailure(unit, position), true)
    return { base: withTunnel - (withTunnel % 10) + actionWeights.block.weight, flags: rowFlag.hasFailed }
  }

  /** The families in which the filter can match; `undefined` when there is none, which is noted. */
  #familiesOf(unit: RuleUnit, filter: Filter, position: number): Families | undefined {
    const { source, destination } = filter
    if (isSpecial(source)) this.#noteEmpty(source)
    if (isSpecial(destination)) this.#noteEmpty(destination)
    const from = this.#special.families(source)
    const to = this.#special.families(destination)
    const common = from === undefined || to === undefined ? undefined : commonFamilies(from, to)
    if (common !== undefined) return common
    const unknown = [source, destination].find((side) => this.#special.families(side) === undefined)
    if (unknown?.kind === 'name') {
      this.#note(unit, filter, position, 'FILTER_NAME_UNKNOWN', unknown.name)
    } else {
      const named = [source, destination].find((side) => side.kind === 'name')
      if (named === undefined) this.#note(unit, filter, position, 'FILTER_FAMILIES_DIFFER')
      else this.#note(unit, filter, position, 'FILTER_NAME_OTHER_FAMILY', named.name)
    }
    return undefined
  }

  #note(unit: RuleUnit, filter: Filter, position: number, code: ProcessingCode, what?: string): void {
    const { object } = unit.filterList
    const place = { ...object.place, object: object.key, field: `filter ${position + 1}` }
    const finding = processingFinding(code, what, place)
    this.#noteTrouble(unit, filter, position, finding, false)
  }

  #noteTrouble(unit: RuleUnit, filter: Filter, position: number, finding: Finding, blocks: boolean): void {
    const { policy, rule, filterList } = unit
    const list = finding.win32 === undefined ? this.#neverMatching : this.#failedFilters
    if (list.length >= mostTroubles) throw tooLarge(`more than ${mostTroubles} filters that cannot be used`)
    list.push({ policy, rule, filterList, filter, position, finding, blocks })
  }

  /** Says once for each kind that a special address stands for nothing. */
  #noteEmpty(address: Address): void {
    if (!isSpecial(address) || address.kind === 'name' || this.#emptyKinds.has(address.kind)) return
    const set = this.#special.of(address)
    if (set.ipv4.length + set.ipv6.length > 0) return
    this.#emptyKinds.add(address.kind)
    this.#findings.push(
      address.kind === 'me'
        ? processingFinding('HOST_NO_ADDRESS')
        : processingFinding('HOST_NO_SERVER', `\`${address.kind}\``),
    )
  }

  result(policies: readonly Policy[]): ExpandedPolicy {
    return {
      policies,
      facts: this.#facts,
      filters: new ExpandedFilters(this.#rows.sorted(), this.#units, this.#special),
      failedRules: this.#failedRules,
      failedFilters: this.#failedFilters,
      neverMatching: this.#neverMatching,
      setAside: this.#setAside,
      findings: this.#findings,
    }
  }
}

function placeOf(rule: Rule): { readonly object: string } {
  return { ...rule.object.place, object: rule.object.key }
}

/** Exchanging the sides changes nothing: the mirror image would be the same filter again. */
function isOwnImage(filter: Filter): boolean {
  return isSameAddress(filter.source, filter.destination) && isSamePort(filter.sourcePort, filter.destinationPort)
}

function isSamePort(a: Port, b: Port): boolean {
  if (a.kind === 'single') return b.kind === 'single' && a.port === b.port
  if (a.kind === 'range') return b.kind === 'range' && a.first === b.first && a.last === b.last
  return b.kind === anyPort.kind
}

function isSameAddress(a: Address, b: Address): boolean {
  switch (a.kind) {
    case 'any':
    case 'me':
    case 'dns-servers':
    case 'wins-servers':
    case 'dhcp':
    case 'gateway':
      return b.kind === a.kind && a.families === b.families
    case 'host':
      return b.kind === 'host' && sameIp(a.address, b.address)
    case 'subnet':
      return b.kind === 'subnet' && sameIp(a.address, b.address) && sameIp(a.mask, b.mask)
    case 'range':
      return b.kind === 'range' && sameIp(a.first, b.first) && sameIp(a.last, b.last)
    case 'name':
      return b.kind === 'name' && a.name.toLowerCase() === b.name.toLowerCase()
  }
}
