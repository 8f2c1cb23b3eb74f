import { argumentsOf, wordsOf } from './tokens.ts'

/**
 * The line with the value of each `psk` replaced, for histories, logs and echoes. What follows an unquoted key up to the
 * next tag goes with it.
 *
 * redactLine('add rule R1 P L A psk="open sesame" desc=x') // → 'add rule R1 P L A psk=[secret] desc=x'
 */
export function redactLine(line: string): string {
  const mayHavePosition = /\b(?:r(?:u(?:le?)?)?|def[a-z]{0,8})\b/i.test(line)
  if (!mayHavePosition && !/ps|pks|spk|key|pre/i.test(line)) return line
  const found = argumentsOf(wordsOf(line).words)
  const firstKey = mayHavePosition ? firstKeyPosition(found) : found.length
  const parts: string[] = []
  let from = 0
  for (let index = 0; index < found.length; index += 1) {
    const argument = found[index]
    if (argument === undefined) continue
    const isKeyByPosition = argument.kind === 'bare' && index >= firstKey
    if (!isKeyByPosition && !mayNameKey(argument.kind === 'tagged' ? argument.tag : argument.text)) continue
    const start = isKeyByPosition
      ? argument.column - 1
      : argument.kind === 'tagged'
        ? argument.valueColumn - 1
        : argument.column - 1 + argument.text.length
    let next = index + 1
    while (found[next]?.kind === 'bare') next += 1
    const after = found[next]
    const end = after === undefined ? line.length : after.column - 1
    parts.push(
      line.slice(from, start),
      argument.kind === 'tagged' || isKeyByPosition ? '' : ' ',
      '[secret]',
      after === undefined ? '' : ' ',
    )
    from = end
    index = next - 1
  }
  return parts.join('') + line.slice(from)
}

/**
 * From which argument on a word without a tag may be a key, because all tags before `psk` may have been given
 * (netsh-ipsec.md 2.3, 4.4, 4.6): nine for a rule, five for the default response rule.
 */
function firstKeyPosition(found: ReturnType<typeof argumentsOf>): number {
  for (let index = 1; index < found.length; index += 1) {
    const [verb, object] = [found[index - 1], found[index]]
    if (verb?.kind !== 'bare' || object?.kind !== 'bare' || !/^(?:add?|a|set?)$/i.test(verb.text)) continue
    if (/^r(?:u(?:le?)?)?$/i.test(object.text)) return index + 10
    if (/^def/i.test(object.text)) return index + 6
  }
  return found.length
}

/** `psk`, its abbreviation, and what people write by mistake. */
function mayNameKey(tag: string): boolean {
  return /^(?:ps|psk|pks|spk|pskey|psk:.*|key|pre-?shared-?key)$/is.test(tag)
}
