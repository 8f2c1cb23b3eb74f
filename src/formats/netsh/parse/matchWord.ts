import { nearestWord } from '../../policy-document/nearestWord.ts'

export type WordMatch<T> =
  | { readonly kind: 'match'; readonly item: T }
  | { readonly kind: 'ambiguous'; readonly items: readonly T[] }
  | { readonly kind: 'none'; readonly nearest?: string }

/**
 * Case-insensitive prefixes (netsh-ipsec.md 2.2): the exact word wins, else the only word that begins so. Several are
 * ambiguous; none names the word that was likely meant.
 */
export function matchWord<T>(typed: string, items: readonly T[], wordOf: (item: T) => string): WordMatch<T> {
  const wanted = typed.toLowerCase()
  const longest = 64
  if (wanted !== '' && wanted.length <= longest) {
    const exact = items.find((item) => wordOf(item).toLowerCase() === wanted)
    if (exact !== undefined) return { kind: 'match', item: exact }
    const begun = items.filter((item) => wordOf(item).toLowerCase().startsWith(wanted))
    const [first, ...others] = begun
    if (first !== undefined)
      return others.length === 0 ? { kind: 'match', item: first } : { kind: 'ambiguous', items: begun }
  }
  const nearest = nearestWord(typed.slice(0, longest), items.map(wordOf))
  return nearest === undefined ? { kind: 'none' } : { kind: 'none', nearest }
}
