import type { Algorithm } from '../../../policy/model.ts'
import { shown } from '../fault.ts'
import type { MainModeSuite, QuickModeSuite } from '../table/tagTypes.ts'
import { type Reading, read, refused } from './reading.ts'

/** Bounds of netsh-ipsec.md 3.6 [R]. */
export const methodLimits = {
  mainModeMethods: 20,
  quickModeOffers: 255,
  leastKilobytes: 20_480,
  mostKilobytes: 2_147_483_647,
  leastSeconds: 300,
  mostSeconds: 172_799,
} as const

const groups = { '1': 'group1', '2': 'group2', '3': 'group14' } as const

/** `3DES-SHA1-3 3DES-SHA1-2`: Encryption-Hash-Group, separated by blanks. */
export function readMainModeMethods(text: string): Reading<readonly MainModeSuite[]> {
  const words = text.trim() === '' ? [] : text.trim().split(/\s+/)
  if (words.length === 0) return badMethod('no method is given')
  if (words.length > methodLimits.mainModeMethods) {
    return badMethod(`${words.length} methods are given, at most ${methodLimits.mainModeMethods} can be`)
  }
  const suites: MainModeSuite[] = []
  for (const word of words) {
    const suite = mainModeSuite(word)
    if (!suite.ok) return suite
    suites.push(suite.value)
  }
  return read(suites)
}

function mainModeSuite(word: string): Reading<MainModeSuite> {
  const [cipher = '', hash = '', group = '', ...rest] = word.length > 40 ? [] : word.toLowerCase().split('-')
  if (rest.length > 0 || group === '') {
    return badMethod(`"${shown(word)}" is not of the form Encryption-Hash-Group, for example 3DES-SHA1-2`)
  }
  if (cipher !== 'des' && cipher !== '3des') return badMethod(`${whyNoCipher(cipher)}; main mode knows DES and 3DES`)
  if (hash !== 'md5' && hash !== 'sha1') return badMethod(whyNoHash(hash))
  const name = group.startsWith('dh') ? undefined : groups[group as keyof typeof groups]
  if (group === 'dh2048') return read({ encryption: cipher, integrity: hash, group: 'group14' })
  if (name === undefined || !Object.hasOwn(groups, group)) {
    return refused(`group ${shown(group)} is not known; 1 (768 bits), 2 (1024 bits) and 3 (2048 bits) are`, {
      message: 'GROUP_INVALID',
    })
  }
  return read({ encryption: cipher, integrity: hash, group: name })
}

/** `AH[MD5]+ESP[3DES,SHA1]:100000k/3600s`, separated by blanks; blanks within brackets do no harm. */
export function readQuickModeMethods(text: string): Reading<readonly QuickModeSuite[]> {
  const words = offerWords(text)
  if (words.length === 0) return badMethod('no offer is given')
  if (words.length > methodLimits.quickModeOffers) {
    return badMethod(`${words.length} offers are given, at most ${methodLimits.quickModeOffers} can be`)
  }
  const offers: QuickModeSuite[] = []
  for (const word of words) {
    const offer = quickModeOffer(word)
    if (!offer.ok) return offer
    offers.push(offer.value)
  }
  return read(offers)
}

function offerWords(text: string): string[] {
  const words: string[] = []
  let word = ''
  let isInBrackets = false
  for (const part of text.split(/(\s+|[[\]])/)) {
    if (part === '[' || part === ']') isInBrackets = part === '['
    if (part.trim() !== '') {
      word += part
    } else if (!isInBrackets && part !== '') {
      if (word !== '') words.push(word)
      word = ''
    }
  }
  if (word !== '') words.push(word)
  return words
}

