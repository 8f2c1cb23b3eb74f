import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { PolagentError } from '../base/errors.ts'
import { type ExpandedPolicy, expandPolicies, type HostFacts, namesToResolve } from '../engine/index.ts'
import { effectivePolicies } from '../policy/effectivePolicies.ts'
import { formatIp, type Ip, parseIp } from '../policy/ip.ts'
import type { Policy, PolicySet } from '../policy/model.ts'
import { hostFactsOf } from '../stores/hostFacts.ts'
import { findPolicy } from './findPolicy.ts'
import { readHostFile } from './hostFile.ts'
import type { Io } from './io.ts'
import { loadSource, type LoadedSource, type SourceOptions } from './loadSource.ts'
import { collect } from './options.ts'
import { areaTitle, quoted } from './policyTree.ts'
import { printable } from './printable.ts'

/** Options of commands that process a policy. */
export interface ProcessingOptions extends SourceOptions {
  readonly policy?: string
  readonly host?: string
  readonly me?: readonly Ip[]
}

export function addProcessingOptions(command: Command): Command {
  return command
    .option('--policy <policy>', 'this policy (name or id) instead of what is assigned')
    .option('--host <file>', 'facts of the host as JSON (docs/schema/host.schema.json) instead of this computer')
    .option('--me <address>', 'what `me` stands for (may be repeated)', collect(parseAddress))
}

/** For commander: one IP address. */
export function parseAddress(text: string): Ip {
  const address = parseIp(text)
  if (address === undefined) throw new InvalidArgumentError(`"${text}" is no IPv4 or IPv6 address.`)
  return address
}

export interface ProcessedSource extends LoadedSource {
  readonly expanded: ExpandedPolicy
}

/** Reads a source, chooses the policies in force, and processes them for the host. */
export async function processSource(source: string, options: ProcessingOptions, io: Io): Promise<ProcessedSource> {
  const loaded = await loadSource(source, options, io)
  try {
    const policies = policiesToProcess(loaded.set, options.policy, io)
    const facts = await factsFor(policies, options)
    loaded.progress.step(`processing ${policies.map((policy) => printable(policy.name)).join(' and ')}`)
    return { ...loaded, expanded: expandPolicies(policies, facts) }
  } catch (error) {
    loaded.progress.end()
    throw error
  }
}

/** The one named, what is assigned, or the only one there is. */
function policiesToProcess(set: PolicySet, name: string | undefined, io: Io): readonly Policy[] {
  if (name !== undefined) return [findPolicy(set, name)]
  const effective = effectivePolicies(set)
  switch (effective.kind) {
    case 'policies':
      return effective.policies
    case 'missing':
      throw new PolagentError('NOT_FOUND', {
        file: set.source,
        what: `the assignment in the ${areaTitle[effective.area]} (${printable(effective.assignment)}) leads to no policy, or to several; say which with --policy`,
      })
    case 'none': {
      const all = set.areas.flatMap((area) => area.policies)
      const [only, ...others] = all
      if (only === undefined) throw new PolagentError('NOT_FOUND', { file: set.source, what: 'there is no policy' })
      if (others.length > 0) {
        const names = all.slice(0, 10).map((policy) => quoted(policy.name))
        throw new PolagentError('USAGE', {
          what: `no policy is assigned in ${set.source}; say which with --policy: ${names.join(', ')}`,
        })
      }
      io.err(`polagent: no policy is assigned; this is for ${quoted(only.name)}, the only one there is\n`)
      return [only]
    }
  }
}

/** With a host file nothing is asked of this computer. */
async function factsFor(policies: readonly Policy[], options: ProcessingOptions): Promise<HostFacts> {
  const facts =
    options.host === undefined
      ? await hostFactsOf(policies.flatMap((policy) => namesToResolve(policy)))
      : readHostFile(options.host)
  return options.me === undefined ? facts : { ...facts, addresses: options.me }
}

/** `me = 192.0.2.10, 2001:db8::a`, for output that depends on it. */
export function factsText(facts: HostFacts): string {
  const addresses = facts.addresses.map(formatIp)
  const shown = addresses.slice(0, 8)
  const more = addresses.length > shown.length ? ` and ${addresses.length - shown.length} more` : ''
  return `me = ${shown.length === 0 ? 'no address' : shown.join(', ')}${more}`
}
