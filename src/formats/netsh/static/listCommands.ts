import type { CommandOfKind } from '../table/commandTable.ts'
import { shown } from '../fault.ts'
import { refuse, type WithColumns } from './answer.ts'
import type { SessionContext } from './context.ts'
import type { Contents } from './contents.ts'
import { type ListEntry, nameKey, tableOf } from './entries.ts'
import { field } from './filterTable.ts'
import { listMeant, listNamed, needReadable } from './find.ts'
import { type TrafficArgs, trafficOf } from './traffic.ts'

export function addFilterList(
  contents: Contents,
  command: CommandOfKind<'static add filterlist'>,
  context: SessionContext,
): void {
  const { name, description } = command.args
  needNewList(contents, command, 'name', name)
  newList(contents, name, description, context)
}

function newList(
  contents: Contents,
  name: string,
  description: string | undefined,
  context: SessionContext,
): ListEntry {
  const entry: ListEntry = {
    draft: { id: context.newId(), name, ...(description === undefined ? {} : { description }) },
    filters: [],
    object: undefined,
    isChanged: true,
    isDamaged: false,
    users: new Set(),
  }
  contents.addList(entry)
  return entry
}

function needNewList(contents: Contents, command: WithColumns, tag: string, name: string): void {
  if (!contents.lists.has(nameKey(name))) return
  throw refuse(command, tag, 'LIST_EXISTS', [name], `a filter list "${shown(name)}" is there already`)
}

export function setFilterList(contents: Contents, command: CommandOfKind<'static set filterlist'>): void {
  const entry = listMeant(contents, command)
  needReadable(command, entry, entry.draft.name ?? '')
  const { newname, description } = command.args
  if (newname !== undefined && nameKey(newname) !== nameKey(entry.draft.name ?? '')) {
    needNewList(contents, command, 'newname', newname)
  }
  if (newname !== undefined) contents.renameList(entry, newname)
  if (description !== undefined) entry.draft = { ...entry.draft, description }
  contents.touchList(entry)
}

export function deleteFilterList(contents: Contents, command: CommandOfKind<'static delete filterlist'>): void {
  if (command.keyword === 'all') {
    for (const entry of contents.allLists()) if (entry.users.size === 0) contents.deleteList(entry)
    return
  }
  const name = command.args.name ?? ''
  const entry = listNamed(contents, command, 'name', name)
  if (entry.users.size > 0)
    throw refuse(command, 'name', 'IN_USE', [name], inUse('filter list', name, entry.users.size))
  contents.deleteList(entry)
}

export function inUse(kind: string, name: string, rules: number): string {
  return `the ${kind} "${shown(name)}" is used by ${rules === 1 ? 'a rule' : `${rules} rules`}`
}

/** The list is created when it is not there (netsh-ipsec.md 4.1). Answers what was odd. */
export function addFilter(
  contents: Contents,
  command: CommandOfKind<'static add filter'>,
  context: SessionContext,
): readonly string[] {
  const { filterlist, description } = command.args
  const { traffic, notes } = checkedTraffic(command, command.args)
  const known = contents.lists.get(nameKey(filterlist))
  if (known !== undefined) needReadable(command, known, filterlist)
  const filter = {
    id: context.newId(),
    ...(description === undefined || description === '' ? {} : { description }),
    ...traffic,
  }
  if (known !== undefined && tableOf(known).hasSame(filter)) {
    const what = `the filter list "${shown(filterlist)}" has that filter already`
    throw refuse(command, 'filterlist', 'FILTER_EXISTS', [filterlist], what)
  }
  const list = known ?? newList(contents, filterlist, undefined, context)
  tableOf(list).add(filter)
  contents.touchList(list)
  return notes
}

function checkedTraffic(command: WithColumns, args: TrafficArgs) {
  const reading = trafficOf(args)
  if (reading.ok) return reading
  const { tag, message, what } = reading.mismatch
  throw refuse(command, tag, message, [tag], what)
}

/** Every filter that agrees in the tags given; others narrow nothing (4.5). */
export function deleteFilter(
  contents: Contents,
  command: CommandOfKind<'static delete filter'>,
  context: SessionContext,
): readonly string[] {
  const { args } = command
  const list = listNamed(contents, command, 'filterlist', args.filterlist)
  needReadable(command, list, args.filterlist)
  const { traffic, notes } = checkedTraffic(command, { ...args, ...portsOnly(args) })
  const choice =
    field.source |
    field.destination |
    (args.protocol === undefined ? 0 : field.protocol) |
    (isMaskSaid(args.srcaddr, args.srcmask) ? field.sourceMask : 0) |
    (isMaskSaid(args.dstaddr, args.dstmask) ? field.destinationMask : 0) |
    (args.srcport === undefined ? 0 : field.sourcePort) |
    (args.dstport === undefined ? 0 : field.destinationPort) |
    (args.mirrored === undefined ? 0 : field.mirrored)
  const deleted = tableOf(list).deleteLike({ ...traffic, id: context.newId() }, choice)
  if (deleted === 0) {
    const what = `no filter of "${shown(args.filterlist)}" agrees with the tags`
    throw refuse(command, 'filterlist', 'FILTER_MISSING', [args.filterlist], what)
  }
  contents.touchList(list)
  return notes
}

function isMaskSaid(address: TrafficArgs['srcaddr'], mask: TrafficArgs['srcmask']): boolean {
  return address.kind === 'address' && (mask !== undefined || address.mask !== undefined)
}

/** A port alone finds filters of TCP and of UDP: which of them does not matter for the comparison. */
function portsOnly(args: TrafficArgs): Pick<TrafficArgs, 'protocol'> {
  return args.protocol === undefined ? { protocol: 6 } : {}
}
