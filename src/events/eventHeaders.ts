/**
 * Header facts of the events of the IPsec policy agent and its neighbours: subcategory, result, version, and what
 * follows from them. Kept apart from the texts (catalogue.json), because the agent needs only these. events.md 1 and 2;
 * 5050 has neither a known subcategory nor a known result.
 */

/** All events here come from one provider and lie in one log. [D] */
export const securityProvider = {
  name: 'Microsoft-Windows-Security-Auditing',
  guid: '{54849625-5478-4994-A5BA-3E3B0328C30D}',
  /** As rendered, with its full stop (evtx-and-xml.md 1.2). */
  displayName: 'Microsoft Windows security auditing.',
  channel: 'Security',
} as const

export type EventResult = 'success' | 'failure'

/** Bit 63 is always set; bit 53 says success, bit 52 failure. [D] */
export const resultKeywords: Readonly<Record<EventResult, string>> = {
  success: '0x8020000000000000',
  failure: '0x8010000000000000',
}

/** Keywords of an event whose result is not known: only the bit that is always set. */
export const noResultKeywords = '0x8000000000000000'

export interface AuditSubcategory {
  readonly name: string
  readonly guid: string
  readonly category: string
  readonly categoryGuid: string
  /** The Task element of its events. */
  readonly task: number
}

const logonLogoff = { category: 'Logon/Logoff', categoryGuid: '{69979849-797A-11D9-BED3-505054503030}' }
const policyChange = { category: 'Policy Change', categoryGuid: '{6997984D-797A-11D9-BED3-505054503030}' }
const system = { category: 'System', categoryGuid: '{69979848-797A-11D9-BED3-505054503030}' }

export const auditSubcategories = {
  filteringPlatformPolicyChange: {
    name: 'Filtering Platform Policy Change',
    guid: '{0CCE9233-69AE-11D9-BED3-505054503030}',
    ...policyChange,
    task: 13572,
  },
  ipsecDriver: { name: 'IPsec Driver', guid: '{0CCE9213-69AE-11D9-BED3-505054503030}', ...system, task: 12291 },
  otherPolicyChange: {
    name: 'Other Policy Change Events',
    guid: '{0CCE9234-69AE-11D9-BED3-505054503030}',
    ...policyChange,
    task: 13573,
  },
  otherSystem: { name: 'Other System Events', guid: '{0CCE9214-69AE-11D9-BED3-505054503030}', ...system, task: 12292 },
  ipsecMainMode: {
    name: 'IPsec Main Mode',
    guid: '{0CCE9218-69AE-11D9-BED3-505054503030}',
    ...logonLogoff,
    task: 12547,
  },
  ipsecQuickMode: {
    name: 'IPsec Quick Mode',
    guid: '{0CCE9219-69AE-11D9-BED3-505054503030}',
    ...logonLogoff,
    task: 12549,
  },
  ipsecExtendedMode: {
    name: 'IPsec Extended Mode',
    guid: '{0CCE921A-69AE-11D9-BED3-505054503030}',
    ...logonLogoff,
    task: 12550,
  },
} as const satisfies Record<string, AuditSubcategory>

export type AuditSubcategoryKey = keyof typeof auditSubcategories

/** [subcategory, result, ids]: in S and F as the audit pages mark them; 5467 is F there [D]. */
const idTable: readonly (readonly [AuditSubcategoryKey, EventResult, readonly number[]])[] = [
  [
    'filteringPlatformPolicyChange',
    'success',
    [
      4709, 4710, 4711, 5040, 5041, 5042, 5043, 5044, 5045, 5046, 5047, 5048, 5440, 5441, 5442, 5443, 5444, 5446, 5448,
      5449, 5450, 5456, 5458, 5460, 5463, 5464, 5465, 5468, 5471, 5473,
    ],
  ],
  ['filteringPlatformPolicyChange', 'failure', [4712, 5457, 5459, 5461, 5462, 5466, 5467, 5472, 5474, 5477]],
  ['ipsecDriver', 'success', [4960, 4961, 4962, 4963, 4965, 5478, 5479]],
  ['ipsecDriver', 'failure', [5480, 5483, 5484, 5485]],
  ['otherPolicyChange', 'success', [5447]],
  ['otherSystem', 'success', [5024, 5025, 5033, 5034]],
  ['otherSystem', 'failure', [5027, 5028, 5029, 5030, 5032, 5035, 5037]],
  ['ipsecMainMode', 'success', [4646, 4650, 4651, 4655, 4976, 5049, 5453]],
  ['ipsecMainMode', 'failure', [4652, 4653]],
  ['ipsecQuickMode', 'success', [4977, 5451, 5452]],
  ['ipsecQuickMode', 'failure', [4654]],
  ['ipsecExtendedMode', 'success', [4978, 4979, 4980, 4981, 4982, 4983, 4984]],
]

/** Events whose newest version is not 0. */
const newestVersion: Readonly<Record<number, number>> = { 4654: 1, 5451: 1, 5452: 1 }

export interface EventHeader {
  readonly version: number
  /** 0 in every record of this provider; shown as Information. [measured] */
  readonly level: number
  readonly opcode: number
  readonly task: number
  /** `0x` and 16 hexadecimal digits. */
  readonly keywords: string
  readonly result?: EventResult
  readonly subcategory?: AuditSubcategoryKey
}

const unknownHeader: EventHeader = { version: 0, level: 0, opcode: 0, task: 0, keywords: noResultKeywords }

let headers: ReadonlyMap<number, EventHeader> | undefined

/** The header of an event in its newest version; an unknown number gets one without task and result. */
export function eventHeader(id: number): EventHeader {
  headers ??= headerMap()
  return headers.get(id) ?? unknownHeader
}

function headerMap(): ReadonlyMap<number, EventHeader> {
  const map = new Map<number, EventHeader>()
  for (const [subcategory, result, ids] of idTable) {
    for (const id of ids) {
      map.set(id, {
        version: newestVersion[id] ?? 0,
        level: 0,
        opcode: 0,
        task: auditSubcategories[subcategory].task,
        keywords: resultKeywords[result],
        result,
        subcategory,
      })
    }
  }
  return map
}

/** Success or failure, as keywords say it; the failure bit counts when both are set. */
export function resultOfKeywords(keywords: string): EventResult | undefined {
  if (!/^0x[0-9a-f]{1,16}$/i.test(keywords)) return undefined
  const bits = BigInt(keywords)
  if ((bits & 0x10000000000000n) !== 0n) return 'failure'
  return (bits & 0x20000000000000n) === 0n ? undefined : 'success'
}

/** The subcategory whose events carry this Task. */
export function subcategoryOfTask(task: number): AuditSubcategory | undefined {
  return Object.values(auditSubcategories).find((subcategory) => subcategory.task === task)
}
