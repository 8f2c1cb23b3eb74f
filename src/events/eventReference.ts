import { type EventDefinition, eventDefinitions } from './catalogue.ts'
import { auditSubcategories, eventHeader } from './eventHeaders.ts'
import { eventText } from './eventText.ts'
import { errorGuidance, familyGuidance, type ErrorGuidance } from './errorGuidance.ts'
import { hresultOfWin32, ldapResults, win32Error } from './win32Errors.ts'

/** The page docs/reference/events.md: every event of the catalogue, those of the agent with their guidance. */
export function eventReferenceMarkdown(): string {
  const newest = newestDefinitions()
  const own = newest.filter((event) => event.when !== undefined)
  const others = newest.filter((event) => event.when === undefined)
  return [
    '# Events',
    '',
    'Made from the catalogue in src/events; do not edit. All events are of the Security log, provider',
    'Microsoft-Windows-Security-Auditing. Fields are strings unless another type is named.',
    '',
    '## The IPsec policy agent and its service',
    '',
    ...own.flatMap(eventSection),
    '## Neighbours',
    '',
    '| Event | Result | Subcategory | Message |',
    '| --- | --- | --- | --- |',
    ...others.map((event) => `| ${event.id} | ${resultOf(event)} | ${subcategoryOf(event)} | ${firstLine(event)} |`),
    '',
  ].join('\n')
}

function newestDefinitions(): readonly EventDefinition[] {
  const byId = new Map<number, EventDefinition>()
  for (const event of eventDefinitions()) byId.set(event.id, event)
  return [...byId.values()].toSorted((a, b) => a.id - b.id)
}

function eventSection(event: EventDefinition): readonly string[] {
  const fields = event.fields.map(({ name, type }) => (type === 'UnicodeString' ? name : `${name} (${type})`))
  const older = event.pastoreText === undefined ? [] : [`Vista and Server 2008: ${firstLine(event, 'pastore')}`, '']
  return [
    `### ${event.id}`,
    '',
    firstLine(event),
    '',
    ...older,
    `- ${resultOf(event)}, ${subcategoryOf(event)}`,
    `- Fields: ${fields.length === 0 ? 'none' : fields.join(', ')}`,
    ...(event.when === undefined ? [] : [`- When: ${markdownText(event.when)}`]),
    ...(event.causes === undefined ? [] : [`- Causes: ${markdownText(event.causes)}`]),
    ...(event.actions === undefined ? [] : [`- What to do: ${markdownText(event.actions)}`]),
    ...(event.resultNote === undefined ? [] : [`- Note: ${markdownText(event.resultNote)}`]),
    '',
  ]
}

function firstLine(event: EventDefinition, wording: 'policy-agent' | 'pastore' = 'policy-agent'): string {
  const lines = eventText(event.id, [], wording).split('\n')
  return markdownText((lines[0] ?? '').replaceAll('\t', ' '))
}

function resultOf(event: EventDefinition): string {
  const { result } = eventHeader(event.id)
  return result === undefined ? 'result not known' : `Audit ${result}`
}

function subcategoryOf(event: EventDefinition): string {
  const { subcategory } = eventHeader(event.id)
  return subcategory === undefined ? 'subcategory not known' : auditSubcategories[subcategory].name
}

/** The page docs/reference/error-codes.md: codes an agent meets, with cause, fix and check. */
export function errorReferenceMarkdown(): string {
  return [
    '# Error codes',
    '',
    'Made from the tables in src/events; do not edit. `polagent helpmsg N` tells the same, and the text of every other',
    'code of Windows. "Documented" means that a Microsoft page or the text of the code says so, "inferred" that it is our',
    'reading.',
    '',
    ...errorGuidance.flatMap((row) => [`## ${row.codes.join(', ')}`, '', ...row.codes.map(codeLine), '', ...told(row)]),
    '## Families',
    '',
    'What is told of codes that have no entry of their own.',
    '',
    ...Object.entries(familyGuidance).flatMap(([family, guidance]) => [`### ${family}`, '', ...told(guidance)]),
    '## LDAP results',
    '',
    '| Result | Names | Windows code |',
    '| --- | --- | --- |',
    ...ldapResults().map(({ code, names, win32 }) => {
      const mapped = win32 === undefined ? 'none' : `${win32} ${win32Error(win32)?.name ?? ''}`.trim()
      return `| ${code} | ${names.join(', ')} | ${mapped} |`
    }),
    '',
  ].join('\n')
}

function codeLine(code: number): string {
  const error = win32Error(code)
  const hresult = hresultOfWin32(code).toString(16).toUpperCase().padStart(8, '0')
  return `- ${code} ${error?.name ?? ''} (0x${hresult}): ${markdownText(error?.text ?? '')}`
}

function told(guidance: ErrorGuidance): readonly string[] {
  return [
    `Cause: ${markdownText(guidance.cause)} (${guidance.basis === 'infer' ? 'inferred' : 'documented'})`,
    '',
    'Fix:',
    '',
    ...guidance.fix.map((step, index) => `${index + 1}. ${markdownText(step)}`),
    '',
    'Check:',
    '',
    ...guidance.check.map((step, index) => `${index + 1}. ${markdownText(step)}`),
    '',
  ]
}

/** Text that keeps its characters in Markdown; what is in back quotes is code already. */
function markdownText(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? `\`${part}\`` : part.replaceAll(/[\\*_<>[\]|]/g, String.raw`\$&`)))
    .join('')
}
