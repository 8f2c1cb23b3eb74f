import { PolagentError } from '../../base/errors.ts'
import { hasNetshCalls } from '../../formats/netsh/index.ts'
import { runBatchFile } from '../../formats/netsh/read/batchFile.ts'
import { linesOf } from '../../formats/netsh/read/linesOf.ts'
import { ipsecpolCallOf, type NetshCall, netshCallOf, withoutNetsh } from '../../formats/netsh/read/netshCall.ts'
import { netshFindingTable } from '../../formats/netsh/index.ts'
import { decodeText } from '../../formats/text/index.ts'
import { textOfPrefix } from '../../formats/textPrefix.ts'
import { readInputFile, readInputStream } from '../../stores/inputFile.ts'
import type { Io } from '../io.ts'

/** Largest script. Bytes. */
const largestScript = 256 * 1_048_576

/** A file of `-f` or `exec`: lines for netsh, or a batch file with calls of it. */
export type Script =
  | { readonly kind: 'lines'; readonly lines: Iterable<string> }
  | { readonly kind: 'batch'; readonly steps: readonly BatchStep[] }

export type BatchStep =
  | { readonly kind: 'call'; readonly line: number; readonly call: NetshCall }
  /** What follows ipseccmd or ipsecpol. */
  | { readonly kind: 'ipsecpol'; readonly line: number; readonly text: string }
  | { readonly kind: 'note'; readonly line: number; readonly isError: boolean; readonly text: string }

/** `-` is standard input. Throws an INPUT error. */
export async function readScript(file: string, codePage: string | undefined, io: Io): Promise<Script> {
  const limitFor = (prefix: Uint8Array): number => {
    if (textOfPrefix(prefix) !== undefined) return largestScript
    throw new PolagentError('INPUT_UNRECOGNISED', { file, what: 'it is no text, so it is no script' })
  }
  const bytes =
    file === '-' ? await readInputStream(io.stdin, 'standard input', limitFor) : readInputFile(file, limitFor)
  const { text } = decodeText(bytes, codePage)
  return hasNetshCalls(text) ? { kind: 'batch', steps: stepsOf(text) } : { kind: 'lines', lines: linesOf(text) }
}

function stepsOf(text: string): BatchStep[] {
  const steps: BatchStep[] = []
  runBatchFile(
    text,
    (command, line) => {
      const call = netshCallOf(command)
      const old = call === undefined ? ipsecpolCallOf(command) : undefined
      if (call !== undefined) steps.push({ kind: 'call', line, call })
      else if (old !== undefined) steps.push({ kind: 'ipsecpol', line, text: old })
      else {
        const wrong = withoutNetsh(command)
        if (wrong !== undefined) steps.push({ kind: 'note', line, isError: true, text: wrong })
      }
    },
    (code, what, line) => {
      const row = netshFindingTable[code]
      steps.push({ kind: 'note', line, isError: row.severity === 'error', text: `${row.title}: ${what}` })
    },
  )
  return steps
}
