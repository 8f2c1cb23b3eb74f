import type { Command } from 'commander'
import { findErrors, isErrorNumber, similarErrorNames, unknownMessageText } from '../../events/index.ts'
import type { CommandModule } from '../commandTable.ts'
import { errorDocument, errorText } from '../errorOutput.ts'
import type { Io } from '../io.ts'
import { printable } from '../printable.ts'

export const command: CommandModule = {
  define: (helpmsg: Command, io: Io) => {
    helpmsg
      .argument('<code>', '1009, 0x3F1, 0x800703F1, -2147023887, ERROR_BADDB, baddb, LDAP_NO_SUCH_OBJECT, 13801')
      .option('--json', 'one JSON document (docs/schema/helpmsg.schema.json)')
      .action((code: string, options: { readonly json?: true }) => explain(code, options.json === true, io))
  },
  examples: [
    {
      line: 'polagent helpmsg 1009',
      does: 'What the Error Code of an event means, its cause, the fix, and how to check it.',
    },
    { line: 'polagent helpmsg 0x80070005', does: 'The same for an HRESULT; -2147024891 is understood too.' },
    { line: 'polagent helpmsg no_such_domain', does: 'By symbolic name, with or without ERROR_.' },
  ],
}

function explain(code: string, isJson: boolean, io: Io): void {
  const meanings = findErrors(code)
  if (isJson) io.out(`${JSON.stringify(errorDocument(code, meanings), undefined, 2)}\n`)
  if (meanings.length > 0) {
    if (!isJson) io.out(errorText(meanings))
    return
  }
  const isCode = isErrorNumber(code) || /_/.test(code)
  const similar = similarErrorNames(code, 5)
  const hint = similar.length === 0 ? '' : `Similar names: ${similar.join(', ')}\n`
  const complaint = isCode
    ? unknownMessageText(printable(code))
    : `"${printable(code)}" is neither a number nor the name of an error.`
  io.err(`${complaint}\n${hint}`)
  io.setStatus(isCode ? 3 : 2)
}
