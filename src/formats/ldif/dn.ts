/**
 * The RDNs of a DN as written, outermost blanks removed: split at commas (and semicolons of old) that are not escaped
 * and not in quotes (RFC 4514, RFC 2253). Time in proportion to the text.
 */
export function rdnsOf(dn: string): string[] {
  const rdns: string[] = []
  let start = 0
  let isQuoted = false
  for (let at = 0; at < dn.length; at += 1) {
    const char = dn[at]
    if (char === '\\') at += 1
    else if (char === '"') isQuoted = !isQuoted
    else if ((char === ',' || char === ';') && !isQuoted) {
      rdns.push(dn.slice(start, at).trim())
      start = at + 1
    }
  }
  const last = dn.slice(start).trim()
  return last === '' && rdns.length === 0 ? [] : [...rdns, last]
}

/** The value of an RDN `CN=value` without escapes; `undefined` when it has no `=`. */
export function rdnValue(rdn: string): string | undefined {
  const equals = rdn.indexOf('=')
  if (equals < 0) return undefined
  const value = rdn.slice(equals + 1).trim()
  const bare = value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
  return bare.replaceAll(/\\([0-9a-f]{2}|[^])/gi, (_, escaped: string) =>
    escaped.length === 2 ? String.fromCharCode(Number.parseInt(escaped, 16)) : escaped,
  )
}

/** For comparing: lower case, no blanks around commas and equal signs. */
export function dnKey(dn: string): string {
  return rdnsOf(dn).map(rdnKey).join(',')
}

function rdnKey(rdn: string): string {
  const equals = rdn.indexOf('=')
  if (equals < 0) return rdn.toLowerCase()
  return `${rdn.slice(0, equals).trimEnd()}=${rdn.slice(equals + 1).trimStart()}`.toLowerCase()
}

/** The DN less its first RDN, spelled as written. */
export function parentDn(dn: string): string {
  const rdns = rdnsOf(dn)
  const [, second] = rdns
  if (second === undefined) return ''
  // Blanks inside the rest stay: it is cut off behind the first separator.
  let length = 0
  let isQuoted = false
  for (; length < dn.length; length += 1) {
    const char = dn[length]
    if (char === '\\') length += 1
    else if (char === '"') isQuoted = !isQuoted
    else if ((char === ',' || char === ';') && !isQuoted) break
  }
  return dn.slice(length + 1).trim()
}
