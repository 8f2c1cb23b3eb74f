import { parseObjectName } from '../../policy/reference.ts'
import type { RegistryKey } from '../../policy/registryValue.ts'
import type { ObjectStore, StoreArea, StoredObject } from '../../policy/storedObject.ts'
import { keyInfoOf } from './keyPaths.ts'

/** The store an area key holds: a subkey named `<class>{guid}` is an object, any other is kept beside them. */
export function storeOfKey(key: RegistryKey, area: StoreArea, keyPath: readonly string[]): ObjectStore {
  const objects: StoredObject[] = []
  const otherKeys: RegistryKey[] = []
  for (const subkey of key.subkeys) {
    const object = objectOfKey(subkey)
    if (object === undefined) otherKeys.push(subkey)
    else objects.push(object)
  }
  const keyInfo = keyInfoOf(key)
  return { area, keyPath, values: key.values, objects, otherKeys, ...(keyInfo === undefined ? {} : { keyInfo }) }
}

function objectOfKey(key: RegistryKey): StoredObject | undefined {
  const reference = parseObjectName(key.name)
  if (reference === undefined) return undefined
  const keyInfo = keyInfoOf(key)
  return {
    class: reference.class,
    id: reference.id,
    key: key.name,
    values: key.values,
    subkeys: key.subkeys,
    ...(keyInfo === undefined ? {} : { keyInfo }),
    place: {
      ...(key.offset === undefined ? {} : { offset: key.offset }),
      ...(key.line === undefined ? {} : { line: key.line }),
    },
  }
}

/** The key of an area, as a writer of hives or registry text takes it. */
export function storeToRegistryKey(store: ObjectStore): RegistryKey {
  return {
    name: store.keyPath.at(-1) ?? '',
    values: store.values,
    subkeys: [...store.objects.map(keyOfObject), ...store.otherKeys],
    ...store.keyInfo,
  }
}

function keyOfObject(object: StoredObject): RegistryKey {
  return { name: object.key, values: object.values, subkeys: object.subkeys, ...object.keyInfo }
}

/** Whether a key has at least one policy object below it. */
export function holdsObjects(key: RegistryKey): boolean {
  return key.subkeys.some((subkey) => parseObjectName(subkey.name) !== undefined)
}
