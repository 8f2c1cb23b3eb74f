import { Secret } from '../../../base/secret.ts'
import type { AuthenticationMethod } from '../../../policy/model.ts'
import { readEndpoint } from '../parse/addresses.ts'
import { readMainModeMethods, readQuickModeMethods } from '../parse/methods.ts'
import { type Reading, read, refused } from '../parse/reading.ts'
import { wordsOf } from '../parse/tokens.ts'
import type { EndpointValue, MainModeSuite, QuickModeSuite } from '../table/tagTypes.ts'
import { type FilterSpec, readFilterSpecs } from './filterSpec.ts'

/** What a line of ipsecpol or ipseccmd says (netsh-ipsec.md 9.1). */
export interface IpsecpolLine {
  /** `-w`: where the policy is stored; without it the line is for the running agent. */
  readonly store?: 'REG' | 'DS' | 'PERS'
  readonly domain?: string
  readonly policy?: string
  readonly pollingMinutes?: number
  readonly rule?: string
  readonly filters: readonly FilterSpec[]
  readonly negotiation: Negotiation
  readonly tunnel?: EndpointValue
  readonly authentication?: readonly AuthenticationMethod[]
  readonly mainMode?: readonly MainModeSuite[]
  readonly quickModeLimit?: number
  readonly mainModeSeconds?: number
  readonly hasMasterPfs: boolean
  readonly isSoft: boolean
  readonly connectionType: 'all' | 'lan' | 'dialup'
  readonly assigns: boolean
  readonly unassigns: boolean
  readonly deletes: boolean
  /** Not a policy at all: `show`, `-u`, `-file`. */
  readonly other?: string
}

export interface Negotiation {
  readonly action: 'block' | 'permit' | 'negotiate'
  readonly inpass: boolean
  readonly offers: readonly QuickModeSuite[]
  readonly hasPfs: boolean
}

const flags = new Set([
  '-f',
  '-n',
  '-t',
  '-a',
  '-1s',
  '-1k',
  '-1p',
  '-1f',
  '-1e',
  '-soft',
  '-confirm',
  '-dialup',
  '-lan',
  '-w',
  '-p',
  '-r',
  '-x',
  '-y',
  '-o',
  '-u',
  '-file',
])

/** Flags that say all they say by themselves, and those with exactly one value (9.1) [D]. */
const flagsWithoutValue = ['-1p', '-soft', '-confirm', '-dialup', '-lan', '-x', '-y', '-o', '-u']
const flagsWithOneValue = ['-t', '-1k', '-1e', '-w']

/** Flags of which one says the opposite of the other. */
const opposites = [
  ['-x', '-y'],
  ['-lan', '-dialup'],
] as const

/** The line after the program's name. Values that are keys are never told. */
export function readIpsecpolLine(text: string): Reading<IpsecpolLine> {
  const words = rejoined(wordsOf(text).words.map((word) => word.text))
  const given = new Map<string, string[]>()
  let flag: string | undefined
  for (const [index, word] of words.entries()) {
    const lower = word.toLowerCase()
    if (flags.has(lower)) {
      flag = lower
      if (!given.has(flag)) given.set(flag, [])
    } else if (flag !== undefined) {
      given.get(flag)?.push(word)
    } else if (/^(?:show|set|import|export)$/i.test(word)) {
      return read({ ...nothing, other: lower })
    } else if (!(index === 0 && word.startsWith('\\\\'))) {
      // What stands there may be a key that lost its flag.
      return refused(
        /^-\w{1,8}$/.test(word) ? `the flag "${word}" is not known` : 'a word stands where a flag is wanted',
      )
    }
  }
  const wrong = wrongFlags(given)
  if (wrong !== undefined) return refused(wrong)
  for (const other of ['-u', '-file']) if (given.has(other)) return read({ ...nothing, other })
  return lineOf(given)
}

/** Words are counted, not told: one of them may be a key that lost its flag. */
function wrongFlags(given: ReadonlyMap<string, readonly string[]>): string | undefined {
  for (const flag of flagsWithoutValue)
    if ((given.get(flag)?.length ?? 0) > 0) return `a word stands after ${flag}, which takes none`
  for (const flag of flagsWithOneValue)
    if (given.has(flag) && given.get(flag)?.length !== 1) return `${flag} takes one value`
  for (const [one, other] of opposites)
    if (given.has(one) && given.has(other)) return `${one} and ${other} say the opposite of each other`
  return undefined
}

const nothing: IpsecpolLine = {
  filters: [],
  negotiation: { action: 'negotiate', inpass: false, offers: [], hasPfs: false },
  hasMasterPfs: false,
  isSoft: false,
  connectionType: 'all',
  assigns: false,
  unassigns: false,
  deletes: false,
}

/** Blanks within brackets: `ESP[3DES, SHA]` is one word. */
function rejoined(words: readonly string[]): string[] {
  const found: string[] = []
  let open: string[] = []
  for (const word of words) {
    const isOpen = open.length > 0 ? !word.includes(']') : /(?:ESP|AH)\[[^\]]{0,40}$/i.test(word.slice(-48))
    open.push(word)
    // An offer is short: what stays open for long is none.
    if (isOpen && open.length < 8) continue
    found.push(open.join(''))
    open = []
  }
  if (open.length > 0) found.push(open.join(''))
  return found
}

