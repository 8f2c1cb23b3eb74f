import type { Command } from 'commander'
import {
  addressSetText,
  type ExpandedFilter,
  type ExpandedPolicy,
  type FilterTrouble,
  ruleTitle,
  weightText,
} from '../../engine/index.ts'
import { trafficText } from '../../policy/filterWords.ts'
import { formatIp } from '../../policy/ip.ts'
import type { CommandModule } from '../commandTable.ts'
import { expandedFilterJson, processingJson } from '../filterJson.ts'
import { findingText, findingsHint } from '../findingText.ts'
import type { Io } from '../io.ts'
import { addSourceOptions } from '../options.ts'
import { jsonVersion } from '../policyJson.ts'
import { quoted } from '../policyTree.ts'
import { printable } from '../printable.ts'
import { addProcessingOptions, factsText, type ProcessingOptions, processSource } from '../processing.ts'

interface Options extends ProcessingOptions {
  readonly json?: true
  readonly verbose?: true
}

export const command: CommandModule = {
  define: (rules: Command, io: Io) => {
    addSourceOptions(addProcessingOptions(rules.argument('<source>', 'file, - or local')))
    rules
      .option('-v, --verbose', 'also the weight, policy, filter list and filter each line comes from')
      .option('--json', 'one JSON document (docs/schema/rules.schema.json)')
      .action((source: string, options: Options) => showRules(source, options, io))
  },
  notes: 'Exit status: 1 when the policy, a rule or a filter has failed.',
  examples: [
    {
      line: 'polagent rules local',
      does: 'every filter in force on this computer, the one that is looked at first on top',
    },
    {
      line: 'polagent rules SOFTWARE --host server1.json --json',
      does: 'the same for another computer, for a program',
    },
  ],
}

async function showRules(source: string, options: Options, io: Io): Promise<void> {
  const { expanded, progress, set } = await processSource(source, options, io)
  try {
    progress.end()
    if (options.json === true) writeJson(expanded, set.source, io)
    else {
      writeText(expanded, options.verbose === true, io)
      io.err(findingsHint(set.findings, source))
    }
    const isWrong = expanded.findings.some((finding) => finding.severity === 'error')
    if (isWrong || expanded.failedRules.length + expanded.failedFilters.length > 0) io.setStatus(1)
  } finally {
    progress.end()
  }
}

/** Filters are written one by one: there may be a million of them. */
function writeJson(expanded: ExpandedPolicy, source: string, io: Io): void {
  const head = JSON.stringify({ version: jsonVersion, source, ...processingJson(expanded) }, undefined, 2)
  io.out(`${head.slice(0, -2)},\n  "filters": [`)
  let separator = '\n'
  for (const lines of batches(expanded, (filter) => JSON.stringify(expandedFilterJson(filter)))) {
    io.out(`${separator}    ${lines.join(',\n    ')}`)
    separator = ',\n'
  }
  io.out(expanded.filters.length === 0 ? ']\n}\n' : '\n  ]\n}\n')
}

function writeText(expanded: ExpandedPolicy, isVerbose: boolean, io: Io): void {
  const names = expanded.policies.map((policy) => quoted(policy.name)).join(' and ')
  io.out(`${names}: ${expanded.filters.length} filters in match order, for ${factsText(expanded.facts)}\n`)
  const width = String(expanded.filters.length).length
  for (const lines of batches(expanded, (filter) => filterLine(filter, width, isVerbose)))
    io.out(`${lines.join('\n')}\n`)
  for (const failed of expanded.failedRules) {
    const what = failed.rule === undefined ? printable(failed.reference ?? '') : quoted(ruleTitle(failed.rule))
    const effect = failed.blockingFilters === 0 ? 'none of its filters is known' : blockingText(failed.blockingFilters)
    io.out(`\nRule ${what} has failed; ${effect}\n${findingText(failed.finding)}`)
  }
  for (const trouble of expanded.failedFilters) {
    io.out(troubleText(trouble, trouble.blocks ? 'has failed; it blocks' : 'has failed; it is left out'))
  }
  for (const trouble of expanded.neverMatching) io.out(troubleText(trouble, 'can never match'))
  for (const aside of expanded.setAside) {
    io.out(`\nRule ${quoted(ruleTitle(aside.rule))} is ${asideText[aside.reason]}\n`)
  }
  const notes = expanded.findings.filter((finding) => finding.severity !== 'info')
  if (notes.length > 0) io.out(`\n${notes.map(findingText).join('')}`)
}

function blockingText(count: number): string {
  return count === 1 ? 'its one filter blocks' : `its ${count} filters block`
}

function troubleText(trouble: FilterTrouble, effect: string): string {
  const list = trouble.filterList.name === undefined ? 'its list' : quoted(trouble.filterList.name)
  const which = `Filter ${trouble.position + 1} of ${list}, rule ${quoted(ruleTitle(trouble.rule))}`
  return `\n${which}, ${effect}\n${findingText(trouble.finding)}`
}

const asideText = {
  inactive: 'not active',
  'default-response': 'the default response rule, which is not enforced',
  'connection-type': 'for a type of connection that this computer does not have',
} as const

/** `12  block      in    any -> me (192.0.2.10)  tcp to port 445  "No SMB"` */
function filterLine(filter: ExpandedFilter, width: number, isVerbose: boolean): string {
  const marks = [
    ...(filter.tunnel === undefined ? [] : [`tunnel to ${formatIp(filter.tunnel.endpoint)}`]),
    ...(filter.connectionType === 'all' ? [] : [`${filter.connectionType} only`]),
    ...(filter.failure === undefined ? [] : ['failed: blocks']),
    ...(filter.matchesNothing ? ['matches nothing here'] : []),
  ]
  const line = [
    String(filter.index + 1).padStart(width),
    filter.action.padEnd(9),
    filter.direction.padEnd(4),
    `${printable(addressSetText(filter.source))} -> ${printable(addressSetText(filter.destination))}`,
    trafficText(filter),
    quoted(ruleTitle(filter.rule)),
    ...(marks.length === 0 ? [] : [`(${marks.join('; ')})`]),
  ].join('  ')
  if (!isVerbose) return line
  const list = filter.filterList.name === undefined ? 'an unnamed list' : quoted(filter.filterList.name)
  const image = filter.isMirrorImage ? ', mirrored' : ''
  const description = filter.filter.description === undefined ? '' : ` (${printable(filter.filter.description)})`
  const indent = ' '.repeat(width + 2)
  return `${line}\n${indent}weight ${filter.weight} (${weightText(filter.weight)}); filter ${filter.position + 1} of ${list}${image}${description}; policy ${quoted(filter.policy.name)}`
}

const batchSize = 1000

function* batches(expanded: ExpandedPolicy, lineOf: (filter: ExpandedFilter) => string): Generator<readonly string[]> {
  let lines: string[] = []
  for (const filter of expanded.filters) {
    lines.push(lineOf(filter))
    if (lines.length === batchSize) {
      yield lines
      lines = []
    }
  }
  if (lines.length > 0) yield lines
}
