import { extname } from 'node:path'
import type { Command } from 'commander'
import type { CommandModule } from '../commandTable.ts'
import type { Io } from '../io.ts'
import { addStateDirOption } from '../options.ts'
import { type OutputFormat, outputFormats, parseOutputFormat } from '../writeFormat.ts'
import { addConvertOptions, formatOption, type ConvertOptions, convertSource } from './convert.ts'

/** Formats by the ending of the file that is written; reading never looks at names. */
const formatByEnding: Readonly<Record<string, OutputFormat>> = {
  '.json': 'json',
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.reg': 'reg',
  '.hive': 'hive',
  '.hiv': 'hive',
  '.dat': 'hive',
  '.ipsec': 'ipsec',
  '.ldif': 'ldif',
  '.ldf': 'ldif',
  '.netsh': 'netsh',
}

export const command: CommandModule = {
  define: (exporting: Command, io: Io) => {
    exporting.addOption(formatOption(`${outputFormats.join(', ')} (default: by the ending of the file, else yaml)`))
    addStateDirOption(addConvertOptions(exporting))
    exporting.action((options: Omit<ConvertOptions, 'to'> & { to?: string }) =>
      convertSource('local', { ...options, to: formatOf(options) }, io),
    )
  },
  examples: [
    {
      line: 'polagent export -o policies.ipsec',
      does: 'all policies of this computer in one file',
    },
    { line: 'polagent export --policy "Server hardening"', does: 'one policy as YAML on standard output' },
  ],
}

function formatOf(options: { readonly to?: string; readonly output?: string }): OutputFormat {
  if (options.to !== undefined) return parseOutputFormat(options.to)
  return formatByEnding[extname(options.output ?? '').toLowerCase()] ?? 'yaml'
}
