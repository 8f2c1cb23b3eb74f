import type { Place } from '../../base/errors.ts'
import type { Finding } from '../../base/finding.ts'
import { type TextFindingRow, textFinding } from '../text/index.ts'

const byHand = 'Run the script on the machine it is for and export the key, or write out what the line means.'

/** What the reader of batch files notices, by stable code. */
export const batchFindingTable = {
  BATCH_CONDITIONAL: {
    severity: 'warning',
    title: 'A reg command runs only under a condition or in a loop, and is left out',
    advice: byHand,
    win32: 13,
  },
  BATCH_UNKNOWN_VARIABLE: {
    severity: 'warning',
    title: 'A reg command depends on something that is known only when the script runs, and is left out',
    advice: byHand,
    win32: 13,
  },
  BATCH_MALFORMED: {
    severity: 'error',
    title: 'A reg command cannot be read and is left out',
    advice: 'reg.exe would refuse it as well. Mend the line.',
    win32: 13,
  },
  BATCH_NOT_FOLLOWED: {
    severity: 'warning',
    title: 'A command changes the registry in a way that is not followed',
    advice: byHand,
  },
  BATCH_JUMPS: {
    severity: 'warning',
    title: 'The script jumps (goto, exit, call :label); reg commands are read from top to bottom regardless',
    advice: 'Check that the lines below are those that run.',
  },
  BATCH_NOTHING_TO_DELETE: {
    severity: 'info',
    title: 'What the line deletes was not there before',
    advice: 'Running the script deletes it where it exists; it says nothing about what this script makes.',
  },
  BATCH_MORE_FINDINGS: {
    severity: 'info',
    title: 'More findings are not listed',
    advice: 'See to the ones above first.',
  },
} as const satisfies Record<string, TextFindingRow>

export type BatchFindingCode = keyof typeof batchFindingTable

/** What is left out of a policy is an error, whatever it is elsewhere in the registry. */
export function batchFinding(code: BatchFindingCode, what: string | undefined, place: Place): Finding {
  const finding = textFinding(code, batchFindingTable[code], what, place)
  const leavesOutPolicy = finding.win32 !== undefined && /\\ipsec\\/i.test(`${place.object ?? ''}\\`)
  return leavesOutPolicy ? { ...finding, severity: 'error' } : finding
}
