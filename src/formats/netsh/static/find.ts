import type { Guid } from '../../../base/guid.ts'
import { nearestWord } from '../../policy-document/nearestWord.ts'
import { shown } from '../fault.ts'
import type { MessageId } from '../table/messages.ts'
import { type Refusal, refuse, type WithColumns } from './answer.ts'
import type { Contents } from './contents.ts'
import { type ActionEntry, type Entry, type ListEntry, nameKey, type PolicyEntry, type RuleEntry } from './entries.ts'

interface Named extends WithColumns {
  readonly args: { readonly name?: string; readonly guid?: Guid; readonly id?: number }
}

const mostCompared = 2000

/** A name near the one that is not there; only when there are few enough to compare. */
function near(name: string, known: ReadonlyMap<string, unknown>): string | undefined {
  return known.size > mostCompared ? undefined : nearestWord(name, [...known.keys()])
}

function absent(
  command: WithColumns,
  tag: string,
  message: MessageId,
  name: string,
  known: ReadonlyMap<string, unknown>,
): Refusal {
  const kind = message === 'LIST_MISSING' ? 'filter list' : message === 'ACTION_MISSING' ? 'filter action' : 'policy'
  return refuse(command, tag, message, [name], `there is no ${kind} "${shown(name)}"`, near(name, known))
}

export function policyNamed(contents: Contents, command: WithColumns, tag: string, name: string): PolicyEntry {
  const found = contents.policies.get(nameKey(name))
  if (found === undefined) throw absent(command, tag, 'POLICY_MISSING', name, contents.policies)
  return found
}

export function listNamed(contents: Contents, command: WithColumns, tag: string, name: string): ListEntry {
  const found = contents.lists.get(nameKey(name))
  if (found === undefined) throw absent(command, tag, 'LIST_MISSING', name, contents.lists)
  return found
}

export function actionNamed(contents: Contents, command: WithColumns, tag: string, name: string): ActionEntry {
  const found = contents.actions.get(nameKey(name))
  if (found === undefined) throw absent(command, tag, 'ACTION_MISSING', name, contents.actions)
  return found
}

/** The object of a `set` command, by its name or its id. */
export function listMeant(contents: Contents, command: Named): ListEntry {
  const { name, guid } = command.args
  if (guid === undefined) return listNamed(contents, command, 'name', name ?? '')
  const found = contents.listById(guid)
  if (found === undefined)
    throw refuse(command, 'guid', 'LIST_MISSING', [guid], `there is no filter list with the id ${guid}`)
  return found
}

export function actionMeant(contents: Contents, command: Named): ActionEntry {
  const { name, guid } = command.args
  if (guid === undefined) return actionNamed(contents, command, 'name', name ?? '')
  const found = contents.actionById(guid)
  if (found === undefined) {
    throw refuse(command, 'guid', 'ACTION_MISSING', [guid], `there is no filter action with the id ${guid}`)
  }
  return found
}

export function policyMeant(contents: Contents, command: Named): PolicyEntry {
  const { name, guid } = command.args
  if (guid === undefined) return policyNamed(contents, command, 'name', name ?? '')
  const found = contents.policyById(guid)
  if (found === undefined)
    throw refuse(command, 'guid', 'POLICY_MISSING', [guid], `there is no policy with the id ${guid}`)
  return found
}

/** Rules in the order in which `show rule` numbers them from 1: the default response rule comes last [?]. */
function numberedRules(policy: PolicyEntry): RuleEntry[] {
  const rules = [...policy.rules]
  return [...rules.filter((rule) => !rule.isDefault), ...rules.filter((rule) => rule.isDefault)]
}

export function ruleMeant(policy: PolicyEntry, command: Named): RuleEntry {
  const { name, id } = command.args
  if (id !== undefined) {
    const found = numberedRules(policy)[id - 1]
    if (found !== undefined) return found
    const what = `policy "${shown(policy.name)}" has ${policy.rules.size} rules, so no rule ${id}`
    throw refuse(command, 'id', 'RULE_MISSING', [String(id), policy.name], what)
  }
  const found = policy.rulesByName.get(nameKey(name ?? ''))
  if (found !== undefined) return found
  const what = `policy "${shown(policy.name)}" has no rule "${shown(name ?? '')}"`
  throw refuse(command, 'name', 'RULE_MISSING', [name ?? '', policy.name], what, near(name ?? '', policy.rulesByName))
}

/** Fails when the data of an object cannot be read: writing it again would lose what it said. */
export function needReadable(command: WithColumns, entry: Pick<Entry<unknown>, 'isDamaged'>, name: string): void {
  if (!entry.isDamaged) return
  const what = `the stored data of "${shown(name)}" cannot be read, so it cannot be changed; delete it and make it anew`
  throw refuse(command, 'name', 'OBJECT_DAMAGED', [name], what)
}