function lineOf(given: ReadonlyMap<string, readonly string[]>): Reading<IpsecpolLine> {
  const filters = given.has('-f') ? readFilterSpecs(given.get('-f') ?? []) : read([])
  if (!filters.ok) return filters
  const negotiation = negotiationOf(given.get('-n'))
  if (!negotiation.ok) return negotiation
  const authentication = given.has('-a') ? methodsOf(given.get('-a') ?? []) : read(undefined)
  if (!authentication.ok) return authentication
  const mainMode = given.has('-1s')
    ? readMainModeMethods((given.get('-1s') ?? []).map((word) => word.replace(/-SHA-/i, '-SHA1-')).join(' '))
    : read(undefined)
  if (!mainMode.ok) return mainMode
  const tunnel = given.has('-t') ? readEndpoint(given.get('-t')?.[0] ?? '') : read(undefined)
  if (!tunnel.ok) return tunnel
  const rekey = /^(?:(\d{1,9})Q)?\/?(?:(\d{1,9})S)?$/i.exec(given.get('-1k')?.[0] ?? '')
  if (rekey === null) return refused('-1k is not of the form 10Q/3600S')
  const place = /^(REG|DS|PERS)(?::(.*))?$/i.exec(given.get('-w')?.[0] ?? '')
  if (given.has('-w') && place === null) return refused('-w is none of REG, DS:domain and PERS')
  const policy = /^(.*?)(?::(\d{1,6}))?$/s.exec((given.get('-p') ?? []).join(' '))
  const [, policyName = '', minutes] = policy ?? []
  const rule = (given.get('-r') ?? []).join(' ')
  return read({
    ...(place === null ? {} : { store: (place[1] ?? '').toUpperCase() as 'REG' | 'DS' | 'PERS' }),
    ...(place?.[2] === undefined ? {} : { domain: place[2] }),
    ...(policyName === '' ? {} : { policy: policyName }),
    ...(minutes === undefined || Number(minutes) === 0 ? {} : { pollingMinutes: Number(minutes) }),
    ...(rule === '' ? {} : { rule }),
    filters: filters.value,
    negotiation: negotiation.value,
    ...(tunnel.value === undefined ? {} : { tunnel: tunnel.value }),
    ...(authentication.value === undefined ? {} : { authentication: authentication.value }),
    ...(mainMode.value === undefined ? {} : { mainMode: mainMode.value }),
    ...(rekey[1] === undefined ? {} : { quickModeLimit: Number(rekey[1]) }),
    ...(rekey[2] === undefined ? {} : { mainModeSeconds: Number(rekey[2]) }),
    hasMasterPfs: given.has('-1p'),
    isSoft: given.has('-soft'),
    connectionType: given.has('-lan') ? 'lan' : given.has('-dialup') ? 'dialup' : 'all',
    assigns: given.has('-x'),
    unassigns: given.has('-y'),
    deletes: given.has('-o'),
  })
}

/** Offers of `-n` when it is not given (9.1) [D]. */
const defaultOffers = 'ESP[3DES,SHA] ESP[3DES,MD5] ESP[DES,SHA] ESP[DES,MD5]'

function negotiationOf(words: readonly string[] | undefined): Reading<Negotiation> {
  const upper = (words ?? []).map((word) => word.toUpperCase())
  const clear = { inpass: false, offers: [], hasPfs: false }
  for (const alone of ['BLOCK', 'PASS'])
    if (upper.includes(alone) && upper.length > 1) return refused(`${alone} of -n stands alone`)
  if (upper.includes('BLOCK')) return read({ action: 'block', ...clear })
  if (upper.includes('PASS')) return read({ action: 'permit', ...clear })
  const inpass = upper.includes('INPASS')
  const said = upper.filter((word) => word !== 'INPASS')
  let hasPfs = false
  const offers = (said.length === 0 ? defaultOffers.split(' ') : said).map((word) => {
    const end = word.lastIndexOf(']') + 1
    const tail = /^:?([\dKS/]*)(P[123]?)?$/.exec(word.slice(end))
    if (tail?.[2] !== undefined) hasPfs = true
    const suite = word.slice(0, end).replaceAll(/\bSHA\b/g, 'SHA1')
    const lifetimes = tail === null ? `:${word.slice(end)}` : tail[1] === '' ? '' : `:${tail[1]}`
    return `${suite}${lifetimes}`
  })
  const reading = readQuickModeMethods(offers.join(' '))
  return reading.ok ? read({ action: 'negotiate', inpass, offers: reading.value, hasPfs }) : reading
}

function methodsOf(words: readonly string[]): Reading<readonly AuthenticationMethod[]> {
  const methods: AuthenticationMethod[] = []
  for (const word of words) {
    const [, kind = '', value = ''] = /^([a-z]+):?(.*)$/is.exec(word) ?? []
    switch (kind.toUpperCase()) {
      case 'KERBEROS':
        methods.push({ kind: 'kerberos' })
        break
      case 'PRESHARE':
        if (value === '') return refused('the preshared key is empty')
        methods.push({ kind: 'preshared-key', key: new Secret(value) })
        break
      case 'CERT':
        if (value === '') return refused('the name of the certificate authority is missing')
        methods.push({
          kind: 'certificate',
          authority: value,
          certificateMapping: false,
          excludeAuthorityName: false,
        })
        break
      default:
        return refused('-a knows KERBEROS, PRESHARE:"key" and CERT:"authority"')
    }
  }
  return methods.length === 0 ? refused('-a names no method') : read(methods)
}
