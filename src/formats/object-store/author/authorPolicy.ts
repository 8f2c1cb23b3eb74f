import type { StoredObject } from '../../../policy/storedObject.ts'
import { encodePolicyBlob, newPolicyBlob } from '../../ipsec-data/index.ts'
import type { AuthorContext } from './authorContext.ts'
import type { PolicyDraft } from './draft.ts'
import { newObject } from './objectValues.ts'
import { storableNumber } from './storable.ts'

/** An ipsecPolicy object (policy-objects.md 2.2). */
export function authorPolicy(draft: PolicyDraft, context: AuthorContext): StoredObject {
  const interval = storableNumber(draft.pollingIntervalSeconds, 'pollingIntervalSeconds')
  return newObject(
    {
      class: 'ipsecPolicy',
      id: draft.id,
      name: draft.name,
      ...(draft.description === undefined ? {} : { description: draft.description }),
      data: encodePolicyBlob(newPolicyBlob(interval)),
      references: policyReferences(draft),
    },
    context,
  )
}

export function policyReferences(draft: PolicyDraft) {
  return {
    ipsecISAKMPReference: [{ class: 'ipsecISAKMPPolicy' as const, id: draft.mainModeId }],
    ipsecNFAReference: draft.ruleIds.map((id) => ({ class: 'ipsecNFA' as const, id })),
  }
}
