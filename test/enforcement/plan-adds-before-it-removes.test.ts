import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EnforceableFilter } from '../../src/enforcement/enforcer.ts'
import { ObserveEnforcer, planSteps } from '../../src/enforcement/observe.ts'

function filter(key: string): EnforceableFilter {
  return { key, text: key, rule: 'r', verdict: 'block' }
}

const keys = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'))

test('additions come first in match order, then what stays, then removals; nothing twice, nothing forgotten', () => {
  fc.assert(
    fc.property(keys, keys, (before, after) => {
      const steps = planSteps(before.map(filter), after.map(filter))
      const of = (kind: string): string[] => steps.filter((step) => step.kind === kind).map((step) => step.filter.key)
      expect(of('add')).toEqual(after.filter((key) => !before.includes(key)))
      expect(of('keep')).toEqual(after.filter((key) => before.includes(key)))
      expect(of('remove')).toEqual(before.filter((key) => !after.includes(key)))
      const kinds = steps.map((step) => ['add', 'keep', 'remove'].indexOf(step.kind))
      expect(kinds).toEqual(kinds.toSorted((a, b) => a - b))
    }),
  )
})

test('observing refuses nothing and records what would have been done', async () => {
  const enforcer = new ObserveEnforcer()
  const steps = enforcer.plan([], [filter('a')])
  expect(await enforcer.apply(steps)).toEqual([])
  expect(enforcer.recorded).toEqual([{ kind: 'add', filter: filter('a') }])
})
