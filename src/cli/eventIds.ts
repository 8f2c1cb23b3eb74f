const highestId = 65535

/** Event numbers from `5461`, `5456-5485` and lists of these with commas; `undefined` when a part is neither. */
export function parseEventIds(texts: readonly string[]): readonly number[] | undefined {
  const ids = new Set<number>()
  for (const part of texts.flatMap((text) => text.split(','))) {
    const match = /^\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?$/.exec(part)
    if (match === null) return undefined
    const first = Number(match[1])
    const last = Number(match[2] ?? match[1])
    if (last < first || last > highestId) return undefined
    for (let id = first; id <= last; id += 1) ids.add(id)
  }
  return [...ids]
}
