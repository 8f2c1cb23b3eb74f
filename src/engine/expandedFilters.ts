import type { Finding } from '../base/finding.ts'
import type { Address, Filter } from '../policy/filter.ts'
import type { Family, Ip } from '../policy/ip.ts'
import { addressSetOf } from './addressMeasure.ts'
import type { ExpandedFilter, FilterDirection, Tunnel } from './expandedFilter.ts'
import { plainPort } from './portSet.ts'
import { processingFinding } from './processingTable.ts'
import type { RuleUnit } from './ruleUnit.ts'
import { isSpecial, type SpecialAddresses } from './specialAddresses.ts'

/** Bits of a row's flags. */
export const rowFlag = { isMirrorImage: 1, isIpv6: 2, hasFailed: 4 } as const

/** One row a filter, in match order; columns, so that a million filters stay small. */
export interface FilterRows {
  readonly length: number
  /** Index into the units. */
  readonly unit: Uint32Array
  /** Place in the unit's filter list. */
  readonly position: Uint32Array
  readonly flags: Uint8Array
  readonly weight: Float64Array
}

/** The processed filters in match order, like a readonly array; each is made when it is asked for. */
export class ExpandedFilters implements Iterable<ExpandedFilter> {
  readonly rows: FilterRows
  readonly units: readonly RuleUnit[]
  readonly special: SpecialAddresses

  constructor(rows: FilterRows, units: readonly RuleUnit[], special: SpecialAddresses) {
    this.rows = rows
    this.units = units
    this.special = special
  }

  get length(): number {
    return this.rows.length
  }

  /** The filter at a place of the match order; `undefined` beyond the ends. */
  at(index: number): ExpandedFilter | undefined {
    return index >= 0 && index < this.rows.length ? this.#make(index) : undefined
  }

  *[Symbol.iterator](): Iterator<ExpandedFilter> {
    for (let index = 0; index < this.rows.length; index += 1) yield this.#make(index)
  }

  #make(index: number): ExpandedFilter {
    const { rows } = this
    const unit = this.units[rows.unit[index] as number] as RuleUnit
    const position = rows.position[index] as number
    const flags = rows.flags[index] as number
    const filter = unit.filterList.filters[position] as Filter
    const isMirrorImage = (flags & rowFlag.isMirrorImage) !== 0
    const family: Family = (flags & rowFlag.isIpv6) === 0 ? 'ipv4' : 'ipv6'
    const from = isMirrorImage ? filter.destination : filter.source
    const to = isMirrorImage ? filter.source : filter.destination
    const failure = (flags & rowFlag.hasFailed) === 0 ? unit.failure : filterFailure(unit, position)
    const tunnel = tunnelOf(unit, filter)
    const source = addressSetOf(from, family, this.special)
    const destination = addressSetOf(to, family, this.special)
    return {
      index,
      policy: unit.policy,
      rule: unit.rule,
      filterList: unit.filterList,
      filter,
      position,
      isMirrorImage,
      family,
      direction: directionOf(from, to),
      source,
      destination,
      protocol: filter.protocol,
      sourcePort: plainPort(isMirrorImage ? filter.destinationPort : filter.sourcePort),
      destinationPort: plainPort(isMirrorImage ? filter.sourcePort : filter.destinationPort),
      action: failure === undefined ? unit.action : 'block',
      ...(unit.rule.filterAction === undefined ? {} : { filterAction: unit.rule.filterAction }),
      ...(failure === undefined ? {} : { failure }),
      ...(tunnel === undefined ? {} : { tunnel }),
      connectionType: unit.rule.connectionType,
      weight: rows.weight[index] as number,
      matchesNothing:
        (source.kind === 'addresses' && source.addresses.length === 0) ||
        (destination.kind === 'addresses' && destination.addresses.length === 0),
    }
  }

  /** No packet matches the filter: a special address stands for nothing here. */
  matchesNothing(index: number): boolean {
    const unit = this.units[this.rows.unit[index] as number] as RuleUnit
    const filter = unit.filterList.filters[this.rows.position[index] as number] as Filter
    const family: Family = ((this.rows.flags[index] as number) & rowFlag.isIpv6) === 0 ? 'ipv4' : 'ipv6'
    return this.#isEmpty(filter.source, family) || this.#isEmpty(filter.destination, family)
  }

  #isEmpty(address: Address, family: Family): boolean {
    return isSpecial(address) && this.special.of(address)[family].length === 0
  }
}

/** The side with `me` is this computer's: a packet arrives at it or leaves it. */
export function directionOf(source: Address, destination: Address): FilterDirection {
  if (source.kind === 'me') return destination.kind === 'me' ? 'both' : 'out'
  return destination.kind === 'me' ? 'in' : 'both'
}

/** The rule's tunnel counts before that of the filter's record [R]. */
function tunnelOf(unit: RuleUnit, filter: Filter): Tunnel | undefined {
  if (unit.tunnel !== undefined || unit.rule.isTunnel) return unit.tunnel
  return hasEndpoint(filter.legacyTunnel) ? { endpoint: filter.legacyTunnel, from: 'filter' } : undefined
}

export function hasEndpoint(endpoint: Ip | undefined): endpoint is Ip {
  return endpoint !== undefined && endpoint.bits !== 0 && endpoint.bits !== 0n
}

/** Why one filter of a rule that is in order cannot be used. */
export function filterFailure(unit: RuleUnit, position: number): Finding {
  const { object } = unit.filterList
  return processingFinding('FILTER_TUNNEL_NO_ENDPOINT', undefined, {
    ...object.place,
    object: object.key,
    field: `filter ${position + 1}`,
  })
}
