import { PolagentError } from '../base/errors.ts'
import type { Report } from '../base/finding.ts'
import type { EventInput } from '../events/eventRecord.ts'
import { ticksOfIsoTime } from '../events/eventTime.ts'
import { EventLog } from './eventLog.ts'

export interface EventLogSink {
  /** Logs an event. When it throws, the event is kept and written with a later one, or when trying again. */
  readonly write: (event: EventInput) => void
  readonly close: () => void
}

export interface SinkOptions {
  /** Told of a log that had to be replaced. */
  readonly report?: Report
  /** Told when events that waited could be written after all. */
  readonly onRecovered?: (events: number) => void
  readonly retrySeconds?: number
}

/** Events kept while the log cannot be written; then the oldest are given up. */
const keptEvents = 1000

/**
 * The event log for a writer that must go on whatever happens to the log: events that cannot be written (disk full, log
 * in use) wait in memory, in their order and with their own time, and are written as soon as that is possible.
 */
export function eventLogSink(path: string, options: SinkOptions = {}): EventLogSink {
  let log: EventLog | undefined
  let retry: NodeJS.Timeout | undefined
  let waiting: EventInput[] = []
  let lost = 0

  const flush = (): void => {
    log ??= EventLog.open(path, options.report === undefined ? {} : { report: options.report })
    log.appendAll(waiting)
    waiting = []
  }
  const stopRetrying = (): void => {
    clearInterval(retry)
    retry = undefined
  }
  const tryAgain = (): void => {
    const events = waiting.length
    try {
      flush()
      stopRetrying()
      options.onRecovered?.(events)
    } catch {
      // Said when the event was written; it still waits.
    }
  }

  return {
    write: (event) => {
      waiting.push({ id: event.id, fields: event.fields, time: validTime(event.time) })
      try {
        flush()
        stopRetrying()
        lost = 0
      } catch (error) {
        if (waiting.length > keptEvents) {
          waiting.shift()
          lost += 1
        }
        retry ??= setInterval(tryAgain, (options.retrySeconds ?? 5) * 1000).unref()
        throw lost === 0 ? error : withLoss(error, lost)
      }
    },
    close: () => {
      stopRetrying()
      if (waiting.length > 0) tryAgain()
      log?.close()
      log = undefined
    },
  }
}

/** An event the log refuses would hold up all after it. */
function validTime(time: string): string {
  return ticksOfIsoTime(time) === undefined ? new Date().toISOString() : time
}

function withLoss(error: unknown, lost: number): unknown {
  if (!(error instanceof PolagentError)) return error
  return new PolagentError(error.code, {
    ...error.place,
    what: `${error.what ?? ''}; ${lost} events are lost`,
    ...(error.win32 === undefined ? {} : { win32: error.win32 }),
    cause: error,
  })
}
