import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AgentSettings, AgentState } from '../../src/agent/agentState.ts'
import type { ApplyResult, LoadResult } from '../../src/agent/policySource.ts'
import {
  AgentDriver,
  allIn,
  incompleteInterfaces,
  nothing,
  policy,
  refused,
  someIn,
  unreadable,
} from '../support/agentDriver.ts'

const settings: fc.Arbitrary<AgentSettings> = fc.constantFrom<AgentSettings>(
  { sources: ['local'], fallback: 'local' },
  { sources: ['directory', 'cache', 'local'], fallback: 'local' },
  { sources: ['directory', 'cache', 'local'], fallback: 'none' },
  { sources: ['directory', 'cache'], fallback: 'none' },
)

const loads: fc.Arbitrary<LoadResult> = fc.oneof(
  fc.constant(nothing),
  fc
    .tuple(fc.constantFrom('A', 'B'), fc.constantFrom('1', '2'), fc.boolean(), fc.constantFrom(0, 5, 600, 0xffff_ffff))
    .map(([name, digest, dependsOnNames, pollingIntervalSeconds]) =>
      policy(name, name + digest, { dependsOnNames, pollingIntervalSeconds }),
    ),
  fc
    .tuple(fc.constantFrom(2, 5, 8, 13, 14, 1015), fc.constantFrom('store' as const, 'policy' as const))
    .map(([win32, scope]) => unreadable(win32, scope)),
)

const applies: fc.Arbitrary<ApplyResult> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(allIn) },
  fc.constant(incompleteInterfaces),
  fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }).map((failed) => someIn(...failed)),
  fc.constantFrom(8, 13, 14).map(refused),
)

type Move =
  | { readonly kind: 'input'; readonly input: 'store-changed' | 'reload-requested' | 'interfaces-changed' | 'poll-due' }
  | { readonly kind: 'answer' }
  | {
      readonly kind: 'load'
      readonly source: 'persistent' | 'directory' | 'cache' | 'local'
      readonly result: LoadResult
    }
  | {
      readonly kind: 'apply'
      readonly source: 'persistent' | 'directory' | 'cache' | 'local'
      readonly result: ApplyResult
    }

const source = fc.constantFrom('persistent' as const, 'directory' as const, 'cache' as const, 'local' as const)
const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('input' as const),
        input: fc.constantFrom(
          'store-changed' as const,
          'reload-requested' as const,
          'interfaces-changed' as const,
          'poll-due' as const,
        ),
      }),
    },
    { weight: 8, arbitrary: fc.constant({ kind: 'answer' } as const) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('load' as const), source, result: loads }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('apply' as const), source, result: applies }) },
  ),
  { maxLength: 80 },
)

/** Failure events: whatever fails is told by one of them, or by the way from the directory to its cached copy. */
const failures = new Set(['5457', '5459', '5461', '5462', '5466', '5472', '5474', '5477', '5480', '5485'])

test('random inputs in any order keep the promises of docs/agent.md', () => {
  fc.assert(
    fc.property(settings, moves, (chosen, steps) => {
      const agent = new AgentDriver({}, chosen)
      agent.begin('started')
      let told: string[] = []
      for (const move of steps) {
        const before = agent.state
        const events = play(agent, move)
        if (events === undefined) continue
        told = before.attempt === undefined ? events : [...told, ...events]
        checkState(agent)
        checkInForce(before, agent)
        if (before.attempt !== undefined && agent.state.attempt !== before.attempt) checkTold(before, agent.state, told)
        if (agent.state.attempt?.source === 'persistent' && agent.state.attempt.step === 'load') told = []
      }
    }),
    { numRuns: 3000 },
  )
})

function play(agent: AgentDriver, move: Move): string[] | undefined {
  switch (move.kind) {
    case 'input':
      if (move.input === 'poll-due') return agent.timer === undefined ? undefined : agent.begin('poll-due')
      return agent.begin(move.input)
    case 'answer':
      return agent.isAsking ? agent.answerNext() : undefined
    case 'load':
      agent.world.load[move.source] = move.result
      return undefined
    case 'apply':
      agent.world.apply[move.source] = move.result
      return undefined
  }
}

/** One attempt at a time; exactly one timer, and only between attempts; a name that fits what is in force. */
function checkState(agent: AgentDriver): void {
  const { state } = agent
  expect(agent.isAsking).toBe(state.attempt !== undefined)
  expect(agent.timer !== undefined).toBe(state.attempt === undefined)
  expect(state.nextPollAt !== undefined).toBe(state.attempt === undefined)
  if (state.attempt === undefined) expect(state.pending).toBeUndefined()
  if (agent.timer !== undefined) {
    expect(agent.timer).toBeGreaterThanOrEqual(10)
    expect(agent.timer).toBeLessThanOrEqual(0xffff_ffff)
    expect(state.backOffMinutes).toBeLessThanOrEqual(166)
    expect(state.backOffMinutes > 0).toBe(state.lastFailure !== undefined)
  }
  const hasMain = state.name === 'local' || state.name === 'directory' || state.name === 'cached'
  expect(state.main !== undefined).toBe(hasMain)
}

/** What is in force changes only when an apply has been answered. */
function checkInForce(before: AgentState, agent: AgentDriver): void {
  if (before.attempt?.step === 'apply') return
  expect(agent.state.main).toBe(before.main)
  expect(agent.state.persistent).toBe(before.persistent)
}

/** A load or apply that failed in this attempt has given an event of failure. */
function checkTold(before: AgentState, after: AgentState, told: readonly string[]): void {
  const hasFailed = after.attempt?.failure !== undefined && after.attempt.failure !== before.attempt?.failure
  const hasEndedFailed = after.attempt === undefined && after.lastFailure !== undefined
  if (!hasFailed && !hasEndedFailed) return
  // Persistent and local policy lie in one store: when it cannot be read, the load of the local one tells.
  if (after.attempt?.failure?.source === 'persistent' && after.attempt.source === 'local') return
  const staysCached = before.name === 'cached' && before.attempt?.source === 'directory'
  if (staysCached) return
  expect(told.some((event) => failures.has(event.split(' ', 1)[0] as string))).toBe(true)
}
