import { concatBytes } from '../../base/bytes.ts'
import { encodeCodePage, isCodePage, type TextEncodingName } from './codePages.ts'

/** Text in an encoding, without byte order mark; `undefined` when a character of it cannot be said. */
export function encodeText(text: string, encoding: TextEncodingName): Uint8Array | undefined {
  if (isCodePage(encoding)) return encodeCodePage(text, encoding)
  switch (encoding) {
    case 'utf-8':
      // An unpaired surrogate would become U+FFFD.
      return text.isWellFormed() ? new TextEncoder().encode(text) : undefined
    case 'utf-16le':
      return utf16Bytes(text, 0)
    case 'utf-16be':
      return utf16Bytes(text, 1)
  }
}

/** The same with the byte order mark that Windows writes before UTF-16. */
export function encodeTextFile(text: string, encoding: TextEncodingName): Uint8Array | undefined {
  const bytes = encodeText(text, encoding)
  if (bytes === undefined) return undefined
  if (encoding === 'utf-16le') return concatBytes([Uint8Array.of(0xff, 0xfe), bytes])
  if (encoding === 'utf-16be') return concatBytes([Uint8Array.of(0xfe, 0xff), bytes])
  return bytes
}

export function canEncode(text: string, encoding: TextEncodingName): boolean {
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return true
  if (encoding === 'utf-8') return text.isWellFormed()
  return encodeText(text, encoding) !== undefined
}

function utf16Bytes(text: string, low: 0 | 1): Uint8Array {
  const bytes = new Uint8Array(text.length * 2)
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    bytes[at * 2 + low] = unit & 0xff
    bytes[at * 2 + 1 - low] = unit >>> 8
  }
  return bytes
}
