import { type Argument, Command, type Option } from 'commander'
import { type ErrorRow, errorTable } from '../src/base/errorTable.ts'
import { commandGroupTitle, type CommandRow, commandTable } from '../src/cli/commandTable.ts'
import type { Io } from '../src/cli/io.ts'
import { errorReferenceMarkdown, eventReferenceMarkdown } from '../src/events/index.ts'
import { processingTable } from '../src/engine/index.ts'
import { ldifFindingTable } from '../src/formats/ldif/index.ts'
import { mixedBatchFindingTable } from '../src/formats/mixedBatch.ts'
import { netshFindingTable, netshReferenceMarkdown } from '../src/formats/netsh/index.ts'
import { documentFindingTable, policyDocumentSchema } from '../src/formats/policy-document/index.ts'
import { batchFindingTable } from '../src/formats/reg-batch/index.ts'
import { regFindingTable } from '../src/formats/reg/index.ts'
import { hiveFindingTable } from '../src/formats/regf/index.ts'
import { textFindingTable } from '../src/formats/text/index.ts'
import { integrityTable } from '../src/policy/integrityTable.ts'

/** Pages made from the tables the program itself uses, by path below the checkout. */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['docs/commands.md', await commandsPage()],
    ['docs/errors.md', errorsPage()],
    ['docs/findings.md', findingsPage()],
    ['docs/reference/events.md', eventReferenceMarkdown()],
    ['docs/reference/error-codes.md', errorReferenceMarkdown()],
    ['docs/reference/netsh.md', netshReferenceMarkdown()],
    ['docs/schema/policy-document.schema.json', `${JSON.stringify(policyDocumentSchema(), null, 2)}\n`],
  ])
}

const made = '<!-- Made by script/generate-docs.ts from the tables in src; do not edit. -->\n'

const exitStatuses: readonly (readonly [number, string])[] = [
  [0, 'done'],
  [1, 'done, and something was found'],
  [2, 'wrong usage'],
  [3, 'the input could not be read'],
  [4, 'the system refused'],
  [5, 'no agent is running'],
]

async function commandsPage(): Promise<string> {
  const parts = [`# Commands\n\n${made}\n${sourceText}`]
  for (const [group, title] of Object.entries(commandGroupTitle)) {
    const rows = commandTable.filter((row) => row.group === group && row.isHidden !== true)
    if (rows.length === 0) continue
    parts.push(`## ${title.replace(/:$/, '')}\n`)
    for (const row of rows) parts.push(await commandSection(row))
  }
  parts.push(`## Exit status\n\n${table(['status', 'meaning'], exitStatuses)}`)
  return parts.join('\n')
}

const sourceText = `\`SOURCE\` is a file, whose format is recognised by its content and never by its name (registry hive, \`.reg\` text in
any encoding, batch file with \`reg add\` or netsh lines, script for \`netsh -f\`, \`.ipsec\` export, LDIF, policy document in
JSON or YAML), \`-\` for standard input, or \`local\` for this computer's store (\`./local\` is a file of that name). Transaction logs beside a hive (\`X.LOG\`,
\`X.LOG1\`, \`X.LOG2\`) are used when the hive needs them.

Output is for people; \`--json\` prints one document on standard output and nothing else there. Its \`version\` changes when
its shape does; the shapes are in [schema/](schema/). When a command fails, \`--json\` prints
[a document with one finding](schema/failure.schema.json). Everything else is said on standard error.
`

/** Nothing is run: defining a command touches nothing. */
const noIo = {} as Io

