import { ByteReader } from '../../base/byteReader.ts'
import { ByteWriter } from '../../base/byteWriter.ts'
import { type Guid, guid } from '../../base/guid.ts'
import { blobSignature } from '../../policy/wellKnown.ts'
import { limits, needAtMost } from './limits.ts'
import { expectSignature } from './signature.ts'

/** ipsecData of an ipsecISAKMPPolicy, 85 + 64·n bytes (MS-GPIPSEC 2.2.1.2.1, policy-objects.md 2.3). */
export interface IsakmpBlob {
  readonly dataLength: number
  /** ISAKMP-Policy-Instance: the object's own GUID or zero; never checked. */
  readonly instance: Guid
  readonly zero1: number
  /** Master-PFS-Required. */
  readonly masterPfs: number
  /** Bit 0 certificate-to-account mapping, bit 1 no certificate request payload. */
  readonly options: number
  /** New-DH-1..4: extra offers with group 14 that come first; a zero ends the list. */
  readonly newDh: readonly [number, number, number, number]
  readonly quickModeLimit: number
  /** Seconds; 0 means 28 800. */
  readonly lifetimeSeconds: number
  /** 20 ignored bytes. */
  readonly zero2: Uint8Array
  readonly methods: readonly SecurityMethod[]
  readonly trailing: Uint8Array
}

/**
 * One 64-byte main-mode record. Only the low 32 bits of the two algorithm ids and bit 0 of PFS-Identity-Required
 * count; `record` keeps all 64 bytes, and encoding patches the meaningful ones into it.
 */
export interface SecurityMethod {
  readonly encryption: number
  readonly hash: number
  readonly randomFunction: number
  readonly oakleyGroup: number
  readonly quickModeLimit: number
  readonly lifetimeKilobytes: number
  readonly lifetimeSeconds: number
  readonly pfsIdentityRequired: boolean
  readonly record: Uint8Array
}

export const securityMethodLength = 64

export function decodeIsakmpBlob(bytes: Uint8Array): IsakmpBlob {
  const reader = new ByteReader(bytes)
  expectSignature(reader, 'ipsecISAKMPPolicy', 'ISAKMP-Policy-Type-ID')
  const dataLength = reader.u32('Data-Length')
  const instance = reader.guid('ISAKMP-Policy-Instance')
  const zero1 = reader.u32('Zero1')
  const masterPfs = reader.u32('Master-PFS-Required')
  const options = reader.u32('ISAKMP-Options')
  const newDh = [reader.u8('New-DH-1'), reader.u8('New-DH-2'), reader.u8('New-DH-3'), reader.u8('New-DH-4')] as const
  const quickModeLimit = reader.u32('QM-Limit')
  const lifetimeSeconds = reader.u32('MM-Lifetime')
  const zero2 = reader.take(20, 'Zero2')
  const countAt = reader.position
  const count = reader.u32('Security-Method-Count')
  reader.need(count * securityMethodLength, 'Security-Methods')
  needAtMost(limits.mainModeMethods, count, 'Security-Method-Count', countAt)
  const methods: SecurityMethod[] = []
  for (let i = 0; i < count; i += 1) methods.push(decodeMethod(reader.take(securityMethodLength, 'Security-Methods')))
  return {
    dataLength,
    instance,
    zero1,
    masterPfs,
    options,
    newDh,
    quickModeLimit,
    lifetimeSeconds,
    zero2,
    methods,
    trailing: reader.take(reader.remaining, 'trailing byte'),
  }
}

function decodeMethod(record: Uint8Array): SecurityMethod {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength)
  return {
    encryption: view.getUint32(4, true),
    hash: view.getUint32(16, true),
    randomFunction: view.getUint8(36),
    oakleyGroup: view.getUint32(44, true),
    quickModeLimit: view.getUint32(48, true),
    lifetimeKilobytes: view.getUint32(52, true),
    lifetimeSeconds: view.getUint32(56, true),
    pfsIdentityRequired: (view.getUint32(60, true) & 1) === 1,
    record,
  }
}

export function encodeIsakmpBlob(blob: IsakmpBlob): Uint8Array {
  const writer = new ByteWriter(85 + securityMethodLength * blob.methods.length)
    .guid(blobSignature.ipsecISAKMPPolicy)
    .u32(blob.dataLength)
    .guid(blob.instance)
    .u32(blob.zero1)
    .u32(blob.masterPfs)
    .u32(blob.options)
  for (const value of blob.newDh) writer.u8(value)
  writer.u32(blob.quickModeLimit).u32(blob.lifetimeSeconds).put(blob.zero2).u32(blob.methods.length)
  for (const method of blob.methods) writer.put(encodeMethod(method))
  return writer.put(blob.trailing).finish()
}

function encodeMethod(method: SecurityMethod): Uint8Array {
  const record = method.record.slice()
  const view = new DataView(record.buffer)
  view.setUint32(4, method.encryption, true)
  view.setUint32(16, method.hash, true)
  view.setUint8(36, method.randomFunction)
  view.setUint32(44, method.oakleyGroup, true)
  view.setUint32(48, method.quickModeLimit, true)
  view.setUint32(52, method.lifetimeKilobytes, true)
  view.setUint32(56, method.lifetimeSeconds, true)
  const junk = view.getUint32(60, true) & ~1
  view.setUint32(60, (junk | (method.pfsIdentityRequired ? 1 : 0)) >>> 0, true)
  return record
}

export const zeroGuid = guid('{00000000-0000-0000-0000-000000000000}')

/** A blob as the current authoring tools write it, with the given methods. */
export function newIsakmpBlob(
  fields: Pick<IsakmpBlob, 'instance' | 'masterPfs' | 'options' | 'quickModeLimit' | 'lifetimeSeconds' | 'methods'>,
): IsakmpBlob {
  return {
    ...fields,
    dataLength: 64 + securityMethodLength * fields.methods.length,
    zero1: 0,
    newDh: [0, 0, 0, 0],
    zero2: new Uint8Array(20),
    trailing: new Uint8Array(1),
  }
}

/** A record with all ignored bytes zero. */
export function newSecurityMethod(fields: Omit<SecurityMethod, 'record'>): SecurityMethod {
  const method = { ...fields, record: new Uint8Array(securityMethodLength) }
  return { ...method, record: encodeMethod(method) }
}
