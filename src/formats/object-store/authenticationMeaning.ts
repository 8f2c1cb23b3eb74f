import { Secret } from '../../base/secret.ts'
import { decodeUtf16Terminated } from '../../base/utf16.ts'
import type { AuthenticationMethod } from '../../policy/model.ts'
import { type AuthMethodRecord, authType, type NfaBlob } from '../ipsec-data/index.ts'

/** Alt-Auth-Method-Flags (policy-objects.md 2.4). */
export const certificateFlag = { mapping: 1, excludeAuthorityName: 2 } as const // S, 3 = both R

export interface Authentication {
  readonly methods: readonly AuthenticationMethod[]
  readonly skipped: readonly string[]
}

/**
 * Authentication methods in order of preference. Keys and authority names come from the main list, certificate flags
 * from the tail when its alternate list agrees in type (policy-objects.md 2.4).
 */
export function authenticationOfBlob(blob: NfaBlob): Authentication {
  const methods: AuthenticationMethod[] = []
  const skipped: string[] = []
  const flags = certificateFlagsOf(blob)
  for (const [index, record] of blob.methods.entries()) {
    const method = methodOf(record, flags[index] ?? 0)
    if (method === undefined) skipped.push(`method ${index + 1} is of type ${record.type}`)
    else methods.push(method)
  }
  return { methods, skipped }
}

/** One number a method; empty when the tail does not fit the main list. */
export function certificateFlagsOf(blob: NfaBlob): readonly number[] {
  const flags = blob.tail.sections.find((section) => section.kind === 'alternate-flags')
  return flags === undefined || isTailStale(blob) ? [] : flags.flags
}

/** The alternate list differs in type from the main one: an older writer changed the rule and left the tail behind. */
export function isTailStale(blob: NfaBlob): boolean {
  const alternate = blob.tail.sections.find((section) => section.kind === 'alternate-methods')
  return alternate?.methods.some((method, index) => method.type !== blob.methods[index]?.type) ?? false
}

function methodOf(record: AuthMethodRecord, flags: number): AuthenticationMethod | undefined {
  switch (record.type) {
    case authType.presharedKey:
      return { kind: 'preshared-key', key: new Secret(decodeUtf16Terminated(record.value)) }
    case authType.certificate:
      return {
        kind: 'certificate',
        authority: decodeUtf16Terminated(record.value),
        certificateMapping: (flags & certificateFlag.mapping) !== 0,
        excludeAuthorityName: (flags & certificateFlag.excludeAuthorityName) !== 0,
      }
    case authType.kerberos:
      return { kind: 'kerberos' }
    default:
      return undefined
  }
}
