import type { AuthenticationMethod } from '../../../policy/model.ts'
import type { RuleDraft } from '../../object-store/index.ts'
import { shown } from '../fault.ts'
import type { CommandOfKind } from '../table/commandTable.ts'
import type { EndpointValue } from '../table/tagTypes.ts'
import { withArgs } from './actionCommands.ts'
import { refuse, type WithColumns } from './answer.ts'
import type { SessionContext } from './context.ts'
import type { Contents } from './contents.ts'
import { nameKey, type PolicyEntry } from './entries.ts'
import { actionNamed, listNamed, needReadable, policyNamed, ruleMeant } from './find.ts'
import { defaultRuleOf } from './policyCommands.ts'

/** Most methods a rule is read with again. */
const mostMethods = 64

export function addRule(contents: Contents, command: CommandOfKind<'static add rule'>, context: SessionContext): void {
  const { args } = command
  const policy = policyNamed(contents, command, 'policy', args.policy)
  needReadable(command, { isDamaged: policy.isDamaged || policy.draft === undefined }, policy.name)
  needNewRule(policy, command, 'name', args.name)
  const list = listNamed(contents, command, 'filterlist', args.filterlist)
  const action = actionNamed(contents, command, 'filteraction', args.filteraction)
  const id = context.newId()
  const draft: RuleDraft = {
    id,
    policyId: policy.id,
    name: args.name,
    ...(args.description === undefined ? {} : { description: args.description }),
    isActive: args.activate ?? true,
    filterListIds: [list.draft.id],
    filterActionId: action.draft.id,
    authentication: checkedMethods(command) ?? [{ kind: 'kerberos' }],
    connectionType: args.conntype ?? 'all',
    ...endpointOf(args.tunnel ?? { kind: 'none' }),
  }
  contents.addRule(policy, {
    id,
    draft,
    object: undefined,
    isChanged: true,
    isDamaged: false,
    isDefault: false,
    policies: 0,
  })
}

interface WithMethods extends WithColumns {
  readonly authentication?: readonly AuthenticationMethod[]
}

function checkedMethods(command: WithMethods): readonly AuthenticationMethod[] | undefined {
  const methods = command.authentication
  if (methods === undefined || methods.length <= mostMethods) return methods
  const what = `${methods.length} authentication methods are given, at most ${mostMethods} can be stored`
  throw refuse(command, 'kerberos', 'NOT_STORABLE', [], what)
}

function endpointOf(endpoint: EndpointValue): Pick<RuleDraft, 'isTunnel' | 'tunnelEndpoint' | 'tunnelEndpointName'> {
  switch (endpoint.kind) {
    case 'none':
      return { isTunnel: false }
    case 'address':
      return { isTunnel: true, tunnelEndpoint: endpoint.ip }
    case 'name':
      return { isTunnel: true, tunnelEndpointName: endpoint.name }
  }
}

function needNewRule(policy: PolicyEntry, command: WithColumns, tag: string, name: string): void {
  if (!policy.rulesByName.has(nameKey(name))) return
  const what = `policy "${shown(policy.name)}" has a rule "${shown(name)}" already`
  throw refuse(command, tag, 'RULE_EXISTS', [name, policy.name], what)
}

export function setRule(contents: Contents, command: CommandOfKind<'static set rule'>): void {
  const { args } = command
  const policy = policyNamed(contents, command, 'policy', args.policy)
  const rule = ruleMeant(policy, command)
  needReadable(command, { isDamaged: rule.isDamaged || rule.draft === undefined }, args.name ?? 'rule')
  if (rule.draft === undefined) return
  const { newname, description, tunnel } = args
  if (rule.isDefault && (args.filterlist !== undefined || args.filteraction !== undefined || tunnel !== undefined)) {
    const what = 'the default response rule has no filter list, filter action or tunnel of its own to set'
    throw refuse(command, 'id', 'VALUE_INVALID', ['id'], what)
  }
  if (newname !== undefined && nameKey(newname) !== nameKey(rule.draft.name ?? '')) {
    needNewRule(policy, command, 'newname', newname)
  }
  const list = args.filterlist === undefined ? undefined : listNamed(contents, command, 'filterlist', args.filterlist)
  const action =
    args.filteraction === undefined ? undefined : actionNamed(contents, command, 'filteraction', args.filteraction)
  const authentication = checkedMethods(command)
  const before = tunnel === undefined ? rule.draft : withoutEndpoint(rule.draft)
  if (newname !== undefined) contents.renameRule(policy, rule, newname)
  contents.changeRule(rule, {
    ...before,
    ...(newname === undefined ? {} : { name: newname }),
    ...(description === undefined ? {} : { description }),
    ...(list === undefined ? {} : { filterListIds: [list.draft.id] }),
    ...(action === undefined ? {} : { filterActionId: action.draft.id }),
    ...(tunnel === undefined ? {} : endpointOf(tunnel)),
    ...(args.conntype === undefined ? {} : { connectionType: args.conntype }),
    ...(args.activate === undefined ? {} : { isActive: args.activate }),
    ...(authentication === undefined ? {} : { authentication }),
  })
}

function withoutEndpoint(draft: RuleDraft): RuleDraft {
  const { tunnelEndpoint: _address, tunnelEndpointName: _name, ...rest } = draft
  return rest
}

export function setDefaultRule(contents: Contents, command: CommandOfKind<'static set defaultrule'>): void {
  const { args } = command
  const policy = policyNamed(contents, command, 'policy', args.policy)
  const rule = defaultRuleOf(policy, command)
  if (rule.draft === undefined) return
  const authentication = checkedMethods(command)
  if (args.qmpfs !== undefined || args.qmsecmethods !== undefined) {
    const action = contents.actionById(rule.draft.filterActionId)
    if (action === undefined) {
      const what = `the filter action of the default response rule of "${shown(policy.name)}" is missing`
      throw refuse(command, 'policy', 'OBJECT_DAMAGED', [policy.name], what)
    }
    needReadable(command, action, 'default response rule')
    action.draft = withArgs(action.draft, args)
    contents.touchAction(action)
  }
  contents.changeRule(rule, {
    ...rule.draft,
    ...(args.activate === undefined ? {} : { isActive: args.activate }),
    ...(authentication === undefined ? {} : { authentication }),
  })
}

/** `all` keeps the default response rule, and it cannot be deleted by its number either. */
export function deleteRules(contents: Contents, command: CommandOfKind<'static delete rule'>): void {
  const policy = policyNamed(contents, command, 'policy', command.args.policy)
  if (command.keyword === 'all') {
    for (const rule of Array.from(policy.rules)) if (!rule.isDefault) contents.deleteRule(policy, rule)
    return
  }
  const rule = ruleMeant(policy, command)
  if (rule.isDefault) {
    const what = 'the default response rule goes only with its policy; deactivate it with set defaultrule activate=no'
    throw refuse(command, 'id', 'DEFAULT_RULE_STAYS', [], what)
  }
  contents.deleteRule(policy, rule)
}
