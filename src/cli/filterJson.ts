import {
  addressSetText,
  type AddressSet,
  type ExpandedFilter,
  type ExpandedPolicy,
  type FilterTrouble,
  ruleTitle,
} from '../engine/index.ts'
import { formatIp } from '../policy/ip.ts'
import { protocolName } from '../policy/protocol.ts'
import { findingJson, type Json, portJson } from './policyJson.ts'

/** A processed filter for a program; `weight` and the order agree. */
export function expandedFilterJson(filter: ExpandedFilter): Json {
  return {
    order: filter.index + 1,
    weight: filter.weight,
    direction: filter.direction,
    family: filter.family,
    source: addressJson(filter.source),
    sourceAddresses: addressesJson(filter.source),
    destination: addressJson(filter.destination),
    destinationAddresses: addressesJson(filter.destination),
    protocol: protocolName(filter.protocol),
    protocolNumber: filter.protocol,
    sourcePort: portJson(filter.sourcePort),
    destinationPort: portJson(filter.destinationPort),
    action: filter.action,
    rule: ruleTitle(filter.rule),
    ruleId: filter.rule.id,
    filterList: filter.filterList.name ?? null,
    filterAction: filter.filterAction?.name ?? null,
    policy: filter.policy.name,
    area: filter.policy.area,
    filter: { id: filter.filter.id, description: filter.filter.description ?? null, position: filter.position + 1 },
    mirrored: filter.isMirrorImage,
    connectionType: filter.connectionType,
    tunnel: filter.tunnel === undefined ? null : formatIp(filter.tunnel.endpoint),
    matchesNothing: filter.matchesNothing,
    failure: filter.failure === undefined ? null : findingJson(filter.failure),
  }
}

/** `me`, `dns-servers`, a DNS name: what the policy says; what it stands for is beside it. */
function addressJson(set: AddressSet): string {
  if (set.kind !== 'addresses') return addressSetText(set)
  return set.of === 'name' ? (set.name ?? '') : set.of
}

function addressesJson(set: AddressSet): Json {
  return set.kind === 'addresses' ? set.addresses.map(formatIp) : null
}

/** What processing says beside the filters. */
export function processingJson(expanded: ExpandedPolicy): { readonly [key: string]: Json } {
  return {
    policies: expanded.policies.map((policy) => ({ name: policy.name, id: policy.id, area: policy.area })),
    me: expanded.facts.addresses.map(formatIp),
    failedRules: expanded.failedRules.map((failed) => ({
      rule: failed.rule === undefined ? null : ruleTitle(failed.rule),
      ruleId: failed.rule?.id ?? null,
      reference: failed.reference ?? null,
      blockingFilters: failed.blockingFilters,
      finding: findingJson(failed.finding),
    })),
    failedFilters: expanded.failedFilters.map(troubleJson),
    neverMatching: expanded.neverMatching.map(troubleJson),
    setAside: expanded.setAside.map((aside) => ({
      rule: ruleTitle(aside.rule),
      ruleId: aside.rule.id,
      reason: aside.reason,
    })),
    findings: expanded.findings.map(findingJson),
  }
}

function troubleJson(trouble: FilterTrouble): Json {
  return {
    rule: ruleTitle(trouble.rule),
    ruleId: trouble.rule.id,
    filterList: trouble.filterList.name ?? null,
    position: trouble.position + 1,
    blocks: trouble.blocks,
    finding: findingJson(trouble.finding),
  }
}
