import type { Guid } from '../../../base/guid.ts'
import type { Algorithm, Offer } from '../../../policy/model.ts'
import type { StoredObject } from '../../../policy/storedObject.ts'
import { actionGuid, negotiationTypeGuid } from '../../../policy/wellKnown.ts'
import {
  type AlgorithmRecord,
  encodeNegotiationBlob,
  limits,
  newNegotiationBlob,
  newOfferRecord,
  type OfferRecord,
} from '../../ipsec-data/index.ts'
import { cipherCodes, integrityCodes, offerType } from '../actionMeaning.ts'
import type { AuthorContext } from './authorContext.ts'
import type { FilterActionDraft } from './draft.ts'
import { newObject } from './objectValues.ts'
import { notStorable, storableCount, storableNumber } from './storable.ts'

/** An ipsecNegotiationPolicy object (policy-objects.md 2.5). */
export function authorFilterAction(draft: FilterActionDraft, context: AuthorContext): StoredObject {
  return newObject(
    {
      class: 'ipsecNegotiationPolicy',
      id: draft.id,
      ...(draft.name === undefined ? {} : { name: draft.name }),
      ...(draft.description === undefined ? {} : { description: draft.description }),
      action: actionGuidOf(draft),
      type: draft.isDefaultResponse ? negotiationTypeGuid.defaultResponse : negotiationTypeGuid.standard,
      data: encodeNegotiationBlob(newNegotiationBlob(offerRecords(draft))),
      references: ownerReferences(draft.ownerRuleIds),
    },
    context,
  )
}

export function ownerReferences(ruleIds: readonly Guid[]) {
  return { ipsecOwnersReference: ruleIds.map((id) => ({ class: 'ipsecNFA' as const, id })) }
}

export function actionGuidOf(draft: FilterActionDraft): Guid {
  if (draft.action !== 'negotiate') return actionGuid[draft.action]
  return draft.acceptUnsecuredInbound ? actionGuid.inboundPassThrough : actionGuid.negotiate
}

/** The offers, and after them the marker for fall-back to clear: 80 zero bytes (policy-objects.md 2.5.4). */
export function offerRecords(draft: FilterActionDraft): OfferRecord[] {
  if (draft.action !== 'negotiate') return []
  const records = draft.offers.map(recordOfOffer)
  if (draft.fallBackToClear) records.push(fallBackMarker)
  storableCount(records.length, limits.quickModeOffers, 'offers')
  return records
}

const fallBackMarker: OfferRecord = newOfferRecord({
  lifetimeSeconds: 0,
  lifetimeKilobytes: 0,
  options: 0,
  pfs: 0,
  algorithms: [],
})

function recordOfOffer(offer: Offer): OfferRecord {
  if (offer.algorithms.length === 0 || offer.algorithms.length > 3) {
    throw notStorable('offers.algorithms', `${offer.algorithms.length} algorithms; one to three go together`)
  }
  return newOfferRecord({
    lifetimeSeconds: storableNumber(offer.lifetimeSeconds, 'offers.lifetimeSeconds'),
    lifetimeKilobytes: storableNumber(offer.lifetimeKilobytes, 'offers.lifetimeKilobytes'),
    options: 0,
    pfs: offer.perfectForwardSecrecy ? 1 : 0,
    algorithms: offer.algorithms.map(recordOfAlgorithm),
  })
}

function recordOfAlgorithm(algorithm: Algorithm): AlgorithmRecord {
  const zero = new Uint8Array(8)
  if (algorithm.protocol === 'ah') {
    return { id: integrityCodes[algorithm.integrity], integrity: 0, type: offerType.ah, zero }
  }
  if (algorithm.cipher === 'none' && algorithm.integrity === 'none') {
    throw notStorable('offers.algorithms', 'ESP without cipher and without integrity protects nothing')
  }
  return {
    id: cipherCodes[algorithm.cipher],
    integrity: integrityCodes[algorithm.integrity],
    type: offerType.esp,
    zero,
  }
}
