import type { Finding, Report } from '../../base/finding.ts'
import { integrityFinding } from '../../policy/integrityFinding.ts'
import type { MainMode } from '../../policy/model.ts'
import type { StoredObject } from '../../policy/storedObject.ts'
import { decodeIsakmpBlob } from '../ipsec-data/index.ts'
import { collecting } from './collect.ts'
import { effectiveLifetime, isakmpOption, mainModeOffersOfBlob } from './mainModeMeaning.ts'
import { decodeObjectData } from './objectData.ts'

/** `mainMode` is absent when the settings cannot be used; the whole policy is then unusable (policy-objects.md 4.4). */
export interface MainModeReading {
  readonly mainMode: MainMode | undefined
  readonly problems: readonly Finding[]
}

export function readMainMode(object: StoredObject, report: Report): MainModeReading {
  const { report: note, errors } = collecting(report)
  return { mainMode: mainModeOf(object, note), problems: errors }
}

function mainModeOf(object: StoredObject, report: Report): MainMode | undefined {
  const blob = decodeObjectData(object, decodeIsakmpBlob, report)
  if (blob === undefined) return undefined
  const { offers, skipped } = mainModeOffersOfBlob(blob)
  for (const what of skipped) report(integrityFinding('MAIN_MODE_OFFER_SKIPPED', object, what))
  if (offers.length === 0) report(integrityFinding('MAIN_MODE_NO_OFFER', object))
  return {
    id: object.id,
    perfectForwardSecrecy: blob.masterPfs !== 0,
    certificateMapping: (blob.options & isakmpOption.certificateMapping) !== 0,
    noCertificateRequest: (blob.options & isakmpOption.noCertificateRequest) !== 0,
    quickModeLimit: blob.quickModeLimit,
    lifetimeSeconds: effectiveLifetime(blob.lifetimeSeconds),
    offers,
    object,
  }
}
