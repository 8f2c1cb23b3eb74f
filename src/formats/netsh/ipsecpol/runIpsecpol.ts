import type { Answer } from '../static/answer.ts'
import type { StaticSession } from '../static/staticSession.ts'
import type { StaticCommand } from '../table/commandTable.ts'
import type { MainModeSuite } from '../table/tagTypes.ts'
import type { FilterSpec, FilterUse } from './filterSpec.ts'
import type { IpsecpolLine } from './ipsecpolLine.ts'

/** Main mode methods of a policy that says none (netsh-ipsec.md 9.1) [D]. */
const defaultMainMode: readonly MainModeSuite[] = [
  { encryption: '3des', integrity: 'sha1', group: 'group2' },
  { encryption: '3des', integrity: 'md5', group: 'group2' },
  { encryption: 'des', integrity: 'sha1', group: 'group1' },
  { encryption: 'des', integrity: 'md5', group: 'group1' },
]

/**
 * Runs a line on a store: what it says is what netsh commands would do one after the other. The policy is made when it
 * is not there, and a rule of the same name is replaced. Names of lists and actions are made of the rule's name [?].
 */
export function runIpsecpol(session: StaticSession, line: IpsecpolLine): Answer[] {
  const { policy } = line
  if (policy === undefined) return []
  const answers: Answer[] = []
  const run = (command: Unplaced): boolean => {
    const answer = session.run({ ...command, columns: {} })
    if (answer.fault !== undefined || answer.notes.length > 0) answers.push(answer)
    return answer.fault === undefined
  }
  if (line.deletes) {
    run({ kind: 'static delete policy', args: { name: policy } })
    return answers
  }
  if (session.hasPolicy(policy)) changePolicy(line, policy, run)
  else run(newPolicy(line, policy))
  if (line.filters.some((spec) => spec.kind === 'default')) {
    const { negotiation, authentication } = line
    run({
      kind: 'static set defaultrule',
      args: {
        policy,
        activate: true,
        ...(negotiation.action === 'negotiate' ? { qmsecmethods: negotiation.offers, qmpfs: negotiation.hasPfs } : {}),
      },
      ...(authentication === undefined ? {} : { authentication }),
    })
  }
  for (const use of ['negotiate', 'permit', 'block'] as const) addRule(line, policy, use, session, run)
  if (line.assigns) run({ kind: 'static set policy', args: { name: policy, assign: true } })
  if (line.unassigns) run({ kind: 'static set policy', args: { name: policy, assign: false } })
  return answers
}

/** A command that stands in no line of its own. */
type Unplaced = StaticCommand extends infer C ? (C extends unknown ? Omit<C, 'columns'> : never) : never
type Run = (command: Unplaced) => boolean

function mainModeArgs(line: IpsecpolLine) {
  return {
    ...(line.hasMasterPfs ? { mmpfs: true } : {}),
    ...(line.quickModeLimit === undefined ? {} : { qmpermm: line.quickModeLimit }),
    ...(line.mainModeSeconds === undefined ? {} : { mmlifetime: line.mainModeSeconds / 60 }),
    ...(line.pollingMinutes === undefined ? {} : { pollinginterval: line.pollingMinutes }),
  }
}

/** The default response rule is there, and counts only when a line asks for it by the filter DEFAULT. */
function newPolicy(line: IpsecpolLine, name: string): Unplaced {
  return {
    kind: 'static add policy',
    args: {
      name,
      activatedefaultrule: false,
      mmsecmethods: line.mainMode ?? defaultMainMode,
      ...mainModeArgs(line),
    },
  }
}

function changePolicy(line: IpsecpolLine, name: string, run: Run): void {
  const changes = {
    ...mainModeArgs(line),
    ...(line.mainMode === undefined ? {} : { mmsecmethods: line.mainMode }),
  }
  if (Object.keys(changes).length > 0) run({ kind: 'static set policy', args: { name, ...changes } })
}

const endings: Record<FilterUse, string> = { negotiate: '', permit: ' (pass)', block: ' (block)' }

function addRule(line: IpsecpolLine, policy: string, use: FilterUse, session: StaticSession, run: Run): void {
  const filters = line.filters.filter(
    (spec): spec is Extract<FilterSpec, { kind: 'filter' }> => spec.kind === 'filter' && spec.use === use,
  )
  if (filters.length === 0) return
  const name = `${line.rule ?? policy}${endings[use]}`
  const list = `${name} filter list`
  const action = `${name} filter action`
  if (session.hasRule(policy, name)) {
    run({ kind: 'static delete rule', args: { name, policy } })
    run({ kind: 'static delete filterlist', args: { name: list } })
    run({ kind: 'static delete filteraction', args: { name: action } })
  }
  run({ kind: 'static add filterlist', args: { name: list } })
  for (const { traffic } of filters) run({ kind: 'static add filter', args: { filterlist: list, ...traffic } })
  const { negotiation } = line
  run({
    kind: 'static add filteraction',
    args:
      use !== 'negotiate'
        ? { name: action, action: use }
        : {
            name: action,
            action: negotiation.action,
            qmsecmethods: negotiation.offers,
            qmpfs: negotiation.hasPfs,
            inpass: negotiation.inpass,
            soft: line.isSoft,
          },
  })
  run({
    kind: 'static add rule',
    args: {
      name,
      policy,
      filterlist: list,
      filteraction: action,
      conntype: line.connectionType,
      ...(line.tunnel === undefined ? {} : { tunnel: line.tunnel }),
    },
    ...(line.authentication === undefined ? {} : { authentication: line.authentication }),
  })
}
