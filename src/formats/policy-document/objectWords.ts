import type { AuthenticationMethod, FilterAction, MainMode, Offer } from '../../policy/model.ts'
import { documentDefaults } from './defaults.ts'
import { type ActionWords, type DocumentAuthentication, type DocumentMainMode, nowhere } from './document.ts'

export function actionWords(action: FilterAction): ActionWords {
  if (action.action !== 'negotiate') return { action: action.action }
  return {
    action: 'negotiate',
    ...negotiateWords(action.offers, action.fallBackToClear, documentDefaults.methods),
    ...(action.acceptUnsecuredInbound ? { inpass: true } : {}),
  }
}

export function negotiateWords(
  offers: readonly Offer[],
  soft: boolean,
  defaults: readonly object[],
): Pick<ActionWords, 'methods' | 'pfs' | 'soft'> {
  const pfs = offers.length > 0 && offers.every((offer) => offer.perfectForwardSecrecy)
  const methods = offers.map(({ perfectForwardSecrecy, ...offer }) =>
    perfectForwardSecrecy === pfs ? offer : { ...offer, perfectForwardSecrecy },
  )
  return {
    ...(isSame(methods, defaults) ? {} : { methods }),
    ...(pfs ? { pfs } : {}),
    ...(soft ? { soft } : {}),
  }
}

export function mainModeWords(mainMode: MainMode): Omit<DocumentMainMode, 'at' | 'id'> {
  const methods = mainMode.offers.map(({ encryption, integrity, group, ...limits }) => {
    const suite = { encryption, integrity, group }
    const own = {
      ...(limits.lifetimeSeconds === mainMode.lifetimeSeconds ? {} : { lifetime: limits.lifetimeSeconds }),
      ...(limits.lifetimeKilobytes === 0 ? {} : { lifetimeKilobytes: limits.lifetimeKilobytes }),
      ...(limits.quickModeLimit === mainMode.quickModeLimit ? {} : { quickModeLimit: limits.quickModeLimit }),
      ...(limits.perfectForwardSecrecy === mainMode.perfectForwardSecrecy ? {} : { pfs: limits.perfectForwardSecrecy }),
    }
    return Object.keys(own).length === 0 ? suite : { at: nowhere, method: suite, ...own }
  })
  return {
    ...(mainMode.lifetimeSeconds === documentDefaults.mainModeLifetimeSeconds
      ? {}
      : { lifetime: mainMode.lifetimeSeconds }),
    ...(mainMode.perfectForwardSecrecy ? { pfs: true } : {}),
    ...(mainMode.quickModeLimit === 0 ? {} : { quickModeLimit: mainMode.quickModeLimit }),
    ...(mainMode.certificateMapping ? { certificateMapping: true } : {}),
    ...(mainMode.noCertificateRequest ? { noCertificateRequest: true } : {}),
    ...(isSame(methods, documentDefaults.mainModeMethods) ? {} : { methods }),
  }
}

export function authenticationField(methods: readonly AuthenticationMethod[]): {
  authentication?: readonly DocumentAuthentication[]
} {
  if (methods.length === 1 && methods[0]?.kind === 'kerberos') return {}
  return { authentication: methods.map(authenticationWords) }
}

function authenticationWords(method: AuthenticationMethod): DocumentAuthentication {
  switch (method.kind) {
    case 'kerberos':
      return 'kerberos'
    case 'preshared-key':
      return { at: nowhere, psk: method.key }
    case 'certificate':
      return {
        at: nowhere,
        rootca: method.authority,
        ...(method.certificateMapping ? { certmap: true } : {}),
        ...(method.excludeAuthorityName ? { excludecaname: true } : {}),
      }
  }
}

/** Plain data of equal content, fields in any order. */
function isSame(a: unknown, b: unknown): boolean {
  return sortedJson(a) === sortedJson(b)
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([x], [y]) => (x < y ? -1 : 1)))
      : part,
  )
}
