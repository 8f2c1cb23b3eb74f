import type { Finding, Report } from '../../base/finding.ts'
import { integrityFinding } from '../../policy/integrityFinding.ts'
import { type Ip, ipv4, ipv6 } from '../../policy/ip.ts'
import type { ConnectionType, FilterList, Rule } from '../../policy/model.ts'
import type { StoredObject } from '../../policy/storedObject.ts'
import { decodeNfaBlob, interfaceType, type NfaBlob } from '../ipsec-data/index.ts'
import { authenticationOfBlob, isTailStale } from './authenticationMeaning.ts'
import { collecting } from './collect.ts'
import { namesOf } from './names.ts'
import { decodeObjectData } from './objectData.ts'
import type { ObjectIndex } from './objectIndex.ts'
import type { FilterActionReading } from './readFilterAction.ts'

/** What a rule needs from the rest of its store: where references lead, and lists and actions read once. */
export interface RuleSurroundings {
  readonly index: ObjectIndex
  readonly filterListOf: (object: StoredObject) => FilterList
  readonly filterActionOf: (object: StoredObject) => FilterActionReading
}

/** A rule always reads: what is missing or broken becomes a problem of the rule, which has then failed. */
export function readRule(object: StoredObject, around: RuleSurroundings, report: Report): Rule {
  const { report: note, errors } = collecting(report)
  const lists = around.index.followAll(object, 'ipsecFilterReference', 'ipsecFilter', note).map(around.filterListOf)
  const actionObject = around.index.followOne(object, 'ipsecNegotiationPolicyReference', 'ipsecNegotiationPolicy', note)
  const reading = actionObject === undefined ? undefined : around.filterActionOf(actionObject)
  const filterAction = reading?.action
  const hasListReference = around.index.references(object, 'ipsecFilterReference').length > 0
  const isDefaultResponse = !hasListReference && filterAction?.isDefaultResponse === true
  const blob = decodeObjectData(object, decodeNfaBlob, note)
  const body = blob === undefined ? unreadableBody : bodyOf(blob, object, note)

  if (filterAction === undefined) note(integrityFinding('RULE_NO_FILTER_ACTION', object))
  if (!isDefaultResponse) noteFilterLists(object, lists, note)
  if (blob !== undefined && filterAction?.action === 'negotiate' && body.authentication.length === 0) {
    note(integrityFinding('RULE_NO_AUTHENTICATION', object))
  }
  return {
    id: object.id,
    ...namesOf(object),
    ...body,
    isDefaultResponse,
    filterLists: lists,
    ...(filterAction === undefined ? {} : { filterAction }),
    object,
    problems: [...errors, ...inherited(lists, reading)],
  }
}

function noteFilterLists(object: StoredObject, lists: readonly FilterList[], report: Report): void {
  if (lists.length === 0) report(integrityFinding('RULE_NO_FILTER_LIST', object))
  if (lists.length > 1) report(integrityFinding('RULE_SEVERAL_FILTER_LISTS', object, `${lists.length}`))
}

/** Problems of the list and the action are the rule's too; they were reported where they belong. */
function inherited(lists: readonly FilterList[], reading: FilterActionReading | undefined): Finding[] {
  return [...lists.flatMap((list) => list.problems), ...(reading?.problems ?? [])]
}

type RuleBody = Pick<
  Rule,
  | 'isActive'
  | 'authentication'
  | 'isTunnel'
  | 'tunnelEndpoint'
  | 'tunnelEndpointName'
  | 'connectionType'
  | 'interfaceName'
>

/** A rule whose blob is broken may have been meant to be active: it counts as active, and as failed. */
const unreadableBody: RuleBody = { isActive: true, authentication: [], isTunnel: false, connectionType: 'all' }

function bodyOf(blob: NfaBlob, object: StoredObject, report: Report): RuleBody {
  if (blob.tail.ignored !== undefined) report(integrityFinding('DATA_REST_IGNORED', object, blob.tail.ignored))
  if (isTailStale(blob)) {
    report(
      integrityFinding('DATA_REST_IGNORED', object, 'the alternate authentication methods differ from the main ones'),
    )
  }
  const { methods, skipped } = authenticationOfBlob(blob)
  for (const what of skipped) report(integrityFinding('RULE_AUTHENTICATION_SKIPPED', object, what))
  const isTunnel = blob.isTunnel !== 0
  const endpoint = isTunnel ? tunnelEndpointOf(blob) : undefined
  const endpointName = blob.tunnelEndpointName.text
  if (isTunnel && endpoint === undefined && endpointName === '')
    report(integrityFinding('RULE_TUNNEL_NO_ENDPOINT', object))
  return {
    isActive: blob.isActive !== 0,
    authentication: methods,
    isTunnel,
    ...(endpoint === undefined ? {} : { tunnelEndpoint: endpoint }),
    ...(endpointName === '' ? {} : { tunnelEndpointName: endpointName }),
    connectionType: connectionTypeOf(blob, object, report),
    ...(blob.interfaceName.text === '' ? {} : { interfaceName: blob.interfaceName.text }),
  }
}

/**
 * The IPv6 endpoint of the tail supersedes the IPv4 one, unless the tail was left behind by an older writer; the
 * unspecified address is no endpoint.
 */
export function tunnelEndpointOf(blob: NfaBlob): Ip | undefined {
  const section = blob.tail.sections.find((candidate) => candidate.kind === 'ipv6-tunnel')
  const isOlder = blob.tunnelAddress !== 0 && isTailStale(blob)
  if (section !== undefined && section.address !== 0n && !isOlder) return ipv6(section.address)
  return blob.tunnelAddress === 0 ? undefined : ipv4(blob.tunnelAddress)
}

function connectionTypeOf(blob: NfaBlob, object: StoredObject, report: Report): ConnectionType {
  switch (blob.interfaceType) {
    case interfaceType.all:
      return 'all'
    case interfaceType.lan:
      return 'lan'
    case interfaceType.dialup:
      return 'dialup'
    default:
      report(integrityFinding('RULE_INTERFACE_UNKNOWN', object, `0x${blob.interfaceType.toString(16)}`))
      return 'all'
  }
}
