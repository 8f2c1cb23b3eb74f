import { type Guid, parseGuid } from '../../../base/guid.ts'
import { attributeText } from '../../../policy/attributes.ts'
import type { Algorithm, Offer } from '../../../policy/model.ts'
import type { StoredObject } from '../../../policy/storedObject.ts'
import { negotiationTypeGuid } from '../../../policy/wellKnown.ts'
import {
  decodeNegotiationBlob,
  encodeNegotiationBlob,
  type NegotiationBlob,
  newNegotiationBlob,
  type OfferRecord,
} from '../../ipsec-data/index.ts'
import { offerOfRecord, offersOfBlob } from '../actionMeaning.ts'
import { actionGuidOf, offerRecords, ownerReferences } from '../author/authorFilterAction.ts'
import type { AuthorContext } from '../author/authorContext.ts'
import type { FilterActionDraft } from '../author/draft.ts'
import { takeFirst } from './takeFirst.ts'
import { presentBlob, presentData, updatedObject } from './updateValues.ts'

/**
 * The filter action as the draft says. Offers that stay keep their records, junk included; when the list of offers
 * changes, offers that were not understood go, because nobody can tell how strong they are.
 */
export function updateFilterAction(
  object: StoredObject,
  draft: FilterActionDraft,
  context: AuthorContext,
): StoredObject {
  const { name, description } = draft
  return updatedObject(
    object,
    {
      name,
      description,
      action: actionGuidOf(draft),
      ...typeChange(object, draft),
      data: dataOf(object, draft),
      references: ownerReferences(draft.ownerRuleIds),
    },
    context,
  )
}

/** A type that is not known is taken as the standard one, and stays. */
function typeChange(object: StoredObject, draft: FilterActionDraft): { readonly type?: Guid } {
  const text = attributeText(object, 'ipsecNegotiationPolicyType')
  const isDefaultResponse = text !== undefined && parseGuid(text) === negotiationTypeGuid.defaultResponse
  if (text !== undefined && isDefaultResponse === draft.isDefaultResponse) return {}
  return { type: draft.isDefaultResponse ? negotiationTypeGuid.defaultResponse : negotiationTypeGuid.standard }
}

function dataOf(object: StoredObject, draft: FilterActionDraft): Uint8Array {
  const records = offerRecords(draft)
  const blob = presentBlob(object, decodeNegotiationBlob)
  if (blob === undefined) return encodeNegotiationBlob(newNegotiationBlob(records))
  if (saysTheSame(blob, draft)) return presentData(object)
  const rest = [...blob.offers]
  const offers = records.map((record) => takeFirst(rest, (old) => sameRecord(old, record)) ?? record)
  return encodeNegotiationBlob({ ...newNegotiationBlob(offers), trailing: blob.trailing })
}

/** Offers of an action that does not negotiate mean nothing and stay; the marker may stand anywhere. */
function saysTheSame(blob: NegotiationBlob, draft: FilterActionDraft): boolean {
  if (draft.action !== 'negotiate') return true
  const { offers, fallBackToClear } = offersOfBlob(blob)
  return (
    fallBackToClear === draft.fallBackToClear &&
    offers.length === draft.offers.length &&
    offers.every((offer, index) => sameOffer(offer, draft.offers[index]))
  )
}

/** Whether two records offer the same; ignored bytes and junk do not count. */
function sameRecord(a: OfferRecord, b: OfferRecord): boolean {
  if (a.algorithms.length === 0 || b.algorithms.length === 0) return a.algorithms.length === b.algorithms.length
  const left = offerOfRecord(a)
  const right = offerOfRecord(b)
  return typeof left !== 'string' && typeof right !== 'string' && sameOffer(left, right)
}

function sameOffer(a: Offer, b: Offer | undefined): boolean {
  return (
    b !== undefined &&
    a.lifetimeSeconds === b.lifetimeSeconds &&
    a.lifetimeKilobytes === b.lifetimeKilobytes &&
    a.perfectForwardSecrecy === b.perfectForwardSecrecy &&
    a.algorithms.length === b.algorithms.length &&
    a.algorithms.every((algorithm, index) => sameAlgorithm(algorithm, b.algorithms[index]))
  )
}

function sameAlgorithm(a: Algorithm, b: Algorithm | undefined): boolean {
  if (b === undefined || a.protocol !== b.protocol || a.integrity !== b.integrity) return false
  return a.protocol === 'ah' || (b.protocol === 'esp' && a.cipher === b.cipher)
}
