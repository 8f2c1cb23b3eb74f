const pattern = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:[.,]\d{1,9})?(?:Z|([+-])(\d{2})(\d{2})?)$/

/** Seconds since 1970-01-01 UTC of `20240131235959.0Z`; `undefined` when it is no time or before or beyond a DWORD. */
export function secondsOfGeneralizedTime(text: string): number | undefined {
  const match = pattern.exec(text)
  if (match === null) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined
  const sign = match[7] === '-' ? -1 : 1
  const offsetMinutes = sign * (Number(match[8] ?? 0) * 60 + Number(match[9] ?? 0))
  const seconds = Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - offsetMinutes * 60
  return seconds >= 0 && seconds <= 0xffff_ffff ? seconds : undefined
}
