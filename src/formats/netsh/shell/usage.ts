import { rowOf } from '../table/commandTable.ts'
import type { CommandRow, TagRow } from '../table/tagTypes.ts'
import { type ContextPath, entriesOf, lineage } from './contexts.ts'
import type { HelpTopic } from './interpreter.ts'

const typeWords: Record<TagRow['type'], string> = {
  name: '<string>',
  text: '<string>',
  file: '<path>',
  'yes-no': '(yes | no)',
  number: '<integer>',
  port: '<port>',
  guid: '<guid>',
  protocol: '(ANY | ICMP | TCP | UDP | RAW | <integer>)',
  address: '<address>',
  mask: '<mask>',
  endpoint: '<address>',
  'main-mode-methods': '"method method …"',
  'quick-mode-methods': '"offer offer …"',
  word: '',
  kerberos: '(yes | no)',
  psk: '<key>',
  rootca: '"<name> certmap:(yes | no) excludecaname:(yes | no)"',
}

/** Answer to a request for help, with a line break at its end. */
export function helpText(topic: HelpTopic): string {
  switch (topic.kind) {
    case 'context':
      return contextHelp(topic.context)
    case 'verb':
      return verbHelp(topic.context, topic.verb)
    case 'command':
      return usageText(topic.command)
    case 'shell': {
      const { verb, object, takes, help } = topic.row
      const words = [verb, object, takes].filter((word) => word !== undefined && word !== '')
      return `\nUsage: ${words.join(' ')}\n\n  ${help}\n\n`
    }
  }
}

/** What follows `?` after a command, and what a wrong tag prints. */
export function usageText(kind: string): string {
  const row = rowOf(kind)
  const [, verb = '', object] = kind.split(' ')
  const lines = [
    `Usage:`,
    `  ${object ?? verb}${row.tags.length === 0 ? '' : ' '}${synopsisOf(row)}`,
    '',
    `  ${row.help}`,
  ]
  if (row.tags.length > 0) {
    lines.push('', 'Parameters:', '', '  Tag                   Value')
    for (const tag of row.tags) lines.push(`  ${tag.name.padEnd(20)} - ${tag.help}${boundsOf(tag)}`)
  }
  if (row.remarks !== undefined) lines.push('', 'Remarks:', ...row.remarks.map((remark) => `  ${remark}`))
  lines.push('', 'Examples:', ...row.examples.map((example, index) => `  ${index + 1}. ${example}`))
  return `\n${lines.join('\n')}\n\n`
}

/** `[ name = ] <string> [ [ description = ] <string> ]`, a line for each tag. */
function synopsisOf(row: CommandRow): string {
  const parts: string[] = []
  for (let index = 0; index < row.tags.length; index += 1) {
    const tag = row.tags[index] as TagRow
    const words = [tagSynopsis(tag)]
    while (row.tags[index + 1]?.insteadOf !== undefined && row.tags[index + 1]?.insteadOf === tag.name) {
      index += 1
      words.push(tagSynopsis(row.tags[index] as TagRow))
    }
    if (parts.length === 0) words.push(...(row.keywords ?? []))
    const isOptional = tag.required !== true && !(row.needsOne?.includes(tag.name) ?? false)
    const choice = words.length > 1 ? `( ${words.join(' | ')} )` : (words[0] ?? '')
    parts.push(isOptional ? `[ ${choice} ]` : choice)
  }
  return parts.join('\n      ')
}

function tagSynopsis(tag: TagRow): string {
  const value = tag.type === 'word' ? `(${(tag.words ?? []).join(' | ')})` : typeWords[tag.type]
  return tag.repeatable === true ? `${tag.name} = ${value}` : `[ ${tag.name} = ] ${value}`
}

function boundsOf(tag: TagRow): string {
  const range = tag.type === 'number' && tag.least !== undefined ? ` ${tag.least} to ${tag.most ?? ''}.` : ''
  return `${range}${tag.default === undefined ? '' : ` Default: ${tag.default}.`}`
}

function contextHelp(context: ContextPath): string {
  const parts = lineage(context).map((path, index) => {
    const title =
      index === 0
        ? 'Commands in this context:'
        : `Commands inherited from the netsh ${path} context:`.replace('  ', ' ')
    const lines = entriesOf(path).flatMap((entry) => {
      if (entry.kind === 'context') return [helpLine(entry.word, entry.help)]
      const [only] = entry.rows
      if (only !== undefined && only.object === undefined) return [helpLine(entry.word, only.help)]
      return entry.rows.map((row) => helpLine(`${entry.word} ${row.object ?? ''}`, row.help))
    })
    return `${title}\n${lines.join('\n')}\n`
  })
  return `\n${parts.join('\n')}\nTo see help for a command, type the command, a blank, and then ?\n\n`
}

function verbHelp(context: ContextPath, verb: string): string {
  const entry = entriesOf(context).find((candidate) => candidate.word === verb)
  const rows = entry?.kind === 'verb' ? entry.rows : []
  const lines = rows.map((row) => helpLine(`${verb} ${row.object ?? ''}`, row.help))
  return `\nCommands in this context:\n${lines.join('\n')}\n\n`
}

function helpLine(command: string, help: string): string {
  return `${command.padEnd(26)} - ${help}`
}
