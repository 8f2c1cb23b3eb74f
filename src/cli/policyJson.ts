import { formatPlace } from '../base/errors.ts'
import type { Finding } from '../base/finding.ts'
import type { Filter, Port } from '../policy/filter.ts'
import { addressText } from '../policy/filterWords.ts'
import { formatIp } from '../policy/ip.ts'
import type {
  AuthenticationMethod,
  FilterAction,
  FilterList,
  MainMode,
  Policy,
  PolicyArea,
  PolicySet,
  Rule,
} from '../policy/model.ts'
import { protocolName } from '../policy/protocol.ts'

/** Version of the documents that `--json` prints; they do not change shape without another one. docs/schema. */
export const jsonVersion = 1

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** What `show --json` prints. */
export function policySetJson(set: PolicySet, policies: readonly Policy[]): Json {
  return {
    version: jsonVersion,
    source: set.source,
    format: set.format,
    areas: set.areas.map(areaJson),
    policies: policies.map(policyJson),
    findings: set.findings.map(findingJson),
  }
}

function areaJson(area: PolicyArea): Json {
  const usedLists = new Set(area.policies.flatMap((policy) => policy.rules.flatMap((rule) => rule.filterLists)))
  const usedActions = new Set(area.policies.flatMap((policy) => policy.rules.map((rule) => rule.filterAction)))
  return {
    area: area.area,
    path: area.store.keyPath.join('\\'),
    assigned: area.assigned === undefined ? null : { id: area.assigned.id, name: area.assigned.name },
    assignment: area.assignment ?? null,
    policies: area.policies.map((policy) => policy.id),
    unusedFilterLists: area.filterLists.filter((list) => !usedLists.has(list)).map(filterListJson),
    unusedFilterActions: area.filterActions.filter((action) => !usedActions.has(action)).map(filterActionJson),
  }
}

function policyJson(policy: Policy): Json {
  return {
    name: policy.name,
    id: policy.id,
    assigned: policy.isAssigned,
    area: policy.area,
    description: policy.description ?? null,
    pollingIntervalSeconds: policy.pollingIntervalSeconds,
    whenChanged: policy.whenChanged ?? null,
    mainMode: policy.mainMode === undefined ? null : mainModeJson(policy.mainMode),
    rules: policy.rules.map(ruleJson),
    missingRules: policy.missingRules,
    problems: policy.problems.map(findingJson),
  }
}

function mainModeJson(mainMode: MainMode): Json {
  const { perfectForwardSecrecy, certificateMapping, noCertificateRequest, quickModeLimit, lifetimeSeconds } = mainMode
  return {
    id: mainMode.id,
    perfectForwardSecrecy,
    certificateMapping,
    noCertificateRequest,
    quickModeLimit,
    lifetimeSeconds,
    offers: mainMode.offers.map((offer) => ({ ...offer })),
  }
}

function ruleJson(rule: Rule): Json {
  const [list, ...moreLists] = rule.filterLists
  return {
    name: rule.name ?? null,
    id: rule.id,
    description: rule.description ?? null,
    active: rule.isActive,
    defaultResponse: rule.isDefaultResponse,
    filterList: list === undefined ? null : filterListJson(list),
    ...(moreLists.length === 0 ? {} : { moreFilterLists: moreLists.map(filterListJson) }),
    filterAction: rule.filterAction === undefined ? null : filterActionJson(rule.filterAction),
    authentication: rule.authentication.map(authenticationJson),
    tunnel: rule.isTunnel
      ? {
          endpoint: rule.tunnelEndpoint === undefined ? null : formatIp(rule.tunnelEndpoint),
          name: rule.tunnelEndpointName ?? null,
        }
      : null,
    connectionType: rule.connectionType,
    interface: rule.interfaceName ?? null,
    problems: rule.problems.map(findingJson),
  }
}

function filterListJson(list: FilterList): Json {
  return {
    name: list.name ?? null,
    id: list.id,
    description: list.description ?? null,
    filters: list.filters.map(filterJson),
    problems: list.problems.map(findingJson),
  }
}

function filterJson(filter: Filter): Json {
  return {
    id: filter.id,
    description: filter.description ?? null,
    mirrored: filter.mirrored,
    source: addressText(filter.source),
    sourceName: filter.sourceName ?? null,
    destination: addressText(filter.destination),
    destinationName: filter.destinationName ?? null,
    protocol: protocolName(filter.protocol),
    protocolNumber: filter.protocol,
    sourcePort: portJson(filter.sourcePort),
    destinationPort: portJson(filter.destinationPort),
  }
}

/** A number, a range as `1024-65535`, or `any`. */
export function portJson(port: Port): Json {
  switch (port.kind) {
    case 'any':
      return 'any'
    case 'single':
      return port.port
    case 'range':
      return `${port.first}-${port.last}`
  }
}

export function filterActionJson(action: FilterAction): Json {
  return {
    name: action.name ?? null,
    id: action.id,
    description: action.description ?? null,
    action: action.action,
    ...(action.action === 'negotiate'
      ? {
          offers: action.offers.map((offer) => ({
            algorithms: offer.algorithms.map((algorithm) => ({ ...algorithm })),
            lifetimeSeconds: offer.lifetimeSeconds,
            lifetimeKilobytes: offer.lifetimeKilobytes,
            perfectForwardSecrecy: offer.perfectForwardSecrecy,
          })),
          perfectForwardSecrecy: action.perfectForwardSecrecy,
          acceptUnsecuredInbound: action.acceptUnsecuredInbound,
          fallBackToClear: action.fallBackToClear,
        }
      : {}),
    problems: action.problems.map(findingJson),
  }
}

/** Never the key. */
export function authenticationJson(method: AuthenticationMethod): Json {
  switch (method.kind) {
    case 'kerberos':
    case 'preshared-key':
      return { kind: method.kind }
    case 'certificate':
      return {
        kind: 'certificate',
        authority: method.authority,
        certificateMapping: method.certificateMapping,
        excludeAuthorityName: method.excludeAuthorityName,
      }
  }
}

export function findingJson(finding: Finding): Json {
  const { severity, code, message, advice, win32, file, line, field, offset } = finding
  return {
    severity,
    code,
    object: finding.object ?? null,
    message,
    place: formatPlace(finding),
    ...(advice === undefined ? {} : { advice }),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(field === undefined ? {} : { field }),
    ...(offset === undefined ? {} : { offset }),
    ...(win32 === undefined ? {} : { win32 }),
  }
}
