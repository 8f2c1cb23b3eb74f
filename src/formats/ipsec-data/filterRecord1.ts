import type { ByteReader, FixedField } from '../../base/byteReader.ts'
import type { ByteWriter } from '../../base/byteWriter.ts'
import { type Guid, guidFromBytes } from '../../base/guid.ts'
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

/** What follows the strings, 52 bytes. */
const fixedFields: readonly FixedField[] = [
  { name: 'Filter-Specification-ID1', length: 16 },
  { name: 'Legacy-Mirror-Options', length: 4 },
  { name: 'Legacy-Source-Address', length: 4 },
  { name: 'Legacy-Source-Mask', length: 4 },
  { name: 'Legacy-Destination-Address', length: 4 },
  { name: 'Legacy-Destination-Mask', length: 4 },
  { name: 'Legacy-Tunnel-Address', length: 4 },
  { name: 'Legacy-Protocol', length: 4 },
  { name: 'Legacy-Source-Port', length: 2 },
  { name: 'Legacy-Destination-Port', length: 2 },
  { name: 'Legacy-Is-Tunnel', length: 1 },
  { name: 'Legacy-Special-Filter', length: 1 },
  { name: 'Legacy-Filter-Options', length: 2 },
]
const fixedLength = 52

/** Lists may have a million records: the fixed part is checked once and read without further checks. */
export function readFilterRecord1(reader: ByteReader): FilterRecord1 {
  const sourceName = readBlobString(reader, 'Source-DNS-Name1')
  const destinationName = readBlobString(reader, 'Destination-DNS-Name1')
  const description = readBlobString(reader, 'Filter-Description1')
  reader.needFields(fixedFields, fixedLength)
  const { view, position: at } = reader
  reader.position += fixedLength
  return {
    version: 1,
    sourceName,
    destinationName,
    description,
    id: guidFromBytes(reader.bytes, at),
    mirror: view.getUint32(at + 16, true),
    sourceAddress: view.getUint32(at + 20, false),
    sourceMask: view.getUint32(at + 24, false),
    destinationAddress: view.getUint32(at + 28, false),
    destinationMask: view.getUint32(at + 32, false),
    tunnelAddress: view.getUint32(at + 36, false),
    protocol: view.getUint32(at + 40, true),
    sourcePort: view.getUint16(at + 44, true),
    destinationPort: view.getUint16(at + 46, true),
    isTunnel: view.getUint8(at + 48),
    special: view.getUint8(at + 49),
    options: view.getUint16(at + 50, true),
  }
}

/** Offsets of fields from the end of a record. */
export const record1FromEnd = { protocol: 12, special: 3 } as const

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
