import { ByteReader } from '../../base/byteReader.ts'
import { ByteWriter } from '../../base/byteWriter.ts'
import type { Guid } from '../../base/guid.ts'

/**
 * ipsecData of the version-information object, an ipsecNFA that is no rule and has a signature of its own
 * (policy-objects.md 1.7). Its fields are not documented: the signature is read, the rest is kept.
 */
export interface VersionBlob {
  readonly signature: Guid
  readonly body: Uint8Array
}

export function decodeVersionBlob(bytes: Uint8Array): VersionBlob {
  const reader = new ByteReader(bytes)
  const signature = reader.guid('signature')
  return { signature, body: reader.take(reader.remaining, 'body') }
}

export function encodeVersionBlob(blob: VersionBlob): Uint8Array {
  return new ByteWriter(16 + blob.body.length).guid(blob.signature).put(blob.body).finish()
}
