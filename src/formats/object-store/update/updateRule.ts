import { sameIp } from '../../../policy/ip.ts'
import type { AuthenticationMethod } from '../../../policy/model.ts'
import type { StoredObject } from '../../../policy/storedObject.ts'
import {
  blobString,
  decodeNfaBlob,
  encodeNfaBlob,
  interfaceType,
  type NfaBlob,
  nfaDataLength,
  type NfaTailSection,
} from '../../ipsec-data/index.ts'
import type { AuthorContext } from '../author/authorContext.ts'
import {
  alternateSections,
  authorRuleData,
  endpointFields,
  methodRecords,
  ruleReferences,
} from '../author/authorRule.ts'
import type { RuleDraft } from '../author/draft.ts'
import { storableText } from '../author/storable.ts'
import { authenticationOfBlob } from '../authenticationMeaning.ts'
import { tunnelEndpointOf } from '../readRule.ts'
import { presentBlob, presentData, updatedObject } from './updateValues.ts'

/** The rule as the draft says; sections of the data's tail and bytes after them that are not concerned stay. */
export function updateRule(object: StoredObject, draft: RuleDraft, context: AuthorContext): StoredObject {
  const { name, description } = draft
  return updatedObject(
    object,
    { name, description, data: dataOf(object, draft), references: ruleReferences(draft) },
    context,
  )
}

function dataOf(object: StoredObject, draft: RuleDraft): Uint8Array {
  const blob = presentBlob(object, decodeNfaBlob)
  if (blob === undefined) return authorRuleData(draft)
  const changed = withNames(withFlags(withEndpoint(withAuthentication(blob, draft), draft), draft), draft)
  if (changed === blob) return presentData(object)
  return encodeNfaBlob({ ...changed, dataLength: nfaDataLength(changed) })
}

function withAuthentication(blob: NfaBlob, draft: RuleDraft): NfaBlob {
  const { methods } = authenticationOfBlob(blob)
  const wanted = draft.authentication
  const isSame = methods.length === wanted.length && methods.every((method, index) => sameMethod(method, wanted[index]))
  if (isSame) return blob
  return { ...blob, methods: methodRecords(wanted), tail: { ...blob.tail, sections: withAlternates(blob, wanted) } }
}

/** New alternate sections where the old ones stood, the others as they were. */
function withAlternates(blob: NfaBlob, methods: readonly AuthenticationMethod[]): readonly NfaTailSection[] {
  const others = blob.tail.sections.filter((section) => section.kind === 'ipv6-tunnel')
  return [...alternateSections(methods), ...others]
}

function sameMethod(a: AuthenticationMethod, b: AuthenticationMethod | undefined): boolean {
  if (b === undefined || a.kind !== b.kind) return false
  if (a.kind === 'preshared-key') return b.kind === 'preshared-key' && a.key.equals(b.key)
  if (a.kind === 'kerberos') return true
  return (
    b.kind === 'certificate' &&
    a.authority === b.authority &&
    a.certificateMapping === b.certificateMapping &&
    a.excludeAuthorityName === b.excludeAuthorityName
  )
}

function withEndpoint(blob: NfaBlob, draft: RuleDraft): NfaBlob {
  const { ipv4Bits, ipv6Section } = endpointFields(draft)
  const isSameKind = (blob.isTunnel !== 0) === draft.isTunnel
  const present = tunnelEndpointOf(blob)
  const wanted = draft.tunnelEndpoint
  const isSameEndpoint = wanted === undefined ? present === undefined : present !== undefined && sameIp(present, wanted)
  // What stands in the endpoint of a rule that is no tunnel means nothing and stays.
  if (isSameKind && (isSameEndpoint || !draft.isTunnel)) return blob
  const isTunnel = isSameKind ? blob.isTunnel : Number(draft.isTunnel)
  if (isSameEndpoint) return { ...blob, isTunnel }
  const others = blob.tail.sections.filter((section) => section.kind !== 'ipv6-tunnel')
  const sections = ipv6Section === undefined ? others : [...others, ipv6Section]
  return { ...blob, isTunnel, tunnelAddress: ipv4Bits, tail: { ...blob.tail, sections } }
}

function withFlags(blob: NfaBlob, draft: RuleDraft): NfaBlob {
  const kind = interfaceType[draft.connectionType]
  const isSameActivity = (blob.isActive !== 0) === draft.isActive
  if (isSameActivity && blob.interfaceType === kind) return blob
  return { ...blob, isActive: isSameActivity ? blob.isActive : Number(draft.isActive), interfaceType: kind }
}

function withNames(blob: NfaBlob, draft: RuleDraft): NfaBlob {
  const interfaceName = storableText(draft.interfaceName ?? '', 'interfaceName')
  const endpointName = storableText(draft.tunnelEndpointName ?? '', 'tunnelEndpointName')
  if (blob.interfaceName.text === interfaceName && blob.tunnelEndpointName.text === endpointName) return blob
  return {
    ...blob,
    interfaceName: blob.interfaceName.text === interfaceName ? blob.interfaceName : blobString(interfaceName),
    tunnelEndpointName:
      blob.tunnelEndpointName.text === endpointName ? blob.tunnelEndpointName : blobString(endpointName),
  }
}
