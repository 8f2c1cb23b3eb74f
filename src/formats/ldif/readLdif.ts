import type { Finding, Report } from '../../base/finding.ts'
import { boundedReport, decodeText, encodeText } from '../text/index.ts'
import { dnKey } from './dn.ts'
import { EntryBuilder, type LdifEntry } from './entryBuilder.ts'
import { type LdifFindingCode, ldifFinding } from './ldifFindingTable.ts'
import { type LdifLine, type LdifRecord, scanRecords } from './ldifLines.ts'

export interface LdifReading {
  readonly entries: readonly LdifEntry[]
  readonly findings: readonly Finding[]
}

/**
 * Reads LDIF (RFC 2849): content records, and change records as far as they add to, change or delete entries read above
 * them. URLs are never opened. What cannot be read is left out and told.
 */
export function readLdif(bytes: Uint8Array): LdifReading {
  const findings: Finding[] = []
  const bounded = boundedReport(findings, 'LDIF_MORE_FINDINGS')
  const reader = new LdifReader(bounded.report)
  scanRecords(plainBytes(bytes), bounded.report, (record) => reader.take(record))
  bounded.end()
  return { entries: reader.entries(), findings }
}

/** Without byte order mark; `ldifde -u` writes UTF-16. */
function plainBytes(bytes: Uint8Array): Uint8Array {
  const [first, second, third] = bytes
  if (first === 0xef && second === 0xbb && third === 0xbf) return viewOf(bytes).subarray(3)
  const isUtf16 =
    (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || first === 0 || second === 0
  if (!isUtf16) return viewOf(bytes)
  const decoded = decodeText(bytes)
  const text = decoded.text.toWellFormed()
  return decoded.encoding.startsWith('utf-16') ? (encodeText(text, 'utf-8') ?? bytes) : bytes
}

/** Values are parts of the bytes, and parts of a subclass of Uint8Array would be of that subclass. */
function viewOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Text of a value; `undefined` when it is no UTF-8. */
export function textOfBytes(value: Uint8Array): string | undefined {
  try {
    return utf8.decode(value)
  } catch {
    // The only failure of a fatal decoder on a value of this size.
    return undefined
  }
}

/** What ldapsearch writes after the last entry, and references to other servers. */
const trailers = new Set(['search', 'result', 'ref', 'text', 'matcheddn', 'control', 'pagedresults'])

class LdifReader {
  readonly #report: Report
  readonly #entries = new Map<string, EntryBuilder>()
  #isFirst = true

  constructor(report: Report) {
    this.#report = report
  }

  entries(): LdifEntry[] {
    return Array.from(this.#entries.values(), (entry) => entry.finish())
  }

  #tell(code: LdifFindingCode, what: string | undefined, line: number, object?: string, field?: string): void {
    const place = { ...(object === undefined ? {} : { object }), ...(field === undefined ? {} : { field }), line }
    this.#report(ldifFinding(code, what, place))
  }

  take(record: LdifRecord): void {
    const start = this.#isFirst && isNamed(record.lines[0], 'version') ? 1 : 0
    this.#isFirst = false
    const dnLine = record.lines[start]
    if (dnLine === undefined) return
    if (dnLine.kind === 'separator' || dnLine.name.toLowerCase() !== 'dn') {
      if (dnLine.kind !== 'separator' && trailers.has(dnLine.name.toLowerCase())) return
      this.#tell('LDIF_RECORD_MALFORMED', 'it does not begin with dn:', dnLine.line)
      return
    }
    const dn = dnLine.kind === 'attribute' ? textOfBytes(dnLine.value) : undefined
    if (dn === undefined) {
      this.#tell('LDIF_RECORD_MALFORMED', 'its dn cannot be read', dnLine.line)
      return
    }
    let next = start + 1
    while (isNamed(record.lines[next], 'control')) next += 1
    this.#takeEntry(dn, record.lines.slice(next), dnLine.line)
  }

  #takeEntry(dn: string, given: readonly LdifLine[], line: number): void {
    const [first] = given
    if (first?.kind !== 'attribute' || !isNamed(first, 'changetype')) {
      this.#addEntry(dn, given, line)
      return
    }
    const lines = given.slice(1)
    const change = textOfBytes(first.value)?.trim().toLowerCase() ?? ''
    switch (change) {
      case 'add':
        this.#addEntry(dn, lines, line)
        return
      case 'delete':
        if (!this.#entries.delete(dnKey(dn)))
          this.#tell('LDIF_CHANGE_NOT_FOLLOWED', 'there is no such entry above', line, dn)
        return
      case 'modify':
        this.#modify(dn, lines, line)
        return
      default:
        this.#tell('LDIF_CHANGE_NOT_FOLLOWED', `changetype ${change.slice(0, 20)}`, line, dn)
    }
  }

  #addEntry(dn: string, lines: readonly LdifLine[], line: number): void {
    const key = dnKey(dn)
    if (this.#entries.has(key)) {
      this.#tell('LDIF_ENTRY_REPEATED', undefined, line, dn)
      return
    }
    const entry = new EntryBuilder(dn, line)
    const unreadable: string[] = []
    for (const attribute of lines) {
      if (attribute.kind === 'attribute') entry.add(attribute.name, attribute.value)
      else if (attribute.kind === 'unreadable') unreadable.push(attribute.name)
      else this.#tell('LDIF_LINE_MALFORMED', 'a separator outside a change', attribute.line, dn)
    }
    // Some of several values are not what was meant.
    for (const name of unreadable) entry.removeAll(name)
    this.#entries.set(key, entry)
  }

  #modify(dn: string, lines: readonly LdifLine[], line: number): void {
    const entry = this.#entries.get(dnKey(dn))
    if (entry === undefined) {
      this.#tell('LDIF_CHANGE_NOT_FOLLOWED', 'there is no such entry above', line, dn)
      return
    }
    let at = 0
    while (at < lines.length) {
      const head = lines[at] as LdifLine
      at += 1
      const values: LdifLine[] = []
      for (; at < lines.length && lines[at]?.kind !== 'separator'; at += 1) values.push(lines[at] as LdifLine)
      at += 1
      if (head.kind === 'separator') continue
      const name = head.kind === 'attribute' ? (textOfBytes(head.value)?.trim() ?? '') : ''
      this.#change(entry, head.name.toLowerCase(), name, values, head.line)
    }
  }

  #change(entry: EntryBuilder, kind: string, name: string, values: readonly LdifLine[], line: number): void {
    const isSound = values.every((value) => value.kind !== 'separator' && sameAttribute(value.name, name))
    if (!isSound || name === '' || !['add', 'replace', 'delete'].includes(kind)) {
      const what = `${kind.slice(0, 20)} of ${name.slice(0, 80)}`
      this.#tell('LDIF_CHANGE_NOT_FOLLOWED', what, line, entry.dn, name)
      // What the attribute should have become is not known.
      if (name !== '') entry.removeAll(name)
      return
    }
    if (values.some((value) => value.kind === 'unreadable')) {
      entry.removeAll(name)
      return
    }
    if (kind === 'delete' && values.length === 0) {
      if (!entry.removeAll(name)) this.#tell('LDIF_CHANGE_NOT_FOLLOWED', 'nothing to delete', line, entry.dn, name)
      return
    }
    if (kind === 'replace') entry.removeAll(name)
    for (const value of values) {
      if (value.kind !== 'attribute') continue
      if (kind !== 'delete') entry.add(value.name, value.value)
      else if (!entry.remove(name, value.value)) {
        this.#tell('LDIF_CHANGE_NOT_FOLLOWED', 'no such value to delete', line, entry.dn, name)
      }
    }
  }
}

function isNamed(line: LdifLine | undefined, name: string): boolean {
  return line !== undefined && line.kind !== 'separator' && line.name.toLowerCase() === name
}

function sameAttribute(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
