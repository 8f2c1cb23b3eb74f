import { type EventDefinition, eventDefinition } from './catalogue.ts'
import type { ErrorGuidance } from './errorGuidance.ts'
import {
  errorFamily,
  errorGuidanceOf,
  hresultOfWin32,
  type LdapResult,
  ldapResults,
  type NamedHresult,
  namedHresults,
  type Win32Error,
  win32Error,
  win32Errors,
} from './win32Errors.ts'

/** One meaning of a number or name. */
export type ErrorExplanation =
  | {
      readonly kind: 'win32'
      readonly error: Win32Error
      /** Its HRESULT, unsigned. */
      readonly hresult: number
      /** Names of that HRESULT, as `E_ACCESSDENIED`. */
      readonly hresultNames: readonly string[]
      readonly family?: string
      readonly guidance?: ErrorGuidance
    }
  | { readonly kind: 'hresult'; readonly error: NamedHresult }
  | {
      readonly kind: 'ldap'
      readonly error: LdapResult
      /** What Windows makes of it. */
      readonly win32?: Win32Error
      readonly guidance?: ErrorGuidance
    }
  /** The number of an event, given where a code was asked for. */
  | { readonly kind: 'event'; readonly event: EventDefinition }

/**
 * Everything a code can mean, best first. It is given in decimal (also negative, as programs print an HRESULT),
 * hexadecimal (`0x` may be left out of 8 digits), or by name (in any case, `ERROR_` may be left out).
 *
 * findErrors('0x800703F1')[0] // → { kind: 'win32', error: { code: 1009, name: 'ERROR_BADDB', … }, … }
 * findErrors('baddb')[0] // → the same
 */
export function findErrors(text: string): readonly ErrorExplanation[] {
  const trimmed = text.trim()
  const number = numberOf(trimmed)
  return number === undefined ? errorsNamed(trimmed) : errorsNumbered(number, trimmed)
}

/** The text is a number, known or not. */
export function isErrorNumber(text: string): boolean {
  return numberOf(text.trim()) !== undefined
}

function numberOf(text: string): number | undefined {
  if (/^[+-]?\d{1,20}$/.test(text)) return Number(text)
  if (/^0x[0-9a-f]{1,16}$/i.test(text)) return Number(text)
  return /^[89a-f][0-9a-f]{7}$/i.test(text) ? Number.parseInt(text, 16) : undefined
}

function errorsNumbered(given: number, text: string): readonly ErrorExplanation[] {
  const found = meaningsOf(given < 0 && given >= -0x80000000 ? given + 2 ** 32 : given)
  // 80070005 is more often a hexadecimal HRESULT without 0x than the decimal it also is.
  if (found.length === 0 && /^[89]\d{7}$/.test(text)) return meaningsOf(Number.parseInt(text, 16))
  return found
}

/** Facility 7 of an HRESULT, and of an NTSTATUS with the bit that says it is a Win32 code. */
const win32Facilities: readonly number[] = [0x8007, 0xc007]

function meaningsOf(value: number): readonly ErrorExplanation[] {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) return []
  const found: ErrorExplanation[] = []
  const isWrapped = win32Facilities.includes(Math.floor(value / 0x10000))
  const code = isWrapped ? value % 0x10000 : value
  const error = win32Error(code)
  if (error !== undefined) found.push(explainWin32(error))
  for (const named of namedHresults()) {
    // The HRESULT form of a Win32 code says nothing new, and 0 is success everywhere.
    if (named.value === value && value !== 0 && !(isWrapped && error !== undefined)) {
      found.push({ kind: 'hresult', error: named })
    }
  }
  if (!isWrapped) {
    for (const result of ldapResults()) if (result.code === code) found.push(explainLdap(result))
    const event = eventDefinition(code)
    if (event !== undefined) found.push({ kind: 'event', event })
  }
  return found
}

const prefixesLeftOut = ['ERROR_', 'NERR_', 'LDAP_', 'WSA', 'DNS_ERROR_', 'ERROR_IPSEC_', 'ERROR_IPSEC_IKE_', 'RPC_S_']

function errorsNamed(text: string): readonly ErrorExplanation[] {
  if (!/^[a-z_][a-z0-9_]*$/i.test(text)) return []
  const wanted = text.toUpperCase()
  const spellings = new Set([wanted, ...prefixesLeftOut.map((prefix) => prefix + wanted)])
  const isIt = (name: string): boolean => spellings.has(name.toUpperCase())
  const found: ErrorExplanation[] = []
  for (const error of win32Errors()) {
    if (error.name !== undefined && (isIt(error.name) || error.aliases.some(isIt))) found.push(explainWin32(error))
  }
  for (const named of namedHresults()) {
    if (!isIt(named.name)) continue
    const explanation = explainHresult(named)
    const isTold = found.some((other) => other.kind === 'win32' && other.hresult === named.value)
    if (!isTold) found.push(explanation)
  }
  for (const result of ldapResults()) if (result.names.some(isIt)) found.push(explainLdap(result))
  const exact = (explanation: ErrorExplanation): number => (namesOf(explanation).includes(wanted) ? 0 : 1)
  return found.toSorted((a, b) => exact(a) - exact(b))
}

function namesOf(explanation: ErrorExplanation): readonly string[] {
  switch (explanation.kind) {
    case 'win32':
      return [explanation.error.name ?? '', ...explanation.error.aliases, ...explanation.hresultNames].map((name) =>
        name.toUpperCase(),
      )
    case 'hresult':
      return [explanation.error.name.toUpperCase()]
    case 'ldap':
      return explanation.error.names.map((name) => name.toUpperCase())
    case 'event':
      return []
  }
}

/** Names that hold the text, for one who does not remember it exactly; at most `limit`. */
export function similarErrorNames(text: string, limit: number): readonly string[] {
  const wanted = text.trim().toUpperCase()
  if (wanted.length < 3) return []
  const names = [...win32Errors().map(({ name }) => name ?? ''), ...ldapResults().flatMap((result) => result.names)]
  return names.filter((name) => name.toUpperCase().includes(wanted)).slice(0, limit)
}

function explainWin32(error: Win32Error): ErrorExplanation {
  const hresult = hresultOfWin32(error.code)
  const family = errorFamily(error.code)
  const guidance = errorGuidanceOf(error.code)
  return {
    kind: 'win32',
    error,
    hresult,
    hresultNames: namedHresults()
      .filter((named) => named.value === hresult && named.name !== error.name)
      .map((named) => named.name),
    ...(family === undefined ? {} : { family }),
    ...(guidance === undefined ? {} : { guidance }),
  }
}

/** E_ACCESSDENIED and the like are Win32 codes in another form. */
function explainHresult(error: NamedHresult): ErrorExplanation {
  const inner = win32Facilities.includes(Math.floor(error.value / 0x10000))
    ? win32Error(error.value % 0x10000)
    : undefined
  return inner === undefined ? { kind: 'hresult', error } : explainWin32(inner)
}

function explainLdap(error: LdapResult): ErrorExplanation {
  const win32 = error.win32 === undefined ? undefined : win32Error(error.win32)
  const guidance = win32 === undefined ? undefined : errorGuidanceOf(win32.code)
  return {
    kind: 'ldap',
    error,
    ...(win32 === undefined ? {} : { win32 }),
    ...(guidance === undefined ? {} : { guidance }),
  }
}
