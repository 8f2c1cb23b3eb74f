import type { Command } from 'commander'
import { PolagentError } from '../../base/errors.ts'
import { assign } from '../../formats/object-store/index.ts'
import type { CommandModule } from '../commandTable.ts'
import type { Io } from '../io.ts'
import {
  addAreaOption,
  addStoreOptions,
  areaSetOf,
  localStoreOf,
  saidUpdate,
  type StoreOptions,
} from '../localStoreOf.ts'
import { areaTitle, quoted } from '../policyTree.ts'

export const command: CommandModule = {
  define: (unassigning: Command, io: Io) => {
    addStoreOptions(addAreaOption(unassigning)).action((options: StoreOptions) => unassign(options, io))
  },
}

async function unassign(options: StoreOptions, io: Io): Promise<void> {
  const area = options.area ?? 'local'
  let said = ''
  const update = await localStoreOf(options, io).update((stores) => {
    if (stores.length === 0) throw new PolagentError('STORE_MISSING')
    const assigned = areaSetOf(stores, area).areas.find((one) => one.assignment !== undefined)
    if (assigned === undefined) {
      said = `No policy is assigned in the ${areaTitle[area]}`
      return stores
    }
    const name = assigned.assigned === undefined ? (assigned.assignment ?? '') : assigned.assigned.name
    said = `Unassigned ${quoted(name)} in the ${areaTitle[area]}`
    return stores.map((store) => (store.area === area ? assign(store, undefined) : store))
  }, 'unassign')
  io.out(saidUpdate(said, update))
}
