import type { Mark } from './tagTypes.ts'

export interface MessageRow {
  /** Five digits in print; absent for what the netsh shell itself says. */
  readonly code?: number
  /** `%1` … `%3` stand for names and words of the command. */
  readonly text: string
  /** How sure the code is, and how sure the words are. */
  readonly codeMark: Mark
  readonly textMark: Mark
}

/**
 * What the tool says when it refuses (netsh-ipsec.md 7). Codes below 5900 are those of Windows; the others are this
 * implementation's own, taken from a part of the 5xxx space that is not known to be used.
 */
export const messageTable = {
  POLICY_EXISTS: { code: 5005, codeMark: 'E', textMark: 'R', text: "Policy with name '%1' already exists" },
  LIST_EXISTS: { code: 5010, codeMark: 'E', textMark: 'R', text: "FilterList with name '%1' already exists" },
  ACTION_EXISTS: { code: 5014, codeMark: 'E', textMark: 'R', text: "FilterAction with name '%1' already exists" },
  RULE_EXISTS: { code: 5020, codeMark: 'E', textMark: 'R', text: "Rule with name '%1' already exists in policy '%2'" },
  LIST_MISSING: { code: 5049, codeMark: 'E', textMark: 'R', text: "FilterList with name '%1' does not exist" },
  NO_LISTS: { code: 5067, codeMark: 'E', textMark: 'R', text: 'No FilterLists in Policy Store' },
  NO_ACTIONS: { code: 5068, codeMark: 'E', textMark: 'R', text: 'No FilterActions in Policy Store' },
  NO_POLICIES: { code: 5072, codeMark: 'E', textMark: 'R', text: 'No Policies in Policy Store' },
  STORE_CLOSED: { code: 5073, codeMark: 'E', textMark: 'R', text: 'The Policy Store cannot be opened' },

  TAG_MISSING: {
    code: 5901,
    codeMark: '?',
    textMark: 'R',
    text: 'One or more essential parameters not specified',
  },
  TAG_REPEATED: { code: 5902, codeMark: '?', textMark: 'R', text: "Tag '%1' already present" },
  TAG_UNKNOWN: { code: 5903, codeMark: '?', textMark: 'R', text: "'%1' is not a valid tag" },
  WORD_SURPLUS: { code: 5904, codeMark: '?', textMark: '?', text: 'More parameters than the command has' },
  TAG_ALTERNATIVES: { code: 5905, codeMark: '?', textMark: '?', text: "'%1' and '%2' cannot be given together" },
  VALUE_INVALID: { code: 5906, codeMark: '?', textMark: 'R', text: "Invalid value for tag '%1'" },
  ADDRESS_INVALID: { code: 5907, codeMark: '?', textMark: '?', text: "Invalid address for tag '%1'" },
  MASK_MISMATCH: { code: 5908, codeMark: '?', textMark: '?', text: "Address and mask mismatch at '%1'" },
  SERVER_WITHOUT_ME: {
    code: 5909,
    codeMark: '?',
    textMark: '?',
    text: "A server type at '%1' needs 'me' as the other address",
  },
  PORT_WITHOUT_PROTOCOL: {
    code: 5910,
    codeMark: '?',
    textMark: '?',
    text: "A port at '%1' is valid for TCP and UDP only",
  },
  METHOD_INVALID: { code: 5911, codeMark: '?', textMark: '?', text: "Invalid security method at '%1'" },
  GROUP_INVALID: { code: 5912, codeMark: '?', textMark: '?', text: "Invalid Diffie-Hellman group at '%1'" },
  AUTHORITY_INVALID: { code: 5913, codeMark: '?', textMark: '?', text: 'Invalid certificate authority or flags' },
  POLICY_MISSING: { code: 5914, codeMark: '?', textMark: 'R', text: "Policy with name '%1' does not exist" },
  RULE_MISSING: { code: 5915, codeMark: '?', textMark: 'R', text: "Rule '%1' does not exist in policy '%2'" },
  ACTION_MISSING: { code: 5916, codeMark: '?', textMark: 'R', text: "FilterAction with name '%1' does not exist" },
  FILTER_MISSING: { code: 5917, codeMark: '?', textMark: 'R', text: "No matching filter in FilterList '%1'" },
  FILTER_EXISTS: { code: 5918, codeMark: '?', textMark: 'R', text: "The filter already exists in FilterList '%1'" },
  IN_USE: { code: 5919, codeMark: '?', textMark: 'R', text: "'%1' is in use by a rule" },
  DEFAULT_RULE_STAYS: { code: 5920, codeMark: '?', textMark: '?', text: 'The default response rule cannot be deleted' },
  DEFAULT_RULE_MISSING: {
    code: 5921,
    codeMark: '?',
    textMark: '?',
    text: "Policy '%1' has no default response rule",
  },
  OBJECT_DAMAGED: { code: 5922, codeMark: '?', textMark: '?', text: "The data of '%1' cannot be read" },
  NOT_STORABLE: { code: 5923, codeMark: '?', textMark: '?', text: 'The store cannot hold what the command says' },
  WRONG_STORE: { code: 5924, codeMark: '?', textMark: '?', text: 'The command is not valid for the current store' },
  FAMILY_MISMATCH: {
    code: 5925,
    codeMark: '?',
    textMark: '?',
    text: "Address families mismatch at '%1'",
  },

  COMMAND_UNKNOWN: { codeMark: 'R', textMark: 'R', text: 'The following command was not found: %1.' },
  COMMAND_AMBIGUOUS: { codeMark: 'R', textMark: 'R', text: 'The following command is ambiguous: %1.' },
  STACK_EMPTY: { codeMark: '?', textMark: '?', text: 'There is no saved context.' },
  STACK_FULL: { codeMark: '?', textMark: '?', text: 'Too many saved contexts.' },
} as const satisfies Record<string, MessageRow>

export type MessageId = keyof typeof messageTable
