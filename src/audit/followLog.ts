import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import { PolagentError } from '../base/errors.ts'
import type { EventRecord } from '../events/eventRecord.ts'
import { EventLog } from './eventLog.ts'
import type { EventQuery } from './eventQuery.ts'

export interface FollowOptions {
  /** Records after this number; each is given once, in the order of their numbers. */
  readonly after: number
  readonly signal: AbortSignal
  /** Further conditions; `after`, `limit` and `order` are ours. */
  readonly query?: Omit<EventQuery, 'after' | 'limit' | 'order'>
  /** How often to look when the file system tells of no change. */
  readonly pollMilliseconds?: number
}

/** Records taken from the log at a time. */
const recordsPerRead = 500

/**
 * The records of a log as they are written, until the signal. The log need not exist yet, and may be replaced (by the
 * agent, when it was damaged): numbers rise from file to file.
 */
export async function* followLog(path: string, options: FollowOptions): AsyncGenerator<EventRecord, void, undefined> {
  const { signal } = options
  const changes = new ChangeWait(path, options.pollMilliseconds ?? 1000, signal)
  let log: EventLog | undefined
  let after = options.after
  try {
    while (!signal.aborted) {
      // Before the reading, so that a change during it is seen.
      changes.arm()
      if (log?.isReplaced() === true) {
        log.close()
        log = undefined
      }
      log ??= openIfThere(path)
      // The highest number there is: records that `query` leaves out are passed over for good.
      const last = log?.lastRecordNumber() ?? 0
      // All at once: a reading that waits for its consumer would keep the log from shrinking.
      const records = log === undefined ? [] : [...log.query({ ...options.query, after, limit: recordsPerRead })]
      for (const record of records) {
        after = record.recordNumber
        yield record
        if (signal.aborted) return
      }
      if (records.length < recordsPerRead) {
        after = Math.max(after, last)
        await changes.wait()
      }
    }
  } finally {
    changes.close()
    log?.close()
  }
}

/** The log, or nothing while there is none. */
function openIfThere(path: string): EventLog | undefined {
  try {
    return EventLog.open(path, { readOnly: true })
  } catch (error) {
    if (error instanceof PolagentError && error.code === 'AUDIT_LOG_MISSING') return undefined
    throw error
  }
}

/** Waits for a change of the files of a log, for the poll, or for the end. */
class ChangeWait {
  readonly #pollMilliseconds: number
  readonly #signal: AbortSignal
  readonly #stopWatching: () => void
  readonly #wakeForAbort = (): void => this.#wake()
  #hasChanged = false
  #wake: () => void = () => {}

  constructor(path: string, pollMilliseconds: number, signal: AbortSignal) {
    this.#pollMilliseconds = pollMilliseconds
    this.#signal = signal
    signal.addEventListener('abort', this.#wakeForAbort)
    this.#stopWatching = watchFiles(path, () => {
      this.#hasChanged = true
      this.#wake()
    })
  }

  arm(): void {
    this.#hasChanged = false
  }

  async wait(): Promise<void> {
    if (this.#hasChanged || this.#signal.aborted) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#pollMilliseconds)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = () => {}
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.#wakeForAbort)
    this.#stopWatching()
  }
}

/** Calls back when the log or its write-ahead file changes; where watching is impossible the poll has to do. */
function watchFiles(path: string, changed: () => void): () => void {
  const names = new Set([basename(path), `${basename(path)}-wal`])
  try {
    const watcher = watch(dirname(path), (_, name) => {
      if (name === null || names.has(name)) changed()
    })
    watcher.on('error', () => watcher.close())
    return () => watcher.close()
  } catch {
    return () => {}
  }
}
