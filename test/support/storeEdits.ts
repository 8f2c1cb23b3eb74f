import type { ObjectClass } from '../../src/policy/objectClass.ts'
import type { ObjectStore, StoredObject } from '../../src/policy/storedObject.ts'
import { type RegistryValue, stringValue } from '../../src/policy/registryValue.ts'
import { LocalStore } from '../../src/stores/localStore.ts'
import { stateDirectoryOf } from '../../src/stores/stateDirectory.ts'
import { hiveCodec } from '../../src/stores/storeCodec.ts'

/** Changes the local store of a state directory as a program would that knows nothing of policies. */
export async function editStore(
  stateDir: string,
  change: (stores: readonly ObjectStore[]) => readonly ObjectStore[],
): Promise<void> {
  const directory = stateDirectoryOf(stateDir, {})
  const store = new LocalStore({ directory, codec: hiveCodec, now: () => new Date().toISOString() })
  await store.update(change, 'edit of a test')
}

/** Changes the objects of one class; `undefined` removes one. */
export function editObjects(
  stores: readonly ObjectStore[],
  objectClass: ObjectClass,
  change: (object: StoredObject) => StoredObject | undefined,
): ObjectStore[] {
  return stores.map((store) => ({
    ...store,
    objects: store.objects.flatMap((object) => {
      const changed = object.class === objectClass ? change(object) : object
      return changed === undefined ? [] : [changed]
    }),
  }))
}

/** The object with its data cut to `length` bytes. */
export function withDataCut(object: StoredObject, length: number): StoredObject {
  const cut = (value: RegistryValue): RegistryValue =>
    value.name.toLowerCase() === 'ipsecdata' ? { ...value, data: value.data.slice(0, length) } : value
  return { ...object, values: object.values.map(cut) }
}

export function withActivePolicy(stores: readonly ObjectStore[], reference: string): ObjectStore[] {
  return stores.map((store) => ({
    ...store,
    values: [
      ...store.values.filter((value) => value.name.toLowerCase() !== 'activepolicy'),
      stringValue('ActivePolicy', reference),
    ],
  }))
}
