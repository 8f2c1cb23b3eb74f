/** `2024-05-06 07:08:09.123 +02:00` */
export function localTime(iso: string): string {
  const time = new Date(iso)
  const minutes = -time.getTimezoneOffset()
  const local = new Date(time.getTime() + minutes * 60_000).toISOString()
  const zone = `${minutes < 0 ? '-' : '+'}${twoDigits(Math.abs(minutes) / 60)}:${twoDigits(Math.abs(minutes) % 60)}`
  return `${local.slice(0, 10)} ${local.slice(11, 23)} ${zone}`
}

function twoDigits(number: number): string {
  return String(Math.trunc(number)).padStart(2, '0')
}
