import type { Rule } from '../policy/model.ts'

/** Rule names are optional; the list's name or the id says which one it is. */
export function ruleTitle(rule: Rule): string {
  return rule.name ?? rule.filterLists[0]?.name ?? rule.id
}
