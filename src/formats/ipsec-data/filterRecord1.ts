import type { ByteReader } from '../../base/byteReader.ts'
import type { ByteWriter } from '../../base/byteWriter.ts'
import type { Guid } from '../../base/guid.ts'
import { type BlobString, readBlobString, writeBlobString } from './blobString.ts'

/** A version 1 filter record: IPv4 only, 64 bytes and three strings (policy-objects.md 2.6.2). Every field as stored. */
export interface FilterRecord1 {
  readonly version: 1
  readonly sourceName: BlobString
  readonly destinationName: BlobString
  readonly description: BlobString
  readonly id: Guid
  readonly mirror: number
  readonly sourceAddress: number
  readonly sourceMask: number
  readonly destinationAddress: number
  readonly destinationMask: number
  readonly tunnelAddress: number
  readonly protocol: number
  readonly sourcePort: number
  readonly destinationPort: number
  readonly isTunnel: number
  /** 0, or a server kind of one side (policy-objects.md 2.6.2). */
  readonly special: number
  readonly options: number
}

/** Length with three strings of no bytes at all: the least a record takes. */
export const filterRecord1Minimum = 64

export function readFilterRecord1(reader: ByteReader, field: string): FilterRecord1 {
  return {
    version: 1,
    sourceName: readBlobString(reader, `${field}.Source-DNS-Name1`),
    destinationName: readBlobString(reader, `${field}.Destination-DNS-Name1`),
    description: readBlobString(reader, `${field}.Filter-Description1`),
    id: reader.guid(`${field}.Filter-Specification-ID1`),
    mirror: reader.u32(`${field}.Legacy-Mirror-Options`),
    sourceAddress: reader.ipv4(`${field}.Legacy-Source-Address`),
    sourceMask: reader.ipv4(`${field}.Legacy-Source-Mask`),
    destinationAddress: reader.ipv4(`${field}.Legacy-Destination-Address`),
    destinationMask: reader.ipv4(`${field}.Legacy-Destination-Mask`),
    tunnelAddress: reader.ipv4(`${field}.Legacy-Tunnel-Address`),
    protocol: reader.u32(`${field}.Legacy-Protocol`),
    sourcePort: reader.u16(`${field}.Legacy-Source-Port`),
    destinationPort: reader.u16(`${field}.Legacy-Destination-Port`),
    isTunnel: reader.u8(`${field}.Legacy-Is-Tunnel`),
    special: reader.u8(`${field}.Legacy-Special-Filter`),
    options: reader.u16(`${field}.Legacy-Filter-Options`),
  }
}

export function writeFilterRecord1(writer: ByteWriter, record: FilterRecord1): void {
  writeBlobString(writer, record.sourceName)
  writeBlobString(writer, record.destinationName)
  writeBlobString(writer, record.description)
  writer
    .guid(record.id)
    .u32(record.mirror)
    .ipv4(record.sourceAddress)
    .ipv4(record.sourceMask)
    .ipv4(record.destinationAddress)
    .ipv4(record.destinationMask)
    .ipv4(record.tunnelAddress)
    .u32(record.protocol)
    .u16(record.sourcePort)
    .u16(record.destinationPort)
    .u8(record.isTunnel)
    .u8(record.special)
    .u16(record.options)
}
