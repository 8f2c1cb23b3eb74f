import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { EventLog, type EventQuery, followLog } from '../../audit/index.ts'
import { PolagentError } from '../../base/errors.ts'
import {
  type EventRecord,
  type EventResult,
  type EventWording,
  type LoggedEvent,
  loggedEvent,
  ticksOfMilliseconds,
} from '../../events/index.ts'
import { eventsDocumentEnd, eventsDocumentStart, writeEventXml } from '../../formats/event-xml/index.ts'
import type { CommandModule } from '../commandTable.ts'
import { parseEventIds } from '../eventIds.ts'
import { eventBlock, eventDocument, eventLine } from '../eventOutput.ts'
import type { Io } from '../io.ts'
import { addStateDirOption, stateDirectoryFor, type StateDirOption } from '../options.ts'
import { parseTimeOption, timeOptionForms } from '../timeOption.ts'

const modes = ['query', 'follow', 'export'] as const
type Mode = (typeof modes)[number]
type Format = 'text' | 'json' | 'xml'

interface Options extends StateDirOption {
  readonly file?: string
  readonly id?: readonly string[]
  readonly since?: string
  readonly until?: string
  readonly after?: string
  readonly result?: EventResult
  readonly text?: string
  readonly last?: string
  readonly reverse?: true
  readonly brief?: true
  readonly format?: Format | 'evtx'
  readonly json?: true
  readonly xml?: true
  readonly wording: EventWording
  readonly output?: string
}

/** How many events are shown when nothing says how many. */
const shownByQuery = 50
const shownBeforeFollowing = 10

export const command: CommandModule = {
  define: (events: Command, io: Io) => {
    addStateDirOption(events)
      .argument('[what]', 'query (default), follow (until interrupted) or export (everything, oldest first)')
      .option('--file <log>', 'an event log of polagent, instead of the one of the state directory')
      .option('--id <ids...>', 'event numbers and ranges: 5461 5471-5474 4709,4710')
      .option('--since <time>', `first time: ${timeOptionForms}`)
      .option('--until <time>', 'last time, in the same forms')
      .option('--after <record>', 'only records with a higher number')
      .addOption(new Option('--result <result>', 'audit success or failure').choices(['success', 'failure']))
      .option('--text <text>', 'only events whose message holds this text, in either case')
      .option('--last <count>', `at most so many, the newest; "all" for all (default ${shownByQuery})`)
      .option('--reverse', 'newest first')
      .option('--brief', 'one line per event')
      .addOption(new Option('--format <format>', 'form of the output').choices(['text', 'json', 'xml', 'evtx']))
      .option('--json', 'one JSON document per line (docs/schema/event.schema.json)')
      .option('--xml', 'event XML as Windows renders it')
      .addOption(
        new Option('--wording <wording>', 'texts of Windows 7 and later, or those of Vista (PAStore Engine)')
          .choices(['policy-agent', 'pastore'])
          .default('policy-agent'),
      )
      .option('-o, --output <file>', 'with export: write to this file')
      .action(async (what: string | undefined) => {
        await runEvents(what, events.opts<Options>(), io)
      })
  },
  examples: [
    { line: 'polagent events', does: `Shows the last ${shownByQuery} events.` },
    { line: 'polagent events follow --brief', does: 'Shows one line for each event as it is written.' },
    { line: 'polagent events --id 5456-5485 --since 2h --result failure', does: 'What failed in the last two hours.' },
    {
      line: 'polagent events --text "error code: 1009" --json',
      does: 'Events with that code, one JSON document a line.',
    },
    { line: 'polagent events export -o events.xml', does: 'Writes every event as Windows event XML.' },
  ],
}

async function runEvents(what: string | undefined, given: Options, io: Io): Promise<void> {
  const { mode, options } = modeOf(what, given)
  const now = new Date()
  const path = options.file ?? stateDirectoryFor(options, io).eventLog
  const format = formatOf(options, mode)
  if (options.output !== undefined && mode !== 'export') {
    throw new PolagentError('USAGE', { what: '--output belongs to export' })
  }
  const query = queryOf(options, now)
  const view: View = { format, isBrief: options.brief === true, wording: options.wording }
  switch (mode) {
    case 'query':
      return runQuery(path, query, options, view, io)
    case 'follow':
      return runFollow(path, query, options, view, io)
    case 'export':
      return runExport(path, query, options, view, io)
  }
}

