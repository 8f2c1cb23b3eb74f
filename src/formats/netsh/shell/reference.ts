import { commandTable } from '../table/commandTable.ts'
import { type MessageRow, messageTable } from '../table/messages.ts'
import type { TagRow } from '../table/tagTypes.ts'
import { shellTable } from './contexts.ts'

/** Reference page of the netsh ipsec language, as Markdown, made from the tables. */
export function netshReferenceMarkdown(): string {
  const parts = [
    '# The netsh ipsec language',
    '',
    'Contexts, commands, tags and messages, as polagent understands them.',
  ]
  for (const context of ['static', 'dynamic']) {
    parts.push('', `## netsh ipsec ${context}`)
    for (const row of commandTable) {
      if (!row.kind.startsWith(`${context} `)) continue
      parts.push('', `### ${row.kind.slice(context.length + 1)}`, '', row.help)
      if (row.tags.length > 0) {
        parts.push('', '| tag | value | default | meaning |', '| --- | --- | --- | --- |')
        for (const tag of row.tags) parts.push(tagLine(tag, row.needsOne ?? []))
      }
      if (row.keywords !== undefined) {
        const words = row.keywords.map((word) => `\`${word}\``).join(', ')
        parts.push('', `In the place of the first tag: ${words}.`)
      }
      for (const remark of row.remarks ?? []) parts.push('', remark)
      parts.push('', '```', ...row.examples, '```')
    }
  }
  parts.push('', '## In every context', '', '| command | does |', '| --- | --- |')
  for (const { verb, object, takes, help } of shellTable) {
    const words = [verb, object, takes].filter((word) => word !== undefined && word !== '').join(' ')
    parts.push(`| \`${cell(words)}\` | ${cell(help)} |`)
  }
  parts.push('', '## Messages', '', 'Codes from 05901 on are of polagent; Windows has other numbers for them.', '')
  parts.push('| code | text |', '| --- | --- |')
  for (const { code, text } of Object.values<MessageRow>(messageTable)) {
    parts.push(`| ${code === undefined ? '' : String(code).padStart(5, '0')} | ${cell(text)} |`)
  }
  return `${parts.join('\n')}\n`
}

function tagLine(tag: TagRow, needsOne: readonly string[]): string {
  const need = tag.required === true ? ' (required)' : needsOne.includes(tag.name) ? ' (one of these)' : ''
  const value = tag.type === 'word' ? (tag.words ?? []).join(', ') : tag.type
  return `| \`${tag.name}\`${need} | ${cell(value)} | ${cell(tag.default ?? '')} | ${cell(tag.help)} |`
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll('<', '&lt;')
}