async function commandSection(row: CommandRow): Promise<string> {
  const command = new Command(row.name)
  const module = await row.load()
  module.define(command, noIo)
  const usage = ['polagent', row.name, ...command.registeredArguments.map(argumentUsage), '[options]'].join(' ')
  const rows = [
    ...command.registeredArguments.map((argument) => [argumentUsage(argument), argumentText(argument)] as const),
    ...command.options.filter((option) => !option.hidden).map((option) => [option.flags, optionText(option)] as const),
  ]
  const options =
    rows.length === 0
      ? ''
      : `\n${table(
          ['', ''],
          rows.map(([flags, text]) => [code(flags), text]),
        )}`
  const examples = (module.examples ?? []).map((example) => `\n- ${code(example.line)}: ${example.does}`).join('')
  const notes = module.notes === undefined ? '' : `\n${module.notes}\n`
  return `### ${row.name}\n\n${row.summary}.\n\n    ${usage}\n${options}${notes}${examples === '' ? '' : `${examples}\n`}`
}

function argumentUsage(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`
  return argument.required ? `<${name}>` : `[${name}]`
}

function argumentText(argument: Argument): string {
  return withChoices(argument.description, argument.argChoices)
}

function optionText(option: Option): string {
  const text = withChoices(option.description, option.argChoices)
  return option.defaultValue === undefined ? text : `${text}; default ${String(option.defaultValue)}`
}

function withChoices(text: string, choices: readonly string[] | undefined): string {
  if (choices === undefined || choices.every((choice) => text.includes(choice))) return text
  return `${text}: ${choices.join(', ')}`
}

function errorsPage(): string {
  const rows = Object.entries<ErrorRow>(errorTable).map(([name, row]) => [
    code(name),
    `${row.title}. ${row.advice}`,
    row.exit,
    row.win32 ?? '',
  ])
  return `# Errors

${made}
A command that cannot go on says one sentence, the code below in brackets, and what to do, and ends with the exit status
given here. The last column is the Win32 code that audit events carry for the same failure; \`polagent helpmsg\` explains it.
\`POLAGENT_DEBUG=1\` adds the place in the program where it happened.

${table(['code', 'meaning and advice', 'exit', 'Win32'], rows)}`
}

/** What all tables of findings have in common. */
interface FindingRow {
  readonly severity: string
  readonly title: string
  readonly advice: string
  readonly win32?: number
}

const findingTables: readonly (readonly [string, string, Readonly<Record<string, FindingRow>>])[] = [
  ['Policy objects', 'In stores of any format.', integrityTable],
  [
    'Processing',
    'When the rules of a policy are processed for a host (`rules`, `explain`, the agent).',
    processingTable,
  ],
  ['Registry hives', 'About the file, and about keys and values in it.', hiveFindingTable],
  ['Registry text', 'In `.reg` files.', regFindingTable],
  ['Batch files', 'In files with lines of `reg add`.', batchFindingTable],
  ['Batch files of two kinds', 'In files with lines of both `reg add` and netsh.', mixedBatchFindingTable],
  [
    'netsh scripts',
    'In scripts for `netsh -f` and batch files that call netsh; and in writing them.',
    netshFindingTable,
  ],
  ['LDIF', 'In exports of a directory.', ldifFindingTable],
  ['Policy documents', 'In JSON and YAML.', documentFindingTable],
  ['Text', 'About the encoding of any text.', textFindingTable],
]

function findingsPage(): string {
  const parts = findingTables.map(([title, about, rows]) => {
    const cells = Object.entries(rows).map(([name, row]) => [
      code(name),
      row.severity,
      `${row.title}. ${row.advice}`,
      row.win32 ?? '',
    ])
    return `## ${title}\n\n${about}\n\n${table(['code', 'severity', 'meaning and advice', 'Win32'], cells)}`
  })
  return `# Findings

${made}
\`polagent check\` reports these. Errors and warnings make its exit status 1; remarks (info) do not. A rule or policy with an
error is treated as failed, never as absent; the last column is the Win32 code its event then carries.

${parts.join('\n')}`
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return tableLine(head) + tableLine(head.map(() => '---')) + rows.map(tableLine).join('')
}

function tableLine(cells: readonly (string | number)[]): string {
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |\n`
}

function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}
