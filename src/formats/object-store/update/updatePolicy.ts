import type { StoredObject } from '../../../policy/storedObject.ts'
import { defaultPollingIntervalSeconds } from '../../../policy/wellKnown.ts'
import { decodePolicyBlob, encodePolicyBlob, newPolicyBlob } from '../../ipsec-data/index.ts'
import type { AuthorContext } from '../author/authorContext.ts'
import { policyReferences } from '../author/authorPolicy.ts'
import type { PolicyDraft } from '../author/draft.ts'
import { storableNumber } from '../author/storable.ts'
import { presentBlob, presentData, updatedObject } from './updateValues.ts'

/** The policy object as the draft says; what the draft does not tell stays. */
export function updatePolicy(object: StoredObject, draft: PolicyDraft, context: AuthorContext): StoredObject {
  const { name, description } = draft
  return updatedObject(
    object,
    { name, description, data: dataOf(object, draft), references: policyReferences(draft) },
    context,
  )
}

function dataOf(object: StoredObject, draft: PolicyDraft): Uint8Array {
  const interval = storableNumber(draft.pollingIntervalSeconds, 'pollingIntervalSeconds')
  const blob = presentBlob(object, decodePolicyBlob)
  if (blob === undefined) return encodePolicyBlob(newPolicyBlob(interval))
  if (effective(blob.pollingIntervalSeconds) === effective(interval)) return presentData(object)
  return encodePolicyBlob({ ...blob, pollingIntervalSeconds: interval })
}

function effective(seconds: number): number {
  return seconds === 0 ? defaultPollingIntervalSeconds : seconds
}
