import { encodeUtf16Terminated } from '../../../base/utf16.ts'
import type { AuthenticationMethod } from '../../../policy/model.ts'
import type { StoredObject } from '../../../policy/storedObject.ts'
import {
  type AuthMethodRecord,
  authType,
  blobString,
  encodeNfaBlob,
  interfaceType,
  limits,
  type NfaTailSection,
  newNfaBlob,
} from '../../ipsec-data/index.ts'
import { certificateFlag } from '../authenticationMeaning.ts'
import type { AuthorContext } from './authorContext.ts'
import type { RuleDraft } from './draft.ts'
import { newObject } from './objectValues.ts'
import { notStorable, storableCount, storableText } from './storable.ts'

/** An ipsecNFA object with the tail that Vista and later append (policy-objects.md 2.4). */
export function authorRule(draft: RuleDraft, context: AuthorContext): StoredObject {
  return newObject(
    {
      class: 'ipsecNFA',
      id: draft.id,
      ...(draft.name === undefined ? {} : { name: draft.name }),
      ...(draft.description === undefined ? {} : { description: draft.description }),
      data: authorRuleData(draft),
      references: ruleReferences(draft),
    },
    context,
  )
}

export function authorRuleData(draft: RuleDraft): Uint8Array {
  const { ipv4Bits, ipv6Section } = endpointFields(draft)
  return encodeNfaBlob(
    newNfaBlob({
      methods: methodRecords(draft.authentication),
      interfaceType: interfaceType[draft.connectionType],
      interfaceName: blobString(storableText(draft.interfaceName ?? '', 'interfaceName')),
      tunnelAddress: ipv4Bits,
      isTunnel: draft.isTunnel ? 1 : 0,
      isActive: draft.isActive ? 1 : 0,
      tunnelEndpointName: blobString(storableText(draft.tunnelEndpointName ?? '', 'tunnelEndpointName')),
      tail: {
        sections: [...alternateSections(draft.authentication), ...(ipv6Section === undefined ? [] : [ipv6Section])],
        rest: new Uint8Array(1),
      },
    }),
  )
}

export function ruleReferences(draft: RuleDraft) {
  return {
    ipsecNegotiationPolicyReference: [{ class: 'ipsecNegotiationPolicy' as const, id: draft.filterActionId }],
    ipsecFilterReference: draft.filterListIds.map((id) => ({ class: 'ipsecFilter' as const, id })),
    ipsecOwnersReference: [{ class: 'ipsecPolicy' as const, id: draft.policyId }],
  }
}

/** The IPv4 field, and the section that takes an IPv6 endpoint; only a tunnel rule has an endpoint. */
export function endpointFields(draft: Pick<RuleDraft, 'isTunnel' | 'tunnelEndpoint'>): {
  readonly ipv4Bits: number
  readonly ipv6Section: NfaTailSection | undefined
} {
  const endpoint = draft.tunnelEndpoint
  if (!draft.isTunnel && endpoint !== undefined) throw notStorable('tunnelEndpoint', 'the rule is no tunnel rule')
  if (endpoint?.family === 'ipv6') {
    return { ipv4Bits: 0, ipv6Section: { kind: 'ipv6-tunnel', address: endpoint.bits } }
  }
  return { ipv4Bits: endpoint?.bits ?? 0, ipv6Section: undefined }
}

export function methodRecords(methods: readonly AuthenticationMethod[]): AuthMethodRecord[] {
  storableCount(methods.length, limits.authenticationMethods, 'authentication')
  return methods.map(methodRecord)
}

/** Kerberos has two zero bytes in the main list and no value in the alternate one [O]. */
function methodRecord(method: AuthenticationMethod): AuthMethodRecord {
  switch (method.kind) {
    case 'kerberos':
      return { type: authType.kerberos, value: new Uint8Array(2) }
    case 'preshared-key':
      return { type: authType.presharedKey, value: terminated(method.key.reveal(), 'authentication.key') }
    case 'certificate':
      return { type: authType.certificate, value: terminated(method.authority, 'authentication.authority') }
  }
}

function terminated(text: string, field: string): Uint8Array {
  return encodeUtf16Terminated(storableText(text, field))
}

/** The alternate list and its flags; Zero1 is 1 in real data [O]. */
export function alternateSections(methods: readonly AuthenticationMethod[]): NfaTailSection[] {
  const alternate = methodRecords(methods).map((record) =>
    record.type === authType.kerberos ? { ...record, value: new Uint8Array(0) } : record,
  )
  return [
    { kind: 'alternate-methods', methods: alternate },
    { kind: 'alternate-flags', zero1: 1, flags: methods.map(flagsOf) },
  ]
}

function flagsOf(method: AuthenticationMethod): number {
  if (method.kind !== 'certificate') return 0
  return (
    (method.certificateMapping ? certificateFlag.mapping : 0) |
    (method.excludeAuthorityName ? certificateFlag.excludeAuthorityName : 0)
  )
}
