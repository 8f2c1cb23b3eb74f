/**
 * Splits the text of a command into arguments as Windows programs do: blanks outside quotes separate, backslashes are
 * literal except before a quote, where two make one and an odd one makes the quote literal.
 */
export function argumentsOf(text: string): string[] {
  const found: string[] = []
  let current = ''
  let hasCurrent = false
  let isQuoted = false
  let at = 0
  while (at < text.length) {
    const char = text[at] as string
    if (char === '\\') {
      let end = at
      while (text[end] === '\\') end += 1
      const count = end - at
      hasCurrent = true
      at = end
      if (text[end] !== '"') {
        current += '\\'.repeat(count)
        continue
      }
      current += '\\'.repeat(count >> 1)
      if (count % 2 === 1) {
        current += '"'
        at += 1
      }
      continue
    }
    at += 1
    if (char === '"') {
      hasCurrent = true
      // Two quotes inside quotes are one that is literal.
      if (isQuoted && text[at] === '"') {
        current += '"'
        at += 1
      } else isQuoted = !isQuoted
    } else if (!isQuoted && (char === ' ' || char === '\t')) {
      if (hasCurrent) found.push(current)
      current = ''
      hasCurrent = false
    } else {
      current += char
      hasCurrent = true
    }
  }
  if (hasCurrent) found.push(current)
  return found
}
