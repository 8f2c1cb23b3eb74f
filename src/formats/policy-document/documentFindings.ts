import type { Finding, Severity } from '../../base/finding.ts'

interface DocumentFindingRow {
  readonly severity: Severity
  readonly title: string
  readonly advice: string
}

/** What reading and writing policy documents may remark on, by stable code. */
export const documentFindingTable = {
  DOCUMENT_KEYS_IN_CLEAR: {
    severity: 'info',
    title: 'The document holds preshared keys in clear',
    advice: 'Keep it where only those may read it who may know the keys, and out of public version control.',
  },
  DOCUMENT_STORED_ONLY: {
    severity: 'info',
    title: 'Objects that are not wholly understood are in the stored part only',
    advice: 'They are kept byte for byte; `polagent check` says what is wrong with them.',
  },
  DOCUMENT_STORED_UNUSED: {
    severity: 'info',
    title: 'The stored part completes an object the document no longer has, and is left out',
    advice: 'Nothing to do; it goes away when the document is written again.',
  },
  DOCUMENT_KEY_LOST: {
    severity: 'warning',
    title: 'A key below the store is nested too deeply for a document and is left out',
    advice: 'It is no policy object. Convert to a hive or registry text to keep it.',
  },
  DOCUMENT_WRITTEN_ANEW: {
    severity: 'warning',
    title: 'The document was written anew, without its comments',
    advice: 'It was laid out in a way that could not be changed in place; take comments over from the old version.',
  },
} as const satisfies Record<string, DocumentFindingRow>

export type DocumentFindingCode = keyof typeof documentFindingTable

export function documentFinding(code: DocumentFindingCode, what?: string, line?: number): Finding {
  const { severity, title, advice } = documentFindingTable[code]
  return {
    severity,
    code,
    message: what === undefined ? title : `${title}: ${what}`,
    advice,
    ...(line === undefined ? {} : { line }),
  }
}
