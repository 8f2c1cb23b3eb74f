import { decodeUtf16Terminated } from '../../src/base/utf16.ts'
import {
  type AuthMethodRecord,
  authType,
  decodeFilterBlob,
  decodeIsakmpBlob,
  decodeNegotiationBlob,
  decodeNfaBlob,
  decodePolicyBlob,
  interfaceType,
} from '../../src/formats/ipsec-data/index.ts'
import { offersOfBlob } from '../../src/formats/object-store/actionMeaning.ts'
import { authenticationOfBlob, certificateFlagsOf } from '../../src/formats/object-store/authenticationMeaning.ts'
import { filtersOfBlob } from '../../src/formats/object-store/filterMeaning.ts'
import { effectiveLifetime, mainModeOffersOfBlob } from '../../src/formats/object-store/mainModeMeaning.ts'
import { tunnelEndpointOf } from '../../src/formats/object-store/readRule.ts'
import type { Address, Filter, Port } from '../../src/policy/filter.ts'
import { formatIp, formatIpv4, prefixLengthOfMask } from '../../src/policy/ip.ts'
import type { ObjectClass } from '../../src/policy/objectClass.ts'

/** What our readers make of a blob, in the words of policy-vectors.json. */
export const inVectorTerms: Record<ObjectClass, (bytes: Uint8Array) => Record<string, unknown>> = {
  ipsecPolicy: policyTerms,
  ipsecISAKMPPolicy: mainModeTerms,
  ipsecNFA: ruleTerms,
  ipsecNegotiationPolicy: actionTerms,
  ipsecFilter: filterListTerms,
}

function policyTerms(bytes: Uint8Array): Record<string, unknown> {
  const { pollingIntervalSeconds } = decodePolicyBlob(bytes)
  return { pollingIntervalSeconds, effectivePollingIntervalSeconds: pollingIntervalSeconds || 10_800 }
}

function mainModeTerms(bytes: Uint8Array): Record<string, unknown> {
  const blob = decodeIsakmpBlob(bytes)
  const { offers } = mainModeOffersOfBlob(blob)
  const newDhOffers = blob.newDh.indexOf(0)
  return {
    instance: blob.instance,
    masterPfs: blob.masterPfs !== 0,
    options: { certMapping: (blob.options & 1) !== 0, noCertRequest: (blob.options & 2) !== 0 },
    newDh: blob.newDh,
    quickModeLimit: blob.quickModeLimit,
    mainModeLifetimeSeconds: blob.lifetimeSeconds,
    effectiveMainModeLifetimeSeconds: effectiveLifetime(blob.lifetimeSeconds),
    methods: offers.slice(newDhOffers).map((offer) => ({
      encryption: offer.encryption,
      integrity: offer.integrity,
      dhGroup: offer.group,
      lifetimeSeconds: offer.lifetimeSeconds,
      lifetimeKB: offer.lifetimeKilobytes,
      quickModeLimit: offer.quickModeLimit,
      pfsIdentityRequired: offer.perfectForwardSecrecy,
      source: 'Security-Methods',
    })),
    effectiveOffers: offers.map((offer) => `${offer.encryption}-${offer.integrity}-${offer.group}`),
  }
}

const authTypeNames: ReadonlyMap<number, string> = new Map([
  [authType.presharedKey, 'psk'],
  [authType.certificate, 'certificate'],
  [authType.kerberos, 'kerberos'],
])
const interfaceNames: ReadonlyMap<number, string> = new Map([
  [interfaceType.all, 'all'],
  [interfaceType.lan, 'lan'],
  [interfaceType.dialup, 'dialup'],
])

function ruleTerms(bytes: Uint8Array): Record<string, unknown> {
  const blob = decodeNfaBlob(bytes)
  const flags = certificateFlagsOf(blob)
  const alternate = blob.tail.sections.find((section) => section.kind === 'alternate-methods')
  const ipv6 = blob.tail.sections.find((section) => section.kind === 'ipv6-tunnel')
  const endpoint = tunnelEndpointOf(blob)
  return {
    auth: authenticationOfBlob(blob).methods.map((method) => {
      if (method.kind === 'preshared-key') return { type: 'psk', key: method.key.reveal() }
      return method.kind === 'certificate' ? { type: 'certificate', caName: method.authority } : { type: 'kerberos' }
    }),
    interface: interfaceNames.get(blob.interfaceType),
    interfaceName: blob.interfaceName.text,
    tunnel:
      blob.isTunnel === 0
        ? null
        : {
            v4: formatIpv4(blob.tunnelAddress),
            v6: ipv6 === undefined ? null : formatIp({ family: 'ipv6', bits: ipv6.address }),
            effective: endpoint && formatIp(endpoint),
          },
    tunnelEndpointName: blob.tunnelEndpointName.text,
    active: blob.isActive !== 0,
    alt: alternate?.methods.map((method, index) => alternateTerms(method, flags[index] ?? 0)) ?? null,
  }
}

