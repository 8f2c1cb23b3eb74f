import type { MainModeOffer } from '../../policy/model.ts'
import { defaultMainModeLifetimeSeconds } from '../../policy/wellKnown.ts'
import type { IsakmpBlob, SecurityMethod } from '../ipsec-data/index.ts'

type Suite = Pick<MainModeOffer, 'encryption' | 'integrity' | 'group'>

/** Main-mode ids (policy-objects.md 3) [S]. */
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
export const group14Suites: ReadonlyMap<number, Suite> = new Map<number, Suite>([
  [1, { encryption: 'des', integrity: 'md5', group: 'group14' }],
  [2, { encryption: 'des', integrity: 'sha1', group: 'group14' }],
  [3, { encryption: '3des', integrity: 'md5', group: 'group14' }],
  [4, { encryption: '3des', integrity: 'sha1', group: 'group14' }],
])

export interface MainModeOffers {
  readonly offers: readonly MainModeOffer[]
  readonly skipped: readonly string[]
}

/** Effective main-mode offers: New-DH-1..4 up to the first zero, then the security methods in order. */
export function mainModeOffersOfBlob(blob: IsakmpBlob): MainModeOffers {
  const offers: MainModeOffer[] = []
  const skipped: string[] = []
  const limits = {
    lifetimeSeconds: effectiveLifetime(blob.lifetimeSeconds),
    lifetimeKilobytes: 0,
    quickModeLimit: blob.quickModeLimit,
    perfectForwardSecrecy: blob.masterPfs !== 0,
  }
  for (const [index, value] of blob.newDh.entries()) {
    if (value === 0) break
    const suite = group14Suites.get(value)
    if (suite === undefined) skipped.push(`New-DH-${index + 1}: ${value} is not known`)
    else offers.push({ ...suite, ...limits })
  }
  for (const [index, method] of blob.methods.entries()) {
    const suite = suiteOf(method)
    if (typeof suite === 'string') skipped.push(`method ${index + 1}: ${suite}`)
    else if (method.randomFunction !== 0) offers.push({ ...suite, ...limits })
    else
      offers.push({
        ...suite,
        lifetimeSeconds: effectiveLifetime(method.lifetimeSeconds),
        lifetimeKilobytes: method.lifetimeKilobytes,
        quickModeLimit: method.quickModeLimit,
        perfectForwardSecrecy: method.pfsIdentityRequired,
      })
  }
  return { offers, skipped }
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
