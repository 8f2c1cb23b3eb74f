/** Times of events: whole units of 100 nanoseconds since 1970-01-01 UTC, the resolution Windows records. */
export type EventTicks = bigint

const isoForm = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z$/

/**
 * The time an ISO 8601 text in UTC names, with up to 9 digits of a second (the last two are dropped); `undefined` when
 * it names none.
 */
export function ticksOfIsoTime(text: string): EventTicks | undefined {
  const match = isoForm.exec(text)
  if (match === null) return undefined
  const milliseconds = Date.parse(`${text.slice(0, 19)}Z`)
  if (Number.isNaN(milliseconds)) return undefined
  const fraction = (match[7] ?? '').padEnd(7, '0').slice(0, 7)
  return BigInt(milliseconds) * 10_000n + BigInt(fraction)
}

/** `2024-05-06T07:08:09.1234567Z`: seven digits, as current Windows writes them (evtx-and-xml.md 1.4). */
export function isoTimeOfTicks(ticks: EventTicks): string {
  const second = 10_000_000n
  let fraction = ticks % second
  if (fraction < 0n) fraction += second
  const whole = new Date(Number((ticks - fraction) / 10_000n)).toISOString().slice(0, -5)
  return `${whole}.${fraction.toString().padStart(7, '0')}Z`
}

export function ticksOfMilliseconds(milliseconds: number): EventTicks {
  return BigInt(Math.trunc(milliseconds)) * 10_000n
}
