import { eventDefinition } from './catalogue.ts'
import { type EventResult, resultOfKeywords, securityProvider, subcategoryOfTask } from './eventHeaders.ts'
import type { EventRecord } from './eventRecord.ts'
import { eventText, type EventWording } from './eventText.ts'

/** One value of an event. Windows events name them; classic ones do not. */
export interface EventDatum {
  readonly name?: string
  readonly value: string
}

/** What the log's owner adds to an event for a reader: names instead of numbers, and the message. */
export interface EventRendering {
  readonly message: string
  readonly level: string
  readonly task: string
  readonly opcode: string
  readonly channel: string
  readonly provider: string
  readonly keywords: readonly string[]
}

/** An event of any Windows log, the parts that its XML has (evtx-and-xml.md 1.1). */
export interface LoggedEvent {
  readonly provider: { readonly name: string; readonly guid?: string }
  readonly id: number
  readonly version: number
  readonly level: number
  readonly task: number
  readonly opcode: number
  /** `0x` and up to 16 hexadecimal digits. */
  readonly keywords: string
  /** ISO 8601, UTC. */
  readonly time: string
  readonly recordNumber: number
  readonly activityId?: string
  readonly relatedActivityId?: string
  readonly processId: number
  readonly threadId: number
  readonly channel: string
  readonly computer: string
  readonly user?: string
  readonly data: readonly EventDatum[]
  readonly result?: EventResult
  readonly rendering: EventRendering
}

const levelNames: readonly string[] = ['Information', 'Critical', 'Error', 'Warning', 'Information', 'Verbose']
const resultNames: Readonly<Record<EventResult, string>> = { success: 'Audit Success', failure: 'Audit Failure' }

/** A record of our log with everything that Windows would show of it. */
export function loggedEvent(record: EventRecord, wording: EventWording = 'policy-agent'): LoggedEvent {
  const definition = eventDefinition(record.id, record.version)
  const result = resultOfKeywords(record.keywords)
  const subcategory = subcategoryOfTask(record.task)
  return {
    provider: { name: securityProvider.name, guid: securityProvider.guid },
    id: record.id,
    version: record.version,
    level: record.level,
    task: record.task,
    opcode: record.opcode,
    keywords: record.keywords,
    time: record.time,
    recordNumber: record.recordNumber,
    processId: record.processId,
    threadId: record.threadId,
    channel: securityProvider.channel,
    computer: record.computer,
    ...(record.user === undefined ? {} : { user: record.user }),
    data: record.fields.map((value, index) => {
      const name = definition?.fields[index]?.name
      return name === undefined ? { value } : { name, value }
    }),
    ...(result === undefined ? {} : { result }),
    rendering: {
      message: eventText(record.id, record.fields, wording, record.version),
      level: levelNames[record.level] ?? String(record.level),
      task: subcategory?.name ?? String(record.task),
      opcode: 'Info',
      channel: securityProvider.channel,
      provider: securityProvider.displayName,
      keywords: result === undefined ? [] : [resultNames[result]],
    },
  }
}
