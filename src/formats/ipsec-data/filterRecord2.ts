import type { ByteReader } from '../../base/byteReader.ts'
import type { ByteWriter } from '../../base/byteWriter.ts'
import type { Guid } from '../../base/guid.ts'
import { type BlobString, readBlobString, writeBlobString } from './blobString.ts'

/** A version 2 filter record: 136 bytes and three strings (policy-objects.md 2.6.3). Every field as stored. */
export interface FilterRecord2 {
  readonly version: 2
  readonly sourceName: BlobString
  readonly destinationName: BlobString
  readonly description: BlobString
  readonly id: Guid
  readonly mirror: number
  readonly source: AddressData
  readonly destination: AddressData
  readonly sourcePort: PortData
  readonly destinationPort: PortData
  readonly protocol: number
  /** 0, or 8 = replaces the version 1 records that are its expansion. */
  readonly flags: number
}

/** 40 bytes; `address` and `secondary` are the 16-byte fields as stored. */
export interface AddressData {
  /** 0 any, 1 single, 2 range, 4 subnet, 8 me, 0x10 DNS, 0x20 WINS, 0x40 DHCP, 0x80 gateway. */
  readonly type: number
  /** 1 IPv4, 2 IPv6, 3 both. */
  readonly version: number
  readonly address: Uint8Array
  readonly secondary: Uint8Array
}

/** 8 bytes: type 0 any, 1 single, 2 range. */
export interface PortData {
  readonly type: number
  readonly first: number
  readonly last: number
}

export const filterRecord2Minimum = 136

/** Offsets of fields from the end of a record. */
export const record2FromEnd = {
  source: 104,
  destination: 64,
  sourcePort: 24,
  destinationPort: 16,
  protocol: 8,
} as const

export function readFilterRecord2(reader: ByteReader): FilterRecord2 {
  return {
    version: 2,
    sourceName: readBlobString(reader, 'Source-DNS-Name2'),
    destinationName: readBlobString(reader, 'Destination-DNS-Name2'),
    description: readBlobString(reader, 'Filter-Description2'),
    id: reader.guid('Filter-Specification-ID2'),
    mirror: reader.u32('Mirror-Flags'),
    source: readAddress(reader, 'Source-Address-Data'),
    destination: readAddress(reader, 'Destination-Address-Data'),
    sourcePort: readPort(reader, 'Source-Port-Data'),
    destinationPort: readPort(reader, 'Destination-Port-Data'),
    protocol: reader.u32('Filter-Protocol'),
    flags: reader.u32('Filter-Flags'),
  }
}

function readAddress(reader: ByteReader, field: string): AddressData {
  return {
    type: reader.u32(`${field}.IPsec-Address-Type`),
    version: reader.u32(`${field}.IPsec-Address-Version`),
    address: reader.take(16, `${field}.IP-Address`),
    secondary: reader.take(16, `${field}.IP-Address-Secondary`),
  }
}

function readPort(reader: ByteReader, field: string): PortData {
  return { type: reader.u32(`${field}.type`), first: reader.u16(`${field}.first`), last: reader.u16(`${field}.last`) }
}

export function writeFilterRecord2(writer: ByteWriter, record: FilterRecord2): void {
  writeBlobString(writer, record.sourceName)
  writeBlobString(writer, record.destinationName)
  writeBlobString(writer, record.description)
  writer.guid(record.id).u32(record.mirror)
  for (const side of [record.source, record.destination]) {
    writer.u32(side.type).u32(side.version).put(side.address).put(side.secondary)
  }
  for (const port of [record.sourcePort, record.destinationPort]) writer.u32(port.type).u16(port.first).u16(port.last)
  writer.u32(record.protocol).u32(record.flags)
}
