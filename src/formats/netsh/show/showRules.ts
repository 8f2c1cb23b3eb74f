import { formatIp } from '../../../policy/ip.ts'
import type { AuthenticationMethod, Policy, Rule } from '../../../policy/model.ts'
import { labels } from '../table/labels.ts'
import { type Line, linesText, oneLine, rowText, underlined } from './layout.ts'
import type { Look } from './showContext.ts'
import { actionText } from './showActions.ts'
import { changedText, headText, listText } from './showLists.ts'
import { textOrNone, yesNo } from './words.ts'

const labelWidth = 25
const tableWidths = [4, 24, 20, 20, 9] as const

export interface NumberedRule {
  readonly number: number
  readonly rule: Rule
}

/** Rules with the numbers `id` means: the default response rule comes last [?]. */
export function numberedRules(policy: Policy): NumberedRule[] {
  const rules = [
    ...policy.rules.filter((rule) => !rule.isDefaultResponse),
    ...policy.rules.filter((rule) => rule.isDefaultResponse),
  ]
  return rules.map((rule, index) => ({ number: index + 1, rule }))
}

/** Rules as netsh-ipsec.md 6.5 has them. */
export function rulesText(rules: readonly NumberedRule[], look: Look): string {
  const tunnels = rules.filter(({ rule }) => rule.isTunnel).length
  const counts = `${labels.rule.tunnelCount} : ${tunnels}, ${labels.rule.transportCount} : ${rules.length - tunnels}`
  const count = `${labels.rule.count} : ${rules.length} (${counts})\n\n`
  if (look.isTable) {
    const rows = rules.map(({ number, rule }) =>
      rowText(
        [String(number), textOrNone(rule.name), listNames(rule), actionName(rule), yesNo(rule.isActive)],
        look.isWide,
        tableWidths,
      ),
    )
    return `\n${headText(labels.rule.table, tableWidths)}${rows.join('')}\n${count}`
  }
  return `\n${rules.map((rule) => `${ruleText(rule, look)}\n`).join('')}${count}`
}

/** One rule, without a blank line at its end. */
export function ruleText({ number, rule }: NumberedRule, look: Look): string {
  const words = labels.rule
  const lines: Line[] = [
    [words.id, `${number}, ${words.guid} = ${rule.id.toUpperCase()}`],
    [words.name, textOrNone(rule.name)],
    [words.description, textOrNone(rule.description)],
    [words.changed, changedText(rule.object, look)],
    [words.activated, yesNo(rule.isActive)],
    [words.connection, labels.connections[rule.connectionType]],
  ]
  if (rule.isTunnel) lines.push([words.tunnel, tunnelText(rule)])
  if (!look.isVerbose) {
    lines.push([words.list, rule.isDefaultResponse ? labels.none : listNames(rule)], [words.action, actionName(rule)])
  }
  const text = `${linesText(lines, labelWidth, look.isWide)}${methodsText(rule, look)}`
  return look.isVerbose ? `${text}${detailsText(rule, look)}` : text
}

function tunnelText(rule: Rule): string {
  const address = rule.tunnelEndpoint === undefined ? undefined : formatIp(rule.tunnelEndpoint)
  return textOrNone(address ?? rule.tunnelEndpointName)
}

function listNames(rule: Rule): string {
  if (rule.filterLists.length === 0) return rule.isDefaultResponse ? labels.none : labels.rule.missing
  return rule.filterLists.map((list) => textOrNone(list.name)).join(', ')
}

function actionName(rule: Rule): string {
  return rule.filterAction === undefined ? labels.rule.missing : textOrNone(rule.filterAction.name)
}

function methodsText(rule: Rule, look: Look): string {
  const lines = rule.authentication.flatMap((method) => methodLines(method, look))
  return `${labels.rule.authentication}(${rule.authentication.length})\n${lines.map((line) => `        ${line}\n`).join('')}`
}

function methodLines(method: AuthenticationMethod, look: Look): string[] {
  const words = labels.methods
  switch (method.kind) {
    case 'kerberos':
      return [words.kerberos]
    case 'preshared-key': {
      const key = look.context.showsKeys === true ? oneLine(method.key.reveal()) : labels.hiddenKey
      return [`${words['preshared-key']}     : ${key}`]
    }
    case 'certificate':
      return [
        `${words.certificate}           : ${oneLine(method.authority)}`,
        `${words.mapping} : ${yesNo(method.certificateMapping)}`,
        `${words.exclude}   : ${yesNo(method.excludeAuthorityName)}`,
      ]
  }
}

function detailsText(rule: Rule, look: Look): string {
  const lists = rule.isDefaultResponse
    ? `\n${labels.rule.noList}\n`
    : rule.filterLists.map((list) => `\n${listText(list, look)}`).join('')
  const missing = !rule.isDefaultResponse && rule.filterLists.length === 0 ? `\n${labels.rule.missing}\n` : ''
  const action = rule.filterAction === undefined ? `${labels.rule.missing}\n` : actionText(rule.filterAction, look)
  return `\n${underlined(labels.rule.listDetails)}${lists}${missing}\n${underlined(labels.rule.actionDetails)}\n${action}`
}
