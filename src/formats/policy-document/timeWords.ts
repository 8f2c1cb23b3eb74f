import type { Parsed } from './parsed.ts'

/** 100-nanosecond ticks from 1601-01-01 to 1970-01-01. */
const epochTicks = 116_444_736_000_000_000n
const ticksPerMillisecond = 10_000n

export const secondsPattern = '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$'
/** Or a bare count of ticks. */
export const fileTimePattern = '^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,7})?Z|[0-9]{1,20})$'

/** `2024-05-01T12:00:00Z` of seconds since 1970-01-01 UTC. */
export function secondsWord(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}

export function parseSeconds(text: string): Parsed<number> {
  const seconds = Date.parse(text) / 1000
  if (new RegExp(secondsPattern).test(text) && seconds >= 0 && seconds <= 0xffff_ffff) return { value: seconds }
  return { fault: 'a time in UTC is expected: 2024-05-01T12:00:00Z', at: 0 }
}

/** `2024-05-01T12:00:00.1234567Z` of a FILETIME; as a bare count of ticks when it is beyond the calendar. */
export function fileTimeWord(ticks: bigint): string {
  const milliseconds = (ticks - epochTicks) / ticksPerMillisecond
  const rest = ticks % 10_000_000n
  const date = new Date(Number(milliseconds))
  if (ticks < epochTicks || date.getUTCFullYear() > 9999 || Number.isNaN(date.getTime())) return `${ticks}`
  return `${date.toISOString().slice(0, 19)}.${rest.toString().padStart(7, '0')}Z`
}

export function parseFileTime(text: string): Parsed<bigint> {
  if (/^\d{1,20}$/.test(text)) {
    const ticks = BigInt(text)
    if (ticks < 1n << 64n) return { value: ticks }
  }
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,7}))?Z$/.exec(text)
  const milliseconds = match === null ? Number.NaN : Date.parse(`${match[1]}Z`)
  if (Number.isNaN(milliseconds)) return { fault: 'a time in UTC is expected: 2024-05-01T12:00:00.1234567Z', at: 0 }
  const ticks = BigInt(milliseconds) * ticksPerMillisecond + epochTicks + BigInt((match?.[2] ?? '').padEnd(7, '0'))
  return ticks < 0n ? { fault: 'a time from 1601 on is expected', at: 0 } : { value: ticks }
}
