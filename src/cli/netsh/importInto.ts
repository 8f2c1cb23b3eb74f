import { PolagentError } from '../../base/errors.ts'
import type { Report } from '../../base/finding.ts'
import { convertArea, mergeStores } from '../../formats/object-store/index.ts'
import type { PolicySet } from '../../policy/model.ts'
import type { ObjectStore } from '../../policy/storedObject.ts'
import { freshId } from '../freshId.ts'
import type { StoreAreaOfComputer } from '../localStoreOf.ts'

/** An area with the policies of a file added; objects with an id that is there are overwritten (netsh-ipsec.md 4.8). */
export function importedInto(
  into: ObjectStore,
  set: PolicySet,
  area: StoreAreaOfComputer,
  report: Report,
): ObjectStore {
  const [from] = set.areas.filter(({ store }) => store.objects.length > 0)
  if (from === undefined) throw new PolagentError('INPUT_NO_POLICY', { file: set.source })
  const here = convertArea(from.store, { area, keyPath: into.keyPath }, report)
  return mergeStores(into, here, { onConflict: 'replace', newId: freshId }, report)
}
