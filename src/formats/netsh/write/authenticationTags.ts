import type { AuthenticationMethod } from '../../../policy/model.ts'
import { readAuthority } from '../parse/authentication.ts'
import { quoted, type Tell } from './netshNames.ts'

export interface AuthenticationTags {
  readonly tags: readonly string[]
  /** Every method is told; without one of them the rule must not come to count. */
  readonly isWhole: boolean
}

/** `kerberos`, `psk` and `rootca` tags in order of preference. */
export function authenticationTags(
  methods: readonly AuthenticationMethod[],
  where: string,
  hidesKeys: boolean,
  tell: Tell,
): AuthenticationTags {
  let isWhole = true
  const tags: string[] = []
  if (methods.length === 0) {
    tell('NETSH_LEFT_OUT', `${where} has no authentication method, which netsh would make Kerberos`)
    isWhole = false
  }
  for (const method of methods) {
    const tag = tagOf(method, where, hidesKeys, tell)
    if (tag === undefined) isWhole = false
    else tags.push(tag)
  }
  return { tags, isWhole }
}

function tagOf(method: AuthenticationMethod, where: string, hidesKeys: boolean, tell: Tell): string | undefined {
  switch (method.kind) {
    case 'kerberos':
      return 'kerberos="yes"'
    case 'preshared-key': {
      const key = method.key.reveal()
      if (hidesKeys) {
        tell('NETSH_KEY_HIDDEN', where)
        return undefined
      }
      if (key === '' || /["\p{Cc}]/u.test(key)) {
        tell('NETSH_LEFT_OUT', `the preshared key of ${where} is empty, or has quotation marks or control characters`)
        return undefined
      }
      return `psk=${quoted(key)}`
    }
    case 'certificate': {
      const name = method.authority.replaceAll('"', String.raw`\'`)
      const value = `${name} certmap:${yesNo(method.certificateMapping)} excludecaname:${yesNo(method.excludeAuthorityName)}`
      const back = readAuthority(value)
      const isSame = back.ok && back.value.kind === 'certificate' && back.value.authority === method.authority
      if (isSame && !/\p{Cc}/u.test(value)) return `rootca=${quoted(value)}`
      tell('NETSH_LEFT_OUT', `the certificate authority of ${where} cannot be written`)
      return undefined
    }
  }
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no'
}
