import type { Severity } from '../base/finding.ts'

export interface IntegrityRow {
  readonly severity: Severity
  readonly title: string
  readonly advice: string
  /** Win32 code an audit event carries when this makes a rule or policy fail. */
  readonly win32?: number
}

const editRule = 'Open the rule in the editor it was made with and save it again, or restore the store from a backup.'
const reExport = 'Restore the object from a backup, or export the store again where it is whole.'

/**
 * Everything that can be wrong with stored objects, by stable code (registry-store.md 2.5 and 2.6, policy-objects.md
 * 1.5, 1.7 and 4.4). docs/findings.md is made from this table.
 */
export const integrityTable = {
  // Attributes
  VALUE_MISSING: {
    severity: 'warning',
    title: 'A value that belongs on the object is missing',
    advice: 'Readers that rely on it will skip the object.',
  },
  VALUE_TYPE: {
    severity: 'warning',
    title: 'A value has another type than it should',
    advice: 'Windows may not read it.',
  },
  REFERENCE_TYPE: {
    severity: 'warning',
    title: 'A list of references is stored as one string (REG_SZ where REG_MULTI_SZ belongs)',
    advice: 'Tools that re-export stores do this; polagent reads both forms.',
  },
  NAME_MISMATCH: {
    severity: 'warning',
    title: 'The value "name" differs from the key name',
    advice: 'The key name counts.',
  },
  ID_MISMATCH: {
    severity: 'warning',
    title: 'The value "ipsecID" differs from the GUID in the key name',
    advice: 'The key name counts.',
  },
  CLASS_MISMATCH: {
    severity: 'error',
    title: 'The value "className" differs from the class in the key name',
    advice: 'The key name counts; check where the object came from.',
    win32: 13,
  },
  DUPLICATE_ID: {
    severity: 'error',
    title: 'Two objects of one class have the same id',
    advice: 'Only the first is used. Delete the one that is not meant.',
    win32: 183,
  },
  DUPLICATE_NAME: {
    severity: 'warning',
    title: 'Two objects of one class have the same name',
    advice: 'Legal, but commands that go by name cannot tell them apart; rename one.',
  },
  DATA_MISSING: {
    severity: 'error',
    title: 'The object has no data (ipsecData)',
    advice: reExport,
    win32: 13,
  },
  DATA_HIDDEN: {
    severity: 'error',
    title: 'The directory returned the object without its attributes',
    advice: 'Most likely an access right is missing: read as an account that may see CN=IP Security,CN=System.',
    win32: 5,
  },
  DATA_TYPE_UNKNOWN: {
    severity: 'error',
    title: 'The value "ipsecDataType" names a data format that is not known',
    advice: 'Only formats 256 and 598 are known. Restore the object from a backup.',
    win32: 13,
  },
  DATA_UNREADABLE: {
    severity: 'error',
    title: 'The object data (ipsecData) cannot be read',
    advice: reExport,
    win32: 13,
  },
  DATA_REST_IGNORED: {
    severity: 'warning',
    title: 'A part at the end of the object data does not fit and is ignored',
    advice:
      'What it says has no effect: in a rule, certificate flags or an IPv6 tunnel endpoint. Save the object again to mend it.',
  },
  // References
  REFERENCE_MALFORMED: {
    severity: 'error',
    title: 'A reference names no object',
    advice: editRule,
    win32: 87,
  },
  REFERENCE_DANGLING: {
    severity: 'error',
    title: 'A reference leads to an object that does not exist',
    advice: 'Restore the missing object from a backup, or delete the rule that needs it.',
    win32: 2,
  },
  REFERENCE_WRONG_CLASS: {
    severity: 'error',
    title: 'A reference leads to an object of another class',
    advice: editRule,
    win32: 13,
  },
  REFERENCE_ONE_WAY: {
    severity: 'warning',
    title: 'A reference is not answered by its counterpart',
    advice: 'The forward reference counts; editors may refuse or allow deletions wrongly.',
  },
  REFERENCE_REPEATED: {
    severity: 'warning',
    title: 'A reference is listed twice',
    advice: 'The second is ignored.',
  },
  REFERENCE_SEVERAL: {
    severity: 'warning',
    title: 'There are several references where one belongs',
    advice: 'The first counts. ' + editRule,
  },
  REFERENCE_ELSEWHERE: {
    severity: 'warning',
    title: 'A reference leads into another area of the store',
    advice: 'It is followed within its own area, by the name of the object.',
  },
  // Policies
  POLICY_NO_MAIN_MODE: {
    severity: 'error',
    title: 'The policy has no readable main mode settings',
    advice: 'The whole policy is unusable. Restore its ipsecISAKMPPolicy object.',
    win32: 13,
  },
  POLICY_NO_RULES: {
    severity: 'warning',
    title: 'The policy has no rules',
    advice: 'It does nothing; add a rule or unassign it.',
  },
  POLICY_DEFAULT_RULE: {
    severity: 'info',
    title: 'The policy does not have exactly one default response rule',
    advice: 'Authoring tools make one even when it is not active. polagent does not need it.',
  },
  POLICY_UNNAMED: {
    severity: 'warning',
    title: 'The policy has no name',
    advice: 'Commands refer to it by its id.',
  },
  // Rules
  RULE_NO_FILTER_ACTION: {
    severity: 'error',
    title: 'The rule has no readable filter action',
    advice: 'The rule has failed and its traffic is not permitted by it. ' + editRule,
    win32: 2,
  },
  RULE_NO_FILTER_LIST: {
    severity: 'error',
    title: 'The rule has no readable filter list',
    advice: 'The rule has failed. ' + editRule,
    win32: 2,
  },
  RULE_SEVERAL_FILTER_LISTS: {
    severity: 'info',
    title: 'The rule has more than one filter list',
    advice: 'All are used.',
  },
  RULE_SHARED: {
    severity: 'warning',
    title: 'The rule belongs to more than one policy',
    advice: 'A change for one policy changes the other; make a copy.',
  },
  RULE_INTERFACE_UNKNOWN: {
    severity: 'error',
    title: 'The rule names a connection type that is not known',
    advice: 'The rule has failed. ' + editRule,
    win32: 13,
  },
  RULE_AUTHENTICATION_SKIPPED: {
    severity: 'warning',
    title: 'An authentication method of an unknown type is skipped',
    advice: 'Only preshared key (1), certificate (3) and Kerberos (5) are known.',
  },
  RULE_NO_AUTHENTICATION: {
    severity: 'error',
    title: 'The rule negotiates but has no usable authentication method',
    advice: 'The rule has failed. ' + editRule,
    win32: 13,
  },
  RULE_TUNNEL_NO_ENDPOINT: {
    severity: 'error',
    title: 'The rule is a tunnel rule without an endpoint',
    advice: 'The rule has failed. Give it a tunnel endpoint.',
    win32: 13,
  },
  // Actions and offers
  ACTION_UNKNOWN: {
    severity: 'error',
    title: 'The filter action is of no known kind',
    advice: 'Rules that use it have failed. ' + editRule,
    win32: 13,
  },
  ACTION_TYPE_UNKNOWN: {
    severity: 'warning',
    title: 'The filter action is of no known type',
    advice: 'It is taken as a standard one.',
  },
  ACTION_NO_OFFER: {
    severity: 'error',
    title: 'The filter action negotiates but has no usable security method',
    advice: 'Rules that use it have failed; they are not taken as permit. Add a security method.',
    win32: 13,
  },
  OFFER_SKIPPED: {
    severity: 'warning',
    title: 'A security method with an unknown algorithm is skipped',
    advice: 'Dropping one algorithm of a combination would weaken it, so the whole method is left out.',
  },
  MAIN_MODE_OFFER_SKIPPED: {
    severity: 'warning',
    title: 'A main mode security method with an unknown algorithm or group is skipped',
    advice: 'The other methods are used.',
  },
  MAIN_MODE_NO_OFFER: {
    severity: 'error',
    title: 'The main mode settings have no usable security method',
    advice: 'The whole policy is unusable. Add a main mode security method.',
    win32: 13,
  },
  // Filter lists
  FILTER_NEVER_MATCHES: {
    severity: 'warning',
    title: 'A filter can never match: its two sides name different address families',
    advice: 'Correct or remove the filter.',
  },
  FILTER_MASK_HOLES: {
    severity: 'warning',
    title: 'A filter has an address mask with holes, which editors do not make',
    advice: 'It is applied bit by bit as it is. Check that it is meant, for it may be damage.',
  },
  FILTER_LIST_EMPTY: {
    severity: 'warning',
    title: 'The filter list has no filters',
    advice: 'Rules that use it match nothing.',
  },
  FILTER_NAME_UNRESOLVED: {
    severity: 'warning',
    title: 'A filter has a DNS name but no stored address',
    advice: 'The name is resolved when the policy is processed; while it does not resolve the filter matches nothing.',
  },
  // Assignment
  ASSIGNMENT_DANGLING: {
    severity: 'error',
    title: 'The assigned policy does not exist',
    advice: 'Assign an existing policy (`polagent assign NAME`), or restore the missing one.',
    win32: 2,
  },
  ASSIGNMENT_MALFORMED: {
    severity: 'error',
    title: 'The value "ActivePolicy" names no policy',
    advice: 'Assign an existing policy (`polagent assign NAME`).',
    win32: 87,
  },
  ASSIGNMENT_STRAY: {
    severity: 'warning',
    title: 'A value beside "ActivePolicy" names a policy, and assigns nothing',
    advice: 'If its name is damaged, assign the policy again (`polagent assign NAME`).',
  },
  ASSIGNMENT_SEVERAL_GPOS: {
    severity: 'info',
    title: 'Group policy objects assign different policies',
    advice: 'Which one applies depends on the computer and its place in the directory.',
  },
  ASSIGNMENT_SEVERAL: {
    severity: 'error',
    title: 'More than one policy is assigned',
    advice: 'At most one can be in force; the first counts. Assign the one that is meant.',
    win32: 13,
  },
  // Left-overs
  ORPHAN: {
    severity: 'warning',
    title: 'No object refers to this one',
    advice: 'Rules and main mode settings without a policy are left-overs; delete them.',
  },
  UNUSED: {
    severity: 'info',
    title: 'No rule uses this',
    advice: 'Shared filter lists and actions may wait for a rule; nothing to do.',
  },
  // Merging and converting
  MERGE_REPLACED: {
    severity: 'info',
    title: 'An object of the store is replaced by another with the same id',
    advice: 'The last generations of the local store are kept; `polagent restore` goes back.',
  },
  MERGE_KEPT: {
    severity: 'warning',
    title: 'An object is not taken over: the store has another with the same id',
    advice: 'Say --on-conflict replace to take it, or --on-conflict new-ids to have both.',
  },
  MERGE_RENAMED: {
    severity: 'info',
    title: 'An object is taken over under a new id',
    advice: 'The store has another object with the old id; both are there now.',
  },
  MERGE_REMOVED: {
    severity: 'info',
    title: 'An object is removed: the policy that used it is replaced by one that does not',
    advice: 'Nothing to do.',
  },
  LEFT_OUT: {
    severity: 'warning',
    title: 'Something has no place in the target and is left out',
    advice: 'Convert to another format to keep it.',
  },
  ASSIGNMENT_LEFT_OUT: {
    severity: 'warning',
    title: 'Which policy is assigned cannot be told in the target',
    advice: 'Assign the policy there by the means of the target.',
  },
  ASSIGNMENT_BY_GPO: {
    severity: 'info',
    title: 'The policy that group policy objects assign becomes the assigned one',
    advice: 'Unassign it if the group policy object does not apply to the computer that is meant.',
  },
  ASSIGNMENT_OVERRIDDEN: {
    severity: 'info',
    title: 'Group Policy assigned a policy of the directory, and the assigned local policy has no effect beside it',
    advice: 'Take the computer out of the group policy object if local policy is meant to apply.',
  },
  GROUP_POLICY_COPY_MISSING: {
    severity: 'warning',
    title: 'Group Policy assigned a policy of the directory, and the source holds no copy of it',
    advice: 'Export the key Policy\\Cache as well, or read the policy from an LDIF export of the directory.',
  },
  // The store as a whole
  STORE_UNUSUAL_PLACE: {
    severity: 'info',
    title: 'The policy store does not lie where Windows looks for it',
    advice: 'It is read like one at the usual place, HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\IPSec\\Policy.',
  },
  STORE_REPEATED: {
    severity: 'warning',
    title: 'The source holds more than one store of the same area',
    advice: 'All are read. Export only the key that is meant if they are not one and the same.',
  },
  OBJECTS_SALVAGED: {
    severity: 'warning',
    title: 'Policy objects were found that the damaged hive no longer leads to',
    advice: 'They are shown as part of the store; check that they belong there, and restore the hive from a backup.',
  },
  STORE_SEARCH_ENDED: {
    severity: 'warning',
    title: 'The search for policy objects ended before all keys were seen',
    advice: 'Export the key HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\IPSec by itself, and read that.',
  },
  KEY_UNKNOWN: {
    severity: 'info',
    title: 'A key in the store is no policy object',
    advice: 'It is kept when the store is written as a registry, and has no effect.',
  },
} as const satisfies Record<string, IntegrityRow>

export type IntegrityCode = keyof typeof integrityTable
