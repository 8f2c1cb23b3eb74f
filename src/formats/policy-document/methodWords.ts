import type { Algorithm, MainModeOffer, Offer } from '../../policy/model.ts'
import type { Parsed } from './parsed.ts'

/** A quick mode method as written; `perfectForwardSecrecy` only when the method says it for itself. */
export type OfferWords = Omit<Offer, 'perfectForwardSecrecy'> & { readonly perfectForwardSecrecy?: boolean }
export type SuiteWords = Pick<MainModeOffer, 'encryption' | 'integrity' | 'group'>

const ciphers = new Map([
  ['NONE', 'none'],
  ['DES', 'des'],
  ['3DES', '3des'],
] as const)
const integrities = new Map([
  ['NONE', 'none'],
  ['MD5', 'md5'],
  ['SHA1', 'sha1'],
  ['SHA', 'sha1'],
] as const)
/** netsh's numbers and words (netsh-ipsec.md 3.6), and the number of the group itself. */
const groups = new Map([
  ['1', 'group1'],
  ['LOW', 'group1'],
  ['2', 'group2'],
  ['MEDIUM', 'group2'],
  ['3', 'group14'],
  ['DH2048', 'group14'],
  ['14', 'group14'],
] as const)
const groupText: Record<MainModeOffer['group'], string> = { group1: '1', group2: '2', group14: 'DH2048' }

const onlyOld = 'IPsec policy objects can say DES, 3DES, MD5 and SHA1 only'
const greatest = 0xffff_ffff

/**
 * Reads a quick mode method as netsh writes it: `ESP[3DES,SHA1]:100000k/3600s`, `AH[SHA1]+ESP[3DES,NONE]`; also
 * `esp(3des,sha1)` and `esp-3des-sha1`, which need no quotes inside [ ]. ` pfs` or ` nopfs` at the end speaks for
 * this method alone.
 */
export function parseOffer(text: string): Parsed<OfferWords> {
  const match = /^(?<algorithms>[^:\s]+)(?::(?<lifetime>\S+))?(?:\s+(?<pfs>pfs|nopfs))?$/i.exec(text.trim())
  const { algorithms: names = '', lifetime, pfs } = match?.groups ?? {}
  if (match === null) return { fault: 'a method looks like ESP[3DES,SHA1]:100000k/3600s', at: 0 }
  const algorithms: Algorithm[] = []
  for (const part of names.split('+')) {
    const algorithm = parseAlgorithm(part)
    if (typeof algorithm === 'string') return { fault: algorithm, at: 0 }
    algorithms.push(algorithm)
  }
  if (algorithms.length > 3) return { fault: 'at most three algorithms can be applied together', at: 0 }
  const times = parseLifetime(lifetime)
  if (times === undefined) {
    return { fault: 'lifetimes are written :100000k/3600s, :100000k or :3600s', at: names.length }
  }
  return {
    value: {
      algorithms,
      ...times,
      ...(pfs === undefined ? {} : { perfectForwardSecrecy: pfs.toLowerCase() === 'pfs' }),
    },
  }
}

function parseAlgorithm(text: string): Algorithm | string {
  const match = /^(ah|esp)(?:\[([^[\]]*)\]|\(([^()]*)\)|-(.*))$/i.exec(text)
  if (match === null) return `"${text}" is no method: AH[SHA1], ESP[3DES,SHA1] or both joined by + are expected`
  const words = (match[2] ?? match[3] ?? match[4]?.replaceAll('-', ',') ?? '').toUpperCase().split(',')
  if (match[1]?.toLowerCase() === 'ah') {
    const integrity = words.length === 1 ? integrities.get(words[0] as 'MD5') : undefined
    if (integrity === undefined || integrity === 'none') return `AH takes MD5 or SHA1 (${onlyOld})`
    return { protocol: 'ah', integrity }
  }
  const cipher = ciphers.get(words[0] as 'DES')
  const integrity = integrities.get(words[1] as 'MD5')
  if (words.length !== 2 || cipher === undefined || integrity === undefined) {
    return `ESP takes a cipher (3DES, DES, NONE) and an integrity (SHA1, MD5, NONE) (${onlyOld})`
  }
  if (cipher === 'none' && integrity === 'none') return 'ESP without cipher and without integrity protects nothing'
  return { protocol: 'esp', cipher, integrity }
}

function parseLifetime(text: string | undefined): Pick<Offer, 'lifetimeKilobytes' | 'lifetimeSeconds'> | undefined {
  if (text === undefined) return { lifetimeKilobytes: 0, lifetimeSeconds: 0 }
  const match = /^(?:(\d{1,10})k)?(?:(^|\/)(\d{1,10})s)?$/i.exec(text)
  if (match === null || text === '') return undefined
  const [, kilobytes, slash, seconds] = match
  if (seconds !== undefined && (kilobytes === undefined) === (slash === '/')) return undefined
  const times = { lifetimeKilobytes: Number(kilobytes ?? 0), lifetimeSeconds: Number(seconds ?? 0) }
  return times.lifetimeKilobytes <= greatest && times.lifetimeSeconds <= greatest ? times : undefined
}

/** `ESP[3DES,SHA1]:100000k/3600s`; says pfs only when it differs from that of the action. */
export function offerWord(offer: Offer, actionPfs: boolean): string {
  const algorithms = offer.algorithms.map(algorithmText).join('+')
  const times = [
    ...(offer.lifetimeKilobytes === 0 ? [] : [`${offer.lifetimeKilobytes}k`]),
    ...(offer.lifetimeSeconds === 0 ? [] : [`${offer.lifetimeSeconds}s`]),
  ].join('/')
  const pfs = offer.perfectForwardSecrecy === actionPfs ? '' : offer.perfectForwardSecrecy ? ' pfs' : ' nopfs'
  return `${algorithms}${times === '' ? '' : `:${times}`}${pfs}`
}

function algorithmText(algorithm: Algorithm): string {
  const integrity = algorithm.integrity.toUpperCase()
  return algorithm.protocol === 'ah' ? `AH[${integrity}]` : `ESP[${algorithm.cipher.toUpperCase()},${integrity}]`
}

/** Reads a main mode method: `3DES-SHA1-DH2048`, `3DES-SHA1-2`. */
export function parseSuite(text: string): Parsed<SuiteWords> {
  const words = text.trim().toUpperCase().split('-')
  const encryption = ciphers.get(words[0] as 'DES')
  const integrity = integrities.get(words[1] as 'MD5')
  const group = groups.get(words[2] as '1')
  if (words.length === 3 && encryption !== undefined && integrity !== undefined && group !== undefined) {
    return { value: { encryption, integrity, group } }
  }
  return { fault: `a main mode method looks like 3DES-SHA1-DH2048 or 3DES-SHA1-2 (${onlyOld})`, at: 0 }
}

export function suiteWord(suite: SuiteWords): string {
  return `${suite.encryption.toUpperCase()}-${suite.integrity.toUpperCase()}-${groupText[suite.group]}`
}
