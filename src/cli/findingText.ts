import { formatPlace } from '../base/errors.ts'
import type { Finding, Severity } from '../base/finding.ts'
import { printable } from './printable.ts'

const order: Record<Severity, number> = { error: 0, warning: 1, info: 2 }

/** Errors first; within a severity in the order they were found. */
export function bySeverity(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => order[a.severity] - order[b.severity])
}

/** `2 errors, 1 warning` */
export function countText(findings: readonly Finding[]): string {
  const parts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length
    const noun = severity === 'info' ? 'remark' : severity
    return count === 0 ? [] : [`${count} ${noun}${count === 1 ? '' : 's'}`]
  })
  return parts.length === 0 ? 'nothing found' : parts.join(', ')
}

/** One finding in one to three lines: what and where, and what to do. */
export function findingText(finding: Finding): string {
  const place = formatPlace(finding)
  const lines = [
    `${finding.severity === 'info' ? 'remark' : finding.severity}  ${finding.code}: ${printable(finding.message)}`,
    ...(place === '' ? [] : [`    ${printable(place)}`]),
    ...(finding.advice === undefined ? [] : [`    ${finding.advice}`]),
  ]
  return `${lines.join('\n')}\n`
}

/** Findings that a command which is about something else mentions in short. */
export function findingsHint(findings: readonly Finding[], source: string): string {
  const serious = findings.filter((finding) => finding.severity !== 'info')
  if (serious.length === 0) return ''
  return `polagent: ${countText(serious)} in this source; see \`polagent check ${source}\`\n`
}
