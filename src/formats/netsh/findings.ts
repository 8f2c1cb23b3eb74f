import type { Place } from '../../base/errors.ts'
import type { Finding } from '../../base/finding.ts'
import { type TextFindingRow, textFinding } from '../text/index.ts'

/** What reading and writing scripts notices. */
export const netshFindingTable = {
  NETSH_REFUSED: {
    severity: 'error',
    title: 'netsh would have refused the line',
    advice: 'Correct the line; what it says is not part of the policy.',
  },
  NETSH_ODD: {
    severity: 'warning',
    title: 'The line was understood, but something in it means nothing',
    advice: 'Check that the line says what was meant.',
  },
  NETSH_NOT_DONE: {
    severity: 'info',
    title: 'The line does something beyond stored policy and was passed over',
    advice: 'Nothing needs to be done unless the policy depends on it.',
  },
  NETSH_NOTHING_THERE: {
    severity: 'info',
    title: 'The line deletes what is not there',
    advice: 'Scripts often begin so, and it does no harm.',
  },
  NETSH_CONDITION: {
    severity: 'error',
    title: 'Whether the line runs is decided when the batch file runs',
    advice: 'What the line says is not part of the policy; write the case that is meant without the condition.',
  },
  NETSH_FLOW: {
    severity: 'warning',
    title: 'The batch file does what only a run decides: a loop, a call, an exit or a jump to nowhere',
    advice: 'The rest was read as if it went on; check that every line counts.',
  },
  NETSH_TOO_MANY: {
    severity: 'error',
    title: 'A loop or a variable makes more lines than are read',
    advice: 'Write the script out, or cut it up.',
  },
  NETSH_EXEC: {
    severity: 'warning',
    title: 'The script runs another script, which was not read',
    advice: 'Read the other script as well; what it builds is missing here.',
  },
  NETSH_IMPORT: {
    severity: 'warning',
    title: 'The script imports a policy file, which was not read',
    advice: 'Read that file as well; what it holds is missing here.',
  },
  NETSH_VARIABLE: {
    severity: 'warning',
    title: 'The line has a variable whose value is not known and was taken as it stands',
    advice: 'Put the value in, or run the batch file where it belongs.',
  },
  NETSH_BUILT: {
    severity: 'warning',
    title: 'The line is put together by a program from values that are not known',
    advice: 'What the line says is not part of the policy; run the program where it belongs, or write the line out.',
  },
  NETSH_MORE_FINDINGS: {
    severity: 'warning',
    title: 'There are more findings than are told',
    advice: 'Correct these first.',
  },
  NETSH_TEXT_CHANGED: {
    severity: 'warning',
    title: 'A text cannot be said in a netsh script and was changed',
    advice: 'Rename the object, or use another format.',
  },
  NETSH_NAME_MADE: {
    severity: 'info',
    title: 'netsh needs a name, and one was made',
    advice: 'Give the object a name if another one is wanted.',
  },
  NETSH_NOT_SAYABLE: {
    severity: 'warning',
    title: 'netsh cannot say a part of the policy',
    advice: 'Use another format when that part matters.',
  },
  NETSH_LEFT_OUT: {
    severity: 'error',
    title: 'netsh cannot say a part of the policy that decides about traffic',
    advice: 'Use another format, or change the policy; the script does not do what the policy does.',
  },
  NETSH_KEY_HIDDEN: {
    severity: 'warning',
    title: 'A preshared key was left out, and its rule is written inactive',
    advice: 'Put the key in and activate the rule, or write the script without hiding keys.',
  },
} as const satisfies Record<string, TextFindingRow>

export type NetshFindingCode = keyof typeof netshFindingTable

export function netshFinding(code: NetshFindingCode, what: string, place: Place = {}): Finding {
  return textFinding(code, netshFindingTable[code], what, place)
}
