import { upperGuid } from '../base/guid.ts'
import { actionText, authenticationText, mainModeOfferText, offerText } from '../policy/actionWords.ts'
import { filterText } from '../policy/filterWords.ts'
import { formatIp } from '../policy/ip.ts'
import type { ConnectionType, FilterAction, FilterList, Policy, PolicyArea, Rule } from '../policy/model.ts'
import type { StoreArea } from '../policy/storedObject.ts'
import { durationText } from './durationText.ts'
import { printable } from './printable.ts'

export const areaTitle: Record<StoreArea, string> = {
  persistent: 'persistent store',
  local: 'local store',
  cache: 'cached copy of the directory policy',
  directory: 'directory',
}

/** A line of a tree and what hangs below it. */
interface Node {
  readonly text: string
  readonly children?: readonly Node[]
}

/** A policy as a tree for people. */
export function policyTree(policy: Policy): string {
  return drawn(policyNode(policy))
}

/** Lists and actions that no policy of the area uses; nothing when there are none. */
export function unusedTree(area: PolicyArea): string {
  const rules = area.policies.flatMap((policy) => policy.rules)
  const usedLists = new Set(rules.flatMap((rule) => rule.filterLists))
  const usedActions = new Set(rules.map((rule) => rule.filterAction))
  const children = [
    ...area.filterLists.filter((list) => !usedLists.has(list)).map(filterListNode),
    ...area.filterActions.filter((action) => !usedActions.has(action)).map(filterActionNode),
  ]
  return children.length === 0 ? '' : drawn({ text: `Not used by any rule of the ${areaTitle[area.area]}`, children })
}

function policyNode(policy: Policy): Node {
  const mark = policy.isAssigned ? ', assigned' : ''
  return {
    text: `Policy ${quoted(policy.name)}${mark}  ${upperGuid(policy.id)}, ${areaTitle[policy.area]}`,
    children: [
      ...described(policy.description),
      ...policy.problems.map((problem) => ({ text: `Cannot be used: ${printable(problem.message)}` })),
      { text: `Checked for changes every ${durationText(policy.pollingIntervalSeconds)}` },
      ...mainModeNodes(policy),
      ...policy.rules.map(ruleNode),
      ...policy.missingRules.map((reference) => ({ text: `Missing rule ${printable(reference)}` })),
    ],
  }
}

function mainModeNodes(policy: Policy): Node[] {
  const { mainMode } = policy
  if (mainMode === undefined) return [{ text: 'Main mode settings are missing or cannot be read' }]
  const traits = [
    `new key after ${durationText(mainMode.lifetimeSeconds)}`,
    ...(mainMode.quickModeLimit === 0 ? [] : [`or ${mainMode.quickModeLimit} quick modes`]),
    ...(mainMode.perfectForwardSecrecy ? ['master key perfect forward secrecy'] : []),
    ...(mainMode.certificateMapping ? ['certificates mapped to accounts'] : []),
    ...(mainMode.noCertificateRequest ? ['no certificate requests'] : []),
  ]
  const offers = mainMode.offers.map((offer) => ({ text: mainModeOfferText(offer) }))
  return [{ text: `Main mode: ${traits.join(', ')}`, children: offers }]
}

function ruleNode(rule: Rule): Node {
  const name = rule.name === undefined ? '' : ` ${quoted(rule.name)}`
  const title = rule.isDefaultResponse ? `Default response rule${name}` : `Rule${name}`
  return {
    text: `${title}${rule.isActive ? '' : ' (not active)'}  ${upperGuid(rule.id)}`,
    children: [
      ...described(rule.description),
      ...rule.problems.map((problem) => ({ text: `Cannot be used: ${printable(problem.message)}` })),
      ...rule.filterLists.map(filterListNode),
      ...(rule.filterAction === undefined ? [] : [filterActionNode(rule.filterAction)]),
      ...authenticationNodes(rule),
      ...tunnelNodes(rule),
      ...connectionNodes(rule.connectionType, rule.interfaceName),
    ],
  }
}

function filterListNode(list: FilterList): Node {
  const count = list.filters.length === 1 ? '1 filter' : `${list.filters.length} filters`
  return {
    text: `Filter list${list.name === undefined ? '' : ` ${quoted(list.name)}`}: ${count}`,
    children: [
      ...described(list.description),
      ...list.problems.map((problem) => ({ text: `Cannot be read: ${printable(problem.message)}` })),
      ...list.filters.map((filter) => ({
        text:
          printable(filterText(filter)) +
          (filter.description === undefined ? '' : ` (${printable(filter.description)})`),
      })),
    ],
  }
}

function filterActionNode(action: FilterAction): Node {
  const name = action.name === undefined ? '' : ` ${quoted(action.name)}`
  return {
    text: `Filter action${name}: ${actionText(action)}`,
    children: [
      ...described(action.description),
      ...action.problems.map((problem) => ({ text: `Cannot be used: ${printable(problem.message)}` })),
      ...(action.action === 'negotiate' ? action.offers.map((offer) => ({ text: offerText(offer) })) : []),
    ],
  }
}

/** Authentication matters to rules that negotiate; stores carry it for the others too. */
function authenticationNodes(rule: Rule): Node[] {
  if (rule.authentication.length === 0 || rule.filterAction?.action !== 'negotiate') return []
  const methods = rule.authentication.map((method) => printable(authenticationText(method)))
  return [{ text: `Authentication: ${methods.join(', else ')}` }]
}

function tunnelNodes(rule: Rule): Node[] {
  if (!rule.isTunnel) return []
  const endpoint = rule.tunnelEndpoint === undefined ? undefined : formatIp(rule.tunnelEndpoint)
  const name = rule.tunnelEndpointName === undefined ? undefined : printable(rule.tunnelEndpointName)
  const text = [endpoint, name === undefined ? undefined : `[${name}]`].filter((part) => part !== undefined).join(' ')
  return [{ text: `Tunnel to ${text === '' ? 'no endpoint' : text}` }]
}

const connectionTitle: Record<ConnectionType, string | undefined> = {
  all: undefined,
  lan: 'Applies to local area network connections only',
  dialup: 'Applies to remote access connections only',
}

function connectionNodes(type: ConnectionType, interfaceName: string | undefined): Node[] {
  const title = connectionTitle[type]
  return [
    ...(title === undefined ? [] : [{ text: title }]),
    ...(interfaceName === undefined ? [] : [{ text: `Interface ${quoted(interfaceName)}` }]),
  ]
}

function described(description: string | undefined): Node[] {
  return description === undefined ? [] : [{ text: printable(description) }]
}

export function quoted(name: string): string {
  return `"${printable(name)}"`
}

function drawn(root: Node): string {
  const lines = [root.text]
  drawChildren(root.children ?? [], '', lines)
  return `${lines.join('\n')}\n`
}

function drawChildren(nodes: readonly Node[], indent: string, lines: string[]): void {
  for (const [index, node] of nodes.entries()) {
    const isLast = index === nodes.length - 1
    lines.push(`${indent}${isLast ? '└─ ' : '├─ '}${node.text}`)
    drawChildren(node.children ?? [], `${indent}${isLast ? '   ' : '│  '}`, lines)
  }
}
