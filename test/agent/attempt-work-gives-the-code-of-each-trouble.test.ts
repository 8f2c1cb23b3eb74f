import { expect, test } from 'vitest'
import { PolagentError } from '../../src/base/errors.ts'
import type { Finding } from '../../src/base/finding.ts'
import type { Guid } from '../../src/base/guid.ts'
import type { AttemptTools } from '../../src/agent/attemptWork.ts'
import { AttemptWork } from '../../src/agent/attemptWork.ts'
import { listedFailures } from '../../src/agent/attemptProtocol.ts'
import { failureCodeOf } from '../../src/agent/failureCodes.ts'
import type { ApplyResult, LoadResult } from '../../src/agent/policySource.ts'
import type { EnforceableFilter, FailedFilter } from '../../src/enforcement/enforcer.ts'
import { ObserveEnforcer } from '../../src/enforcement/observe.ts'
import type { EnforceablePolicy } from '../../src/enforcement/toEnforceable.ts'
import { noHostFacts } from '../../src/engine/index.ts'
import type { Policy, PolicyArea, Rule } from '../../src/policy/model.ts'
import type { StoredObject } from '../../src/policy/storedObject.ts'

const object = {
  class: 'ipsecPolicy',
  id: '{1}',
  key: 'k',
  values: [],
  subkeys: [],
  place: {},
} as unknown as StoredObject

function rule(id: string, more: Partial<Rule> = {}): Rule {
  return {
    id,
    name: id,
    isActive: true,
    isDefaultResponse: false,
    filterLists: [],
    problems: [],
    ...more,
  } as unknown as Rule
}

function policy(more: Partial<Policy> = {}): Policy {
  return {
    id: '{1}' as Guid,
    name: 'Servers',
    pollingIntervalSeconds: 600,
    rules: [rule('one'), rule('two'), rule('off', { isActive: false })],
    missingRules: [],
    problems: [],
    object,
    ...more,
  } as unknown as Policy
}

function area(more: Partial<PolicyArea>): PolicyArea {
  return { area: 'local', ...more } as unknown as PolicyArea
}

function filter(name: string, verdict: EnforceableFilter['verdict'] = 'block'): EnforceableFilter {
  return { key: name, text: name, rule: 'one', verdict }
}

const allGood: EnforceablePolicy = { filters: [filter('a'), filter('b', 'permit')], failedRules: [], failedFilters: [] }

interface Setting {
  readonly areas?: readonly PolicyArea[]
  readonly damage?: Finding
  readonly processed?: EnforceablePolicy
  readonly refused?: readonly FailedFilter[]
  readonly more?: Partial<AttemptTools>
}

class RefusingEnforcer extends ObserveEnforcer {
  readonly #refused: readonly FailedFilter[]

  constructor(refused: readonly FailedFilter[]) {
    super()
    this.#refused = refused
  }

