import type { ByteReader } from '../../base/byteReader.ts'
import { PolagentError } from '../../base/errors.ts'
import { objectClassTitle, objectClasses } from '../../policy/objectClass.ts'
import type { ObjectClass } from '../../policy/objectClass.ts'
import { blobSignature } from '../../policy/wellKnown.ts'

/** Reads the signature GUID at the start of a blob and fails when it is that of another kind. */
export function expectSignature(reader: ByteReader, wanted: ObjectClass, field: string): void {
  const start = reader.position
  const found = reader.guid(field)
  if (found === blobSignature[wanted]) return
  const other = objectClasses.find((name) => blobSignature[name] === found)
  throw new PolagentError('BLOB_WRONG_SIGNATURE', {
    field,
    offset: start,
    what:
      other === undefined
        ? `${found} is not the signature of a ${objectClassTitle[wanted]}`
        : `this is the data of a ${objectClassTitle[other]}, not of a ${objectClassTitle[wanted]}`,
  })
}
