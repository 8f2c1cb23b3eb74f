import { Readable } from 'node:stream'
import type { ExitStatus, Io } from '../../src/cli/io.ts'
import { runProgram } from '../../src/cli/program.ts'

export interface RunResult {
  readonly out: string
  readonly bytes: Uint8Array
  readonly err: string
  readonly status: ExitStatus
}

export interface RunInput {
  readonly stdin?: Uint8Array
  readonly env?: Io['env']
  readonly outIsTerminal?: boolean
}

/** Runs one command line in this process, with everything it says caught. */
export async function runCommand(args: readonly string[], input: RunInput = {}): Promise<RunResult> {
  const chunks: Uint8Array[] = []
  let err = ''
  let status: ExitStatus = 0
  const io: Io = {
    out: (text) => chunks.push(Buffer.from(text)),
    outBytes: (bytes) => chunks.push(bytes),
    err: (text) => {
      err += text
    },
    stdin: Readable.from(input.stdin === undefined ? [] : [input.stdin]),
    env: input.env ?? {},
    outIsTerminal: input.outIsTerminal ?? false,
    showsProgress: false,
    setStatus: (value) => {
      status = value
    },
  }
  await runProgram(args, io, '0.0.0')
  const bytes = Buffer.concat(chunks)
  return { out: bytes.toString('utf8'), bytes, err, status }
}
