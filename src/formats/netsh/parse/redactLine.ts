import { argumentsOf, wordsOf } from './tokens.ts'

/**
 * The line with the value of each `psk` replaced, for histories, logs and echoes. What follows an unquoted key up to the
 * next tag goes with it.
 *
 * redactLine('add rule R1 P L A psk="open sesame" desc=x') // → 'add rule R1 P L A psk=[secret] desc=x'
 */
export function redactLine(line: string): string {
  if (!/ps|pks|spk|key|pre/i.test(line)) return line
  const found = argumentsOf(wordsOf(line).words)
  const parts: string[] = []
  let from = 0
  for (let index = 0; index < found.length; index += 1) {
    const argument = found[index]
    if (argument === undefined || !mayNameKey(argument.kind === 'tagged' ? argument.tag : argument.text)) continue
    const start = argument.kind === 'tagged' ? argument.valueColumn - 1 : argument.column - 1 + argument.text.length
    let next = index + 1
    while (found[next]?.kind === 'bare') next += 1
    const after = found[next]
    const end = after === undefined ? line.length : after.column - 1
    parts.push(
      line.slice(from, start),
      argument.kind === 'tagged' ? '' : ' ',
      '[secret]',
      after === undefined ? '' : ' ',
    )
    from = end
    index = next - 1
  }
  return parts.join('') + line.slice(from)
}

/** `psk`, its abbreviation, and what people write by mistake. */
function mayNameKey(tag: string): boolean {
  return /^(?:ps|psk|pks|spk|pskey|psk:.*|key|pre-?shared-?key)$/is.test(tag)
}