function quickModeOffer(word: string): Reading<QuickModeSuite> {
  if (word.length > 80) return badMethod(`"${shown(word)}" is too long for an offer`)
  const colon = word.indexOf(':')
  const suite = (colon < 0 ? word : word.slice(0, colon)).toLowerCase()
  const match = /^(?:ah\[([^\]]*)\])?(\+)?(?:esp\[([^\]]*)\])?$/.exec(suite)
  const [, ah, plus, esp] = match ?? []
  if (
    match === null ||
    (ah === undefined && esp === undefined) ||
    (plus === '+') !== (ah !== undefined && esp !== undefined)
  ) {
    const hint = /aes/.test(suite) ? '; AES cannot be said here' : ''
    return badMethod(
      `"${shown(word)}" is not of the form ESP[Encryption,Hash], AH[Hash] or AH[Hash]+ESP[Encryption,Hash]${hint}`,
    )
  }
  const algorithms: Algorithm[] = []
  if (ah !== undefined) {
    if (ah !== 'md5' && ah !== 'sha1') return badMethod(whyNoHash(ah))
    algorithms.push({ protocol: 'ah', integrity: ah })
  }
  if (esp !== undefined) {
    const [cipher = '', hash = '', ...rest] = esp.split(',')
    if (rest.length > 0 || hash === '') return badMethod(`ESP[${shown(esp)}] needs an encryption and a hash`)
    if (cipher !== 'des' && cipher !== '3des' && cipher !== 'none') {
      return badMethod(`${whyNoCipher(cipher)}; ESP knows DES, 3DES and None`)
    }
    if (hash !== 'md5' && hash !== 'sha1' && hash !== 'none') return badMethod(`${whyNoHash(hash)}, and None`)
    if (cipher === 'none' && hash === 'none') return badMethod('ESP[None,None] protects nothing')
    algorithms.push({ protocol: 'esp', cipher, integrity: hash })
  }
  const lifetimes = colon < 0 ? read({ lifetimeKilobytes: 0, lifetimeSeconds: 0 }) : lifetimesOf(word.slice(colon + 1))
  return lifetimes.ok ? read({ algorithms, ...lifetimes.value }) : lifetimes
}

type Lifetimes = Pick<QuickModeSuite, 'lifetimeKilobytes' | 'lifetimeSeconds'>

/** `100000k/3600s`, or one of them; what is not said is 0. */
function lifetimesOf(text: string): Reading<Lifetimes> {
  let lifetimeKilobytes: number | undefined
  let lifetimeSeconds: number | undefined
  for (const part of text.split('/')) {
    const match = /^(\d{1,10})([ks])$/i.exec(part)
    const [, digits = '', unit = ''] = match ?? []
    const isKilobytes = unit.toLowerCase() === 'k'
    if (match === null || (isKilobytes ? lifetimeKilobytes : lifetimeSeconds) !== undefined) {
      return badMethod(`the lifetimes ":${shown(text)}" are not of the form :100000k/3600s`)
    }
    if (isKilobytes) lifetimeKilobytes = Number(digits)
    else lifetimeSeconds = Number(digits)
  }
  const { leastKilobytes, mostKilobytes, leastSeconds, mostSeconds } = methodLimits
  if (lifetimeKilobytes !== undefined && (lifetimeKilobytes < leastKilobytes || lifetimeKilobytes > mostKilobytes)) {
    return badMethod(`a key lives for ${leastKilobytes} to ${mostKilobytes} kilobytes, not ${lifetimeKilobytes}`)
  }
  if (lifetimeSeconds !== undefined && (lifetimeSeconds < leastSeconds || lifetimeSeconds > mostSeconds)) {
    return badMethod(`a key lives for ${leastSeconds} to ${mostSeconds} seconds, not ${lifetimeSeconds}`)
  }
  return read({ lifetimeKilobytes: lifetimeKilobytes ?? 0, lifetimeSeconds: lifetimeSeconds ?? 0 })
}

function whyNoCipher(word: string): string {
  if (word.startsWith('aes')) return `${shown(word).toUpperCase()} cannot be said in netsh ipsec`
  return `"${shown(word)}" is no encryption`
}

function whyNoHash(word: string): string {
  if (word === 'sha') return '"SHA" is the spelling of ipsecpol; netsh knows SHA1 and MD5'
  return `"${shown(word)}" is no hash; MD5 and SHA1 are`
}

function badMethod(what: string): Reading<never> {
  return refused(what, { message: 'METHOD_INVALID' })
}
