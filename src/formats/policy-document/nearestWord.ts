/** The word among `words` that `text` most likely stands for; `undefined` when none is near. */
export function nearestWord(text: string, words: readonly string[]): string | undefined {
  const wanted = text.toLowerCase().slice(0, 40)
  const longer = wanted.length < 3 ? undefined : words.find((word) => word.toLowerCase().startsWith(wanted))
  if (longer !== undefined) return longer
  let best: string | undefined
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const word of words) {
    const distance = editDistance(wanted, word.toLowerCase())
    if (distance < least) {
      least = distance
      best = word
    }
  }
  return best
}

/** Letters to change, add, leave out or swap with the next. */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(
        (previous[j] as number) + 1,
        (current[j - 1] as number) + 1,
        (previous[j - 1] as number) + (same ? 0 : 1),
      )
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] as number) + 1)
      }
      current.push(cost)
    }
    before = previous
    previous = current
  }
  return previous[b.length] as number
}

/** `, did you mean "filterList"?`, or nothing. */
export function suggestion(text: string, words: readonly string[]): string {
  const word = nearestWord(text, words)
  return word === undefined ? '' : `, did you mean "${word}"?`
}
