/**
 * How much longer a reader takes for a bomb of a million characters than for one of a hundred thousand: about 10 when its
 * work is in proportion, about 100 when it is quadratic. Below 40 counts as in proportion; the best of several runs is
 * taken.
 */
export function isInProportion(run: (text: string) => void, bomb: (count: number) => string): boolean {
  const small = bestOf(3, run, bomb(100_000))
  const large = bestOf(2, run, bomb(1_000_000))
  return large < 40 * small + 200
}

/** Milliseconds of processor time of the best of `times` runs, which other programs do not lengthen. */
export function bestOf<T>(times: number, run: (input: T) => void, input: T): number {
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < times; i += 1) {
    const before = process.cpuUsage()
    run(input)
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / 1000)
  }
  return best
}
