import type { MainModeOffer, Offer } from '../../../policy/model.ts'
import { offerText } from '../../../policy/actionWords.ts'
import { methodLimits } from '../parse/methods.ts'
import type { Tell } from './netshNames.ts'

const groupNumber = { group1: '1', group2: '2', group14: '3' } as const

/** `3DES-SHA1-3`; `undefined` when netsh has no words for it. */
export function mainModeWord(offer: MainModeOffer): string | undefined {
  if (offer.encryption === 'none' || offer.integrity === 'none') return undefined
  return `${offer.encryption.toUpperCase()}-${offer.integrity.toUpperCase()}-${groupNumber[offer.group]}`
}

/** `AH[MD5]+ESP[3DES,SHA1]:100000k/3600s`; `undefined` when netsh has no words for it. */
export function quickModeWord(offer: Offer, tell: Tell): string | undefined {
  const ah = offer.algorithms.filter((algorithm) => algorithm.protocol === 'ah')
  const esp = offer.algorithms.filter((algorithm) => algorithm.protocol === 'esp')
  if (ah.length > 1 || esp.length > 1 || ah.length + esp.length === 0) return undefined
  if (ah.length === 1 && esp.length === 1 && offer.algorithms[0]?.protocol === 'esp') {
    tell('NETSH_NOT_SAYABLE', `the order of ESP before AH in ${offerText(offer)}`)
  }
  const parts = [
    ...ah.map((algorithm) => `AH[${algorithm.integrity.toUpperCase()}]`),
    ...esp.map((algorithm) => `ESP[${wordOf(algorithm.cipher)},${wordOf(algorithm.integrity)}]`),
  ]
  return `${parts.join('+')}${lifetimes(offer, tell)}`
}

function wordOf(algorithm: string): string {
  return algorithm === 'none' ? 'None' : algorithm.toUpperCase()
}

function lifetimes(offer: Offer, tell: Tell): string {
  const { leastKilobytes, mostKilobytes, leastSeconds, mostSeconds } = methodLimits
  const kilobytes = within(offer.lifetimeKilobytes, leastKilobytes, mostKilobytes)
  const seconds = within(offer.lifetimeSeconds, leastSeconds, mostSeconds)
  if (kilobytes !== offer.lifetimeKilobytes || seconds !== offer.lifetimeSeconds) {
    tell('NETSH_NOT_SAYABLE', `the lifetimes of ${offerText(offer)}; the nearest ones are written`)
  }
  const words = [...(kilobytes === 0 ? [] : [`${kilobytes}k`]), ...(seconds === 0 ? [] : [`${seconds}s`])]
  return words.length === 0 ? '' : `:${words.join('/')}`
}

/** 0 is the default of the system and always sayable. */
function within(value: number, least: number, most: number): number {
  return value === 0 ? 0 : Math.min(Math.max(value, least), most)
}
