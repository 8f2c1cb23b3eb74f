import type { Report } from '../base/finding.ts'
import { integrityFinding } from '../policy/integrityFinding.ts'
import { referenceKey } from '../policy/reference.ts'
import type { RegistryKey } from '../policy/registryValue.ts'
import type { ObjectStore } from '../policy/storedObject.ts'
import { findStores } from './object-store/index.ts'

/**
 * The stores of a damaged hive, with the policy objects among the keys that nothing leads to any more. An object that
 * the stores have already is left as it is there; each area says how many were added.
 */
export function withSalvagedObjects(
  stores: readonly ObjectStore[],
  orphans: readonly RegistryKey[],
  report: Report,
): readonly ObjectStore[] {
  if (orphans.length === 0) return stores
  // Where the keys lay is not known any more, so remarks about their place say nothing.
  const loose = findStores({ name: '', values: [], subkeys: orphans }, () => {})
  return loose.reduce((all, one) => withStore(all, one, report), stores)
}

function withStore(stores: readonly ObjectStore[], loose: ObjectStore, report: Report): readonly ObjectStore[] {
  const into = stores.find((store) => store.area === loose.area)
  const known = new Set(into?.objects.map(referenceKey))
  const added = loose.objects.filter((object) => !known.has(referenceKey(object)))
  if (added.length === 0 && into !== undefined) return stores
  report(integrityFinding('OBJECTS_SALVAGED', undefined, `${added.length} for the ${loose.area} area`))
  if (into === undefined) return [...stores, loose]
  // An area whose own key was cut off has lost its assignment; the loose key of the same area may still have it.
  const values = into.values.length === 0 ? loose.values : into.values
  const merged = { ...into, values, objects: [...into.objects, ...added] }
  return stores.map((store) => (store === into ? merged : store))
}
