import { FilterLines, LongText, OneLine, type Plain, type PlainMap } from './plainTree.ts'
import { isList } from './writeJsonText.ts'

/** Above so many filters a list becomes one block of text, which is read many times faster. */
const mostListedFilters = 1000
/** Base64 is broken into lines of so many characters. */
const longTextWidth = 96

/** Block style YAML 1.2 that any reader of the core schema takes alike. */
export function writeYamlText(tree: PlainMap): string {
  const parts: string[] = []
  for (const [name, value] of Object.entries(tree)) {
    if (value === undefined) continue
    // A blank line before each section, so that the eye finds it.
    if (parts.length > 0 && typeof value === 'object') parts.push('\n')
    writeMap({ [name]: value }, '', parts, false)
  }
  return parts.join('')
}

/** One field, from its name on, whose name stands at `indent`. */
export function yamlPair(name: string, value: Plain, indent: string): string {
  const parts: string[] = []
  writeMap({ [name]: value }, indent, parts, false)
  return parts.join('')
}

/** One item of a list, from the dash on, whose dash stands at `indent`. */
export function yamlItem(value: Plain, indent: string): string {
  const parts: string[] = []
  writeItem(value, indent, parts)
  return parts.join('')
}

function writeMap(map: PlainMap, indent: string, parts: string[], isStarted: boolean): void {
  let isFirst = isStarted
  for (const [name, value] of Object.entries(map)) {
    if (value === undefined) continue
    parts.push(isFirst ? '' : indent, yamlScalar(name), ':')
    isFirst = false
    writeValue(value, indent, parts)
  }
}

/** What follows `key:`. */
function writeValue(value: Plain, indent: string, parts: string[]): void {
  const inner = `${indent}  `
  if (typeof value !== 'object') parts.push(' ', yamlScalar(value), '\n')
  else if (value instanceof LongText) writeLongText(value.text, inner, parts)
  else if (value instanceof OneLine) parts.push(' ', yamlFlow(value), '\n')
  else if (value instanceof FilterLines) writeFilters(value.lines, inner, parts)
  else if (isList(value)) {
    if (value.length === 0) parts.push(' []\n')
    else {
      parts.push('\n')
      for (const item of value) writeItem(item, inner, parts)
    }
  } else if (isEmpty(value)) parts.push(' {}\n')
  else {
    parts.push('\n')
    writeMap(value, inner, parts, false)
  }
}

function writeItem(item: Plain, indent: string, parts: string[]): void {
  parts.push(indent, '- ')
  if (typeof item !== 'object') parts.push(yamlScalar(item), '\n')
  else if (item instanceof OneLine) parts.push(yamlFlow(item), '\n')
  else if (item instanceof FilterLines || item instanceof LongText || isList(item)) {
    parts.push(yamlFlow(item), '\n')
  } else if (isEmpty(item)) parts.push('{}\n')
  else writeMap(item, `${indent}  `, parts, true)
}

function isEmpty(map: PlainMap): boolean {
  return Object.values(map).every((value) => value === undefined)
}

function writeFilters(lines: readonly string[], indent: string, parts: string[]): void {
  if (lines.length === 0) {
    parts.push(' []\n')
    return
  }
  // A line of a block holds only what YAML calls printable, and no line breaks of its own.
  if (lines.length <= mostListedFilters || !lines.every((line) => isPrintable(line))) {
    parts.push('\n')
    for (const line of lines) parts.push(indent, '- ', yamlScalar(line), '\n')
    return
  }
  parts.push(' |\n')
  for (const line of lines) parts.push(indent, line, '\n')
}

function writeLongText(text: string, indent: string, parts: string[]): void {
  if (text.length <= longTextWidth) {
    parts.push(' ', yamlScalar(text), '\n')
    return
  }
  parts.push(' |-\n')
  for (let at = 0; at < text.length; at += longTextWidth) parts.push(indent, text.slice(at, at + longTextWidth), '\n')
}

/** `{ name: value, other: value }`; texts in quotes unless they are plain words. */
function yamlFlow(value: Plain): string {
  if (typeof value === 'string') return /^[A-Za-z_][\w.]*$/.test(value) ? yamlScalar(value) : quoted(value)
  if (typeof value !== 'object') return yamlScalar(value)
  if (value instanceof LongText) return quoted(value.text)
  if (value instanceof FilterLines) return `[${value.lines.map(quoted).join(', ')}]`
  if (value instanceof OneLine) return yamlFlow(value.content)
  if (isList(value)) return `[${value.map(yamlFlow).join(', ')}]`
  const fields = Object.entries(value).filter(([, member]) => member !== undefined)
  if (fields.length === 0) return '{}'
  return `{ ${fields.map(([name, member]) => `${yamlScalar(name)}: ${yamlFlow(member as Plain)}`).join(', ')} }`
}

/** A scalar outside [ ] and { }: plain where that is safe, else in quotes. */
export function yamlScalar(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value)
  if (isSafePlain(value)) return value
  // Single quotes leave backslashes and double quotes as they are, which filters with a description have.
  return isPrintable(value) && value.includes('"') ? `'${value.replaceAll("'", "''")}'` : quoted(value)
}

/** Words of the core schema and of older YAML that mean something else than a text. */
const reserved = /^(?:~|null|true|false|yes|no|on|off|y|n|[-+]?\.(?:inf|nan)|<<|=)$/i

function isSafePlain(text: string): boolean {
  if (!isPrintable(text) || text === '' || text !== text.trim() || reserved.test(text)) return false
  if (/^[-+.]?\d/.test(text) && !/[^0-9a-fA-FxoeE.+_:-]/.test(text)) return false
  if (/^(?:[-?:](?=\s|$)|[,[\]{}#&*!|>'"%@`])/.test(text)) return false
  return !/:(?:\s|$)|\s#|^(?:---|\.\.\.)/.test(text)
}

/** Nothing that must be escaped, is a line break somewhere, or cannot be seen. */
function isPrintable(text: string): boolean {
  return !/[^\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u.test(text)
}

/** Double quotes with the escapes that JSON and YAML share; what cannot be seen is escaped too. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
