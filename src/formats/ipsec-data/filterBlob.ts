import { ByteReader } from '../../base/byteReader.ts'
import { ByteWriter } from '../../base/byteWriter.ts'
import { PolagentError } from '../../base/errors.ts'
import { guidFromBytes } from '../../base/guid.ts'
import { blobSignature, filterPart2Signature } from '../../policy/wellKnown.ts'
import { type FilterRecord1, filterRecord1Minimum, readFilterRecord1, writeFilterRecord1 } from './filterRecord1.ts'
import { type FilterRecord2, filterRecord2Minimum, readFilterRecord2, writeFilterRecord2 } from './filterRecord2.ts'
import { expectSignature } from './signature.ts'

/**
 * ipsecData of an ipsecFilter: a whole filter list (MS-GPIPSEC 2.2.1.5.1, policy-objects.md 2.6). `Record1` and
 * `Record2` are what is kept of each record. There is no limit to the number of filters but the size of the blob: each
 * record takes at least 64 bytes, so counts are checked against the bytes present.
 */
export interface FilterParts<Record1, Record2> {
  /** Absent when the blob begins with part 2, which no known writer does. */
  readonly part1?: {
    /** Data-Length1; two meanings, relied on only to look for part 2. */
    readonly dataLength: number
    /** Number-Of-Filters1; what old systems see. */
    readonly count: number
    readonly records: readonly Record1[]
    /** Bytes between the last record and part 2 (or the end): the trailing byte of old writers, or nothing. */
    readonly gap: Uint8Array
  }
  readonly part2?: {
    readonly dataLength: number
    /** Number-Of-Filters11; when not zero it overrides Number-Of-Filters1. */
    readonly count1: number
    readonly records: readonly Record2[]
  }
  /** Bytes after part 2. */
  readonly rest: Uint8Array
}

export type FilterBlob = FilterParts<FilterRecord1, FilterRecord2>

/**
 * Called with each record as it is read, and with the offset of its end. May throw; the record's place in the list is
 * then added to the error's field.
 */
export type RecordUse<Record, Kept> = (record: Record, end: number) => Kept

const headerLength = 24

export function decodeFilterBlob(bytes: Uint8Array): FilterBlob {
  return decodeFilterParts(
    bytes,
    (record) => record,
    (record) => record,
  )
}

/** Decodes a blob and keeps of each record only what the two functions make of it. */
export function decodeFilterParts<Kept1, Kept2>(
  bytes: Uint8Array,
  use1: RecordUse<FilterRecord1, Kept1>,
  use2: RecordUse<FilterRecord2, Kept2>,
): FilterParts<Kept1, Kept2> {
  const reader = new ByteReader(bytes)
  if (isPart2At(bytes, 0)) {
    const part2 = readPart2(reader, use2)
    refusePart1(bytes, reader.position)
    return { part2, rest: reader.take(reader.remaining, 'rest') }
  }
  expectSignature(reader, 'ipsecFilter', 'Filter-Policy-ID1')
  const dataLength = reader.u32('Data-Length1')
  const count = reader.u32('Number-Of-Filters1')
  let records = readRecords1(reader, count, 'Number-Of-Filters1', use1)
  const part2At = findPart2(bytes, reader.position, dataLength)
  if (part2At === undefined) {
    const gap = reader.take(reader.remaining, 'trailing byte')
    return { part1: { dataLength, count, records, gap }, rest: new Uint8Array(0) }
  }
  const tail = new ByteReader(bytes, part2At)
  const part2 = readPart2(tail, use2)
  let end = reader.position
  if (part2.count1 !== 0 && part2.count1 !== count) {
    const again = new ByteReader(bytes.subarray(0, part2At), headerLength)
    records = readRecords1(again, part2.count1, 'Number-Of-Filters11', use1)
    end = again.position
  }
  return {
    part1: { dataLength, count, records, gap: bytes.subarray(end, part2At) },
    part2,
    rest: tail.take(tail.remaining, 'rest'),
  }
}

function readRecords1<Kept>(
  reader: ByteReader,
  count: number,
  countField: string,
  use: RecordUse<FilterRecord1, Kept>,
): Kept[] {
  needRecords(reader, count, filterRecord1Minimum, countField)
  return readRecords(reader, count, 'Filter-Spec1', readFilterRecord1, use)
}

