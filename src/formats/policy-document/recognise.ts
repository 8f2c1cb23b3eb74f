/** The field every policy document has at its top; its value is the version of the format. */
const versionField = 'polagent'

/**
 * Whether a text is a policy document: its top is a mapping with the key `polagent`. The beginning of a document is
 * enough, and one that is broken further on is recognised too, so that its reader can say what is wrong.
 */
export function isPolicyDocument(text: string): boolean {
  const start = text.startsWith('\ufeff') ? 1 : 0
  return /^\s*\{/.test(text.slice(start, start + 4096)) ? isJsonDocument(text, start) : isYamlDocument(text, start)
}

/** The text is JSON and not YAML: its first character that is no blank is a brace. */
export function looksLikeJson(text: string): boolean {
  return /^\ufeff?\s*\{/.test(text)
}

const jsonToken = /"(?:[^"\\\n]|\\.)*"|[{}[\],:]/g

function isJsonDocument(text: string, start: number): boolean {
  jsonToken.lastIndex = start
  let depth = 0
  let key: string | undefined
  for (let match = jsonToken.exec(text); match !== null; match = jsonToken.exec(text)) {
    const token = match[0]
    if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') depth -= 1
    else if (token === ':' && depth === 1 && key === `"${versionField}"`) return true
    if (depth <= 0) return false
    key = depth === 1 && token.startsWith('"') ? token : undefined
  }
  return false
}

const versionLine = /^(?:polagent|"polagent"|'polagent')\s*:(?:\s|$)/
/** What may stand at the left edge of a YAML mapping before the key is seen. */
const otherTopLine = /^(?:$|[\s#%]|---|-\s|[A-Za-z$"'][^:]{0,80}:(?:\s|$))/

function isYamlDocument(text: string, start: number): boolean {
  for (let at = start; at <= text.length; ) {
    const next = text.indexOf('\n', at)
    const end = next < 0 ? text.length : next
    const line = text.slice(at, Math.min(end, at + 200)).trimEnd()
    if (versionLine.test(line)) return true
    if (!otherTopLine.test(line)) return false
    at = end + 1
  }
  return false
}
