import type { ObjectStore, StoreArea } from '../../../policy/storedObject.ts'
import { isRegistryArea, standardKeyPath } from '../keyPaths.ts'

/** An area without objects, at the place Windows keeps it unless another is given. */
export function emptyStore(area: StoreArea, keyPath?: readonly string[]): ObjectStore {
  const path = keyPath ?? (isRegistryArea(area) ? standardKeyPath(area) : undefined)
  if (path === undefined) throw new TypeError('a directory area needs the DN of its container')
  return { area, keyPath: path, values: [], objects: [], otherKeys: [] }
}
