import type { Command } from 'commander'
import { PolagentError } from '../../base/errors.ts'
import { assign, deletePolicy } from '../../formats/object-store/index.ts'
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
import { quoted } from '../policyTree.ts'

interface Options extends StoreOptions {
  readonly force?: true
  readonly keepShared?: true
}

export const command: CommandModule = {
  define: (deleting: Command, io: Io) => {
    addStoreOptions(addAreaOption(deleting.argument('<policy>', 'name or id')))
      .option('--force', 'also when it is assigned; nothing is assigned then')
      .option('--keep-shared', 'keep its filter lists and filter actions as unused ones')
      .action((name: string, options: Options) => deleteNamed(name, options, io))
  },
  examples: [
    { line: 'polagent delete "Old policy"', does: 'deletes it with its rules; `polagent restore` brings it back' },
  ],
}

async function deleteNamed(name: string, options: Options, io: Io): Promise<void> {
  const area = options.area ?? 'local'
  let said = ''
  const update = await localStoreOf(options, io).update((stores) => {
    const policy = findPolicy(areaSetOf(stores, area), name)
    if (policy.isAssigned && options.force !== true) {
      throw new PolagentError('POLICY_ASSIGNED', { what: `"${policy.name}"` })
    }
    return withStoreOf(stores, policy, (store) => {
      const unassigned = policy.isAssigned ? assign(store, undefined) : store
      const after = deletePolicy(unassigned, policy.id, { keepShared: options.keepShared === true })
      const gone = store.objects.length - after.objects.length
      said = `Deleted ${quoted(policy.name)} (${gone} objects)${policy.isAssigned ? '; nothing is assigned now' : ''}`
      return after
    })
  }, `delete "${name}"`)
  io.out(saidUpdate(said, update))
}