  override apply(): Promise<readonly FailedFilter[]> {
    return Promise.resolve(this.#refused)
  }
}

function work(setting: Setting): AttemptWork {
  const { areas = [area({ assigned: policy() })], damage, processed = allGood, refused = [], more = {} } = setting
  const set = { source: 'local', format: 'hive', areas, findings: [] } as const
  return new AttemptWork({
    readStore: () => ({ set, ...(damage === undefined ? {} : { damage }) }),
    objectsOf: () => [object],
    readHost: () => Promise.resolve({ facts: noHostFacts, isComplete: true }),
    process: () => processed,
    enforcer: new RefusingEnforcer(refused),
    ...more,
  })
}

function throwing(error: Error): () => never {
  return () => {
    throw error
  }
}

async function load(setting: Setting, knownDigest?: string): Promise<LoadResult> {
  const answer = await work(setting).answer({
    op: 'load',
    source: 'local',
    ...(knownDigest === undefined ? {} : { knownDigest }),
  })
  return answer.result as LoadResult
}

async function apply(setting: Setting): Promise<ApplyResult> {
  const worker = work(setting)
  await worker.answer({ op: 'load', source: 'local' })
  return (await worker.answer({ op: 'apply', source: 'local', what: 'policy' })).result as ApplyResult
}

const damage: Finding = { severity: 'error', code: 'X', message: 'a bin is lost', win32: 1015 }

test('an assigned policy is loaded, and known again by its digest', async () => {
  const loaded = await load({})
  if (loaded.kind !== 'policy') throw new Error(loaded.kind)
  expect(loaded.policy).toMatchObject({ name: 'Servers', pollingIntervalSeconds: 600, dependsOnNames: false })
  expect(await load({}, loaded.policy.digest)).toEqual({ kind: 'unchanged' })
  expect((await load({}, 'another')).kind).toBe('policy')
})

test('a store that assigns nothing is in order; a damaged one is not believed', async () => {
  expect(await load({ areas: [] })).toEqual({ kind: 'nothing' })
  expect(await load({ areas: [area({})] })).toEqual({ kind: 'nothing' })
  expect(await load({ areas: [area({})], damage })).toMatchObject({ kind: 'failed', scope: 'store', win32: 1015 })
})

test('an assigned policy in a damaged store is used when it is whole itself', async () => {
  expect((await load({ damage })).kind).toBe('policy')
})

test.each([
  ['SOFTWARE\\X\\ipsecPolicy{00000000-0000-4000-8000-000000000001}', 2],
  ['SOFTWARE\\X\\ipsecNFA{00000000-0000-4000-8000-000000000001}', 13],
  ['nonsense', 13],
])('an assignment of %s that leads nowhere is error %i', async (assignment, win32) => {
  const result = await load({ areas: [area({ assignment })] })
  expect(result).toMatchObject({ kind: 'failed', scope: 'policy', win32, policyName: assignment })
})

test('a policy with problems fails with the code of the first', async () => {
  const problems = [{ severity: 'error', code: 'Y', message: 'no main mode', win32: 2 }] as const
  const result = await load({ areas: [area({ assigned: policy({ problems }) })] })
  expect(result).toMatchObject({ kind: 'failed', scope: 'policy', policyName: 'Servers', win32: 2 })
})

test('a store that cannot be read fails with the code of the cause', async () => {
  const readStore = throwing(new PolagentError('STORE_MISSING'))
  expect(await load({ more: { readStore } })).toMatchObject({ kind: 'failed', scope: 'store', win32: 2 })
})

test('all filters in: what they do is counted', async () => {
  expect(await apply({})).toEqual({
    kind: 'all',
    filters: 2,
    rules: 2,
    verdicts: { block: 1, permit: 1, protect: 0 },
  })
})

test('a policy without rules is in force as it is', async () => {
  const areas = [area({ assigned: policy({ rules: [] }) })]
  const result = await apply({ areas, processed: { filters: [], failedRules: [], failedFilters: [] } })
  expect(result).toMatchObject({ kind: 'all', filters: 0, rules: 0 })
})

test('failed rules and filters leave the others in force', async () => {
  const failedRules = [{ rule: 'two', ruleId: 'two', win32: 13, reason: 'cut short' }]
  const result = await apply({ processed: { ...allGood, failedRules } })
  expect(result).toMatchObject({ kind: 'some', filters: 2, rules: 1, win32: 13, failedRules, failedRuleCount: 1 })
})

test('a filter that the enforcer refuses is counted out, and its rule with it', async () => {
  const refused = [{ filter: 'b', rule: 'one', win32: 87, reason: 'refused' }]
  expect(await apply({ refused })).toMatchObject({
    kind: 'some',
    filters: 1,
    rules: 1,
    win32: 87,
    verdicts: { block: 1, permit: 0, protect: 0 },
    failedFilters: refused,
  })
})

test('when nothing can be in force the enforcer is not asked, so that what is in force stays', async () => {
  let isAsked = false
  class Watched extends ObserveEnforcer {
    override apply(): Promise<readonly FailedFilter[]> {
      isAsked = true
      return Promise.resolve([])
    }
  }
  const failedRules = [{ rule: 'one', ruleId: 'one', win32: 13, reason: 'cut short' }]
  const processed = { filters: [], failedRules, failedFilters: [] }
  expect(await apply({ processed, more: { enforcer: new Watched() } })).toMatchObject({ kind: 'none', win32: 13 })
  expect(isAsked).toBe(false)
})

test('long lists of failures are cut, their counts are not', async () => {
  const failedFilters = Array.from({ length: 1000 }, (_, n) => ({ filter: `${n}`, rule: 'one', win32: 1, reason: '' }))
  const result = await apply({ processed: { ...allGood, failedFilters } })
  if (result.kind !== 'some') throw new Error(result.kind)
  expect(result.failedFilters).toHaveLength(listedFailures)
  expect(result.failedFilterCount).toBe(1000)
})

test('an incomplete list of interfaces is passed on', async () => {
  const reading = { facts: noHostFacts, isComplete: false }
  const readHost = (): Promise<typeof reading> => Promise.resolve(reading)
  expect(await apply({ more: { readHost } })).toMatchObject({ kind: 'all', isInterfaceListIncomplete: true })
})

test('what breaks while processing is a failed apply with the code of the cause', async () => {
  const process = throwing(new RangeError('Array buffer allocation failed'))
  expect(await apply({ more: { process } })).toMatchObject({ kind: 'none', win32: 8 })
})

test.each([
  [Object.assign(new Error('x'), { code: 'ENOENT', syscall: 'open' }), 2],
  [Object.assign(new Error('x'), { code: 'EACCES', syscall: 'open' }), 5],
  [Object.assign(new Error('x'), { code: 'ENOMEM', syscall: 'spawn' }), 8],
  [Object.assign(new Error('x'), { code: 'EAGAIN', syscall: 'spawn' }), 8],
  [Object.assign(new Error('x'), { code: 'ENOSPC', syscall: 'write' }), 112],
  [Object.assign(new Error('x'), { code: 'EIO', syscall: 'read' }), 1016],
  [new RangeError('Invalid string length'), 14],
  [new RangeError('Invalid array length'), 14],
  [new RangeError('Map maximum size exceeded'), 14],
  [new RangeError('offset is out of bounds'), 1359],
  [new TypeError('a mistake'), 1359],
  ['not even an error', 1359],
])('%s has code %i', (error, code) => {
  expect(failureCodeOf(error)).toBe(code)
})
