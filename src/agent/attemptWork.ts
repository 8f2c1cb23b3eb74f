import type { Finding } from '../base/finding.ts'
import { PolagentError } from '../base/errors.ts'
import { type HostFacts, namesToResolve } from '../engine/index.ts'
import type { Enforcer } from '../enforcement/enforcer.ts'
import type { EnforceablePolicy } from '../enforcement/toEnforceable.ts'
import type { Policy, PolicyArea, PolicySet } from '../policy/model.ts'
import { parseReference } from '../policy/reference.ts'
import type { StoredObject } from '../policy/storedObject.ts'
import type { HostReading } from '../stores/hostFacts.ts'
import { outcomeOf } from './applyOutcome.ts'
import type { AttemptAnswer, AttemptRequest } from './attemptProtocol.ts'
import { failureCode, failureCodeOf } from './failureCodes.ts'
import { policyDigest } from './policyDigest.ts'
import type { ApplyResult, LoadResult, SourceName } from './policySource.ts'

/** The store as policy, and the damage of its file, if any. */
export interface StoreReading {
  readonly set: PolicySet
  readonly damage?: Finding
}

/** What the work needs of the rest of the program; tests pass their own. */
export interface AttemptTools {
  readonly readStore: () => StoreReading
  readonly objectsOf: (area: PolicyArea, policy: Policy) => readonly StoredObject[]
  readonly readHost: (policy: Policy) => Promise<HostReading>
  readonly process: (policy: Policy, facts: HostFacts) => EnforceablePolicy
  readonly enforcer: Enforcer
}

/** Loads and applies on request; keeps what was loaded until the attempt ends. */
export class AttemptWork {
  readonly #tools: AttemptTools
  readonly #loaded = new Map<SourceName, Policy>()
  #reading: StoreReading | undefined

  constructor(tools: AttemptTools) {
    this.#tools = tools
  }

  async answer(request: AttemptRequest): Promise<AttemptAnswer> {
    return request.op === 'load'
      ? { op: 'load', result: this.#load(request.source, request.knownDigest) }
      : { op: 'apply', result: await this.#apply(request.source, request.what) }
  }

  #load(source: SourceName, knownDigest: string | undefined): LoadResult {
    this.#loaded.delete(source)
    try {
      this.#reading ??= this.#tools.readStore()
    } catch (error) {
      return { kind: 'failed', scope: 'store', win32: failureCodeOf(error), reason: reasonOf(error) }
    }
    try {
      return this.#loadFrom(this.#reading, source, knownDigest)
    } catch (error) {
      return { kind: 'failed', scope: 'policy', win32: failureCodeOf(error), reason: reasonOf(error) }
    }
  }

  #loadFrom(reading: StoreReading, source: SourceName, knownDigest: string | undefined): LoadResult {
    const area = reading.set.areas.find((one) => one.area === source)
    const policy = area?.assigned
    if (area === undefined || policy === undefined) return withoutPolicy(reading, area)
    const problem = policy.problems[0]
    if (problem !== undefined) {
      return {
        kind: 'failed',
        scope: 'policy',
        policyName: policy.name,
        win32: problem.win32 ?? failureCode.invalidData,
        reason: problem.message,
      }
    }
    const digest = policyDigest(this.#tools.objectsOf(area, policy))
    if (digest === knownDigest) return { kind: 'unchanged' }
    this.#loaded.set(source, policy)
    const { id, name, pollingIntervalSeconds } = policy
    const dependsOnNames = namesToResolve(policy).length > 0
    return { kind: 'policy', policy: { id, name, pollingIntervalSeconds, dependsOnNames, digest } }
  }

  async #apply(source: SourceName, what: 'policy' | 'nothing'): Promise<ApplyResult> {
    const { enforcer } = this.#tools
    try {
      if (what === 'nothing') {
        await enforcer.apply(enforcer.plan([], []))
        return { kind: 'all', filters: 0, rules: 0, verdicts: { block: 0, permit: 0, protect: 0 } }
      }
      const policy = this.#loaded.get(source)
      if (policy === undefined) return { kind: 'none', win32: failureCode.internal, reason: 'nothing was loaded' }
      const host = await this.#tools.readHost(policy)
      const outcome = await this.#processAndApply(policy, host.facts)
      return host.isComplete ? outcome : { ...outcome, isInterfaceListIncomplete: true }
    } catch (error) {
      return { kind: 'none', win32: failureCodeOf(error), reason: reasonOf(error) }
    }
  }

  async #processAndApply(policy: Policy, facts: HostFacts): Promise<ApplyResult> {
    const { enforcer } = this.#tools
    const processed = this.#tools.process(policy, facts)
    const before = outcomeOf(policy, processed, [])
    // When nothing of it can be in force, what is in force stays.
    if (before.kind === 'none') return before
    const refused = await enforcer.apply(enforcer.plan([], processed.filters))
    return refused.length === 0 ? before : outcomeOf(policy, processed, refused)
  }
}

/**
 * Nothing assigned, or an assignment that leads nowhere. In a damaged store the assignment may be what was lost, so
 * "nothing" is believed only of a store that could be read whole.
 */
function withoutPolicy({ damage }: StoreReading, area: PolicyArea | undefined): LoadResult {
  const assignment = area?.assignment
  if (assignment !== undefined && assignment !== '') {
    const isMissing = parseReference(assignment)?.class === 'ipsecPolicy'
    return {
      kind: 'failed',
      scope: 'policy',
      policyName: assignment,
      win32: isMissing ? failureCode.missing : failureCode.invalidData,
      reason: isMissing ? 'the assigned policy is not in the store' : 'the assignment names no policy',
    }
  }
  if (damage === undefined) return { kind: 'nothing' }
  const reason = `the store is damaged: ${damage.message}`
  return { kind: 'failed', scope: 'store', win32: damage.win32 ?? failureCode.damagedHive, reason }
}

function reasonOf(error: unknown): string {
  if (error instanceof PolagentError) return error.message
  return error instanceof Error ? error.message : 'unknown failure'
}
