export interface SequenceChanges {
  /** Places in the source of what the target does not have, or has elsewhere. */
  readonly removed: readonly number[]
  /** Places in the target of what is new there, and the place in the source it comes after; −1 for the beginning. */
  readonly inserted: readonly { readonly at: number; readonly after: number }[]
}

/** Turns one sequence into another and keeps as much of it in place as can be kept, in n log n. */
export function sequenceChanges(source: readonly string[], target: readonly string[]): SequenceChanges {
  const places = new Map<string, number[]>()
  for (let at = source.length - 1; at >= 0; at -= 1) {
    const text = source[at] as string
    const known = places.get(text)
    if (known === undefined) places.set(text, [at])
    else known.push(at)
  }
  const matched = target.map((text) => places.get(text)?.pop() ?? -1)
  const kept = longestRising(matched)
  const isKeptInSource = new Set<number>()
  const inserted: { at: number; after: number }[] = []
  let after = -1
  for (const [at, place] of matched.entries()) {
    if (kept.has(at)) {
      after = place
      isKeptInSource.add(place)
    } else inserted.push({ at, after })
  }
  const removed = [...source.keys()].filter((at) => !isKeptInSource.has(at))
  return { removed, inserted }
}

/** Indexes of a longest rising subsequence; negative numbers take no part. */
function longestRising(numbers: readonly number[]): Set<number> {
  /** For each length, the index at which the best run of that length ends. */
  const ends: number[] = []
  const previous: number[] = []
  for (const [index, number] of numbers.entries()) {
    if (number < 0) continue
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((numbers[ends[middle] as number] as number) < number) low = middle + 1
      else high = middle
    }
    previous[index] = low === 0 ? -1 : (ends[low - 1] as number)
    ends[low] = index
  }
  const found = new Set<number>()
  for (let at = ends.at(-1) ?? -1; at >= 0; at = previous[at] as number) found.add(at)
  return found
}
