import type { MainMode, Policy } from '../../../policy/model.ts'
import { labels } from '../table/labels.ts'
import { type Line, linesText, rowText, underlined } from './layout.ts'
import type { Look } from './showContext.ts'
import { changedText, headText } from './showLists.ts'
import { numberedRules, ruleText } from './showRules.ts'
import { storeText, textOrNone, yesNo } from './words.ts'

const labelWidth = 24
const tableWidths = [36, 6, 24, 8] as const
const methodWidths = [16, 16, 12] as const

/** Policies as netsh-ipsec.md 6.2 has them. */
export function policiesText(policies: readonly Policy[], look: Look): string {
  const count = `${labels.policy.count} : ${policies.length}`
  if (look.isTable && !look.isVerbose) {
    const rows = policies.map((policy) =>
      rowText(
        [
          policy.name,
          String(policy.rules.length + policy.missingRules.length),
          changedText(policy.object, look),
          yesNo(policy.isAssigned),
        ],
        look.isWide,
        tableWidths,
      ),
    )
    // Four lines before the first row and five after the last: programs that read the table count on it.
    return `\n${headText(labels.policy.table, tableWidths)}\n${rows.join('')}\n${count}\n\n\n`
  }
  return `\n${policies.map((policy) => `${policyText(policy, look)}\n`).join('')}${count}\n\n`
}

function policyText(policy: Policy, look: Look): string {
  const words = labels.policy
  const isVerbose = look.isVerbose
  const lines: Line[] = [
    [words.name, textOrNone(policy.name)],
    [words.description, textOrNone(policy.description)],
    ...(isVerbose ? [[words.store, storeText(look.area, look.context.machine)] as const] : []),
    [words.changed, changedText(policy.object, look)],
    ...(isVerbose ? [[words.guid, policy.id.toUpperCase()] as const] : []),
    [words.assigned, yesNo(policy.isAssigned)],
    [words.pfs, policy.mainMode === undefined ? labels.none : yesNo(policy.mainMode.perfectForwardSecrecy)],
    [words.polling, `${minutesOf(policy.pollingIntervalSeconds)} ${words.minutes}`],
  ]
  if (!isVerbose) return linesText(lines, labelWidth, look.isWide)
  if (policy.mainMode !== undefined) {
    const { lifetimeSeconds, quickModeLimit } = policy.mainMode
    const limit = `${minutesOf(lifetimeSeconds)} ${words.minutes} / ${quickModeLimit} ${words.quickModes}`
    lines.push([words.mainMode, limit])
  }
  const head = linesText(lines, labelWidth, look.isWide)
  const methods = policy.mainMode === undefined ? '' : `\n${methodsText(policy.mainMode)}`
  const count = linesText([[words.rules, String(policy.rules.length)]], labelWidth, true)
  const rules = numberedRules(policy)
    .map((rule) => `\n${ruleText(rule, { ...look, isTable: false })}`)
    .join('')
  return `${head}${methods}\n${count}${rules === '' ? '' : `\n${underlined(words.details)}${rules}`}`
}

function minutesOf(seconds: number): string {
  return String(Math.round((seconds / 60) * 100) / 100)
}

function methodsText(mainMode: MainMode): string {
  const heads = labels.policy.methodColumns
  return [
    `${labels.policy.methods}\n`,
    line(heads),
    line(heads.map((head) => '-'.repeat(head.length))),
    ...mainMode.offers.map((offer) =>
      line([offer.encryption.toUpperCase(), offer.integrity.toUpperCase(), labels.groups[offer.group]]),
    ),
  ].join('')
}

function line(cells: readonly string[]): string {
  return `${cells
    .map((cell, index) => cell.padEnd(methodWidths[index] ?? 0))
    .join('')
    .trimEnd()}\n`
}
