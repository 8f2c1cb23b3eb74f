const unitMilliseconds: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** What `--since` and `--until` take, for help texts and messages. */
export const timeOptionForms = '2024-05-06, 2024-05-06T07:08[:09][Z], 07:08, 10m, 2h, 3d, 1w, today, yesterday, now'

/**
 * The time an option names, in milliseconds since 1970 UTC: an ISO 8601 date or time (local unless it names a zone), a
 * time of today, an age, or a word. `undefined` when it names none.
 */
export function parseTimeOption(text: string, now: Date): number | undefined {
  const wanted = text.trim().toLowerCase()
  if (wanted === 'now') return now.getTime()
  if (wanted === 'today') return startOfDay(now, 0)
  if (wanted === 'yesterday') return startOfDay(now, -1)
  const age = /^(\d{1,9})\s*([smhdw])(?:\s+ago)?$/.exec(wanted)
  if (age !== null) return now.getTime() - Number(age[1]) * (unitMilliseconds[age[2] as string] as number)
  const clock = /^(\d\d?):(\d\d)(?::(\d\d))?$/.exec(wanted)
  if (clock !== null) return timeOfDay(now, clock)
  return isoTime(text.trim())
}

function startOfDay(now: Date, days: number): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days).getTime()
}

function timeOfDay(now: Date, [, hour, minute, second = '0']: RegExpExecArray): number | undefined {
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const day = new Date(now.getTime())
  return day.setHours(Number(hour), Number(minute), Number(second), 0)
}

const isoForm = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?)?$/i

function isoTime(text: string): number | undefined {
  const match = isoForm.exec(text)
  if (match === null) return undefined
  const [, date = '', clock = '00:00', seconds = ':00', fraction = '', zone = ''] = match
  // A date alone would be taken as UTC.
  const withColon = zone.replace(/([+-]\d\d):?(\d\d)/, '$1:$2').toUpperCase()
  const time = Date.parse(`${date}T${clock}${seconds}${fraction.slice(0, 4)}${withColon}`)
  if (Number.isNaN(time)) return undefined
  // Date.parse takes 30 February as 1 March.
  return isRealDate(date) ? time : undefined
}

function isRealDate(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date)
}
