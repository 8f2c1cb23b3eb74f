import type { Guid } from '../../../base/guid.ts'
import type { MainModeOffer } from '../../../policy/model.ts'
import type { MainModeDraft } from '../../object-store/index.ts'
import { shown } from '../fault.ts'
import type { CommandOfKind } from '../table/commandTable.ts'
import {
  defaultMainModeMinutes,
  defaultMainModeSuites,
  defaultPollingMinutes,
  defaultResponseSuites,
} from '../table/defaults.ts'
import type { MainModeSuite } from '../table/tagTypes.ts'
import { refuse, type WithColumns } from './answer.ts'
import type { SessionContext } from './context.ts'
import type { Contents } from './contents.ts'
import { type ActionEntry, nameKey, type PolicyEntry, type RuleEntry } from './entries.ts'
import { needReadable, policyMeant, policyNamed } from './find.ts'

interface MainModeArgs {
  readonly mmpfs?: boolean
  readonly qmpermm?: number
  /** Minutes. */
  readonly mmlifetime?: number
  readonly mmsecmethods?: readonly MainModeSuite[]
}

/** A policy comes with its main mode settings and its default response rule, active or not (netsh-ipsec.md 4.3). */
export function addPolicy(
  contents: Contents,
  command: CommandOfKind<'static add policy'>,
  context: SessionContext,
  canAssign: boolean,
): readonly string[] {
  const { args } = command
  needNewPolicy(contents, command, 'name', args.name)
  const id = context.newId()
  const mainModeId = context.newId()
  const entry: PolicyEntry = {
    id,
    name: args.name,
    draft: {
      id,
      name: args.name,
      ...(args.description === undefined ? {} : { description: args.description }),
      pollingIntervalSeconds: (args.pollinginterval ?? defaultPollingMinutes) * 60,
      mainModeId,
    },
    object: undefined,
    isChanged: true,
    isDamaged: false,
    mainMode: {
      draft: withMainModeArgs(newMainMode(mainModeId, id), args),
      object: undefined,
      isChanged: true,
      isDamaged: false,
    },
    rules: new Set(),
    rulesByName: new Map(),
    missingRuleIds: [],
  }
  contents.addPolicy(entry)
  addDefaultRule(contents, entry, args.activatedefaultrule ?? true, context)
  if (args.assign !== true) return []
  if (!canAssign) return [notAssignable]
  contents.assign(id)
  return []
}

const notAssignable = 'assign means nothing here: a policy of a domain is assigned by a group policy object'

function newMainMode(id: Guid, policyId: Guid): MainModeDraft {
  return {
    id,
    policyId,
    perfectForwardSecrecy: false,
    certificateMapping: false,
    noCertificateRequest: false,
    quickModeLimit: 0,
    lifetimeSeconds: defaultMainModeMinutes * 60,
    offers: defaultMainModeSuites.map((suite) => ({ ...suite, ...noLimits })),
  }
}

const noLimits = { lifetimeSeconds: 0, lifetimeKilobytes: 0, quickModeLimit: 0, perfectForwardSecrecy: false }

/** Limits are those of the policy in every method; master key PFS leaves one quick mode for each main mode. */
function withMainModeArgs(draft: MainModeDraft, args: MainModeArgs): MainModeDraft {
  const perfectForwardSecrecy = args.mmpfs ?? draft.perfectForwardSecrecy
  const quickModeLimit = perfectForwardSecrecy ? 1 : (args.qmpermm ?? draft.quickModeLimit)
  const lifetimeSeconds = args.mmlifetime === undefined ? draft.lifetimeSeconds : Math.round(args.mmlifetime * 60)
  const limits = { perfectForwardSecrecy, quickModeLimit, lifetimeSeconds }
  const suites: readonly (MainModeSuite & Partial<MainModeOffer>)[] = args.mmsecmethods ?? draft.offers
  const offers = suites.map((suite) => ({ ...suite, ...limits, lifetimeKilobytes: suite.lifetimeKilobytes ?? 0 }))
  return { ...draft, ...limits, offers }
}

