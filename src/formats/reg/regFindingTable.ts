import type { Place } from '../../base/errors.ts'
import type { Finding } from '../../base/finding.ts'
import { type TextFindingRow, textFinding } from '../text/index.ts'

const lookAtLine = 'Look at the line, mend it, or export the key again.'

/** What a reader or writer of registry text notices, by stable code. */
export const regFindingTable = {
  REG_HEADER_MISSING: {
    severity: 'warning',
    title: 'The first line is not the one registry text begins with',
    advice:
      'Windows would refuse the file. It was read as version 5; begin it with: Windows Registry Editor Version 5.00',
  },
  REG_KEY_MALFORMED: {
    severity: 'error',
    title: 'The line of a key cannot be read, and the values below it are left out',
    advice: lookAtLine,
    win32: 13,
  },
  REG_KEY_UNUSUAL: {
    severity: 'warning',
    title: 'The line of a key is not written as regedit writes it',
    advice: 'Check that the key is the right one.',
  },
  REG_VALUE_MALFORMED: {
    severity: 'error',
    title: 'A value cannot be read and is left out',
    advice: lookAtLine,
    win32: 13,
  },
  REG_VALUE_UNUSUAL: {
    severity: 'warning',
    title: 'A value is not written as regedit writes it',
    advice: 'Check the value; Windows may read it otherwise.',
  },
  REG_VALUE_WITHOUT_KEY: {
    severity: 'warning',
    title: 'Values lie below no key and are left out',
    advice: 'Write the line of the key, [HKEY_…], above them.',
  },
  REG_LINE_MALFORMED: {
    severity: 'warning',
    title: 'A line is neither key nor value nor comment and is left out',
    advice: lookAtLine,
  },
  REG_NOTHING_TO_DELETE: {
    severity: 'info',
    title: 'What the line deletes was not there before',
    advice: 'Importing the file deletes it where it exists; it says nothing about what this text holds.',
  },
  REG_STRING_LOOKS_LIKE_UTF16: {
    severity: 'warning',
    title: 'In a version 4 file a string given in hex looks like UTF-16, where single bytes belong',
    advice: 'Windows reads it as single bytes, and so did polagent. The first line should probably say version 5.',
  },
  REG_MORE_FINDINGS: {
    severity: 'info',
    title: 'More findings are not listed',
    advice: 'See to the ones above first.',
  },
  // Writing
  REG_NAME_REPEATED: {
    severity: 'warning',
    title: 'Two keys or values have the same name without regard to case; only the first is written',
    advice: 'The store is damaged: Windows finds only the first as well.',
  },
  REG_KEY_DETAILS_NOT_WRITTEN: {
    severity: 'info',
    title: 'Registry text has no place for details of keys',
    advice: 'regedit leaves them out as well; a hive keeps them.',
  },
  REG_NOT_WRITTEN: {
    severity: 'warning',
    title: 'Registry text has no form for this, and it is left out',
    advice: 'Write a hive instead, which holds it.',
  },
} as const satisfies Record<string, TextFindingRow>

export type RegFindingCode = keyof typeof regFindingTable

export function regFinding(code: RegFindingCode, what: string | undefined, place: Place): Finding {
  return textFinding(code, regFindingTable[code], what, place)
}
