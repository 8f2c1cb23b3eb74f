const units: readonly (readonly [number, string])[] = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
]

/** `3 hours`, `1 hour 30 minutes`, `10 800` never: the two largest units that say it exactly, else seconds. */
export function durationText(seconds: number): string {
  const parts: string[] = []
  let left = seconds
  for (const [size, name] of units) {
    const count = Math.floor(left / size)
    left -= count * size
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`)
  }
  if (parts.length === 0) return '0 seconds'
  return parts.length <= 2 ? parts.join(' ') : `${seconds} seconds`
}
