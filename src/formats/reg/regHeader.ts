import { textOfPrefix } from '../textPrefix.ts'

/** Bytes that decide whether an input is registry text. */
const prefixLength = 65_536

/** First lines and the version they announce (registry-store.md 4). */
export const headerOfVersion = { 4: 'REGEDIT4', 5: 'Windows Registry Editor Version 5.00' } as const

export interface RegHeader {
  readonly version: 4 | 5
  /** Exactly the line Windows expects. */
  readonly isProper: boolean
  /** Where the text after the header line begins, and the number of that line. */
  readonly end: number
  readonly line: number
}

/** Whether the bytes begin like registry text, in any encoding; a header line that is off or missing is tolerated. */
export function isReg(bytes: Uint8Array): boolean {
  const text = textOfPrefix(bytes.subarray(0, prefixLength))
  return text !== undefined && readHeader(text) !== undefined
}

const properHeader = /^(?:REGEDIT4|Windows Registry Editor Version 5\.00)$/i
const headerLike = /^(?:regedit\s?[45]|(?:windows\s+)?registry\s+editor\b.*)$/i
const keyLine =
  /^\[\s*-?\s*(?:HKEY_(?:LOCAL_MACHINE|CURRENT_USER|CLASSES_ROOT|USERS|CURRENT_CONFIG)|HKLM|HKCU|HKCR|HKU|HKCC)\s*[\\\]]/i

/** The header, after blank and comment lines; `undefined` when the text is no registry text. */
export function readHeader(text: string): RegHeader | undefined {
  const lines = /[^\r\n]*(?:\r\n|\r|\n|$)/y
  let line = 1
  for (let start = 0; start < text.length; start = lines.lastIndex) {
    lines.lastIndex = start
    const whole = lines.exec(text)?.[0] ?? ''
    const content = whole.replaceAll('\0', '').trim()
    if (content === '' || content.startsWith(';')) {
      line += 1
      if (line > 10_000) return undefined
      continue
    }
    const end = start + whole.length
    if (properHeader.test(content)) {
      return { version: content.toUpperCase() === headerOfVersion[4] ? 4 : 5, isProper: true, end, line: line + 1 }
    }
    if (content.length < 100 && headerLike.test(content)) {
      return { version: /^regedit\s?4$/i.test(content) ? 4 : 5, isProper: false, end, line: line + 1 }
    }
    return keyLine.test(content) ? { version: 5, isProper: false, end: start, line } : undefined
  }
  return undefined
}
