import { PolagentError } from '../../base/errors.ts'
import { type UpperHalf, upperHalves } from './upperHalves.ts'

/** Encodings a text can come in. The names of code pages are those of codePageTable. */
export type TextEncodingName = 'utf-16le' | 'utf-16be' | 'utf-8' | CodePageName

interface CodePageRow {
  /** Windows number. */
  readonly number: number
  /** Label that TextDecoder knows, else the upper half of a table of our own. */
  readonly decoder?: string
  readonly upperHalf?: UpperHalf
  /** Two-byte characters among the single ones. */
  readonly isMultiByte?: true
  readonly aliases?: readonly string[]
}

/** Code pages of text that is neither UTF-8 nor UTF-16: the ANSI ones of Windows, and those of its console. */
export const codePageTable = {
  'windows-1250': { number: 1250, decoder: 'windows-1250' },
  'windows-1251': { number: 1251, decoder: 'windows-1251' },
  'windows-1252': { number: 1252, decoder: 'windows-1252', aliases: ['ansi', 'latin1', 'iso-8859-1', 'ascii'] },
  'windows-1253': { number: 1253, decoder: 'windows-1253' },
  'windows-1254': { number: 1254, decoder: 'windows-1254', aliases: ['latin5', 'iso-8859-9'] },
  'windows-1255': { number: 1255, decoder: 'windows-1255' },
  'windows-1256': { number: 1256, decoder: 'windows-1256' },
  'windows-1257': { number: 1257, decoder: 'windows-1257' },
  'windows-1258': { number: 1258, decoder: 'windows-1258' },
  'windows-874': { number: 874, decoder: 'windows-874', aliases: ['tis-620'] },
  'windows-932': { number: 932, decoder: 'shift_jis', isMultiByte: true, aliases: ['shift_jis', 'shift-jis', 'sjis'] },
  'windows-936': { number: 936, decoder: 'gbk', isMultiByte: true, aliases: ['gbk', 'gb2312'] },
  'windows-949': { number: 949, decoder: 'euc-kr', isMultiByte: true, aliases: ['euc-kr', 'ks_c_5601-1987'] },
  'windows-950': { number: 950, decoder: 'big5', isMultiByte: true, aliases: ['big5'] },
  'iso-8859-2': { number: 28592, decoder: 'iso-8859-2', aliases: ['latin2'] },
  'iso-8859-15': { number: 28605, decoder: 'iso-8859-15', aliases: ['latin9'] },
  'koi8-r': { number: 20866, decoder: 'koi8-r' },
  ibm437: { number: 437, upperHalf: 'cp437' },
  ibm737: { number: 737, upperHalf: 'cp737' },
  ibm775: { number: 775, upperHalf: 'cp775' },
  ibm850: { number: 850, upperHalf: 'cp850' },
  ibm852: { number: 852, upperHalf: 'cp852' },
  ibm855: { number: 855, upperHalf: 'cp855' },
  ibm857: { number: 857, upperHalf: 'cp857' },
  ibm858: { number: 858, upperHalf: 'cp858' },
  ibm862: { number: 862, upperHalf: 'cp862' },
  ibm866: { number: 866, decoder: 'ibm866' },
} as const satisfies Record<string, CodePageRow>

export type CodePageName = keyof typeof codePageTable

/** What Windows in English and most of western Europe calls ANSI. */
export const defaultCodePage: CodePageName = 'windows-1252'