function readPart2<Kept>(
  reader: ByteReader,
  use: RecordUse<FilterRecord2, Kept>,
): NonNullable<FilterParts<never, Kept>['part2']> {
  reader.guid('Filter-Policy-ID2')
  const dataLength = reader.u32('Data-Length2')
  const count1 = reader.u32('Number-Of-Filters11')
  const count = reader.u32('Number-Of-Filters2')
  needRecords(reader, count, filterRecord2Minimum, 'Number-Of-Filters2')
  return { dataLength, count1, records: readRecords(reader, count, 'Filter-Spec2', readFilterRecord2, use) }
}

/** Errors tell which record they are about; the text is made only when there is one. */
function readRecords<Record, Kept>(
  reader: ByteReader,
  count: number,
  field: string,
  read: (reader: ByteReader) => Record,
  use: RecordUse<Record, Kept>,
): Kept[] {
  const kept: Kept[] = []
  try {
    while (kept.length < count) kept.push(use(read(reader), reader.position))
  } catch (error) {
    if (!(error instanceof PolagentError)) throw error
    throw error.inside(`${field}[${kept.length}]`)
  }
  return kept
}

/** Part 1 behind part 2 is not described anywhere; ignoring its filters would change what the list means. */
function refusePart1(bytes: Uint8Array, offset: number): void {
  if (offset + 16 > bytes.length || guidFromBytes(bytes, offset) !== blobSignature.ipsecFilter) return
  throw new PolagentError('BLOB_MALFORMED', {
    field: 'Filter-Policy-ID1',
    offset,
    what: 'version 1 filters follow the version 2 filters, the reverse of the documented order',
  })
}

/** A count that cannot fit is refused before anything is allocated for it. */
function needRecords(reader: ByteReader, count: number, least: number, field: string): void {
  if (count * least <= reader.remaining) return
  throw new PolagentError('BLOB_TRUNCATED', {
    field,
    offset: reader.position,
    what: `${count} filters need at least ${count * least} bytes, ${reader.remaining} present`,
  })
}

function isPart2At(bytes: Uint8Array, offset: number): boolean {
  return offset >= 0 && offset + 16 <= bytes.length && guidFromBytes(bytes, offset) === filterPart2Signature
}

/** The candidate positions of policy-objects.md 2.6.4, in order. */
function findPart2(bytes: Uint8Array, recordsEnd: number, dataLength: number): number | undefined {
  const candidates = [recordsEnd, recordsEnd + 1, headerLength + dataLength, 20 + dataLength, 21 + dataLength]
  return candidates.find((offset) => offset >= recordsEnd && isPart2At(bytes, offset))
}

export function encodeFilterBlob(blob: FilterBlob): Uint8Array {
  const writer = new ByteWriter(64 + 128 * (blob.part1?.records.length ?? 0))
  if (blob.part1 !== undefined) {
    writer.guid(blobSignature.ipsecFilter).u32(blob.part1.dataLength).u32(blob.part1.count)
    for (const record of blob.part1.records) writeFilterRecord1(writer, record)
    writer.put(blob.part1.gap)
  }
  if (blob.part2 !== undefined) {
    writer.guid(filterPart2Signature).u32(blob.part2.dataLength).u32(blob.part2.count1).u32(blob.part2.records.length)
    for (const record of blob.part2.records) writeFilterRecord2(writer, record)
  }
  return writer.put(blob.rest).finish()
}

/** The current form: no trailing byte, part 2 only when there is something for it (policy-objects.md 2.6.5). */
export function newFilterBlob(records1: readonly FilterRecord1[], records2: readonly FilterRecord2[]): FilterBlob {
  const empty = new Uint8Array(0)
  const part1 = { dataLength: lengthOf1(records1), count: records1.length, records: records1, gap: empty }
  if (records2.length === 0) return { part1, rest: empty }
  return { part1, part2: { dataLength: lengthOf2(records2), count1: records1.length, records: records2 }, rest: empty }
}

function lengthOf1(records: readonly FilterRecord1[]): number {
  return records.reduce((sum, record) => sum + filterRecord1Minimum + namesLength(record), 0)
}

function lengthOf2(records: readonly FilterRecord2[]): number {
  return records.reduce((sum, record) => sum + filterRecord2Minimum + namesLength(record), 0)
}

function namesLength(record: FilterRecord1 | FilterRecord2): number {
  return record.sourceName.bytes.length + record.destinationName.bytes.length + record.description.bytes.length
}
