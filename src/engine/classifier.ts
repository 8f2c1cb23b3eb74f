import type { Filter } from '../policy/filter.ts'
import type { ConnectionType } from '../policy/model.ts'
import type { FilterDirection } from './expandedFilter.ts'
import { directionOf, type ExpandedFilters, rowFlag } from './expandedFilters.ts'
import type { ExpandedPolicy } from './expandedPolicy.ts'
import type { Packet } from './packet.ts'
import type { RuleUnit } from './ruleUnit.ts'
import { condition, type Question, TupleSpace } from './tupleSpace.ts'
import { type Verdict, verdictOf } from './verdict.ts'

/** Processed filters in a form that finds the deciding one at once. Its answers never change. */
export interface Classifier {
  readonly filters: ExpandedFilters
  readonly ipv4: TupleSpace
  readonly ipv6: TupleSpace
}

export function compile({ filters }: Pick<ExpandedPolicy, 'filters'>): Classifier {
  const { rows, units, special } = filters
  let ipv6Rows = 0
  for (const flags of rows.flags) if ((flags & rowFlag.isIpv6) !== 0) ipv6Rows += 1
  const links = {
    next: new Int32Array(rows.length),
    conditions: new Uint8Array(rows.length),
    ranges: new Uint32Array(rows.length),
  }
  const ipv4 = new TupleSpace('ipv4', rows.length - ipv6Rows, links, special)
  const ipv6 = new TupleSpace('ipv6', ipv6Rows, links, special)
  for (let row = 0; row < rows.length; row += 1) {
    const unit = units[rows.unit[row] as number] as RuleUnit
    const filter = unit.filterList.filters[rows.position[row] as number] as Filter
    const flags = rows.flags[row] as number
    const isMirrorImage = (flags & rowFlag.isMirrorImage) !== 0
    const direction = isMirrorImage
      ? directionOf(filter.destination, filter.source)
      : directionOf(filter.source, filter.destination)
    const conditions = directionBits[direction] | connectionBits[unit.rule.connectionType]
    const space = (flags & rowFlag.isIpv6) === 0 ? ipv4 : ipv6
    space.add(row, filter, isMirrorImage, conditions)
  }
  return { filters, ipv4, ipv6 }
}

const directionBits: Readonly<Record<FilterDirection, number>> = {
  in: condition.in,
  out: condition.out,
  both: condition.bothWays,
}
const connectionBits: Readonly<Record<ConnectionType, number>> = {
  lan: condition.lan,
  dialup: condition.dialup,
  all: condition.anyConnection,
}

/**
 * What happens to a packet, and the filter that decides it.
 *
 * decide(compile(expandPolicy(policy, facts)), { source, destination, protocol: 6, destinationPort: 445 })
 * // → { kind: 'block', filter: { rule, filterList, … } }
 */
export function decide(classifier: Classifier, packet: Packet): Verdict {
  const filter = classifier.filters.at(decidingFilter(classifier, packet))
  return filter === undefined ? { kind: 'none' } : verdictOf(filter)
}

/** Place in match order of the filter that decides a packet; -1 when none matches. */
export function decidingFilter(classifier: Classifier, packet: Packet): number {
  return spaceOf(classifier, packet)?.first(questionOf(packet)) ?? -1
}

/** Places in match order of every filter that matches a packet; the first decides. */
export function matchingFilters(classifier: Classifier, packet: Packet): number[] {
  return spaceOf(classifier, packet)?.all(questionOf(packet)) ?? []
}

/** Which ports the packet lacks that filters for such addresses and such a protocol name. */
export function missingPorts(
  classifier: Classifier,
  packet: Packet,
): { readonly source: boolean; readonly destination: boolean } {
  const space = spaceOf(classifier, packet)
  return space?.missingPorts(questionOf(packet)) ?? { source: false, destination: false }
}

/** No packet goes from one family to the other. */
function spaceOf(classifier: Classifier, { source, destination }: Packet): TupleSpace | undefined {
  return source.family === destination.family ? classifier[source.family] : undefined
}

function questionOf(packet: Packet): Question {
  return {
    source: packet.source,
    destination: packet.destination,
    protocol: packet.protocol ?? 0,
    sourcePort: packet.sourcePort ?? -1,
    destinationPort: packet.destinationPort ?? -1,
    conditions:
      (packet.direction === undefined ? condition.bothWays : condition[packet.direction]) |
      (packet.connectionType === undefined ? condition.anyConnection : condition[packet.connectionType]),
  }
}
