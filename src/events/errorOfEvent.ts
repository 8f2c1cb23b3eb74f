import type { LoggedEvent } from './loggedEvent.ts'
import { type Win32Error, win32Error } from './win32Errors.ts'

/** Names of the fields that carry an error code (events.md 1). */
const errorFields: ReadonlySet<string> = new Set(['Error', 'ErrorCode'])

/** The error an event reports, decimal or hexadecimal; `undefined` when it reports none, or one that is not known. */
export function errorOfEvent(event: Pick<LoggedEvent, 'data'>): Win32Error | undefined {
  const field = event.data.find(({ name }) => name !== undefined && errorFields.has(name))
  if (field === undefined || !/^(?:\d{1,10}|0x[0-9a-f]{1,8})$/i.test(field.value)) return undefined
  return win32Error(Number(field.value))
}
