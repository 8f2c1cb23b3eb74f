import {
  decodeFilterBlob,
  decodeIsakmpBlob,
  decodeNegotiationBlob,
  decodeNfaBlob,
  decodePolicyBlob,
  encodeFilterBlob,
  encodeIsakmpBlob,
  encodeNegotiationBlob,
  encodeNfaBlob,
  encodePolicyBlob,
} from '../../src/formats/ipsec-data/index.ts'
import type { ObjectClass } from '../../src/policy/objectClass.ts'

/** Decodes and encodes a blob of each class. */
export const recode: Record<ObjectClass, (bytes: Uint8Array) => Uint8Array> = {
  ipsecPolicy: (bytes) => encodePolicyBlob(decodePolicyBlob(bytes)),
  ipsecISAKMPPolicy: (bytes) => encodeIsakmpBlob(decodeIsakmpBlob(bytes)),
  ipsecNFA: (bytes) => encodeNfaBlob(decodeNfaBlob(bytes)),
  ipsecNegotiationPolicy: (bytes) => encodeNegotiationBlob(decodeNegotiationBlob(bytes)),
  ipsecFilter: (bytes) => encodeFilterBlob(decodeFilterBlob(bytes)),
}
