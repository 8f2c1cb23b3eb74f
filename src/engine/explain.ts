import { sameIp } from '../policy/ip.ts'
import { type Classifier, matchingFilters, missingPorts } from './classifier.ts'
import { exemptionNotes } from './exemptions.ts'
import type { ExpandedFilter } from './expandedFilter.ts'
import type { ExpandedPolicy } from './expandedPolicy.ts'
import type { Packet } from './packet.ts'
import { ruleTitle } from './ruleTitle.ts'
import { type Verdict, verdictOf } from './verdict.ts'
import { firstDifference, isSameSpecificity, type WeightPart } from './weight.ts'

/** Where a packet is seen: it arrives, leaves, stays within this computer, or is passed on between others. */
export type PacketCourse = 'in' | 'out' | 'within' | 'through'

export interface Explanation {
  readonly verdict: Verdict
  /** The filter that decided; absent when none matches. */
  readonly decidedBy?: ExpandedFilter
  readonly course: PacketCourse
  /** Other filters that match, in match order, cut to a length; each with the reason it did not decide. */
  readonly others: readonly RunnerUp[]
  /** How many others there are. */
  readonly otherCount: number
  /** Sentences worth reading beside the verdict. */
  readonly notes: readonly ExplanationNote[]
}

export interface RunnerUp {
  readonly filter: ExpandedFilter
  /** The first part of the weight in which it is less; `order`: all are equal, and the order of ids decided. */
  readonly lostBy: WeightPart | 'order'
  readonly reason: string
}

export interface ExplanationNote {
  readonly code:
    | 'tie'
    | 'failed-rule'
    | 'failed-filter'
    | 'exempt'
    | 'clear-allowed'
    | 'own-addresses'
    | 'ports'
    | 'protocol'
    | 'policy'
    | 'connection-type'
  readonly text: string
}

/** Others that are listed when nothing else is asked for. */
const usualOthers = 20

/** Says what happens to a packet and why: what decided, what else matched, and what to keep in mind. */
export function explain(
  expanded: ExpandedPolicy,
  classifier: Classifier,
  packet: Packet,
  mostOthers: number = usualOthers,
): Explanation {
  const places = matchingFilters(classifier, packet)
  const filterAt = (place: number): ExpandedFilter => classifier.filters.at(place) as ExpandedFilter
  const decidedBy = places[0] === undefined ? undefined : filterAt(places[0])
  const verdict: Verdict = decidedBy === undefined ? { kind: 'none' } : verdictOf(decidedBy)
  const course = courseOf(expanded, packet)
  const others =
    decidedBy === undefined ? [] : places.slice(1, 1 + mostOthers).map((place) => runnerUp(decidedBy, filterAt(place)))
  return {
    verdict,
    ...(decidedBy === undefined ? {} : { decidedBy }),
    course,
    others,
    otherCount: Math.max(0, places.length - 1),
    notes: notesOf(expanded, classifier, packet, verdict, course, others[0]),
  }
}

/** "A packet's own side is the destination when it arrives and the source when it leaves" (filter-order.md) [R]. */
export function courseOf({ facts }: Pick<ExpandedPolicy, 'facts'>, packet: Packet): PacketCourse {
  if (packet.direction !== undefined) return packet.direction
  const isOwnSource = facts.addresses.some((ip) => sameIp(ip, packet.source))
  const isOwnDestination = facts.addresses.some((ip) => sameIp(ip, packet.destination))
  if (isOwnSource) return isOwnDestination ? 'within' : 'out'
  return isOwnDestination ? 'in' : 'through'
}

const lostReasons: Readonly<Record<RunnerUp['lostBy'], string>> = {
  persistent: 'the persistent policy overrides it',
  tunnel: 'a tunnel rule is more specific',
  addresses: 'its addresses are less specific',
  destinationBits: 'its destination is less specific',
  sourceBits: 'its source is less specific',
  protocol: 'its protocol and ports are less specific',
  action: 'it is as specific, and its action is less restrictive',
  order: 'it is equal in everything; the ids of policy, rule and list and the position decide',
}

function runnerUp(winner: ExpandedFilter, filter: ExpandedFilter): RunnerUp {
  const lostBy = firstDifference(winner.weight, filter.weight) ?? 'order'
  return { filter, lostBy, reason: lostReasons[lostBy] }
}

