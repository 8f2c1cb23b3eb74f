import type { AgentMode, AgentSituation, PolicyStatus } from '../agent/agentStatus.ts'
import { localTime } from './localTime.ts'
import { printable } from './printable.ts'

/** Failures named one by one; of more only the number is said. */
const listed = 10

/** What is in force, what of it failed, and (unless the agent stops now) what comes next: lines for people. */
export function situationLines(situation: AgentSituation, mode: AgentMode, goesOn = true): string[] {
  const { policy, persistentPolicy, lastFailure, nextPollAt } = situation
  return [
    ...(persistentPolicy === undefined ? [] : policyLines('Persistent policy', persistentPolicy, mode)),
    ...(policy === undefined
      ? [nothingLine(situation)]
      : policyLines(sourceTitle[situation.state] ?? 'Policy', policy, mode)),
    ...(situation.isInterfaceListIncomplete
      ? ['The system did not list all network interfaces: some may be without protection.']
      : []),
    ...(lastFailure === undefined
      ? []
      : [
          `${lastFailure.step === 'load' ? 'Loading' : 'Applying'} the ${areaName[lastFailure.source]} failed: ` +
            `${printable(lastFailure.reason)}.`,
          `Error ${lastFailure.win32}; cause, fix and check: polagent helpmsg ${lastFailure.win32}`,
        ]),
    ...(nextPollAt === undefined || !goesOn
      ? []
      : [`Next look at ${localTime(nextPollAt)}, and whenever the store changes.`]),
  ]
}

const sourceTitle: Partial<Record<AgentSituation['state'], string>> = {
  local: 'Local policy',
  directory: 'Directory policy',
  cached: 'Cached directory policy',
}

const areaName = {
  persistent: 'persistent policy',
  directory: 'directory policy',
  cache: 'cached directory policy',
  local: 'local policy',
} as const

function nothingLine({ lastFailure, persistentPolicy }: AgentSituation): string {
  if (lastFailure !== undefined) return 'No policy could be put in force.'
  const what = persistentPolicy === undefined ? 'No policy is assigned' : 'No local policy is assigned'
  return `${what}. Assign one with: polagent assign NAME`
}

function policyLines(title: string, policy: PolicyStatus, mode: AgentMode): string[] {
  const { verdicts } = policy
  const effect = mode === 'observe' ? 'processed (observe mode: nothing on this computer was changed)' : 'in force'
  return [
    `${title} "${printable(policy.name)}" ${effect}: ${count(policy.filters, 'filter')} of ` +
      `${count(policy.rules, 'complete rule')}: ` +
      `${verdicts.block} block, ${verdicts.permit} permit, ${verdicts.protect} protect.`,
    ...failureLines('rule', policy.failedRuleCount, policy.failedRules, (failed) => failed.rule),
    ...failureLines('filter', policy.failedFilterCount, policy.failedFilters, (failed) => failed.filter),
  ]
}

function failureLines<T extends { readonly win32: number; readonly reason: string }>(
  kind: string,
  total: number,
  failures: readonly T[],
  nameOf: (failure: T) => string,
): string[] {
  const shown = failures.slice(0, listed)
  const more = total - shown.length
  return [
    ...shown.map((one) => `Failed ${kind} ${printable(nameOf(one))}: ${printable(one.reason)} (error ${one.win32})`),
    ...(more > 0 ? [`... and ${count(more, `more failed ${kind}`)}`] : []),
  ]
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
