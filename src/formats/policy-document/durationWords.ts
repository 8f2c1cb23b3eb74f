import type { Parsed } from './parsed.ts'

const units = new Map([
  ['s', 1],
  ['min', 60],
  ['h', 3600],
  ['d', 86_400],
])

export const durationPattern = '^[0-9]+ ?(s|min|h|d)$'

/** Reads `28800s`, `480min`, `8h`, `1d` as seconds. */
export function parseDuration(text: string): Parsed<number> {
  const match = /^(\d{1,10}) ?(s|min|h|d)$/.exec(text)
  const seconds = Number(match?.[1]) * (units.get(match?.[2] ?? '') ?? Number.NaN)
  if (seconds >= 1 && seconds <= 0xffff_ffff) return { value: seconds }
  return { fault: 'a time is a number with its unit: 3600s, 60min, 8h or 1d', at: 0 }
}

/** In the largest unit that divides it. */
export function durationWord(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`
  return seconds % 60 === 0 ? `${seconds / 60}min` : `${seconds}s`
}
