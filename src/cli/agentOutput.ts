import type { WrittenEvent } from '../agent/eventSink.ts'
import type { AgentEvent } from '../agent/sourceEvents.ts'
// Not the index of events: the agent runs all the time, and the tables of error codes take memory.
import { eventHeader } from '../events/eventHeaders.ts'
import { eventText } from '../events/eventText.ts'
import { localTime } from './localTime.ts'
import { printable } from './printable.ts'

/** `2024-05-06 07:08:09.123 +02:00  5460  S  IPsec Policy Agent applied …  [Servers]` */
export function agentEventLine(event: WrittenEvent): string {
  return `${localTime(event.time)}  ${shortEvent(event)}`
}

/** Number, S or F, first sentence of the message, and the values. */
export function shortEvent(event: AgentEvent): string {
  const result = eventHeader(event.id).result === 'failure' ? 'F' : 'S'
  const [first = ''] = eventText(event.id, event.fields).split('\n', 1)
  const sentence = /^.*?\.(?= |$)/.exec(first)?.[0] ?? first
  const values = event.fields.filter((value) => value !== '').map((value) => `[${printable(value)}]`)
  return [event.id, result, printable(sentence), ...values].join('  ')
}
