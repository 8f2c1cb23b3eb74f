/**
 * The program text with the content of comments, strings and regular expressions blanked out, line breaks kept. What
 * stands in `${…}` of a template is code and stays.
 */
export function codeOnly(source: string): string {
  const out: string[] = []
  const templates: number[] = []
  let braces = 0
  let at = 0
  let last = ''
  const skip = (end: number): void => {
    for (; at < end; at += 1) out.push(source[at] === '\n' ? '\n' : ' ')
  }
  const keep = (): void => {
    const char = source[at] as string
    if (char.trim() !== '') last = /[\w$]/.test(char) && /[\w$]/.test(source[at - 1] ?? '') ? last + char : char
    out.push(char)
    at += 1
  }
  const template = (): void => {
    for (; at < source.length; ) {
      if (source[at] === '\\') skip(at + 2)
      else if (source.startsWith('${', at)) {
        skip(at + 2)
        templates.push(braces)
        return
      } else if (source[at] === '`') {
        skip(at + 1)
        last = '`'
        return
      } else skip(at + 1)
    }
  }
  while (at < source.length) {
    const char = source[at] as string
    if (source.startsWith('//', at)) skip(endOf(source, '\n', at))
    else if (source.startsWith('/*', at)) skip(Math.min(source.length, endOf(source, '*/', at) + 2))
    else if (char === "'" || char === '"') {
      skip(endOfQuoted(source, at, char))
      last = char
    } else if (char === '`') {
      skip(at + 1)
      template()
    } else if (char === '/' && startsRegExp(last)) {
      skip(endOfRegExp(source, at))
      last = ')'
    } else if (char === '}' && templates.at(-1) === braces) {
      templates.pop()
      skip(at + 1)
      template()
    } else {
      if (char === '{') braces += 1
      if (char === '}') braces -= 1
      keep()
    }
  }
  return out.join('')
}

function endOf(source: string, text: string, from: number): number {
  const end = source.indexOf(text, from)
  return end < 0 ? source.length : end
}

function endOfQuoted(source: string, from: number, quote: string): number {
  for (let at = from + 1; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1
    else if (source[at] === quote || source[at] === '\n') return at + 1
  }
  return source.length
}

/** After a value `/` divides; after an operator, an opening bracket or a keyword it begins a regular expression. */
function startsRegExp(last: string): boolean {
  if (/^(?:return|typeof|case|in|of|new|delete|void|throw|yield|await|else|do)$/.test(last)) return true
  return last === '' || /[(,=:[!&|?{};+\-*%<>~^]$/.test(last)
}

function endOfRegExp(source: string, from: number): number {
  let isInClass = false
  for (let at = from + 1; at < source.length; at += 1) {
    const char = source[at]
    if (char === '\\') at += 1
    else if (char === '\n') return at
    else if (char === '[') isInClass = true
    else if (char === ']') isInClass = false
    else if (char === '/' && !isInClass) return at + 1
  }
  return source.length
}
