import type { ByteReader } from '../../base/byteReader.ts'
import type { ByteWriter } from '../../base/byteWriter.ts'

/** Auth-Type 1 preshared key, 3 certificate, 5 Kerberos; the value as stored. Type 1 values are secret. */
export interface AuthMethodRecord {
  readonly type: number
  readonly value: Uint8Array
}

export const authType = { presharedKey: 1, certificate: 3, kerberos: 5 } as const // S

export function readAuthMethod(reader: ByteReader, field: string): AuthMethodRecord {
  const type = reader.u32(`${field}.Auth-Type`)
  const length = reader.u32(`${field}.Auth-Length`)
  return { type, value: reader.take(length, `${field}.Auth-Method-Data`) }
}

export function writeAuthMethod(writer: ByteWriter, method: AuthMethodRecord): void {
  writer.u32(method.type).u32(method.value.length).put(method.value)
}
