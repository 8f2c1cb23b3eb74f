import { PolagentError } from '../../base/errors.ts'
import {
  type CodePageName,
  decodeCodePage,
  defaultCodePage,
  isCodePage,
  isMultiByte,
  parseEncodingName,
  type TextEncodingName,
} from './codePages.ts'

export interface DecodedText {
  /** Without byte order mark. */
  readonly text: string
  readonly encoding: TextEncodingName
  /** No mark and no option said so: there are non-ASCII bytes, and they were taken for the usual ANSI code page. */
  readonly isAssumed: boolean
  /** Bytes that stand for nothing in the encoding were met and replaced by U+FFFD, or an odd byte was left over. */
  readonly isDamaged: boolean
}

/**
 * Text of unknown encoding (registry-store.md 4): by byte order mark, else UTF-16 by its zero bytes, else UTF-8 when it
 * is valid, else the code page named by `codePage` (default windows-1252). A code page with two-byte characters is
 * believed before UTF-8 when it was named and fits, since short texts can be valid in both.
 */
export function decodeText(bytes: Uint8Array, codePage?: string): DecodedText {
  const named = codePage === undefined ? undefined : parseEncodingName(codePage)
  try {
    return decodeAs(bytes, named)
  } catch (error) {
    if (error instanceof PolagentError) throw error
    // The engine's strings end at half a gigabyte.
    throw new PolagentError('INPUT_TOO_LARGE', { what: `${bytes.length} bytes of text`, cause: error })
  }
}

function decodeAs(bytes: Uint8Array, named: TextEncodingName | undefined): DecodedText {
  const [first, second, third] = bytes
  if (first === 0xff && second === 0xfe) return utf16(bytes.subarray(2), 'utf-16le')
  if (first === 0xfe && second === 0xff) return utf16(bytes.subarray(2), 'utf-16be')
  if (first === 0xef && second === 0xbb && third === 0xbf) return utf8Replacing(bytes.subarray(3))
  if (named === 'utf-16le' || named === 'utf-16be') return utf16(bytes, named)
  const guessed = utf16WithoutMark(bytes)
  if (guessed !== undefined) return utf16(bytes, guessed)
  if (named !== undefined && isMultiByte(named) && isCodePage(named)) {
    const decoded = ansi(bytes, named, false)
    if (!decoded.isDamaged) return decoded
  }
  const asUtf8 = utf8(bytes)
  if (asUtf8 !== undefined) return { text: asUtf8, encoding: 'utf-8', isAssumed: false, isDamaged: false }
  if (named === 'utf-8') return utf8Replacing(bytes)
  return ansi(bytes, named ?? defaultCodePage, named === undefined)
}

/** ASCII text in UTF-16 has a zero as every second byte; the first characters decide. */
function utf16WithoutMark(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const length = Math.min(bytes.length & ~1, 64)
  if (length < 4) return undefined
  let evenZeros = 0
  let oddZeros = 0
  for (let at = 0; at < length; at += 2) {
    if (bytes[at] === 0) evenZeros += 1
    if (bytes[at + 1] === 0) oddZeros += 1
  }
  const most = (length / 2) * 0.75
  if (oddZeros >= most && evenZeros === 0) return 'utf-16le'
  if (evenZeros >= most && oddZeros === 0) return 'utf-16be'
  return undefined
}

function ansi(bytes: Uint8Array, name: CodePageName, isAssumed: boolean): DecodedText {
  const text = decodeCodePage(bytes, name)
  return { text, encoding: name, isAssumed, isDamaged: text.includes('\ufffd') }
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError && isInvalidData(error)) return undefined
    throw error
  }
}

/** The other failure of a decoder is a string too long for the engine. */
function isInvalidData(error: TypeError): boolean {
  return !('code' in error) || error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
}

function utf8Replacing(bytes: Uint8Array): DecodedText {
  const text = utf8(bytes)
  if (text !== undefined) return { text, encoding: 'utf-8', isAssumed: false, isDamaged: false }
  const replaced = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  return { text: replaced, encoding: 'utf-8', isAssumed: false, isDamaged: true }
}

function utf16(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): DecodedText {
  const isOdd = bytes.length % 2 !== 0
  const even = isOdd ? bytes.subarray(0, bytes.length - 1) : bytes
  return { text: utf16Text(even, encoding), encoding, isAssumed: false, isDamaged: isOdd }
}

/** Registry names may hold unpaired surrogates, which TextDecoder would replace. */
function utf16Text(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    if (!(error instanceof TypeError && isInvalidData(error))) throw error
    return utf16Units(bytes, encoding)
  }
}

const chunkUnits = 0x4000

function utf16Units(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): string {
  const low = encoding === 'utf-16le' ? 0 : 1
  const parts: string[] = []
  for (let start = 0; start < bytes.length; start += chunkUnits * 2) {
    const end = Math.min(bytes.length, start + chunkUnits * 2)
    const units = new Uint16Array((end - start) / 2)
    for (let at = start; at < end; at += 2) {
      units[(at - start) / 2] = (bytes[at + low] as number) | ((bytes[at + 1 - low] as number) << 8)
    }
    parts.push(String.fromCharCode.apply(null, units as unknown as number[]))
  }
  return parts.join('')
}
