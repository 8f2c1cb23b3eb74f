import type { Readable } from 'node:stream'

/** Exit status of the process (design 7): 1 found, 2 usage, 3 unreadable, 4 refused, 5 no agent. */
export type ExitStatus = 0 | 1 | 2 | 3 | 4 | 5

/** What a command may touch of its surroundings; passed in so that tests can stand in for the terminal. */
export interface Io {
  /** Writes text as it is; commands end their lines themselves. */
  readonly out: (text: string) => void
  /** Writes bytes to standard output. */
  readonly outBytes: (bytes: Uint8Array) => void
  readonly err: (text: string) => void
  readonly stdin: Readable
  readonly env: Readonly<Record<string, string | undefined>>
  /** Standard output is a terminal: nothing binary goes there. */
  readonly outIsTerminal: boolean
  /** Standard error is a terminal: progress may be shown. */
  readonly showsProgress: boolean
  /** Exit status of the process; 0 until set. */
  readonly setStatus: (status: ExitStatus) => void
}
