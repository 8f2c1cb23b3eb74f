import type { Place } from '../base/errors.ts'
import type { Finding } from '../base/finding.ts'
import { type IntegrityCode, type IntegrityRow, integrityTable } from './integrityTable.ts'
import type { StoredObject } from './storedObject.ts'

/** A finding about a stored object, worded from the table; `what` is the specific part. */
export function integrityFinding(
  code: IntegrityCode,
  object: StoredObject | undefined,
  what?: string,
  at: Place = {},
): Finding {
  const row: IntegrityRow = integrityTable[code]
  return {
    severity: row.severity,
    code,
    message: what === undefined ? row.title : `${row.title}: ${what}`,
    advice: row.advice,
    ...(row.win32 === undefined ? {} : { win32: row.win32 }),
    ...(object === undefined ? {} : { ...object.place, object: object.key }),
    ...at,
  }
}
