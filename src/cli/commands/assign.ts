import type { Command } from 'commander'
import { assign } from '../../formats/object-store/index.ts'
import type { CommandModule } from '../commandTable.ts'
import { findPolicy } from '../findPolicy.ts'
import type { Io } from '../io.ts'
import {
  addAreaOption,
  addStoreOptions,
  areaSetOf,
  localStoreOf,
  saidUpdate,
  type StoreOptions,
  withStoreOf,
} from '../localStoreOf.ts'
import { areaTitle, quoted } from '../policyTree.ts'

export const command: CommandModule = {
  define: (assigning: Command, io: Io) => {
    addStoreOptions(addAreaOption(assigning.argument('<policy>', 'name or id'))).action(
      (name: string, options: StoreOptions) => assignPolicy(name, options, io),
    )
  },
  examples: [
    { line: 'polagent assign "Server hardening"', does: 'the agent applies it as soon as it sees the change' },
  ],
}

async function assignPolicy(name: string, options: StoreOptions, io: Io): Promise<void> {
  const area = options.area ?? 'local'
  let said = ''
  const update = await localStoreOf(options, io).update((stores) => {
    const set = areaSetOf(stores, area)
    const policy = findPolicy(set, name)
    const before = set.areas.find((one) => one.policies.includes(policy))?.assigned
    if (before?.id === policy.id) {
      said = `${quoted(policy.name)} is assigned already`
      return stores
    }
    const instead = before === undefined ? '' : ` instead of ${quoted(before.name)}`
    const problem = policy.problems[0]
    said = `Assigned ${quoted(policy.name)} in the ${areaTitle[area]}${instead}`
    if (problem !== undefined) io.err(`polagent: this policy cannot be used: ${problem.message}\n`)
    return withStoreOf(stores, policy, (store) => assign(store, policy.id))
  }, `assign "${name}"`)
  io.out(saidUpdate(said, update))
}
