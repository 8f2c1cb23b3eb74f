import { PolagentError } from '../base/errors.ts'
import type { Finding } from '../base/finding.ts'
import { policySetOf } from '../formats/object-store/index.ts'
import type { Policy, PolicySet } from '../policy/model.ts'
import type { ObjectStore, StoreArea } from '../policy/storedObject.ts'
import { LocalStore, type LocalStoreUpdate } from '../stores/localStore.ts'
import { hiveCodec } from '../stores/storeCodec.ts'
import { type Command, Option } from 'commander'
import type { Io } from './io.ts'
import { addStateDirOption, type StateDirOption, stateDirectoryFor, wholeNumber } from './options.ts'

/** Options of commands that change the local store. */
export interface StoreOptions extends StateDirOption {
  readonly wait?: number
  readonly area?: StoreAreaOfComputer
}

/** Areas this computer itself can hold policy in. */
export type StoreAreaOfComputer = Extract<StoreArea, 'local' | 'persistent'>

export function addStoreOptions(command: Command): Command {
  return addStateDirOption(command).option(
    '--wait <seconds>',
    'how long to wait for another change to finish (default 10)',
    wholeNumber(0, 86_400),
  )
}

export function addAreaOption(command: Command): Command {
  return command.addOption(
    new Option('--area <area>', 'area of the store (default local)').choices(['local', 'persistent']),
  )
}

export function localStoreOf(options: StoreOptions, io: Io): LocalStore {
  return new LocalStore({
    directory: stateDirectoryFor(options, io),
    codec: hiveCodec,
    now: () => new Date().toISOString(),
    ...(options.wait === undefined ? {} : { waitSeconds: options.wait }),
  })
}

/** The stores as a policy set, for finding policies in. */
export function setOfStores(stores: readonly ObjectStore[], findings: readonly Finding[] = []): PolicySet {
  return policySetOf({ source: 'local', format: 'hive', stores, findings })
}

/** `stores` with the one that holds `policy` changed by `change`. */
export function withStoreOf(
  stores: readonly ObjectStore[],
  policy: Policy,
  change: (store: ObjectStore) => ObjectStore,
): ObjectStore[] {
  return stores.map((store) => (store.objects.includes(policy.object) ? change(store) : store))
}

/** The policies of one area; STORE_MISSING when nothing was ever imported. */
export function areaSetOf(stores: readonly ObjectStore[], area: StoreAreaOfComputer): PolicySet {
  if (stores.length === 0) throw new PolagentError('STORE_MISSING')
  return setOfStores(stores.filter((store) => store.area === area))
}

/** What a change did, and how to take it back. */
export function saidUpdate(said: string, update: LocalStoreUpdate): string {
  if (update.generation === undefined) return `${said}. Nothing has changed.\n`
  return `${said}. The store is now generation ${update.generation.number}; take it back with: polagent restore --last\n`
}
