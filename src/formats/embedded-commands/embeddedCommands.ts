import { type OpenQuote, QuoteTracker, literalFrom } from './openQuote.ts'
import { variablesIn } from './variablesIn.ts'

/** A command line of netsh, ipseccmd or ipsecpol within a text of another language. */
export interface EmbeddedCommand {
  /** As it would be typed: `netsh ipsec static …`. */
  readonly text: string
  /** Where the program is named, from 1. */
  readonly line: number
  readonly column: number
  /** Variables, placeholders and `concatenation` it is built from: then the text is not what runs. */
  readonly builtFrom: readonly string[]
}

/** More are not looked for. */
const mostCommands = 262_144
/** Words of one list. */
const mostWords = 1000

const program = /(?<![\w.-])(netsh|ipsec(?:cmd|pol))(?:\.exe)?(?=["'\s,)]|$)/gi

/**
 * Picks command lines about IPsec policy out of PowerShell, VBScript, Python, YAML, Markdown and logs: in string
 * literals, in lists of words, after `Start-Process`, in fenced code, or as lines of their own. Nothing is made of
 * variables; a line that has any says so. One pass over the text.
 *
 * embeddedCommands('sh.Run "netsh ipsec static show all", 0')
 * // → [{ text: 'netsh ipsec static show all', line: 1, column: 9, builtFrom: [] }]
 */
export function embeddedCommands(text: string): EmbeddedCommand[] {
  const found: EmbeddedCommand[] = []
  const tracker = new QuoteTracker(text)
  const word = new RegExp(program)
  let match = word.exec(text)
  while (match !== null && found.length < mostCommands) {
    const place = match.index
    const open = tracker.openAt(place)
    const { line, lineStart } = tracker
    const reading = readAt(text, { name: match[1] ?? '', place, end: word.lastIndex, open, lineStart })
    if (reading !== undefined) {
      if (isAboutPolicy(reading.text)) {
        const builtFrom = [...new Set([...variablesIn(reading.text), ...reading.builtFrom])]
        found.push({ text: reading.text, line, column: place - lineStart + 1, builtFrom })
      }
      word.lastIndex = Math.max(word.lastIndex, reading.end)
    }
    match = word.exec(text)
  }
  return found
}

interface Mention {
  readonly name: string
  readonly place: number
  /** Past the name. */
  readonly end: number
  readonly open: OpenQuote | undefined
  readonly lineStart: number
}

interface Reading {
  readonly text: string
  /** Past what was read. */
  readonly end: number
  readonly builtFrom: readonly string[]
}

/** What may stand between the opening mark and the name: a path, `cmd /c`. */
const beforeInLiteral = /^(?:cmd(?:\.exe)?\s+\/[ck]\s+"?|call\s+|start\s+|&\s*)?(?:[^\s"']*[\\/])?$/i
const farthestBack = 300

function readAt(text: string, mention: Mention): Reading | undefined {
  const { open, place, end, name, lineStart } = mention
  const from = Math.max(lineStart, place - farthestBack)
  if (isRemark(text.slice(lineStart, Math.min(place, lineStart + farthestBack)))) return undefined
  if (open === undefined) {
    return isCommandPlace(text.slice(from, place)) ? plain(text, mention) : undefined
  }
  if (text[end] === open.mark) return afterQuotedName(text, mention)
  if (open.at < from || !beforeInLiteral.test(text.slice(open.at + 1, place))) return undefined
  const literal = literalFrom(text, end, open.mark)
  if (literal === undefined) return undefined
  const next = /^[^\S\n]{0,20}(?:\+|&|%|\.\s*format\b|-f\b|\.\s*["'$])/i.test(
    text.slice(literal.end + 1, literal.end + 40),
  )
  const before = /[\w"')\]][^\S\n]{0,20}[+&.][^\S\n]{0,20}[a-z]?$/i.test(text.slice(from, open.at))
  const builtFrom = next || before ? ['concatenation'] : []
  return { text: `${name}${literal.value}`.trim(), end: literal.end + 1, builtFrom }
}

/** `"netsh", "ipsec", …` and `"netsh.exe" -ArgumentList …` and `& "netsh.exe" ipsec …`. */
function afterQuotedName(text: string, mention: Mention): Reading | undefined {
  const { name, end } = mention
  const near = text.slice(end + 1, end + 200)
  const list = /^\s*,\s*(?:\[\s*)?/.exec(near)
  if (list !== null) return words(text, name, end + 1 + list[0].length)
  const argumentList = argumentsHead.exec(near)
  if (argumentList !== null) return words(text, name, end + 1 + argumentList[0].length)
  return /^[^\S\n]+\S/.test(near) ? plain(text, { ...mention, end: end + 1 }) : undefined
}

const argumentsHead = /^\s{0,20}(?:`\s{1,20})?-(?:ArgumentList|Args)[\s:]+(?:@\(\s*)?(?=["'$])/i

/** A list of literals, over lines if need be, as one line; what is no literal is told. */
function words(text: string, name: string, from: number): Reading | undefined {
  const parts = [name]
  const builtFrom: string[] = []
  let at = from
  for (let count = 0; count < mostWords; count += 1) {
    const gap = /^[\s`]{0,200}(?:[fFrRuUbB]?(?=["']))?/.exec(text.slice(at, at + 210))
    at += gap?.[0].length ?? 0
    const mark = text[at]
    if (mark === '"' || mark === "'") {
      const literal = literalFrom(text, at + 1, mark)
      if (literal === undefined) return undefined
      parts.push(literal.value)
      at = literal.end + 1
    } else {
      const other = /^[$@*]?[\w.]{1,100}(?:\[[^\]\n]{0,60}\]|\([^)\n]{0,60}\))?/.exec(text.slice(at, at + 300))?.[0]
      if (other === undefined) break
      parts.push(`<${other}>`)
      builtFrom.push(`<${other}>`)
      at += other.length
    }
    const joint = /^\s{0,200}([,+&%])/.exec(text.slice(at, at + 210))
    if (joint === null) break
    if (joint[1] !== ',') builtFrom.push('concatenation')
    at += joint[0].length
  }
  // A single argument is a whole line, one among others is a word.
  if (parts.length === 2) return { text: parts.join(' '), end: at, builtFrom }
  return { text: parts.map(quotedWord).join(' '), end: at, builtFrom }
}

/** A word of a list as it must be typed. */
function quotedWord(value: string): string {
  return /\s/.test(value) && !value.includes('"') ? `"${value}"` : value
}

/** A line of its own: up to its end, a pipe, a separator or a redirection; continuation marks join the next line. */
function plain(text: string, { name, end, place }: Mention): Reading | undefined {
  const argumentList = argumentsHead.exec(text.slice(end, end + 200))
  if (argumentList !== null) return words(text, name, end + argumentList[0].length)
  const isInline = text[place - 1] === '`' || text[place - 2] === '`'
  const parts: string[] = [name]
  let isQuoted = false
  let piece = end
  let at = end
  for (; at < text.length; at += 1) {
    const char = text[at]
    if (char === '\n') {
      const last = text.slice(piece, at).trimEnd()
      const mark = last.at(-1)
      if (isQuoted || (mark !== '`' && mark !== '^' && mark !== '\\')) break
      parts.push(last.slice(0, -1))
      piece = at + 1
    } else if (char === '"') {
      if (text[at - 1] !== '`') isQuoted = !isQuoted
    } else if (!isQuoted && (char === '|' || char === ';' || char === '>' || char === '&')) {
      // `<name>` is a placeholder, and no redirection.
      if (char !== '>' || !/<[^<>\s]{1,60}$/.test(text.slice(Math.max(piece, at - 62), at))) break
    } else if (char === '`' && isInline) {
      break
    }
  }
  parts.push(text.slice(piece, at))
  const whole = parts.join('').replaceAll('`"', '"').trim()
  return { text: whole, end: at, builtFrom: [] }
}

/** Remarks of the languages; also headings of Markdown. */
function isRemark(start: string): boolean {
  return /^\s*(?:#(?!>)|\/\/|::|rem\b|'(?=[^']*$))/i.test(start)
}

/** Whether a program may be named after this beginning of a line; prose is no such place. */
function isCommandPlace(start: string): boolean {
  const bare = start.replace(/[^\s"'`]*[\\/]$/, '').trimEnd()
  if (bare === '') return true
  return /(?:[>&@$#*+|(={;:[`-]|(?:^|[\s("'])(?:call|do|then|else|start|Start-Process|-FilePath|\/c|\/k|exec|run|sudo))$/i.test(
    bare,
  )
}

/** `netsh … ipsec …` with something to do, or any line of the other two with a flag or a query. */
function isAboutPolicy(text: string): boolean {
  if (/^ipsec/i.test(text)) return /^\S+\s+(?:\\\\|[-/]\w|show\b|import\b|export\b|set\b)/i.test(text)
  return /^\S+(?:\s{1,20}[-/][a-z]\s{1,20}(?:"[^"]{0,100}"|[^\s"]{1,100})){0,6}\s{1,20}(?:[-/]c\s{1,20}"?)?ipsec?\s{1,20}\S/i.test(
    text,
  )
}
