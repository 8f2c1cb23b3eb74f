import type { Report } from '../../../base/finding.ts'
import { integrityFinding } from '../../../policy/integrityFinding.ts'
import type { Policy, Rule } from '../../../policy/model.ts'
import type { ObjectStore } from '../../../policy/storedObject.ts'
import type { ObjectIndex } from '../objectIndex.ts'
import { checkAttributes } from './checkAttributes.ts'
import { checkBackReferences } from './checkBackReferences.ts'
import { checkDuplicates } from './checkDuplicates.ts'
import { checkReferencePaths } from './checkReferencePaths.ts'
import { checkOrphans } from './checkOrphans.ts'

/** The integrity rules that look at stored objects as such (registry-store.md 2.5, 2.6). */
export function checkObjects(
  store: ObjectStore,
  index: ObjectIndex,
  model: { readonly policies: readonly Policy[]; readonly rules: readonly Rule[] },
  report: Report,
): void {
  for (const object of store.objects) checkAttributes(object, report)
  checkDuplicates(store, index, report)
  checkBackReferences(store, index, report)
  checkReferencePaths(store, index, report)
  checkOrphans(store, index, model.policies, report)
  for (const key of store.otherKeys) {
    report(integrityFinding('KEY_UNKNOWN', undefined, key.name, { object: [...store.keyPath, key.name].join('\\') }))
  }
}
