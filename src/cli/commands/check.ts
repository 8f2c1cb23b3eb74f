import type { Command } from 'commander'
import type { Finding } from '../../base/finding.ts'
import type { CommandModule } from '../commandTable.ts'
import { bySeverity, countText, findingText } from '../findingText.ts'
import type { Io } from '../io.ts'
import { jsonText } from '../jsonText.ts'
import { loadSource, type SourceOptions, withoutPolicy } from '../loadSource.ts'
import { addSourceOptions } from '../options.ts'
import { findingJson, jsonVersion } from '../policyJson.ts'
import { failureFinding } from '../failure.ts'
import type { PolicySet } from '../../policy/model.ts'

interface Options extends SourceOptions {
  readonly json?: true
}

export const command: CommandModule = {
  define: (check: Command, io: Io) => {
    addSourceOptions(check.argument('<source>', 'file, - or local'))
    check
      .option('--json', 'one JSON document (docs/schema/check.schema.json)')
      .action((source: string, options: Options) => checkSource(source, options, io))
  },
  notes: 'Exit status: 1 when there are errors or warnings; remarks do not count. 3 when there is no policy store.',
  examples: [
    { line: 'polagent check SOFTWARE', does: 'damage of the hive and of each policy object, with what to do about it' },
    { line: 'polagent check local --json', does: 'the same for a program' },
  ],
}

async function checkSource(source: string, options: Options, io: Io): Promise<void> {
  const { set, stores, progress } = await loadSource(source, options, io, { allowsNone: true, isThorough: true })
  progress.end()
  const failure = stores.length === 0 ? withoutPolicy(set.source, []) : undefined
  const findings = bySeverity([...set.findings, ...(failure === undefined ? [] : [failureFinding(failure)])])
  const isSerious = findings.some((finding) => finding.severity !== 'info')
  if (options.json === true) io.out(jsonText(checkJson(set, findings)))
  else io.out(checkText(set, findings))
  if (failure !== undefined) io.setStatus(3)
  else if (isSerious) io.setStatus(1)
}

function checkJson(set: PolicySet, findings: readonly Finding[]): unknown {
  const count = (severity: Finding['severity']): number =>
    findings.filter((finding) => finding.severity === severity).length
  return {
    version: jsonVersion,
    source: set.source,
    format: set.format,
    ...contentOf(set),
    counts: { error: count('error'), warning: count('warning'), info: count('info') },
    findings: findings.map(findingJson),
  }
}

function checkText(set: PolicySet, findings: readonly Finding[]): string {
  const { objects, policies } = contentOf(set)
  const summary = `${set.source} (${set.format}): ${policies} ${policies === 1 ? 'policy' : 'policies'}, ${objects} objects: ${countText(findings)}\n`
  return [...findings.map(findingText), findings.length === 0 ? '' : '\n', summary].join('')
}

function contentOf(set: PolicySet): { objects: number; policies: number } {
  let objects = 0
  let policies = 0
  for (const area of set.areas) {
    objects += area.store.objects.length
    policies += area.policies.length
  }
  return { objects, policies }
}
