import { errorOfEvent, type LoggedEvent } from '../events/index.ts'
import { localTime } from './localTime.ts'
import { printable } from './printable.ts'

/** Version of the JSON document of an event; docs/schema/event.schema.json. */
const eventDocumentVersion = 1

/** One event as the value of `--json`. */
export function eventDocument(event: LoggedEvent): Readonly<Record<string, unknown>> {
  const error = errorOfEvent(event)
  return {
    version: eventDocumentVersion,
    recordNumber: event.recordNumber,
    time: event.time,
    id: event.id,
    eventVersion: event.version,
    result: event.result ?? null,
    level: event.level,
    levelName: event.rendering.level,
    task: event.task,
    subcategory: event.rendering.task === String(event.task) ? null : event.rendering.task,
    opcode: event.opcode,
    keywords: event.keywords,
    provider: event.provider.name,
    channel: event.channel,
    computer: event.computer,
    processId: event.processId,
    threadId: event.threadId,
    user: event.user ?? null,
    fields: Object.fromEntries(event.data.map(({ name, value }, index) => [name ?? `field${index + 1}`, value])),
    error: error === undefined ? null : { code: error.code, name: error.name ?? null, text: error.text ?? null },
    message: event.rendering.message,
  }
}

/** One event as a block of lines for people, with an empty line after it. Times are local. */
export function eventBlock(event: LoggedEvent): string {
  const result = event.rendering.keywords[0] ?? event.rendering.level
  const head = `${localTime(event.time)}  ${event.id}  ${result}  #${event.recordNumber}`
  const lines = labelled(event.rendering.message)
  const error = errorOfEvent(event)
  if (error !== undefined && error.code !== 0) {
    const name = error.name === undefined ? '' : `${error.name}: `
    lines.push(`${name}${error.text ?? 'no text is known'}`, `Cause, fix and check: polagent helpmsg ${error.code}`)
  }
  return `${head}\n${lines.map((line) => (line === '' ? '' : `    ${line}`)).join('\n')}\n\n`
}

/** One event in one line: time, id, S or F, first line of the message, values. */
export function eventLine(event: LoggedEvent): string {
  const [first = ''] = event.rendering.message.split('\n')
  const values = event.data.filter(({ value }) => value !== '').map(({ value }) => `[${printable(value)}]`)
  const result = event.result === undefined ? '-' : event.result === 'success' ? 'S' : 'F'
  return `${[localTime(event.time), event.id, result, printable(first), ...values].join('  ')}\n`
}

/** The lines of a message, with the values behind their labels in one column and without doubled empty lines. */
function labelled(message: string): string[] {
  const lines = message.split('\n').map((line) => line.trimEnd())
  const parts = lines.map((line) => /^([^\t]*:)[ ]*\t+[ ]*(\S.*)$/.exec(line))
  const width = Math.max(0, ...parts.map((part) => part?.[1]?.length ?? 0))
  const shown = lines.map((line, index) => {
    const part = parts[index]
    if (part === null || part === undefined) return printable(line).replaceAll(/\t+/g, '  ')
    return `${printable(part[1] as string).padEnd(width)}  ${printable(part[2] as string)}`
  })
  return shown.filter((line, index) => line !== '' || (index > 0 && shown[index - 1] !== ''))
}
