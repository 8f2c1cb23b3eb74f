/** Whether a text is a script for `netsh -f`, or a batch file that calls `netsh … ipsec`, ipseccmd or ipsecpol. */
export function isNetshScript(text: string): boolean {
  for (const call of netshCalls(text)) if (call.program.startsWith('ipsec') || aboutIpsec.test(call.after)) return true
  return /^[ \t]*(?:pushd[ \t]+)?ipsec[ \t]+(?:static|dynamic)\b/im.test(text)
}

/** Lines that call netsh, ipseccmd or ipsecpol make the text a batch file; netsh itself has no such command. */
export function hasNetshCalls(text: string): boolean {
  return netshCalls(text).next().done !== true
}

/** Options, then the context; as `-c "ipsec static"` too. */
const aboutIpsec = /^"?[ \t]+(?:[-/][a-z][ \t]+(?:"[^"]*"|\S+)[ \t]+)*(?:[-/]c[ \t]+)?"?ips/i

/** How far around the word it is looked. */
const reach = 400

/** Where netsh stands as a command, and what follows it on its line. */
function* netshCalls(text: string): Generator<{ readonly program: string; readonly after: string }> {
  const word = /(?:netsh|ipsec(?:cmd|pol))(?:\.exe)?(?=["\s]|$)/gi
  for (const match of text.matchAll(word)) {
    const from = Math.max(0, match.index - reach)
    const near = text.slice(from, match.index)
    const newline = near.lastIndexOf('\n')
    const start = newline >= 0 ? near.slice(newline + 1) : from === 0 ? near : `…${near}`
    if (!isCommandPlace(start)) continue
    const end = match.index + match[0].length
    yield { program: match[0].toLowerCase(), after: text.slice(end, end + reach).split(/[\r\n]/, 1)[0] ?? '' }
  }
}

/** Whether a program may be named after this beginning of a line. */
function isCommandPlace(start: string): boolean {
  if (/^\s*(?:#|rem\b|::)/i.test(start)) return false
  if (/^[\s@(]*(?:if|for)\b/i.test(start)) return true
  const isPath = /[\\/]$/.test(start)
  const quote = start.lastIndexOf('"')
  // A quoted path may hold blanks; another one ends at the last blank.
  const withoutPath = isPath ? start.slice(0, Math.max(quote, lastBlank(start)) + 1) : start
  const isQuotedPath = isPath && quote >= 0 && !start.slice(quote).includes('" ')
  const before = (isQuotedPath ? start.slice(0, quote) : withoutPath).replace(/[\s@"(]+$/, '')
  return before === '' || /(?:[&|()]|(?:^|[\s@])(?:do|else|call|start)|\/c)$/i.test(before)
}

function lastBlank(text: string): number {
  return Math.max(text.lastIndexOf(' '), text.lastIndexOf('\t'))
}
