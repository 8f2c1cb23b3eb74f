import { type Guid, guid } from '../base/guid.ts'
import type { ObjectClass } from './objectClass.ts'

/** GUID constants of policy-objects.md 1.6. Marks: S specification, O observed, R reading. */
export const blobSignature: Record<ObjectClass, Guid> = {
  ipsecPolicy: guid('{22202163-4f4c-11d1-863b-00a0248d3021}'), // S
  ipsecISAKMPPolicy: guid('{80dc20b8-2ec8-11d1-a89e-00a0248d3021}'), // S
  ipsecNFA: guid('{11bbac00-498d-11d1-8639-00a0248d3021}'), // S
  ipsecNegotiationPolicy: guid('{80dc20b9-2ec8-11d1-a89e-00a0248d3021}'), // S
  ipsecFilter: guid('{80dc20b5-2ec8-11d1-a89e-00a0248d3021}'), // S
}

export const filterPart2Signature = guid('{35fecd3d-ae29-4373-8a6a-c5d8fab2fb08}') // S
export const nfaAlternateMethods = guid('{01010101-0101-0101-0101-010101010101}') // O
export const nfaAlternateFlags = guid('{01010101-0101-0101-0101-010101010102}') // O
export const nfaIpv6Tunnel = guid('{01010101-0101-0101-0101-010101010103}') // R

/** ipsecNegotiationPolicyAction. */
export const actionGuid = {
  block: guid('{3f91a819-7647-11d1-864d-d46a00000000}'), // S
  permit: guid('{8a171dd2-77e3-11d1-8659-a04f00000000}'), // S
  negotiate: guid('{8a171dd3-77e3-11d1-8659-a04f00000000}'), // S
  inboundPassThrough: guid('{3f91a81a-7647-11d1-864d-d46a00000000}'), // S
} as const

/** ipsecNegotiationPolicyType. */
export const negotiationTypeGuid = {
  standard: guid('{62f49e10-6c37-11d1-864c-14a300000000}'), // O
  defaultResponse: guid('{62f49e13-6c37-11d1-864c-14a300000000}'), // O
} as const

/** The NFA object that holds version information and is no rule (policy-objects.md 1.7). */
export const versionInformationNfa = guid('{6a1f5c6f-72b7-11d2-acf0-0060b0ecca17}') // O

/** What writers put into ipsecDataType. */
export const ipsecDataType = 256 // S, O
/**
 * Values of ipsecDataType whose blobs are laid out as policy-objects.md 2 says. The stock objects of new domains carry
 * 598 (0x256, the digits of the other in hexadecimal) over the same layouts.
 */
export const knownDataTypes: ReadonlySet<number> = new Set([
  ipsecDataType, // S
  0x256, // O: stock policies of a domain provisioned by Samba 4.17
])
/** Seconds; a stored 0 means this. */
export const defaultPollingIntervalSeconds = 10_800
/** Seconds; a stored 0 means this. */
export const defaultMainModeLifetimeSeconds = 28_800
