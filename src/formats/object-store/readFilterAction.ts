import type { Finding, Report } from '../../base/finding.ts'
import { parseGuid } from '../../base/guid.ts'
import { attributeText } from '../../policy/attributes.ts'
import { integrityFinding } from '../../policy/integrityFinding.ts'
import type { FilterAction } from '../../policy/model.ts'
import type { StoredObject } from '../../policy/storedObject.ts'
import { actionGuid, negotiationTypeGuid } from '../../policy/wellKnown.ts'
import { decodeNegotiationBlob } from '../ipsec-data/index.ts'
import { offersOfBlob } from './actionMeaning.ts'
import { collecting } from './collect.ts'
import { namesOf } from './names.ts'
import { decodeObjectData } from './objectData.ts'

/** `undefined` when the action cannot be known; then every rule using it has failed, and `problems` say why. */
export interface FilterActionReading {
  readonly action: FilterAction | undefined
  readonly problems: readonly Finding[]
}

export function readFilterAction(object: StoredObject, report: Report): FilterActionReading {
  const { report: note, errors } = collecting(report)
  const action = actionOf(object, note)
  return { action: action === undefined ? undefined : { ...action, problems: errors }, problems: errors }
}

function actionOf(object: StoredObject, report: Report): FilterAction | undefined {
  const base = {
    id: object.id,
    ...namesOf(object),
    isDefaultResponse: isDefaultResponse(object, report),
    object,
    problems: [],
  }
  const actionText = attributeText(object, 'ipsecNegotiationPolicyAction')
  const kind = actionText === undefined ? undefined : parseGuid(actionText)
  const blob = decodeObjectData(object, decodeNegotiationBlob, report)
  switch (kind) {
    case actionGuid.block:
      return { ...base, action: 'block' }
    case actionGuid.permit:
      return blob === undefined ? undefined : { ...base, action: 'permit' }
    case actionGuid.negotiate:
    case actionGuid.inboundPassThrough: {
      if (blob === undefined) return undefined
      const meaning = offersOfBlob(blob)
      for (const what of meaning.skipped) report(integrityFinding('OFFER_SKIPPED', object, what))
      if (meaning.offers.length === 0) report(integrityFinding('ACTION_NO_OFFER', object))
      return {
        ...base,
        action: 'negotiate',
        offers: meaning.offers,
        perfectForwardSecrecy: meaning.offers.some((offer) => offer.perfectForwardSecrecy),
        acceptUnsecuredInbound: kind === actionGuid.inboundPassThrough,
        fallBackToClear: meaning.fallBackToClear,
      }
    }
    default:
      report(
        integrityFinding('ACTION_UNKNOWN', object, actionText ?? 'the value is missing', {
          field: 'ipsecNegotiationPolicyAction',
        }),
      )
      return undefined
  }
}

function isDefaultResponse(object: StoredObject, report: Report): boolean {
  const text = attributeText(object, 'ipsecNegotiationPolicyType')
  const type = text === undefined ? undefined : parseGuid(text)
  if (type === negotiationTypeGuid.defaultResponse) return true
  if (type !== negotiationTypeGuid.standard) {
    report(
      integrityFinding('ACTION_TYPE_UNKNOWN', object, text ?? 'the value is missing', {
        field: 'ipsecNegotiationPolicyType',
      }),
    )
  }
  return false
}
