import type { Finding } from '../base/finding.ts'
import type { SourceFormat } from '../policy/model.ts'
import { isNetshScript } from './netsh/read/recogniseScript.ts'
import { isRegBatch } from './reg-batch/index.ts'
import { type TextFindingRow, textFinding } from './text/index.ts'
import { textOfPrefix } from './textPrefix.ts'

/** What a batch file says in two languages of which one was read. */
export const mixedBatchFindingTable = {
  BATCH_MIXED: {
    severity: 'warning',
    title: 'The batch file builds policy in two ways, and one of them was read',
    advice: 'Put the other lines into a file of their own and read that too.',
  },
} as const satisfies Record<string, TextFindingRow>

/** Told when the first 64 KiB hold both `reg add` and netsh lines. */
export function mixedBatchFindings(bytes: Uint8Array, format: SourceFormat): Finding[] {
  const prefix = bytes.subarray(0, 65_536)
  const other = format === 'netsh' ? isRegBatch(prefix) : isNetshScript(textOfPrefix(prefix) ?? '')
  if (!other) return []
  const what =
    format === 'netsh'
      ? 'its netsh lines were read, its reg lines were passed over'
      : 'its reg lines were read, its netsh lines were passed over'
  return [textFinding('BATCH_MIXED', mixedBatchFindingTable.BATCH_MIXED, what, {})]
}
