export { type AuthMethodRecord, authType } from './authMethod.ts'
export { type BlobString, blobString } from './blobString.ts'
export {
  decodeFilterBlob,
  decodeFilterParts,
  encodeFilterBlob,
  type FilterBlob,
  type FilterParts,
  newFilterBlob,
} from './filterBlob.ts'
export { type FilterRecord1, record1FromEnd } from './filterRecord1.ts'
export { type AddressData, type FilterRecord2, type PortData, record2FromEnd } from './filterRecord2.ts'
export {
  decodeIsakmpBlob,
  encodeIsakmpBlob,
  type IsakmpBlob,
  newIsakmpBlob,
  newSecurityMethod,
  type SecurityMethod,
  securityMethodLength,
  zeroGuid,
} from './isakmpBlob.ts'
export { limits } from './limits.ts'
export { decodeNfaBlob, encodeNfaBlob, interfaceType, type NfaBlob, newNfaBlob, nfaDataLength } from './nfaBlob.ts'
export type { NfaTail, NfaTailSection } from './nfaTail.ts'
export {
  type AlgorithmRecord,
  decodeNegotiationBlob,
  encodeNegotiationBlob,
  type NegotiationBlob,
  newNegotiationBlob,
  newOfferRecord,
  type OfferRecord,
} from './negotiationBlob.ts'
export { decodePolicyBlob, encodePolicyBlob, newPolicyBlob, type PolicyBlob } from './policyBlob.ts'
export { decodeVersionBlob, encodeVersionBlob, type VersionBlob } from './versionBlob.ts'
