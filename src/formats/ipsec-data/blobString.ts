import type { ByteReader } from '../../base/byteReader.ts'
import type { ByteWriter } from '../../base/byteWriter.ts'
import { PolagentError } from '../../base/errors.ts'
import { decodeUtf16Terminated, encodeUtf16Terminated } from '../../base/utf16.ts'

/**
 * A counted UTF-16LE string of a blob: u32 byte count, then the bytes, terminator included (policy-objects.md 0).
 * The bytes are kept, so that text after the terminator or a missing terminator survives a rewrite.
 */
export interface BlobString {
  readonly text: string
  readonly bytes: Uint8Array
}

/** How Windows writes an empty string: count 2, bytes 00 00. */
const emptyBlobString: BlobString = { text: '', bytes: new Uint8Array(2) }

export function blobString(text: string): BlobString {
  return text === '' ? emptyBlobString : { text, bytes: encodeUtf16Terminated(text) }
}

export function readBlobString(reader: ByteReader, field: string): BlobString {
  const start = reader.position
  if (reader.remaining < 4) reader.need(4, `${field}-Length`)
  const length = reader.u32(field)
  if (length % 2 !== 0) {
    throw new PolagentError('BLOB_MALFORMED', {
      field: `${field}-Length`,
      offset: start,
      what: `${length} is odd, but text has two bytes a character`,
    })
  }
  if (length === 2 && reader.remaining >= 2 && reader.view.getUint16(reader.position, true) === 0) {
    reader.position += 2
    return emptyBlobString
  }
  const bytes = reader.take(length, field)
  return { text: decodeUtf16Terminated(bytes), bytes }
}

export function writeBlobString(writer: ByteWriter, value: BlobString): void {
  writer.u32(value.bytes.length).put(value.bytes)
}
