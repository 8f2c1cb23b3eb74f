import type { Finding, Report } from '../../base/finding.ts'

/** Passes findings on and keeps the errors among them: those are what makes an object unusable. */
export function collecting(report: Report): { readonly report: Report; readonly errors: Finding[] } {
  const errors: Finding[] = []
  return {
    errors,
    report: (finding) => {
      if (finding.severity === 'error') errors.push(finding)
      report(finding)
    },
  }
}
