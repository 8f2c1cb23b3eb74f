import type { Command } from 'commander'
import type { CommandModule } from '../commandTable.ts'
import { findPolicy } from '../findPolicy.ts'
import { findingsHint } from '../findingText.ts'
import type { Io } from '../io.ts'
import { loadSource, type SourceOptions } from '../loadSource.ts'
import { addSourceOptions } from '../options.ts'
import { policySetJson } from '../policyJson.ts'
import { areaTitle, policyTree, unusedTree } from '../policyTree.ts'
import { jsonText } from '../jsonText.ts'

interface Options extends SourceOptions {
  readonly policy?: string
  readonly json?: true
}

export const command: CommandModule = {
  define: (show: Command, io: Io) => {
    show.argument('<source>', 'file, - or local').option('--policy <policy>', 'only this policy (name or id)')
    addSourceOptions(show)
    show
      .option('--json', 'one JSON document (docs/schema/show.schema.json)')
      .action((source: string, options: Options) => showSource(source, options, io))
  },
  examples: [
    { line: 'polagent show export.reg', does: 'policies, rules, filter lists and filter actions as a tree' },
    { line: 'polagent show SOFTWARE --policy "Server hardening" --json', does: 'one policy of a hive for a program' },
  ],
}

async function showSource(source: string, options: Options, io: Io): Promise<void> {
  const { set, progress } = await loadSource(source, options, io)
  try {
    const policies =
      options.policy === undefined ? set.areas.flatMap((area) => area.policies) : [findPolicy(set, options.policy)]
    if (options.json === true) return io.out(jsonText(policySetJson(set, policies)))
    progress.end()
    const trees = policies.map(policyTree)
    if (options.policy === undefined) {
      for (const area of set.areas) {
        if (area.policies.length === 0) trees.push(`No policies in the ${areaTitle[area.area]}\n`)
        trees.push(unusedTree(area))
      }
    }
    io.out(trees.filter((tree) => tree !== '').join('\n'))
    io.err(findingsHint(set.findings, source))
  } finally {
    progress.end()
  }
}
