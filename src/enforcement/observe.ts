import type { EnforceableFilter, EnforcementStep, Enforcer, FailedFilter } from './enforcer.ts'

/** The enforcer that changes nothing: it plans like a real one and records the steps it would have taken. */
export class ObserveEnforcer implements Enforcer {
  readonly mode = 'observe'
  #steps: readonly EnforcementStep[] = []

  plan(previous: readonly EnforceableFilter[], next: readonly EnforceableFilter[]): EnforcementStep[] {
    return planSteps(previous, next)
  }

  apply(steps: readonly EnforcementStep[]): Promise<readonly FailedFilter[]> {
    this.#steps = steps
    return Promise.resolve([])
  }

  /** The steps of the last apply. */
  get recorded(): readonly EnforcementStep[] {
    return this.#steps
  }
}

/** Additions in match order first, then what stays, then removals: no moment without protection in between. */
export function planSteps(
  previous: readonly EnforceableFilter[],
  next: readonly EnforceableFilter[],
): EnforcementStep[] {
  // Keys are made on demand; the first apply of a large policy does not need them.
  if (previous.length === 0) return next.map((filter) => ({ kind: 'add', filter }))
  const before = new Set(previous.map((filter) => filter.key))
  const after = new Set(next.map((filter) => filter.key))
  return [
    ...next.filter((filter) => !before.has(filter.key)).map((filter) => ({ kind: 'add', filter }) as const),
    ...next.filter((filter) => before.has(filter.key)).map((filter) => ({ kind: 'keep', filter }) as const),
    ...previous.filter((filter) => !after.has(filter.key)).map((filter) => ({ kind: 'remove', filter }) as const),
  ]
}
