import { concatBytes } from '../../base/bytes.ts'
import { fromBase64 } from '../../base/base64.ts'
import type { Report } from '../../base/finding.ts'
import { ldifFinding } from './ldifFindingTable.ts'

/** One line of a record, unfolded and decoded (RFC 2849). */
export type LdifLine =
  | { readonly kind: 'attribute'; readonly name: string; readonly value: Uint8Array; readonly line: number }
  /** The attribute is named, its value could not be had; already reported. */
  | { readonly kind: 'unreadable'; readonly name: string; readonly line: number }
  | { readonly kind: 'separator'; readonly line: number }

export interface LdifRecord {
  readonly lines: readonly LdifLine[]
  readonly line: number
}

const lineFeed = 10
const carriageReturn = 13
const blank = 32
const hash = 35
const minus = 45
const colon = 58
const less = 60

const description = /^[a-z0-9][a-z0-9.-]{0,255}(?:;[a-z0-9=*-]{1,255}){0,16}$/i
const latin1 = new TextDecoder('latin1')

/** Gives the records of an LDIF text to `sink`, in order. Lines that are none are reported and left out. */
export function scanRecords(bytes: Uint8Array, report: Report, sink: (record: LdifRecord) => void): void {
  let lines: LdifLine[] = []
  let recordLine = 1
  const endRecord = (): void => {
    if (lines.length > 0) sink({ lines, line: recordLine })
    lines = []
  }
  scanLogicalLines(bytes, (content, line) => {
    if (content === undefined) {
      endRecord()
      return
    }
    if (lines.length === 0) recordLine = line
    const read = readLine(content, line, report)
    if (read !== undefined) lines.push(read)
  })
  endRecord()
}

/** Unfolds lines and leaves out comments; `undefined` stands for an empty line. */
function scanLogicalLines(bytes: Uint8Array, sink: (content: Uint8Array | undefined, line: number) => void): void {
  let parts: Uint8Array[] = []
  let startLine = 1
  const flush = (): void => {
    const [first] = parts
    if (first === undefined) return
    const content = parts.length === 1 ? first : concatBytes(parts)
    parts = []
    if (content[0] !== hash) sink(content, startLine)
  }
  let at = 0
  for (let line = 1; at < bytes.length; line += 1) {
    const found = bytes.indexOf(lineFeed, at)
    const next = found < 0 ? bytes.length : found + 1
    let end = found < 0 ? bytes.length : found
    if (end > at && bytes[end - 1] === carriageReturn) end -= 1
    const content = bytes.subarray(at, end)
    at = next
    if (content[0] === blank && parts.length > 0) {
      parts.push(content.subarray(1))
      continue
    }
    flush()
    startLine = line
    if (content.length > 0) parts.push(content)
    else sink(undefined, line)
  }
  flush()
}

function readLine(content: Uint8Array, line: number, report: Report): LdifLine | undefined {
  if (content.length === 1 && content[0] === minus) return { kind: 'separator', line }
  const end = content.subarray(0, 4096).indexOf(colon)
  const name = end < 0 ? '' : latin1.decode(content.subarray(0, end)).trimEnd()
  if (!description.test(name)) {
    report(ldifFinding('LDIF_LINE_MALFORMED', 'no attribute name and colon', { line }))
    return undefined
  }
  const mark = content[end + 1]
  if (mark === less) {
    report(ldifFinding('LDIF_URL', name, { line, field: name }))
    return { kind: 'unreadable', name, line }
  }
  if (mark !== colon) return { kind: 'attribute', name, value: withoutLeadingBlanks(content, end + 1), line }
  const value = fromBase64(latin1.decode(content.subarray(end + 2)))
  if (value !== undefined) return { kind: 'attribute', name, value, line }
  report(ldifFinding('LDIF_LINE_MALFORMED', `${name}: the value is no base64`, { line, field: name }))
  return { kind: 'unreadable', name, line }
}

function withoutLeadingBlanks(content: Uint8Array, start: number): Uint8Array {
  let at = start
  while (content[at] === blank) at += 1
  return content.subarray(at)
}
