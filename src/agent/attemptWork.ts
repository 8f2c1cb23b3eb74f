import type { Finding } from '../base/finding.ts'
import { PolagentError } from '../base/errors.ts'
import type { EnforceableFilter, Enforcer, FailedFilter, FailedRule } from '../enforcement/enforcer.ts'
import type { HostFacts } from '../engine/hostFacts.ts'
import type { Policy, PolicyArea, PolicySet, Rule } from '../policy/model.ts'
import { parseReference } from '../policy/reference.ts'
import type { StoredObject } from '../policy/storedObject.ts'
import { type AttemptAnswer, type AttemptRequest, listedFailures } from './attemptProtocol.ts'
import { failureCode, failureCodeOf } from './failureCodes.ts'
import { policyDigest } from './policyDigest.ts'
import type { ApplyResult, LoadResult, SourceName } from './policySource.ts'

/** What processing gives: filters that can be put in force, and what failed. */
export interface Processed {
  readonly filters: readonly EnforceableFilter[]
  readonly failedRules: readonly FailedRule[]
  readonly failedFilters: readonly FailedFilter[]
}

/** What the work needs of the rest of the program; tests pass their own. */
export interface AttemptTools {
  readonly readStore: () => PolicySet
  readonly objectsOf: (area: PolicyArea, policy: Policy) => readonly StoredObject[]
  readonly factsFor: (policy: Policy) => Promise<HostFacts>
  readonly process: (policy: Policy, facts: HostFacts) => Processed
  readonly enforcer: Enforcer
}

/** Loads and applies on request; keeps what was loaded until the attempt ends. */
export class AttemptWork {
  readonly #tools: AttemptTools
  readonly #loaded = new Map<SourceName, Policy>()
  #set: PolicySet | undefined

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
      this.#set ??= this.#tools.readStore()
    } catch (error) {
      return { kind: 'failed', scope: 'store', win32: failureCodeOf(error), reason: reasonOf(error) }
    }
    try {
      return this.#loadFrom(this.#set, source, knownDigest)
    } catch (error) {
      return { kind: 'failed', scope: 'policy', win32: failureCodeOf(error), reason: reasonOf(error) }
    }
  }

  #loadFrom(set: PolicySet, source: SourceName, knownDigest: string | undefined): LoadResult {
    const area = set.areas.find((one) => one.area === source)
    const policy = area?.assigned
    if (area === undefined || policy === undefined) return withoutPolicy(set, area)
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
    return { kind: 'policy', policy: { id, name, pollingIntervalSeconds, digest } }
  }

  async #apply(source: SourceName, what: 'policy' | 'nothing'): Promise<ApplyResult> {
    const { enforcer } = this.#tools
    try {
      if (what === 'nothing') {
        await enforcer.apply(enforcer.plan([], []))
        return { kind: 'all', filters: 0, rules: 0 }
      }
      const policy = this.#loaded.get(source)
      if (policy === undefined) return { kind: 'none', win32: failureCode.internal, reason: 'nothing was loaded' }
      const processed = this.#tools.process(policy, await this.#tools.factsFor(policy))
      const refused = await enforcer.apply(enforcer.plan([], processed.filters))
      return outcomeOf(policy, processed, refused)
    } catch (error) {
      return { kind: 'none', win32: failureCodeOf(error), reason: reasonOf(error) }
    }
  }
}

/**
 * Nothing assigned, or an assignment that leads nowhere. In a damaged store the assignment may be what was lost, so
 * "nothing" is believed only of a store that could be read whole.
 */
function withoutPolicy(set: PolicySet, area: PolicyArea | undefined): LoadResult {
  const damage = set.findings.find((finding) => finding.severity === 'error' && isAboutFile(finding))
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

/** Findings of the reader of the file carry a byte offset and no object. */
function isAboutFile(finding: Finding): boolean {
  return finding.object === undefined
}

function outcomeOf(policy: Policy, processed: Processed, refused: readonly FailedFilter[]): ApplyResult {
  const failedRules = [...brokenRules(policy), ...processed.failedRules]
  const failedFilters = [...processed.failedFilters, ...refused]
  const filters = processed.filters.length - refused.length
  const rules = policy.rules.filter(
    (rule) => isEnforced(rule) && !failedRules.some((failed) => failed.rule === ruleName(rule)),
  ).length
  const first = failedRules[0] ?? failedFilters[0]
  if (first === undefined) return { kind: 'all', filters, rules }
  if (filters === 0) return { kind: 'none', win32: first.win32, reason: first.reason }
  return {
    kind: 'some',
    filters,
    rules,
    win32: first.win32,
    failedRules: failedRules.slice(0, listedFailures),
    failedFilters: failedFilters.slice(0, listedFailures),
    failedFilterCount: failedFilters.length,
  }
}

/** Rules that lead nowhere or cannot be decoded have failed; they are never absent (design 3). */
function brokenRules(policy: Policy): FailedRule[] {
  const missing = policy.missingRules.map((reference) => ({
    rule: reference,
    win32: failureCode.missing,
    reason: 'the rule is not in the store',
  }))
  const broken = policy.rules.filter(isEnforced).flatMap((rule) => {
    const problem = rule.problems[0]
    if (problem === undefined) return []
    return [{ rule: ruleName(rule), win32: problem.win32 ?? failureCode.invalidData, reason: problem.message }]
  })
  return [...missing, ...broken]
}

function isEnforced(rule: Rule): boolean {
  return rule.isActive && !rule.isDefaultResponse
}

/** Rule names are optional; the list's name or the id says which one it is. */
export function ruleName(rule: Rule): string {
  return rule.name ?? rule.filterLists[0]?.name ?? rule.id
}

function reasonOf(error: unknown): string {
  if (error instanceof PolagentError) return error.message
  return error instanceof Error ? error.message : 'unknown failure'
}