/** `--id` takes all words after it; one that is a mode was meant as such. */
function modeOf(what: string | undefined, options: Options): { readonly mode: Mode; readonly options: Options } {
  const isMode = (word: string): word is Mode => (modes as readonly string[]).includes(word)
  const fromIds = options.id?.find(isMode)
  const word = what ?? fromIds ?? 'query'
  if (!isMode(word)) throw new PolagentError('USAGE', { what: `"${word}" is none of ${modes.join(', ')}` })
  const { id, ...rest } = options
  const ids = id?.filter((text) => !isMode(text))
  return { mode: word, options: ids === undefined ? rest : { ...rest, id: ids } }
}

function formatOf(options: Options, mode: Mode): Format {
  const asked = new Set<string>()
  if (options.format !== undefined) asked.add(options.format)
  if (options.json === true) asked.add('json')
  if (options.xml === true) asked.add('xml')
  if (asked.size > 1) throw new PolagentError('USAGE', { what: `${[...asked].join(' and ')} exclude each other` })
  const [format = mode === 'export' ? 'xml' : 'text'] = asked
  if (format === 'evtx') {
    throw new PolagentError('USAGE', {
      what: 'evtx is not written yet; use --format xml',
    })
  }
  return format as Format
}

function queryOf(options: Options, now: Date): EventQuery {
  const ids = options.id === undefined ? undefined : parseEventIds(options.id)
  if (options.id !== undefined && ids === undefined) {
    throw new PolagentError('USAGE', {
      what: `--id takes numbers and ranges as 5456-5485, not "${options.id.join(' ')}"`,
    })
  }
  const since = timeOf('--since', options.since, now)
  const until = timeOf('--until', options.until, now)
  const after = options.after === undefined ? undefined : countOf('--after', options.after)
  return {
    ...(ids === undefined ? {} : { ids }),
    ...(since === undefined ? {} : { since: ticksOfMilliseconds(since) }),
    // To the end of the millisecond.
    ...(until === undefined ? {} : { until: ticksOfMilliseconds(until) + 9999n }),
    ...(after === undefined ? {} : { after }),
    ...(options.result === undefined ? {} : { result: options.result }),
    ...(options.text === undefined ? {} : { where: messageHolds(options.text, options.wording) }),
  }
}

function timeOf(option: string, text: string | undefined, now: Date): number | undefined {
  if (text === undefined) return undefined
  const time = parseTimeOption(text, now)
  if (time === undefined)
    throw new PolagentError('USAGE', { what: `${option} "${text}" is none of: ${timeOptionForms}` })
  return time
}

function countOf(option: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new PolagentError('USAGE', { what: `${option} takes a number, not "${text}"` })
  return Number(text)
}

/** White space counts as one blank: messages have tabs and line breaks where people type blanks. */
function messageHolds(text: string, wording: EventWording): (record: EventRecord) => boolean {
  const wanted = plain(text)
  return (record) => plain(loggedEvent(record, wording).rendering.message).includes(wanted)
}

function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').toLowerCase()
}

/** How many events `--last` asks for; no bound for "all". */
function lastOf(options: Options, unlessGiven: number): number {
  if (options.last === undefined) return unlessGiven
  return options.last === 'all' ? Number.POSITIVE_INFINITY : countOf('--last', options.last)
}

interface View {
  readonly format: Format
  readonly isBrief: boolean
  readonly wording: EventWording
}

function shownEvent(event: LoggedEvent, view: View): string {
  switch (view.format) {
    case 'json':
      return `${JSON.stringify(eventDocument(event))}\n`
    case 'xml':
      return writeEventXml(event)
    case 'text':
      return view.isBrief ? eventLine(event) : eventBlock(event)
  }
}