function alternateTerms(method: AuthMethodRecord, flags: number): Record<string, unknown> {
  return {
    type: authTypeNames.get(method.type),
    value: decodeUtf16Terminated(method.value),
    flags,
    certMapping: (flags & 1) !== 0,
    excludeCaName: (flags & 2) !== 0,
  }
}

function actionTerms(bytes: Uint8Array): Record<string, unknown> {
  const blob = decodeNegotiationBlob(bytes)
  const meaning = offersOfBlob(blob)
  const offers = blob.offers.map((offer) => ({
    lifetimeSeconds: offer.lifetimeSeconds,
    lifetimeKB: offer.lifetimeKilobytes,
    pfsField: offer.pfs,
    algorithms: offer.algorithms.map((record) => ({ algorithmId: record.id })),
  }))
  // The meaning of each algorithm beside its raw id; the marker offer has none.
  for (const [index, offer] of meaning.offers.entries()) {
    const raw = offers[index]
    if (raw === undefined) throw new Error('an offer too many')
    for (const [slot, algorithm] of offer.algorithms.entries()) Object.assign(raw.algorithms[slot] ?? {}, algorithm)
  }
  return { offers, softMarker: meaning.fallBackToClear }
}

function filterListTerms(bytes: Uint8Array): Record<string, unknown> {
  const blob = decodeFilterBlob(bytes)
  const { filters } = filtersOfBlob(bytes)
  const flags = blob.part2?.records.map((record) => record.flags) ?? []
  const isReplaced = filters.length === flags.length
  const later = filters
    .slice(filters.length - flags.length)
    .map((filter, index) => versionTwo(filter, flags[index] ?? 0))
  const earlier = isReplaced ? [] : filters.slice(0, filters.length - flags.length).map(versionOne)
  return { v1: earlier, v2: later, effective: isReplaced ? 'v2 only' : 'both' }
}

function versionOne(filter: Filter): Record<string, unknown> {
  return {
    source: addressTerms(filter.source, filter.sourceName),
    destination: addressTerms(filter.destination, filter.destinationName),
    protocol: filter.protocol,
    sourcePort: filter.sourcePort.kind === 'single' ? filter.sourcePort.port : 0,
    destinationPort: filter.destinationPort.kind === 'single' ? filter.destinationPort.port : 0,
    mirrored: filter.mirrored,
    description: filter.description,
    tunnelAddress: filter.legacyTunnel && formatIp(filter.legacyTunnel),
  }
}

function versionTwo(filter: Filter, flags: number): Record<string, unknown> {
  return {
    source: addressTerms(filter.source, filter.sourceName),
    destination: addressTerms(filter.destination, filter.destinationName),
    protocol: filter.protocol,
    sourcePort: portTerms(filter.sourcePort),
    destinationPort: portTerms(filter.destinationPort),
    mirrored: filter.mirrored,
    description: filter.description,
    flags,
  }
}

const familyTerms = { ipv4: 'v4', ipv6: 'v6', both: 'v4+v6' } as const

function addressTerms(address: Address, dnsName: string | undefined): Record<string, unknown> {
  switch (address.kind) {
    case 'host':
      return { kind: 'host', address: formatIp(address.address), mask: '255.255.255.255', dnsName }
    case 'subnet':
      return {
        kind: 'subnet',
        address: formatIp(address.address),
        mask: formatIp(address.mask),
        prefixLength: prefixLengthOfMask(address.mask),
        dnsName,
      }
    case 'range':
      return { kind: 'range', first: formatIp(address.first), last: formatIp(address.last), dnsName }
    case 'name':
      return { kind: 'name', dnsName: address.name }
    default:
      return { kind: address.kind, version: familyTerms[address.families], dnsName }
  }
}

function portTerms(port: Port): Record<string, unknown> {
  switch (port.kind) {
    case 'any':
      return { type: 'any' }
    case 'single':
      return { type: 'single', port: port.port }
    case 'range':
      return { type: 'range', first: port.first, last: port.last }
  }
}
