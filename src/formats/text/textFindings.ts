import type { Place } from '../../base/errors.ts'
import type { Finding, Report, Severity } from '../../base/finding.ts'
import type { DecodedText } from './decodeText.ts'

/** A row of a table of findings that readers of text make. */
export interface TextFindingRow {
  readonly severity: Severity
  readonly title: string
  readonly advice: string
  /** Win32 code an audit event carries when this makes a rule or policy fail. */
  readonly win32?: number
}

/** About the encoding of any text. */
export const textFindingTable = {
  TEXT_CODE_PAGE_ASSUMED: {
    severity: 'info',
    title: 'The text is neither UTF-8 nor UTF-16 and was taken for ANSI text in windows-1252',
    advice: 'If names look wrong, name the code page, for example with --encoding windows-1251.',
  },
  TEXT_DAMAGED: {
    severity: 'warning',
    title: 'Some bytes stand for no character in the encoding of the text',
    advice: 'Names may be wrong. Name the right code page with --encoding, or export the text again.',
  },
} as const satisfies Record<string, TextFindingRow>

/** A finding worded from its row; `what` is the specific part. */
export function textFinding(code: string, row: TextFindingRow, what: string | undefined, place: Place): Finding {
  return {
    severity: row.severity,
    code,
    message: what === undefined ? row.title : `${row.title}: ${what}`,
    advice: row.advice,
    ...(row.win32 === undefined ? {} : { win32: row.win32 }),
    ...place,
  }
}

export function reportDecoding(decoded: DecodedText, report: Report): void {
  if (decoded.isAssumed) {
    report(textFinding('TEXT_CODE_PAGE_ASSUMED', textFindingTable.TEXT_CODE_PAGE_ASSUMED, undefined, {}))
  }
  if (decoded.isDamaged) {
    report(textFinding('TEXT_DAMAGED', textFindingTable.TEXT_DAMAGED, decoded.encoding, {}))
  }
}

/** Readers of garbage would otherwise make a finding of every line. */
const mostFindings = 1000

/** Passes findings on up to a number, then counts; `end` reports the count. */
export function boundedReport(
  findings: Finding[],
  code: string,
): { readonly report: Report; readonly end: () => void } {
  let left = 0
  let severity: Severity = 'info'
  const report: Report = (finding) => {
    if (findings.length < mostFindings) {
      findings.push(finding)
      return
    }
    left += 1
    if (finding.severity === 'error' || severity === 'info') severity = finding.severity
  }
  const end = (): void => {
    if (left === 0) return
    const message = `${left} more findings of this kind are not listed`
    findings.push({ severity, code, message, advice: 'See to the ones above first.' })
  }
  return { report, end }
}
