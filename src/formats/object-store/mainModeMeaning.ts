import type { MainModeOffer } from '../../policy/model.ts'
import { defaultMainModeLifetimeSeconds } from '../../policy/wellKnown.ts'
import type { IsakmpBlob, SecurityMethod } from '../ipsec-data/index.ts'

type Suite = Pick<MainModeOffer, 'encryption' | 'integrity' | 'group'>

/** ISAKMP-Options bits (policy-objects.md 2.3) [S]. */
export const isakmpOption = { certificateMapping: 1, noCertificateRequest: 2 } as const

/** Main-mode ids as written (policy-objects.md 3) [S]. */
export const mainModeCodes = {
  encryption: { none: 0, des: 1, '3des': 3 },
  integrity: { none: 0, md5: 1, sha1: 2 },
  group: { group1: 1, group2: 2, group14: 0x1000_0001 },
} as const

/** The same as read; encryption 2 is 3DES as well. */
const encryptionById = new Map<number, MainModeOffer['encryption']>([
  [0, 'none'],
  [1, 'des'],
  [2, '3des'],
  [3, '3des'],
])
const integrityById = new Map<number, MainModeOffer['integrity']>([
  [0, 'none'],
  [1, 'md5'],
  [2, 'sha1'],
])
const groupById = new Map<number, MainModeOffer['group']>([
  [1, 'group1'],
  [2, 'group2'],
  [0x1000_0001, 'group14'],
])

/** Random-Function and New-DH-n values: a whole suite with group 14 (policy-objects.md 2.3) [S]. */
const group14Suites: ReadonlyMap<number, Suite> = new Map<number, Suite>([
  [1, { encryption: 'des', integrity: 'md5', group: 'group14' }],
  [2, { encryption: 'des', integrity: 'sha1', group: 'group14' }],
  [3, { encryption: '3des', integrity: 'md5', group: 'group14' }],
  [4, { encryption: '3des', integrity: 'sha1', group: 'group14' }],
])

type Limits = Pick<MainModeOffer, 'lifetimeSeconds' | 'lifetimeKilobytes' | 'quickModeLimit' | 'perfectForwardSecrecy'>

/** Limits that offers given by Random-Function or New-DH take from the settings as a whole. */
function commonLimits(settings: Omit<Limits, 'lifetimeKilobytes'>): Limits {
  return {
    lifetimeSeconds: effectiveLifetime(settings.lifetimeSeconds),
    lifetimeKilobytes: 0,
    quickModeLimit: settings.quickModeLimit,
    perfectForwardSecrecy: settings.perfectForwardSecrecy,
  }
}

/** The Random-Function value that says exactly this offer within these settings; 0 when none does. */
export function randomFunctionOf(offer: MainModeOffer, settings: Omit<Limits, 'lifetimeKilobytes'>): number {
  const limits = commonLimits(settings)
  for (const [value, suite] of group14Suites) {
    if (sameOffer({ ...offer, lifetimeSeconds: effectiveLifetime(offer.lifetimeSeconds) }, { ...suite, ...limits })) {
      return value
    }
  }
  return 0
}

export function sameOffer(a: MainModeOffer, b: MainModeOffer): boolean {
  return (
    a.encryption === b.encryption &&
    a.integrity === b.integrity &&
    a.group === b.group &&
    a.lifetimeSeconds === b.lifetimeSeconds &&
    a.lifetimeKilobytes === b.lifetimeKilobytes &&
    a.quickModeLimit === b.quickModeLimit &&
    a.perfectForwardSecrecy === b.perfectForwardSecrecy
  )
}

export interface MainModeOffers {
  readonly offers: readonly MainModeOffer[]
  readonly skipped: readonly string[]
}

/** Effective main-mode offers: New-DH-1..4 up to the first zero, then the security methods in order. */
export function mainModeOffersOfBlob(blob: IsakmpBlob): MainModeOffers {
  const offers: MainModeOffer[] = []
  const skipped: string[] = []
  const limits = commonLimits({ ...blob, perfectForwardSecrecy: blob.masterPfs !== 0 })
  for (const [index, value] of blob.newDh.entries()) {
    if (value === 0) break
    const suite = group14Suites.get(value)
    if (suite === undefined) skipped.push(`New-DH-${index + 1}: ${value} is not known`)
    else offers.push({ ...suite, ...limits })
  }
  for (const [index, method] of blob.methods.entries()) {
    const offer = offerOfMethod(method, limits)
    if (typeof offer === 'string') skipped.push(`method ${index + 1}: ${offer}`)
    else offers.push(offer)
  }
  return { offers, skipped }
}

/** What one record offers within settings of these limits, or why that is not known. */
function offerOfMethod(method: SecurityMethod, limits: Limits): MainModeOffer | string {
  const suite = suiteOf(method)
  if (typeof suite === 'string') return suite
  if (method.randomFunction !== 0) return { ...suite, ...limits }
  return {
    ...suite,
    lifetimeSeconds: effectiveLifetime(method.lifetimeSeconds),
    lifetimeKilobytes: method.lifetimeKilobytes,
    quickModeLimit: method.quickModeLimit,
    perfectForwardSecrecy: method.pfsIdentityRequired,
  }
}

/** The offer of one record of a blob; `undefined` when it is skipped. */
export function offerOfRecordIn(blob: IsakmpBlob, method: SecurityMethod): MainModeOffer | undefined {
  const offer = offerOfMethod(method, commonLimits({ ...blob, perfectForwardSecrecy: blob.masterPfs !== 0 }))
  return typeof offer === 'string' ? undefined : offer
}

function suiteOf(method: SecurityMethod): Suite | string {
  if (method.randomFunction !== 0) {
    return group14Suites.get(method.randomFunction) ?? `Random-Function ${method.randomFunction} is not known`
  }
  const encryption = encryptionById.get(method.encryption)
  const integrity = integrityById.get(method.hash)
  const group = groupById.get(method.oakleyGroup)
  if (encryption === undefined) return `encryption ${method.encryption} is not known`
  if (integrity === undefined) return `hash ${method.hash} is not known`
  if (group === undefined) return `group ${method.oakleyGroup} is not known`
  return { encryption, integrity, group }
}

export function effectiveLifetime(stored: number): number {
  return stored === 0 ? defaultMainModeLifetimeSeconds : stored
}
