import type { MainModeOffer } from '../../../policy/model.ts'
import type { StoredObject } from '../../../policy/storedObject.ts'
import {
  encodeIsakmpBlob,
  limits,
  newIsakmpBlob,
  newSecurityMethod,
  type SecurityMethod,
} from '../../ipsec-data/index.ts'
import { isakmpOption, mainModeCodes, randomFunctionOf } from '../mainModeMeaning.ts'
import type { AuthorContext } from './authorContext.ts'
import type { MainModeDraft } from './draft.ts'
import { newObject } from './objectValues.ts'
import { storableCount, storableNumber } from './storable.ts'

/** An ipsecISAKMPPolicy object (policy-objects.md 2.3); it has no name. */
export function authorMainMode(draft: MainModeDraft, context: AuthorContext): StoredObject {
  const blob = newIsakmpBlob({
    instance: draft.id,
    ...mainModeFields(draft),
    methods: draft.offers.map((offer) => methodOfOffer(offer, draft)),
  })
  return newObject(
    {
      class: 'ipsecISAKMPPolicy',
      id: draft.id,
      data: encodeIsakmpBlob(blob),
      references: mainModeReferences(draft),
    },
    context,
  )
}

export function mainModeReferences(draft: MainModeDraft) {
  return { ipsecOwnersReference: [{ class: 'ipsecPolicy' as const, id: draft.policyId }] }
}

/** The fields of the blob that stand before the methods. */
export function mainModeFields(draft: MainModeDraft) {
  storableCount(draft.offers.length, limits.mainModeMethods, 'offers')
  return {
    masterPfs: draft.perfectForwardSecrecy ? 1 : 0,
    options:
      (draft.certificateMapping ? isakmpOption.certificateMapping : 0) |
      (draft.noCertificateRequest ? isakmpOption.noCertificateRequest : 0),
    quickModeLimit: storableNumber(draft.quickModeLimit, 'quickModeLimit'),
    lifetimeSeconds: storableNumber(draft.lifetimeSeconds, 'lifetimeSeconds'),
  }
}

/**
 * Group 14 is written as Windows does it, Random-Function with Oakley-Group 2, when the offer's limits are those of
 * the settings, which such a record takes; else as Oakley-Group 0x10000001, which keeps limits of its own.
 */
export function methodOfOffer(offer: MainModeOffer, draft: MainModeDraft): SecurityMethod {
  const randomFunction = randomFunctionOf(offer, draft)
  return newSecurityMethod({
    encryption: mainModeCodes.encryption[offer.encryption],
    hash: mainModeCodes.integrity[offer.integrity],
    randomFunction,
    oakleyGroup: randomFunction === 0 ? mainModeCodes.group[offer.group] : mainModeCodes.group.group2,
    quickModeLimit: storableNumber(offer.quickModeLimit, 'offers.quickModeLimit'),
    lifetimeKilobytes: storableNumber(offer.lifetimeKilobytes, 'offers.lifetimeKilobytes'),
    lifetimeSeconds: storableNumber(offer.lifetimeSeconds, 'offers.lifetimeSeconds'),
    pfsIdentityRequired: offer.perfectForwardSecrecy,
  })
}
