import { ByteReader } from '../../base/byteReader.ts'
import { ByteWriter } from '../../base/byteWriter.ts'
import { blobSignature } from '../../policy/wellKnown.ts'
import { expectSignature } from './signature.ts'

/** ipsecData of an ipsecPolicy, 25 bytes (MS-GPIPSEC 2.2.1.1.1, policy-objects.md 2.2). */
export interface PolicyBlob {
  /** Data-Length as stored; 4. */
  readonly dataLength: number
  /** Seconds between polls as stored; 0 means 10 800. */
  readonly pollingIntervalSeconds: number
  /** The unused byte and whatever follows. */
  readonly trailing: Uint8Array
}

export function decodePolicyBlob(bytes: Uint8Array): PolicyBlob {
  const reader = new ByteReader(bytes)
  expectSignature(reader, 'ipsecPolicy', 'IPsec_Policy_ID')
  const dataLength = reader.u32('Data-Length')
  const pollingIntervalSeconds = reader.u32('Polling-Interval')
  return { dataLength, pollingIntervalSeconds, trailing: reader.take(reader.remaining, 'Unused') }
}

export function encodePolicyBlob(blob: PolicyBlob): Uint8Array {
  return new ByteWriter(25)
    .guid(blobSignature.ipsecPolicy)
    .u32(blob.dataLength)
    .u32(blob.pollingIntervalSeconds)
    .put(blob.trailing)
    .finish()
}

export function newPolicyBlob(pollingIntervalSeconds: number): PolicyBlob {
  return { dataLength: 4, pollingIntervalSeconds, trailing: new Uint8Array(1) }
}
