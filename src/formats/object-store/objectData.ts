import { PolagentError } from '../../base/errors.ts'
import type { Report } from '../../base/finding.ts'
import { attributeNumber } from '../../policy/attributes.ts'
import { integrityFinding } from '../../policy/integrityFinding.ts'
import { findValue } from '../../policy/registryValue.ts'
import type { StoredObject } from '../../policy/storedObject.ts'
import { knownDataTypes } from '../../policy/wellKnown.ts'

/**
 * Decodes the blob of an object. Answers `undefined` after reporting why when there is none, its format is not known,
 * or it is malformed: a broken object is rejected, never the whole store (policy-objects.md 2.7).
 */
export function decodeObjectData<T>(
  object: StoredObject,
  decode: (bytes: Uint8Array) => T,
  report: Report,
): T | undefined {
  const value = findValue(object.values, 'ipsecData')
  if (value === undefined) {
    const isHidden = object.directory !== undefined && object.values.length === 0
    report(integrityFinding(isHidden ? 'DATA_HIDDEN' : 'DATA_MISSING', object))
    return undefined
  }
  const dataType = attributeNumber(object, 'ipsecDataType')
  if (dataType !== undefined && !knownDataTypes.has(dataType)) {
    report(integrityFinding('DATA_TYPE_UNKNOWN', object, `${dataType}`))
    return undefined
  }
  try {
    return decode(value.data)
  } catch (error) {
    if (!(error instanceof PolagentError)) throw error
    report(integrityFinding('DATA_UNREADABLE', object, undefined, blobPlace(error)))
    return undefined
  }
}

function blobPlace(error: PolagentError): { field?: string; offset?: number; message: string; win32: number } {
  const { field, offset } = error.place
  return {
    ...(field === undefined ? {} : { field }),
    ...(offset === undefined ? {} : { offset }),
    message: `The object data (ipsecData) cannot be read: ${error.message}`,
    win32: 13,
  }
}
