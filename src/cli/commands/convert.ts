import { basename } from 'node:path'
import { type Command, Option } from 'commander'
import { PolagentError } from '../../base/errors.ts'
import type { Finding } from '../../base/finding.ts'
import { selectPolicies } from '../../formats/object-store/index.ts'
import type { PolicySet } from '../../policy/model.ts'
import type { ObjectStore, StoreArea } from '../../policy/storedObject.ts'
import type { CommandModule } from '../commandTable.ts'
import { findPolicy } from '../findPolicy.ts'
import { findingText } from '../findingText.ts'
import type { Io } from '../io.ts'
import { loadSource, type SourceOptions } from '../loadSource.ts'
import { addSourceOptions, collect } from '../options.ts'
import { exampleContainer, type OutputFormat, outputFormats, parseOutputFormat, writeStores } from '../writeFormat.ts'
import { writeOutput } from '../writeOutput.ts'

export interface ConvertOptions extends SourceOptions {
  readonly to: OutputFormat
  readonly output?: string
  readonly policy?: readonly string[]
  readonly area?: StoreArea
  readonly container?: string
}

export const command: CommandModule = {
  define: (convert: Command, io: Io) => {
    convert
      .argument('<source>', 'file, - or local')
      .addOption(formatOption(outputFormats.join(', ')).makeOptionMandatory())
    addConvertOptions(convert)
    addSourceOptions(convert)
    convert.action((source: string, options: Omit<ConvertOptions, 'to'> & { to: string }) =>
      convertSource(source, { ...options, to: parseOutputFormat(options.to) }, io),
    )
  },
  notes: 'What the format cannot say is told on standard error, and the exit status is then 1.',
  examples: [
    { line: 'polagent convert export.reg --to yaml -o policy.yaml', does: 'a policy to read, edit and keep in git' },
    { line: 'polagent convert policy.yaml --to reg -o policy.reg', does: 'and back, for `reg import` on Windows' },
  ],
}

/** Options that convert and export share. */
export function addConvertOptions(target: Command): Command {
  return target
    .option('-o, --output <file>', 'write to this file instead of standard output')
    .option('--policy <policy>', 'only this policy and what it uses (may be repeated)', collect(String))
    .addOption(new Option('--area <area>', 'only this area').choices(['persistent', 'local', 'cache', 'directory']))
    .option('--container <dn>', `container of the objects in LDIF (default ${exampleContainer})`)
}

/** `--to`; parseOutputFormat judges the value, because it knows formats that are to come. */
export function formatOption(description: string): Option {
  const option = new Option('--to <format>', description)
  option.argChoices = [...outputFormats]
  return option
}

/** Reads, selects, writes; used by `export` too. */
export async function convertSource(source: string, options: ConvertOptions, io: Io): Promise<void> {
  const { set, progress } = await loadSource(source, options, io)
  try {
    const losses: Finding[] = []
    const report = (finding: Finding): number => losses.push(finding)
    progress.step(`writing ${options.to}`)
    const stores = selected(set, options)
    const bytes = await writeStores(
      stores,
      options.to,
      {
        fileName: options.output === undefined ? 'policy.hive' : basename(options.output),
        containerDn: options.container ?? exampleContainer,
      },
      report,
    )
    const damage = set.findings.filter((finding) => finding.severity === 'error')
    progress.end()
    writeOutput(bytes, options.output, options.to === 'hive' || options.to === 'ipsec', io)
    io.err(losses.map(findingText).join(''))
    if (damage.length > 0) {
      io.err(`polagent: the source has ${damage.length} errors that go with it; see \`polagent check ${source}\`\n`)
    }
    if (losses.some((finding) => finding.severity !== 'info')) io.setStatus(1)
  } finally {
    progress.end()
  }
}

function selected(set: PolicySet, options: Pick<ConvertOptions, 'policy' | 'area'>): ObjectStore[] {
  const areas = options.area === undefined ? set.areas : set.areas.filter((area) => area.area === options.area)
  if (areas.length === 0) {
    throw new PolagentError('NOT_FOUND', { file: set.source, what: `there is no ${options.area} area` })
  }
  if (options.policy === undefined) return areas.map((area) => area.store)
  const policies = options.policy.map((name) => findPolicy({ ...set, areas }, name))
  return areas.flatMap((area) => {
    const ids = policies.filter((policy) => area.policies.includes(policy)).map((policy) => policy.id)
    return ids.length === 0 ? [] : [selectPolicies(area.store, ids)]
  })
}
