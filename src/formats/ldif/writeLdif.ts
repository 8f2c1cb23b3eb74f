import { toBase64 } from '../../base/base64.ts'
import type { DirectoryAttribute } from '../../policy/storedObject.ts'

/** Characters a line has at most before it is folded (RFC 2849 leaves the number open; 76 is usual). */
const lineLength = 76

const latin1 = new TextDecoder('latin1')
const encoder = new TextEncoder()

/** A record to write: content, or one of the two changes that make up new objects. */
export type LdifOutput =
  | { readonly kind: 'content' | 'add'; readonly dn: string; readonly attributes: readonly DirectoryAttribute[] }
  | { readonly kind: 'replace'; readonly dn: string; readonly attributes: readonly DirectoryAttribute[] }

/** LDIF text of the records (RFC 2849), ASCII throughout: what is not safe goes out in base64. */
export function writeLdif(records: readonly LdifOutput[]): Uint8Array {
  const lines: string[] = []
  for (const record of records) {
    pushLine(lines, 'dn', encoder.encode(record.dn))
    if (record.kind === 'add') lines.push('changetype: add')
    if (record.kind === 'replace') lines.push('changetype: modify')
    for (const attribute of record.attributes) {
      if (record.kind === 'replace') lines.push(`replace: ${attribute.name}`)
      for (const value of attribute.values) pushLine(lines, attribute.name, value)
      if (record.kind === 'replace') lines.push('-')
    }
    lines.push('')
  }
  return encoder.encode(lines.length === 0 ? '' : `${lines.join('\n')}\n`)
}

function pushLine(lines: string[], name: string, value: Uint8Array): void {
  const line = isSafe(value) ? `${name}: ${latin1.decode(value)}` : `${name}:: ${toBase64(value)}`
  lines.push(line.slice(0, lineLength))
  for (let at = lineLength; at < line.length; at += lineLength - 1) {
    lines.push(` ${line.slice(at, at + lineLength - 1)}`)
  }
}

/** SAFE-STRING of RFC 2849, and no blank at the end, where editors remove it. */
function isSafe(value: Uint8Array): boolean {
  const [first] = value
  if (first === undefined) return true
  if (first === 0x20 || first === 0x3a || first === 0x3c || value.at(-1) === 0x20) return false
  for (let at = 0; at < value.length; at += 1) {
    const byte = value[at] as number
    if (byte > 126 || byte < 0x20) return false
  }
  return true
}