const unicodeNames: ReadonlyMap<string, TextEncodingName> = new Map([
  ['utf-8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['65001', 'utf-8'],
  ['utf-16le', 'utf-16le'],
  ['utf-16', 'utf-16le'],
  ['utf16', 'utf-16le'],
  ['unicode', 'utf-16le'],
  ['1200', 'utf-16le'],
  ['utf-16be', 'utf-16be'],
  ['1201', 'utf-16be'],
])

const byAlias = new Map<string, CodePageName>()
for (const name of Object.keys(codePageTable) as CodePageName[]) {
  const row: CodePageRow = codePageTable[name]
  for (const alias of [name, `${row.number}`, ...(row.aliases ?? [])]) byAlias.set(alias, name)
}

/**
 * The encoding of that name: `windows-1251`, `cp1251`, `1251`, `ibm850`, `utf-8`, in any case. A name that is none is
 * wrong usage, and the error lists the known ones.
 */
export function parseEncodingName(text: string): TextEncodingName {
  const lower = text.trim().toLowerCase().replaceAll('_', '-')
  const bare = lower.replace(/^(?:cp|ibm|windows-|win|oem|ms)-?(?=\d)/, '')
  const found =
    unicodeNames.get(lower) ??
    byAlias.get(lower) ??
    byAlias.get(lower.replaceAll('-', '_')) ??
    byAlias.get(bare) ??
    unicodeNames.get(bare)
  if (found !== undefined) return found
  const known = ['utf-8', 'utf-16le', 'utf-16be', ...Object.keys(codePageTable)]
  throw new PolagentError('USAGE', { what: `"${text}" is no known encoding; known are ${known.join(', ')}` })
}

export function isCodePage(name: TextEncodingName): name is CodePageName {
  return name in codePageTable
}

export function isMultiByte(name: TextEncodingName): boolean {
  return isCodePage(name) && (codePageTable[name] as CodePageRow).isMultiByte === true
}

/** Bytes of a code page as text; U+FFFD where they stand for nothing. */
export function decodeCodePage(bytes: Uint8Array, name: CodePageName): string {
  const row: CodePageRow = codePageTable[name]
  if (row.decoder !== undefined) {
    const text = new TextDecoder(row.decoder).decode(bytes)
    return name === 'windows-932' ? text.replaceAll(rotatedControls, rotatedBack) : text
  }
  return decodeUpperHalf(bytes, row.upperHalf === undefined ? '' : upperHalves[row.upperHalf])
}

/** The Shift-JIS tables of some engines are of IBM's origin and rotate three control characters. */
// oxlint-disable-next-line no-control-regex
const rotatedControls = decodesRotated() ? /[\x1a\x1c\x7f]/g : /(?!)/g

function decodesRotated(): boolean {
  return new TextDecoder('shift_jis').decode(Uint8Array.of(0x1c)) === '\x7f'
}

function rotatedBack(control: string): string {
  return control === '\x7f' ? '\x1c' : control === '\x1c' ? '\x1a' : '\x7f'
}

const chunkLength = 0x4000

function decodeUpperHalf(bytes: Uint8Array, upperHalf: string): string {
  const units = new Uint16Array(256)
  for (let byte = 0; byte < 256; byte += 1) units[byte] = byte < 128 ? byte : upperHalf.charCodeAt(byte - 128)
  let text = ''
  for (let start = 0; start < bytes.length; start += chunkLength) {
    const chunk = bytes.subarray(start, start + chunkLength)
    const codes = new Uint16Array(chunk.length)
    for (let at = 0; at < chunk.length; at += 1) codes[at] = units[chunk[at] as number] as number
    text += String.fromCharCode.apply(null, codes as unknown as number[])
  }
  return text
}

const encoders = new Map<CodePageName, ReadonlyMap<string, readonly number[]>>()

/**
 * Text in a code page, or `undefined` when a character of it has no place there. Tables are made by decoding every one-
 * and two-byte sequence, so that what is written is exactly what is read.
 */
export function encodeCodePage(text: string, name: CodePageName): Uint8Array | undefined {
  let encoder = encoders.get(name)
  if (encoder === undefined) {
    encoder = encoderOf(name)
    encoders.set(name, encoder)
  }
  const bytes: number[] = []
  for (const character of text) {
    const code = character.charCodeAt(0)
    if (code < 0x80) {
      bytes.push(code)
      continue
    }
    const sequence = encoder.get(character)
    if (sequence === undefined) return undefined
    for (const byte of sequence) bytes.push(byte)
  }
  return Uint8Array.from(bytes)
}

function encoderOf(name: CodePageName): ReadonlyMap<string, readonly number[]> {
  const encoder = new Map<string, readonly number[]>()
  const add = (sequence: readonly number[]): void => {
    const text = decodeCodePage(Uint8Array.from(sequence), name)
    const isOneCharacter = text.length === 1 || (text.length === 2 && text.codePointAt(0) !== text.charCodeAt(0))
    if (isOneCharacter && text !== '\ufffd' && !encoder.has(text)) encoder.set(text, sequence)
  }
  const leads: number[] = []
  for (let byte = 0x80; byte < 256; byte += 1) {
    add([byte])
    if (decodeCodePage(Uint8Array.of(byte), name) === '\ufffd') leads.push(byte)
  }
  if (isMultiByte(name)) {
    for (const lead of leads) for (let trail = 0x40; trail < 256; trail += 1) add([lead, trail])
  }
  return encoder
}
