import type { FilterAction, FilterList, Policy, PolicyArea, Rule } from '../../../policy/model.ts'
import { shown } from '../fault.ts'
import { refuse, type WithColumns } from '../static/answer.ts'
import type { CommandOfKind } from '../table/commandTable.ts'
import { labels } from '../table/labels.ts'
import { actionsText } from './showActions.ts'
import type { Look, ShowContext } from './showContext.ts'
import { listsText } from './showLists.ts'
import { underlined } from './layout.ts'
import { policiesText } from './showPolicies.ts'
import { numberedRules, type NumberedRule, rulesText } from './showRules.ts'
import { storeText } from './words.ts'

export type ShowCommand = CommandOfKind<
  | 'static show all'
  | 'static show filteraction'
  | 'static show filterlist'
  | 'static show policy'
  | 'static show rule'
  | 'static show store'
>

/** What `show` prints (netsh-ipsec.md 4.9, 6). */
export function showStatic(command: ShowCommand, area: PolicyArea, context: ShowContext): string {
  switch (command.kind) {
    case 'static show all':
      return showAll(area, { ...lookOf(command.args, area, context), isVerbose: true })
    case 'static show filteraction':
      return actionsText(chosenActions(command, area), lookOf(command.args, area, context))
    case 'static show filterlist': {
      const resolvesNames = command.args.resolvedns ?? false
      return listsText(chosenLists(command, area), { ...lookOf(command.args, area, context), resolvesNames })
    }
    case 'static show policy':
      return policiesText(chosenPolicies(command, area), lookOf(command.args, area, context))
    case 'static show rule':
      return rulesText(chosenRules(command, area), lookOf(command.args, area, context))
    case 'static show store':
      return `\n${storeText(area.area, context.machine)}\n\n`
  }
}

interface LookArgs {
  readonly level?: 'verbose' | 'normal'
  readonly format?: 'list' | 'table'
  readonly wide?: boolean
}

function lookOf(args: LookArgs, area: PolicyArea, context: ShowContext): Look {
  return {
    area: area.area,
    context,
    isVerbose: args.level === 'verbose',
    isTable: args.format === 'table',
    isWide: args.wide ?? false,
    resolvesNames: false,
  }
}

/** All policies in full, then what no rule uses. */
function showAll(area: PolicyArea, look: Look): string {
  const rules = area.policies.flatMap((policy) => policy.rules)
  const usedLists = new Set(rules.flatMap((rule) => rule.filterLists.map((list) => list.id)))
  const usedActions = new Set(rules.map((rule) => rule.filterAction?.id))
  const lists = area.filterLists.filter((list) => !usedLists.has(list.id))
  const actions = area.filterActions.filter((action) => !usedActions.has(action.id))
  const parts = [policiesText(area.policies, look)]
  if (lists.length > 0) parts.push(underlined(labels.standAlone.lists), listsText(lists, look))
  if (actions.length > 0) parts.push(underlined(labels.standAlone.actions), actionsText(actions, look))
  return parts.join('')
}

function named<T extends { readonly name?: string }>(items: readonly T[], name: string): T | undefined {
  const wanted = name.toLowerCase()
  return items.find((item) => item.name?.toLowerCase() === wanted)
}

function chosenPolicies(command: CommandOfKind<'static show policy'>, area: PolicyArea): readonly Policy[] {
  if (command.keyword === 'all') {
    if (area.policies.length > 0) return area.policies
    throw refuse(command, 'keyword', 'NO_POLICIES', [], 'the store holds no policy')
  }
  return [policyNamed(area, command, 'name', command.args.name ?? '')]
}

function policyNamed(area: PolicyArea, command: WithColumns, tag: string, name: string): Policy {
  const policy = named(area.policies, name)
  if (policy !== undefined) return policy
  throw refuse(command, tag, 'POLICY_MISSING', [name], `there is no policy "${shown(name)}"`)
}

function chosenLists(command: CommandOfKind<'static show filterlist'>, area: PolicyArea): readonly FilterList[] {
  if (command.keyword === 'all') {
    if (area.filterLists.length > 0) return area.filterLists
    throw refuse(command, 'keyword', 'NO_LISTS', [], 'the store holds no filter list')
  }
  const { name, rule } = command.args
  if (rule !== undefined) return [...new Set(rulesNamed(area, command, rule).flatMap((found) => found.filterLists))]
  const list = named(area.filterLists, name ?? '')
  if (list !== undefined) return [list]
  throw refuse(command, 'name', 'LIST_MISSING', [name ?? ''], `there is no filter list "${shown(name ?? '')}"`)
}

function chosenActions(command: CommandOfKind<'static show filteraction'>, area: PolicyArea): readonly FilterAction[] {
  if (command.keyword === 'all') {
    // The unnamed actions of default response rules are told with their policies.
    const actions = area.filterActions.filter((action) => !action.isDefaultResponse)
    if (actions.length > 0) return actions
    throw refuse(command, 'keyword', 'NO_ACTIONS', [], 'the store holds no filter action')
  }
  const { name, rule } = command.args
  if (rule !== undefined) {
    const used = rulesNamed(area, command, rule).map((found) => found.filterAction)
    return [...new Set(used.filter((action) => action !== undefined))]
  }
  const action = named(area.filterActions, name ?? '')
  if (action !== undefined) return [action]
  throw refuse(command, 'name', 'ACTION_MISSING', [name ?? ''], `there is no filter action "${shown(name ?? '')}"`)
}

/** Rules of that name in any policy. */
function rulesNamed(area: PolicyArea, command: WithColumns, name: string): readonly Rule[] {
  const wanted = name.toLowerCase()
  const found = area.policies.flatMap((policy) => policy.rules).filter((rule) => rule.name?.toLowerCase() === wanted)
  if (found.length > 0) return found
  throw refuse(command, 'rule', 'RULE_MISSING', [name, labels.any], `no policy has a rule "${shown(name)}"`)
}

function chosenRules(command: CommandOfKind<'static show rule'>, area: PolicyArea): readonly NumberedRule[] {
  const { name, id, policy: policyName, type } = command.args
  const policy = policyNamed(area, command, 'policy', policyName)
  const all = numberedRules(policy)
  const ofType = all.filter(({ rule }) => type === undefined || rule.isTunnel === (type === 'tunnel'))
  if (command.keyword === 'all') return ofType
  if (command.keyword === 'default') return all.filter(({ rule }) => rule.isDefaultResponse)
  const wanted = name?.toLowerCase()
  const found = ofType.filter(({ number, rule }) =>
    id === undefined ? rule.name?.toLowerCase() === wanted : number === id,
  )
  if (found.length > 0) return found
  const what = `policy "${shown(policy.name)}" has no such rule`
  throw refuse(command, id === undefined ? 'name' : 'id', 'RULE_MISSING', [name ?? String(id), policy.name], what)
}
