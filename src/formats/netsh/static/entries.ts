import type { Finding } from '../../../base/finding.ts'
import type { Guid } from '../../../base/guid.ts'
import type { Filter } from '../../../policy/filter.ts'
import type { StoredObject } from '../../../policy/storedObject.ts'
import type {
  FilterActionDraft,
  FilterListDraft,
  MainModeDraft,
  PolicyDraft,
  RuleDraft,
} from '../../object-store/index.ts'
import { FilterTable } from './filterTable.ts'

/** An object of the store as a session holds it: what it says now, and what is stored of it. */
export interface Entry<Draft> {
  draft: Draft
  /** Absent until the session is flushed when the session made it. */
  object: StoredObject | undefined
  isChanged: boolean
  /** Its data cannot be read, so writing it again would lose it: it may be deleted only. */
  readonly isDamaged: boolean
}

export interface ListEntry extends Entry<Omit<FilterListDraft, 'filters' | 'ownerRuleIds'>> {
  filters: readonly Filter[] | FilterTable
  /** Rules that use it. */
  readonly users: Set<Guid>
}

export interface ActionEntry extends Entry<FilterActionDraft> {
  readonly users: Set<Guid>
}

export interface RuleEntry {
  readonly id: Guid
  /** Absent when the rule refers to no filter action: it may be deleted only. */
  draft: RuleDraft | undefined
  object: StoredObject | undefined
  isChanged: boolean
  readonly isDamaged: boolean
  readonly isDefault: boolean
  /** Policies that refer to it; one, but for damage. */
  policies: number
}

export interface PolicyEntry {
  readonly id: Guid
  name: string
  /** Absent when the policy refers to no main mode settings: it may be deleted only. */
  draft: Omit<PolicyDraft, 'ruleIds'> | undefined
  object: StoredObject | undefined
  isChanged: boolean
  readonly isDamaged: boolean
  mainMode: Entry<MainModeDraft> | undefined
  /** In the order of the policy's references. */
  readonly rules: Set<RuleEntry>
  readonly rulesByName: Map<string, RuleEntry>
  /** Rules the policy refers to that are not there; kept. */
  readonly missingRuleIds: readonly Guid[]
}

/** Names are compared without regard to case (netsh-ipsec.md 3.1). */
export function nameKey(name: string): string {
  return name.toLowerCase()
}

/** Whether the findings about an object say that its data cannot be read. */
export function isDamagedBy(problems: readonly Finding[]): boolean {
  return problems.some((problem) => problem.code.startsWith('DATA_'))
}

/** The filters of a list, in a form in which single ones are found. */
export function tableOf(list: ListEntry): FilterTable {
  if (list.filters instanceof FilterTable) return list.filters
  const table = new FilterTable(list.filters)
  list.filters = table
  return table
}

export function filtersOf(list: ListEntry): readonly Filter[] {
  return list.filters instanceof FilterTable ? list.filters.filters() : list.filters
}
