import type { Offer } from '../../../policy/model.ts'
import type { FilterActionDraft } from '../../object-store/index.ts'
import { shown } from '../fault.ts'
import type { CommandOfKind } from '../table/commandTable.ts'
import { defaultQuickModeSuites } from '../table/defaults.ts'
import type { QuickModeSuite } from '../table/tagTypes.ts'
import { refuse, type WithColumns } from './answer.ts'
import type { SessionContext } from './context.ts'
import type { Contents } from './contents.ts'
import { nameKey } from './entries.ts'
import { actionMeant, actionNamed, needReadable } from './find.ts'
import { inUse } from './listCommands.ts'

/** What a filter action does, as tags say it; what is absent stays or takes its default. */
interface ActionArgs {
  readonly qmpfs?: boolean
  readonly inpass?: boolean
  readonly soft?: boolean
  readonly action?: 'permit' | 'block' | 'negotiate'
  readonly qmsecmethods?: readonly QuickModeSuite[]
}

export function addFilterAction(
  contents: Contents,
  command: CommandOfKind<'static add filteraction'>,
  context: SessionContext,
): void {
  const { name, description } = command.args
  needNewAction(contents, command, 'name', name)
  const base: FilterActionDraft = {
    id: context.newId(),
    name,
    ...(description === undefined ? {} : { description }),
    isDefaultResponse: false,
    ownerRuleIds: [],
    action: 'permit',
  }
  const draft = withArgs(base, { action: 'negotiate', ...command.args })
  contents.addAction({ draft, object: undefined, isChanged: true, isDamaged: false, users: new Set() })
}

function needNewAction(contents: Contents, command: WithColumns, tag: string, name: string): void {
  if (!contents.actions.has(nameKey(name))) return
  throw refuse(command, tag, 'ACTION_EXISTS', [name], `a filter action "${shown(name)}" is there already`)
}

/** Permit and block carry no offers; an action that comes to negotiate gets the default ones (netsh-ipsec.md 3.6). */
export function withArgs(draft: FilterActionDraft, args: ActionArgs): FilterActionDraft {
  const { id, isDefaultResponse, ownerRuleIds } = draft
  const base = {
    id,
    ...(draft.name === undefined ? {} : { name: draft.name }),
    ...(draft.description === undefined ? {} : { description: draft.description }),
    isDefaultResponse,
    ownerRuleIds,
  }
  const action = args.action ?? draft.action
  if (action !== 'negotiate') return { ...base, action }
  const before = draft.action === 'negotiate' ? draft : undefined
  const hadPfs = before?.offers.some((offer) => offer.perfectForwardSecrecy) ?? false
  const suites: readonly (QuickModeSuite | Offer)[] = args.qmsecmethods ?? before?.offers ?? defaultQuickModeSuites
  return {
    ...base,
    action,
    offers: suites.map((suite) => offerOf(suite, args.qmpfs, hadPfs)),
    acceptUnsecuredInbound: args.inpass ?? before?.acceptUnsecuredInbound ?? false,
    fallBackToClear: args.soft ?? before?.fallBackToClear ?? false,
  }
}

/** Forward secrecy is a property of the action here; an offer that is not touched keeps its own. */
function offerOf(suite: QuickModeSuite | Offer, qmpfs: boolean | undefined, hadPfs: boolean): Offer {
  const own = 'perfectForwardSecrecy' in suite ? suite.perfectForwardSecrecy : hadPfs
  const { algorithms, lifetimeKilobytes, lifetimeSeconds } = suite
  return { algorithms, lifetimeKilobytes, lifetimeSeconds, perfectForwardSecrecy: qmpfs ?? own }
}

export function setFilterAction(contents: Contents, command: CommandOfKind<'static set filteraction'>): void {
  const entry = actionMeant(contents, command)
  needReadable(command, entry, entry.draft.name ?? '')
  const { newname, description } = command.args
  if (newname !== undefined && nameKey(newname) !== nameKey(entry.draft.name ?? '')) {
    needNewAction(contents, command, 'newname', newname)
  }
  if (newname !== undefined) contents.renameAction(entry, newname)
  const described = description === undefined ? entry.draft : { ...entry.draft, description }
  entry.draft = withArgs(described, command.args)
  contents.touchAction(entry)
}

export function deleteFilterAction(contents: Contents, command: CommandOfKind<'static delete filteraction'>): void {
  if (command.keyword === 'all') {
    for (const entry of contents.allActions()) if (entry.users.size === 0) contents.deleteAction(entry)
    return
  }
  const name = command.args.name ?? ''
  const entry = actionNamed(contents, command, 'name', name)
  if (entry.users.size > 0) {
    throw refuse(command, 'name', 'IN_USE', [name], inUse('filter action', name, entry.users.size))
  }
  contents.deleteAction(entry)
}
