import type { MainModeOffer } from '../../../policy/model.ts'
import type { StoredObject } from '../../../policy/storedObject.ts'
import {
  decodeIsakmpBlob,
  encodeIsakmpBlob,
  type IsakmpBlob,
  newIsakmpBlob,
  securityMethodLength,
} from '../../ipsec-data/index.ts'
import { mainModeFields, mainModeReferences, methodOfOffer } from '../author/authorMainMode.ts'
import type { AuthorContext } from '../author/authorContext.ts'
import type { MainModeDraft } from '../author/draft.ts'
import {
  effectiveLifetime,
  isakmpOption,
  mainModeOffersOfBlob,
  offerOfRecordIn,
  sameOffer,
} from '../mainModeMeaning.ts'
import { namesOf } from '../names.ts'
import { takeFirst } from './takeFirst.ts'
import { presentBlob, presentData, updatedObject } from './updateValues.ts'

/**
 * The settings as the draft says. Records that say an offer of the draft stay as they are; when the list of offers
 * changes, records that were not understood go, because nobody can tell how strong they are.
 */
export function updateMainMode(object: StoredObject, draft: MainModeDraft, context: AuthorContext): StoredObject {
  return updatedObject(
    object,
    { ...namesOf(object), data: dataOf(object, draft), references: mainModeReferences(draft) },
    context,
  )
}

function dataOf(object: StoredObject, draft: MainModeDraft): Uint8Array {
  const fields = mainModeFields(draft)
  const blob = presentBlob(object, decodeIsakmpBlob)
  if (blob === undefined) {
    const methods = draft.offers.map((offer) => methodOfOffer(offer, draft))
    return encodeIsakmpBlob(newIsakmpBlob({ instance: draft.id, ...fields, methods }))
  }
  const settings = withSettings(blob, fields)
  const changed = withOffers(settings, draft)
  return changed === blob ? presentData(object) : encodeIsakmpBlob(changed)
}

function withSettings(blob: IsakmpBlob, fields: ReturnType<typeof mainModeFields>): IsakmpBlob {
  const known = isakmpOption.certificateMapping | isakmpOption.noCertificateRequest
  const isSame =
    (blob.masterPfs !== 0) === (fields.masterPfs !== 0) &&
    (blob.options & known) === fields.options &&
    blob.quickModeLimit === fields.quickModeLimit &&
    effectiveLifetime(blob.lifetimeSeconds) === effectiveLifetime(fields.lifetimeSeconds)
  if (isSame) return blob
  return {
    ...blob,
    masterPfs: (blob.masterPfs !== 0) === (fields.masterPfs !== 0) ? blob.masterPfs : fields.masterPfs,
    options: ((blob.options & ~known) | fields.options) >>> 0,
    quickModeLimit: fields.quickModeLimit,
    lifetimeSeconds: fields.lifetimeSeconds,
  }
}

function withOffers(blob: IsakmpBlob, draft: MainModeDraft): IsakmpBlob {
  const wanted = draft.offers.map(effectiveOffer)
  const present = mainModeOffersOfBlob(blob).offers
  if (
    present.length === wanted.length &&
    present.every((offer, index) => sameOffer(offer, wanted[index] as MainModeOffer))
  ) {
    return blob
  }
  const rest = [...blob.methods]
  const methods = wanted.map((offer) => {
    const same = takeFirst(rest, (method) => {
      const meaning = offerOfRecordIn(blob, method)
      return meaning !== undefined && sameOffer(meaning, offer)
    })
    return same ?? methodOfOffer(offer, draft)
  })
  return { ...blob, newDh: [0, 0, 0, 0], methods, dataLength: 64 + securityMethodLength * methods.length }
}

function effectiveOffer(offer: MainModeOffer): MainModeOffer {
  return { ...offer, lifetimeSeconds: effectiveLifetime(offer.lifetimeSeconds) }
}
