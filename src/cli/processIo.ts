import { writeSync } from 'node:fs'
import type { Io } from './io.ts'

/** The surroundings of this process. A reader that has gone away (`polagent show x | head`) ends the program quietly. */
export function processIo(): Io {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode)
      writeSync(2, `polagent: the output cannot be written: ${error.message}\n`)
      process.exit(4)
    })
  }
  return {
    out: (text) => void process.stdout.write(text),
    outBytes: (bytes) => void process.stdout.write(bytes),
    err: (text) => void process.stderr.write(text),
    get stdin() {
      return process.stdin
    },
    env: process.env,
    outIsTerminal: process.stdout.isTTY,
    showsProgress: process.stderr.isTTY,
    setStatus: (status) => {
      process.exitCode = status
    },
  }
}