function addDefaultRule(contents: Contents, policy: PolicyEntry, isActive: boolean, context: SessionContext): void {
  const ruleId = context.newId()
  const actionId = context.newId()
  const action: ActionEntry = {
    draft: {
      id: actionId,
      isDefaultResponse: true,
      ownerRuleIds: [],
      action: 'negotiate',
      offers: defaultResponseSuites.map((suite) => ({ ...suite, perfectForwardSecrecy: false })),
      acceptUnsecuredInbound: false,
      fallBackToClear: false,
    },
    object: undefined,
    isChanged: true,
    isDamaged: false,
    users: new Set(),
  }
  contents.addAction(action)
  const rule: RuleEntry = {
    id: ruleId,
    draft: {
      id: ruleId,
      policyId: policy.id,
      isActive,
      filterListIds: [],
      filterActionId: actionId,
      authentication: [{ kind: 'kerberos' }],
      isTunnel: false,
      connectionType: 'all',
    },
    object: undefined,
    isChanged: true,
    isDamaged: false,
    isDefault: true,
    policies: 0,
  }
  contents.addRule(policy, rule)
}

function needNewPolicy(contents: Contents, command: WithColumns, tag: string, name: string): void {
  if (!contents.policies.has(nameKey(name))) return
  throw refuse(command, tag, 'POLICY_EXISTS', [name], `a policy "${shown(name)}" is there already`)
}

export function setPolicy(
  contents: Contents,
  command: CommandOfKind<'static set policy'>,
  canAssign: boolean,
): readonly string[] {
  const { args } = command
  const entry = policyMeant(contents, command)
  const { newname, description, pollinginterval, activatedefaultrule } = args
  const changes = [newname, description, pollinginterval, activatedefaultrule, args.mmpfs, args.qmpermm]
  const isChange = [...changes, args.mmlifetime, args.mmsecmethods].some((value) => value !== undefined)
  if (isChange) needReadable(command, { isDamaged: entry.isDamaged || entry.draft === undefined }, entry.name)
  if (newname !== undefined && nameKey(newname) !== nameKey(entry.name)) {
    needNewPolicy(contents, command, 'newname', newname)
  }
  const defaultRule = activatedefaultrule === undefined ? undefined : defaultRuleOf(entry, command)
  changeMainMode(contents, entry, command)
  if (newname !== undefined) contents.renamePolicy(entry, newname)
  if (entry.draft !== undefined && (description !== undefined || pollinginterval !== undefined)) {
    entry.draft = {
      ...entry.draft,
      ...(description === undefined ? {} : { description }),
      ...(pollinginterval === undefined ? {} : { pollingIntervalSeconds: pollinginterval * 60 }),
    }
  }
  if (isChange) contents.touchPolicy(entry)
  if (activatedefaultrule !== undefined && defaultRule?.draft !== undefined) {
    contents.changeRule(defaultRule, { ...defaultRule.draft, isActive: activatedefaultrule })
  }
  return assignment(contents, entry, args.assign, canAssign)
}

function assignment(
  contents: Contents,
  entry: PolicyEntry,
  isAssigned: boolean | undefined,
  canAssign: boolean,
): readonly string[] {
  if (isAssigned === undefined) return []
  if (!canAssign) return [notAssignable]
  if (isAssigned) contents.assign(entry.id)
  else if (contents.assigned === entry.id) contents.assign(undefined)
  return []
}

function changeMainMode(contents: Contents, entry: PolicyEntry, command: CommandOfKind<'static set policy'>): void {
  const { mmpfs, qmpermm, mmlifetime, mmsecmethods } = command.args
  if ([mmpfs, qmpermm, mmlifetime, mmsecmethods].every((value) => value === undefined)) return
  if (entry.mainMode === undefined) {
    const what = `the main mode settings of "${shown(entry.name)}" are missing or cannot be read`
    throw refuse(command, 'name', 'OBJECT_DAMAGED', [entry.name], what)
  }
  entry.mainMode.draft = withMainModeArgs(entry.mainMode.draft, command.args)
  entry.mainMode.isChanged = true
  contents.touchPolicy(entry)
}

/** The default response rule of a policy, fit to be changed. */
export function defaultRuleOf(policy: PolicyEntry, command: WithColumns): RuleEntry {
  const rule = [...policy.rules].find((candidate) => candidate.isDefault)
  if (rule === undefined) {
    const what = `policy "${shown(policy.name)}" has no default response rule`
    throw refuse(command, 'policy', 'DEFAULT_RULE_MISSING', [policy.name], what)
  }
  const isDamaged = rule.isDamaged || rule.draft === undefined
  needReadable(command, { isDamaged }, 'default response rule')
  return rule
}

export function deletePolicies(
  contents: Contents,
  command: CommandOfKind<'static delete policy'>,
  context: SessionContext,
): void {
  const keepsShared = context.keepsShared ?? false
  if (command.keyword === 'all') {
    for (const entry of Array.from(contents.allPolicies)) contents.deletePolicy(entry, keepsShared)
    return
  }
  contents.deletePolicy(policyNamed(contents, command, 'name', command.args.name ?? ''), keepsShared)
}