function notesOf(
  expanded: ExpandedPolicy,
  classifier: Classifier,
  packet: Packet,
  verdict: Verdict,
  course: PacketCourse,
  next: RunnerUp | undefined,
): ExplanationNote[] {
  const notes: ExplanationNote[] = []
  const note = (code: ExplanationNote['code'], text: string): void => {
    notes.push({ code, text })
  }
  for (const policy of expanded.policies) {
    const problem = policy.problems[0]
    if (problem !== undefined) {
      note('policy', `The policy "${policy.name}" as a whole cannot be used: ${problem.message}.`)
    }
  }
  if (verdict.kind !== 'none') notesOfVerdict(verdict, course, next, note)
  notesOfUnknown(expanded, note)
  if (expanded.facts.addresses.length === 0) {
    note('own-addresses', 'No address of this computer is known, so filters for `me` match nothing.')
  }
  notesOfPacket(classifier, packet, note)
  for (const text of exemptionNotes(packet)) note('exempt', text)
  return notes
}

type Note = (code: ExplanationNote['code'], text: string) => void

function notesOfVerdict(
  verdict: Exclude<Verdict, { kind: 'none' }>,
  course: PacketCourse,
  next: RunnerUp | undefined,
  note: Note,
): void {
  const { filter } = verdict
  if (filter.failure !== undefined) {
    note(
      'failed-rule',
      `The rule "${ruleTitle(filter.rule)}" has failed, so its filters block: ${filter.failure.message}.`,
    )
  }
  if (next !== undefined && isSameSpecificity(filter.weight, next.filter.weight)) {
    const other = `"${ruleTitle(next.filter.rule)}" (${next.filter.action})`
    note(
      'tie',
      next.lostBy === 'action'
        ? `Rule ${other} is as specific; the more restrictive action decides.`
        : `Rule ${other} is as specific and as restrictive; the order of ids decides.`,
    )
  }
  if (verdict.kind === 'protect') {
    if (verdict.acceptUnsecuredInbound && course !== 'out') {
      note('clear-allowed', 'The filter action accepts this packet unprotected, and answers with IPsec.')
    }
    if (verdict.fallBackToClear) {
      note('clear-allowed', 'The filter action talks in clear to peers that do not answer IKE.')
    }
  }
  if (filter.connectionType !== 'all') {
    const type = filter.connectionType === 'lan' ? 'LAN' : 'dial-up'
    note('connection-type', `The rule holds for ${type} connections only.`)
  }
}

/** Failures of which each has a sentence of its own; the others are counted. */
const mostFailureNotes = 3

/** A verdict is only as good as what could be read: what failed without blocking might have been meant for the packet. */
function notesOfUnknown(expanded: ExpandedPolicy, note: Note): void {
  const rules = expanded.failedRules.filter((failed) => failed.blockingFilters === 0)
  for (const { rule, reference, finding } of rules.slice(0, mostFailureNotes)) {
    const title = rule === undefined ? (reference ?? '') : `"${ruleTitle(rule)}"`
    note('failed-rule', `The rule ${title} has failed and none of its filters is known: ${finding.message}.`)
  }
  const more = rules.length - mostFailureNotes
  if (more > 0) note('failed-rule', `${more} more failed without any filter known.`)
  const absent = expanded.failedFilters.filter((trouble) => !trouble.blocks)
  for (const { rule, finding } of absent.slice(0, mostFailureNotes)) {
    note('failed-filter', `A filter of the rule "${ruleTitle(rule)}" has failed: ${finding.message}.`)
  }
  const others = absent.length - mostFailureNotes
  if (others > 0) note('failed-filter', `${others} more filters have failed and match nothing.`)
}

function notesOfPacket(classifier: Classifier, packet: Packet, note: Note): void {
  const protocol = packet.protocol ?? 0
  if (packet.source.family !== packet.destination.family) {
    note('protocol', 'Source and destination are of different address families; there is no such packet.')
  }
  if (protocol === 0) note('protocol', 'No protocol is said, so only filters for any protocol match.')
  const missing = missingPorts(classifier, packet)
  if (!missing.source && !missing.destination) return
  const which = missing.source ? (missing.destination ? 'ports are' : 'source port is') : 'destination port is'
  note('ports', `No ${which} said, so filters that name one do not match.`)
}