function runQuery(path: string, query: EventQuery, options: Options, view: View, io: Io): void {
  const isBounded = options.since !== undefined || options.until !== undefined || options.after !== undefined
  const limit = lastOf(options, isBounded ? Number.POSITIVE_INFINITY : shownByQuery)
  withLog(path, (log) => {
    if (view.format === 'xml') io.out(eventsDocumentStart)
    let shown = 0
    for (const record of newestOf(log, query, limit, options.reverse === true)) {
      io.out(shownEvent(loggedEvent(record, view.wording), view))
      shown += 1
    }
    if (view.format === 'xml') io.out(eventsDocumentEnd)
    if (view.format !== 'text') return
    if (shown === 0) io.err('No events match.\n')
    else if (shown === limit && options.last === undefined && query.where === undefined) {
      const all = log.count(query)
      if (all > shown) io.err(`The last ${shown} of ${all} events; --last all shows all.\n`)
    }
  })
}

/** The newest `limit` records, oldest of them first unless `isReverse`. */
function newestOf(log: EventLog, query: EventQuery, limit: number, isReverse: boolean): Iterable<EventRecord> {
  if (limit === Number.POSITIVE_INFINITY) {
    return log.query({ ...query, order: isReverse ? 'newest-first' : 'oldest-first' })
  }
  const newestFirst = log.query({ ...query, order: 'newest-first', limit })
  return isReverse ? newestFirst : [...newestFirst].toReversed()
}

async function runFollow(path: string, query: EventQuery, options: Options, view: View, io: Io): Promise<void> {
  const stop = new AbortController()
  const end = (): void => stop.abort()
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
  const show = (record: EventRecord): void => {
    const event = loggedEvent(record, view.wording)
    // Whoever reads a stream of XML takes it line by line.
    io.out(view.format === 'xml' ? `${writeEventXml(event, { layout: 'line' })}\n` : shownEvent(event, view))
  }
  try {
    const after = showLast(path, query, lastOf(options, shownBeforeFollowing), show, io)
    for await (const record of followLog(path, { query, after, signal: stop.signal })) show(record)
  } finally {
    process.off('SIGINT', end)
    process.off('SIGTERM', end)
  }
}

/** Shows the newest events and gives the record number to go on from. */
function showLast(path: string, query: EventQuery, limit: number, show: (record: EventRecord) => void, io: Io): number {
  try {
    return withLog(path, (log) => {
      const last = Math.max(log.lastRecordNumber(), query.after ?? 0)
      for (const record of newestOf(log, { ...query, where: upTo(last, query.where) }, limit, false)) show(record)
      return last
    })
  } catch (error) {
    if (!(error instanceof PolagentError) || error.code !== 'AUDIT_LOG_MISSING') throw error
    io.err(`Waiting for ${path}, which does not exist yet.\n`)
    return query.after ?? 0
  }
}

/** Events that are written meanwhile belong to what follows. */
function upTo(last: number, where: EventQuery['where']): (record: EventRecord) => boolean {
  return (record) => record.recordNumber <= last && (where?.(record) ?? true)
}

function runExport(path: string, query: EventQuery, options: Options, view: View, io: Io): void {
  const limit = lastOf(options, Number.POSITIVE_INFINITY)
  withLog(path, (log) => {
    withOutput(options.output, io, (write) => {
      if (view.format === 'xml') write(eventsDocumentStart)
      let written = 0
      for (const record of newestOf(log, query, limit, options.reverse === true)) {
        write(shownEvent(loggedEvent(record, view.wording), view))
        written += 1
      }
      if (view.format === 'xml') write(eventsDocumentEnd)
      if (options.output !== undefined) io.err(`${written} events written to ${options.output}\n`)
    })
  })
}

/** Gives what is written to standard output, or to a file that appears only when it is whole. */
function withOutput(file: string | undefined, io: Io, use: (write: (text: string) => void) => void): void {
  if (file === undefined) return use(io.out)
  const temporary = `${file}.${process.pid}.tmp`
  const attempt = <T>(work: () => T): T => {
    try {
      return work()
    } catch (cause) {
      throw new PolagentError('OUTPUT_FAILED', { file, what: (cause as Error).message, cause })
    }
  }
  const descriptor = attempt(() => openSync(temporary, 'w', 0o600))
  try {
    try {
      use((text) => attempt(() => writeWhole(descriptor, Buffer.from(text))))
    } finally {
      closeSync(descriptor)
    }
    attempt(() => renameSync(temporary, file))
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

function writeWhole(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
}

function withLog<T>(path: string, use: (log: EventLog) => T): T {
  const log = EventLog.open(path, { readOnly: true })
  try {
    return use(log)
  } finally {
    log.close()
  }
}
