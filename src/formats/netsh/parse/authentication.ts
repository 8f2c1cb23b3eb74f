import { Secret } from '../../../base/secret.ts'
import type { AuthenticationMethod } from '../../../policy/model.ts'
import { matchWord } from './matchWord.ts'
import { type Reading, read, refused } from './reading.ts'

/** Values of these tags are never told: a key may have been put in the wrong place. */
export const secretiveTags: ReadonlySet<string> = new Set(['psk', 'kerberos', 'rootca'])

/** `no` only means that Kerberos is not added (netsh-ipsec.md 3.7). */
export function readKerberos(text: string): Reading<AuthenticationMethod | undefined> {
  const match = matchWord(text, ['yes', 'no'], (word) => word)
  if (match.kind !== 'match') return refused('yes or no is wanted')
  return read(match.item === 'yes' ? { kind: 'kerberos' } : undefined)
}

export function readPresharedKey(text: string): Reading<AuthenticationMethod> {
  if (text === '') return refused('the preshared key is empty')
  if (text.includes('\0')) return refused('the preshared key holds the character U+0000')
  return read({ kind: 'preshared-key', key: new Secret(text) })
}

/**
 * `<name> certmap:(yes|no) excludecaname:(yes|no)`, flags read from the right since names hold anything; `\'` stands
 * for a quotation mark (3.7).
 */
export function readAuthority(text: string): Reading<AuthenticationMethod> {
  if (text.includes('\0')) return badAuthority('the name holds the character U+0000')
  let rest = text.trim()
  const flags: { certmap?: boolean; excludecaname?: boolean } = {}
  for (;;) {
    const start = lastWordStart(rest)
    const word = rest.slice(start)
    const colon = word.indexOf(':')
    const flag = word.slice(0, Math.max(colon, 0)).toLowerCase()
    if (word.length > 40 || (flag !== 'certmap' && flag !== 'excludecaname')) break
    if (flags[flag] !== undefined) return badAuthority(`${flag} is given twice`)
    const answer = matchWord(word.slice(colon + 1), ['yes', 'no'], (item) => item)
    if (answer.kind !== 'match') return badAuthority(`${flag} is yes or no`)
    flags[flag] = answer.item === 'yes'
    rest = rest.slice(0, start).trimEnd()
  }
  if (rest === '') return badAuthority('the name of the certificate authority is missing')
  return read({
    kind: 'certificate',
    authority: rest.replaceAll(String.raw`\'`, '"'),
    certificateMapping: flags.certmap ?? false,
    excludeAuthorityName: flags.excludecaname ?? false,
  })
}

function lastWordStart(text: string): number {
  return Math.max(text.lastIndexOf(' '), text.lastIndexOf('\t')) + 1
}

function badAuthority(what: string): Reading<never> {
  return refused(what, { message: 'AUTHORITY_INVALID' })
}
