import type { Algorithm, AuthenticationMethod, FilterAction, MainModeOffer, Offer } from './model.ts'

/** `ESP[3DES, SHA1] + AH[MD5]`, as netsh writes it in spirit. */
export function offerText(offer: Offer): string {
  const algorithms = offer.algorithms.map(algorithmText).join(' + ')
  const ends = [
    ...(offer.lifetimeSeconds === 0 ? [] : [`${offer.lifetimeSeconds} seconds`]),
    ...(offer.lifetimeKilobytes === 0 ? [] : [`${offer.lifetimeKilobytes} KB`]),
  ]
  return ends.length === 0 ? algorithms : `${algorithms}, new key after ${ends.join(' or ')}`
}

function algorithmText(algorithm: Algorithm): string {
  return algorithm.protocol === 'ah'
    ? `AH[${algorithm.integrity.toUpperCase()}]`
    : `ESP[${algorithm.cipher.toUpperCase()}, ${algorithm.integrity.toUpperCase()}]`
}

/** `3DES SHA1, Diffie-Hellman group 2` */
export function mainModeOfferText(offer: MainModeOffer): string {
  return `${offer.encryption.toUpperCase()} ${offer.integrity.toUpperCase()}, Diffie-Hellman group ${offer.group.slice('group'.length)}`
}

/** Says how, never the key. */
export function authenticationText(method: AuthenticationMethod): string {
  switch (method.kind) {
    case 'kerberos':
      return 'Kerberos V5'
    case 'preshared-key':
      return 'preshared key'
    case 'certificate': {
      const options = [
        ...(method.certificateMapping ? ['mapped to accounts'] : []),
        ...(method.excludeAuthorityName ? ['authority name left out of requests'] : []),
      ]
      return `certificate of ${method.authority}${options.length === 0 ? '' : ` (${options.join(', ')})`}`
    }
  }
}

/** `block`, `permit`, or `negotiate` with what it lets through unprotected. */
export function actionText(action: FilterAction): string {
  if (action.action !== 'negotiate') return action.action
  const traits = [
    ...(action.perfectForwardSecrecy ? ['perfect forward secrecy'] : []),
    ...(action.acceptUnsecuredInbound ? ['accepts unsecured inbound traffic'] : []),
    ...(action.fallBackToClear ? ['talks in clear to peers without IPsec'] : []),
  ]
  return traits.length === 0 ? 'negotiate' : `negotiate (${traits.join('; ')})`
}
