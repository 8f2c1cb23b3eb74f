import type { Place } from '../../base/errors.ts'
import type { Finding } from '../../base/finding.ts'
import { type TextFindingRow, textFinding } from '../text/index.ts'

const exportAgain = 'Export the container again, for example with ldapsearch or ldifde.'

/** What the reader and writer of LDIF notice, by stable code. */
export const ldifFindingTable = {
  LDIF_LINE_MALFORMED: {
    severity: 'error',
    title: 'A line cannot be read, and its attribute is left out',
    advice: exportAgain,
    win32: 13,
  },
  LDIF_RECORD_MALFORMED: {
    severity: 'error',
    title: 'A record cannot be read and is left out',
    advice: exportAgain,
    win32: 13,
  },
  LDIF_URL: {
    severity: 'error',
    title: 'An attribute is to be fetched from a URL, which polagent never opens; it is left out',
    advice: 'Put the value itself into the file, as base64 after two colons.',
    win32: 13,
  },
  LDIF_ENTRY_REPEATED: {
    severity: 'error',
    title: 'An entry is there twice; the first counts',
    advice: exportAgain,
  },
  LDIF_CHANGE_NOT_FOLLOWED: {
    severity: 'error',
    title: 'A change cannot be followed',
    advice: 'Apply the changes to the directory and export the container.',
    win32: 13,
  },
  LDIF_VALUE_RANGE: {
    severity: 'error',
    title: 'Only some values of an attribute were exported',
    advice: 'Export with a tool that fetches all values of long attributes.',
    win32: 13,
  },
  LDIF_VALUE_UNREADABLE: {
    severity: 'error',
    title: 'An attribute has values that cannot be what they should',
    advice: exportAgain,
    win32: 13,
  },
  LDIF_SEVERAL_VALUES: {
    severity: 'warning',
    title: 'An attribute has several values where one is used; the first counts',
    advice: 'Remove the others.',
  },
  LDIF_CLASS_MISMATCH: {
    severity: 'warning',
    title: 'The object classes of an entry do not fit its name',
    advice: 'The name counts; check where the entry came from.',
  },
  LDIF_ENTRIES_IGNORED: {
    severity: 'info',
    title: 'Some entries are no policy objects',
    advice: 'They are left out; nothing is wrong.',
  },
  LDIF_MORE_FINDINGS: {
    severity: 'info',
    title: 'More findings are not listed',
    advice: 'See to the ones above first.',
  },
  // Writing
  LDIF_VALUE_NOT_WRITTEN: {
    severity: 'warning',
    title: 'The directory has no attribute for a value, and it is left out',
    advice: 'Write a hive or registry text to keep it.',
  },
} as const satisfies Record<string, TextFindingRow>

export type LdifFindingCode = keyof typeof ldifFindingTable

export function ldifFinding(code: LdifFindingCode, what: string | undefined, place: Place): Finding {
  return textFinding(code, ldifFindingTable[code], what, place)
}
