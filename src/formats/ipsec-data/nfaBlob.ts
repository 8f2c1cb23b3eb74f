import { ByteReader } from '../../base/byteReader.ts'
import { ByteWriter } from '../../base/byteWriter.ts'
import { blobSignature } from '../../policy/wellKnown.ts'
import { type AuthMethodRecord, readAuthMethod, writeAuthMethod } from './authMethod.ts'
import { type BlobString, readBlobString, writeBlobString } from './blobString.ts'
import { limits, needAtMost } from './limits.ts'
import { type NfaTail, readNfaTail, writeNfaTail } from './nfaTail.ts'
import { expectSignature } from './signature.ts'

/** ipsecData of an ipsecNFA (MS-GPIPSEC 2.2.1.3.1, policy-objects.md 2.4). */
export interface NfaBlob {
  readonly dataLength: number
  readonly methods: readonly AuthMethodRecord[]
  /** 0xFFFFFFFF dial-up, 0xFFFFFFFE LAN, 0xFFFFFFFD all. */
  readonly interfaceType: number
  readonly interfaceName: BlobString
  /** IPv4, significant only with isTunnel. */
  readonly tunnelAddress: number
  readonly isTunnel: number
  readonly isActive: number
  readonly tunnelEndpointName: BlobString
  readonly tail: NfaTail
}

export const interfaceType = { dialup: 0xffff_ffff, lan: 0xffff_fffe, all: 0xffff_fffd } as const // S

export function decodeNfaBlob(bytes: Uint8Array): NfaBlob {
  const reader = new ByteReader(bytes)
  expectSignature(reader, 'ipsecNFA', 'NFA-Policy-ID')
  const dataLength = reader.u32('Data-Length')
  const countAt = reader.position
  const count = reader.u32('Auth-Method-Count')
  reader.need(count * 8, 'Auth-Methods')
  needAtMost(limits.authenticationMethods, count, 'Auth-Method-Count', countAt)
  const methods: AuthMethodRecord[] = []
  for (let i = 0; i < count; i += 1) methods.push(readAuthMethod(reader, `Auth-Methods[${i}]`))
  const kind = reader.u32('Interface-Type')
  const interfaceName = readBlobString(reader, 'Interface-Name')
  const tunnelAddress = reader.ipv4('Tunnel-Address')
  const isTunnel = reader.u32('Is-Tunnel-Specifier')
  const isActive = reader.u32('Is-Active-Specifier')
  const tunnelEndpointName = readBlobString(reader, 'Tunnel-End-Point-Name')
  return {
    dataLength,
    methods,
    interfaceType: kind,
    interfaceName,
    tunnelAddress,
    isTunnel,
    isActive,
    tunnelEndpointName,
    tail: readNfaTail(reader, count),
  }
}

export function encodeNfaBlob(blob: NfaBlob): Uint8Array {
  const writer = new ByteWriter().guid(blobSignature.ipsecNFA).u32(blob.dataLength).u32(blob.methods.length)
  for (const method of blob.methods) writeAuthMethod(writer, method)
  writer.u32(blob.interfaceType)
  writeBlobString(writer, blob.interfaceName)
  writer.ipv4(blob.tunnelAddress).u32(blob.isTunnel).u32(blob.isActive)
  writeBlobString(writer, blob.tunnelEndpointName)
  writeNfaTail(writer, blob.tail)
  return writer.finish()
}

/** What Data-Length counts: Auth-Method-Count through Tunnel-End-Point-Name. */
export function nfaDataLength(blob: Omit<NfaBlob, 'dataLength'>): number {
  const methods = blob.methods.reduce((sum, method) => sum + 8 + method.value.length, 0)
  return 28 + methods + blob.interfaceName.bytes.length + blob.tunnelEndpointName.bytes.length
}

export function newNfaBlob(fields: Omit<NfaBlob, 'dataLength'>): NfaBlob {
  return { ...fields, dataLength: nfaDataLength(fields) }
}
