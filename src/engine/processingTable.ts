import type { Place } from '../base/errors.ts'
import type { Finding, Severity } from '../base/finding.ts'
import type { Mark } from './marks.ts'

export interface ProcessingRow {
  readonly severity: Severity
  readonly title: string
  readonly advice: string
  /** Win32 code an audit event carries; which one Windows uses here is not documented. */
  readonly win32?: number
  /** Of the treatment and the code. */
  readonly mark: Mark
}

/** What can go wrong, or is worth knowing, when the rules of a readable policy are processed. By stable code. */
export const processingTable = {
  RULE_NOT_FOUND: {
    severity: 'error',
    title: 'The policy refers to a rule that does not exist',
    advice: 'Restore the missing object from a backup, or remove the reference from the policy.',
    win32: 2,
    mark: 'R',
  },
  RULE_FAILED: {
    severity: 'error',
    title: 'The rule cannot be used',
    advice: 'See the findings about the rule, its filter list and its filter action.',
    win32: 13,
    mark: 'R',
  },
  RULE_INTERFACE_NAMED: {
    severity: 'error',
    title: 'The rule permits traffic on one named interface only, which is not supported',
    advice:
      'Its traffic is blocked, because permitting it everywhere would permit too much. Use a connection type instead.',
    win32: 50,
    mark: 'R',
  },
  RULE_INTERFACE_IGNORED: {
    severity: 'warning',
    title: 'The rule is for one named interface and is applied to all',
    advice: 'Use a connection type instead of an interface name.',
    mark: 'R',
  },
  RULE_TUNNEL_UNRESOLVED: {
    severity: 'error',
    title: 'The name of the tunnel endpoint does not resolve',
    advice: 'Its traffic is blocked. Make the name resolve, or give the endpoint by address.',
    win32: 11001,
    mark: 'R',
  },
  FILTER_TUNNEL_NO_ENDPOINT: {
    severity: 'error',
    title: 'A filter asks for a tunnel without an endpoint',
    advice: 'Its traffic is blocked. Save the rule again with a tunnel endpoint.',
    win32: 13,
    mark: 'R',
  },
  FILTER_TUNNEL_MIRRORED: {
    severity: 'warning',
    title: 'A mirrored filter belongs to a tunnel rule',
    advice:
      'Both directions then go to the same endpoint. Make one rule for each direction, with filters that are not mirrored.',
    mark: 'D',
  },
  FILTER_NAME_UNKNOWN: {
    severity: 'error',
    title: 'A DNS name of a filter does not resolve, so the filter matches nothing',
    advice: 'Make the name resolve, or give the address instead.',
    win32: 11001,
    mark: 'R',
  },
  FILTER_NAME_OTHER_FAMILY: {
    severity: 'error',
    title: 'A DNS name of a filter has no address of the family of the other side, so the filter matches nothing',
    advice: 'Give the name an address of that family, or give the address instead.',
    win32: 11004,
    mark: 'R',
  },
  FILTER_FAMILIES_DIFFER: {
    severity: 'warning',
    title: 'A filter can never match: its two sides are of different address families',
    advice: 'Correct or remove the filter.',
    mark: 'R',
  },
  HOST_NO_ADDRESS: {
    severity: 'warning',
    title: 'No address of this computer is known, so filters for `me` match nothing',
    advice: 'Say which addresses are meant.',
    mark: 'R',
  },
  HOST_NO_SERVER: {
    severity: 'info',
    title: 'No server of a kind that filters name is known, so those filters match nothing',
    advice: 'Nothing to do if this computer has none.',
    mark: 'R',
  },
  DEFAULT_RESPONSE_SET_ASIDE: {
    severity: 'info',
    title: 'The default response rule is active and is not enforced',
    advice: 'Windows ignores it as well from Vista on. Make a rule with a filter list for the traffic that is meant.',
    mark: 'D',
  },
} as const satisfies Record<string, ProcessingRow>

export type ProcessingCode = keyof typeof processingTable

/** A finding of processing, worded from the table; `what` is the specific part. */
export function processingFinding(code: ProcessingCode, what?: string, place: Place = {}): Finding {
  const row: ProcessingRow = processingTable[code]
  return {
    severity: row.severity,
    code,
    message: what === undefined ? row.title : `${row.title}: ${what}`,
    advice: row.advice,
    ...(row.win32 === undefined ? {} : { win32: row.win32 }),
    ...place,
  }
}
