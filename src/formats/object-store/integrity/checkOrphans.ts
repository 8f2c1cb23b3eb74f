import type { Report } from '../../../base/finding.ts'
import { integrityFinding } from '../../../policy/integrityFinding.ts'
import type { Policy } from '../../../policy/model.ts'
import { referenceKey } from '../../../policy/reference.ts'
import type { ObjectStore } from '../../../policy/storedObject.ts'
import { versionInformationNfa } from '../../../policy/wellKnown.ts'
import type { ObjectIndex } from '../objectIndex.ts'
import { ownersByTarget } from '../links.ts'

/** Rules and main mode settings nobody refers to, unused lists and actions, rules of two policies (2.5 rule 8). */
export function checkOrphans(
  store: ObjectStore,
  index: ObjectIndex,
  policies: readonly Policy[],
  report: Report,
): void {
  const owners = ownersByTarget(store, index)
  for (const object of store.objects) {
    if (object.class === 'ipsecPolicy' || object.id === versionInformationNfa || !index.isFirst(object)) continue
    if (owners.has(referenceKey(object))) continue
    const isShareable = object.class === 'ipsecFilter' || object.class === 'ipsecNegotiationPolicy'
    report(integrityFinding(isShareable ? 'UNUSED' : 'ORPHAN', object))
  }
  const ownerOfRule = new Map<string, Policy>()
  for (const policy of policies) {
    for (const rule of policy.rules) {
      const other = ownerOfRule.get(rule.id)
      if (other === undefined) ownerOfRule.set(rule.id, policy)
      else report(integrityFinding('RULE_SHARED', rule.object, `"${other.name}" and "${policy.name}"`))
    }
  }
}
