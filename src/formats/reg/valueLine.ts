import { decodeUtf16 } from '../../base/utf16.ts'
import { RegistryType, type RegistryValue } from '../../policy/registryValue.ts'
import { canEncode, type CodePageName, decodeCodePage, encodeCodePage, type TextEncodingName } from '../text/index.ts'

/** How values are written. */
export interface ValueForm {
  readonly version: 4 | 5
  readonly encoding: TextEncodingName
  /** Of strings in hex, version 4 only. */
  readonly stringCodePage: CodePageName
  /** Strings with other characters go out as hex. */
  readonly asciiOnly: boolean
}

/** The line or lines of a value, without the last line break; `undefined` when the form cannot say it. */
export function valueLine(value: RegistryValue, form: ValueForm): string | undefined {
  const name = value.name === '' ? '@' : quoted(value.name)
  if (!canEncode(name, form.encoding)) return undefined
  const start = `${name}=`
  if (value.type === RegistryType.string) {
    const text = exactText(value.data)
    if (text !== undefined && isPlain(text, form)) return start + quoted(text)
  }
  if (value.type === RegistryType.dword && value.data.length === 4) return `${start}dword:${numberDigits(value.data)}`
  const bytes = form.version === 4 ? version4Bytes(value, form) : value.data
  return bytes === undefined ? undefined : start + hexData(value.type, bytes, start.length)
}

function quoted(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, '\\$&')}"`
}

/** The text of a REG_SZ that is UTF-16 with one final U+0000 and no other; `undefined` of any other data. */
function exactText(data: Uint8Array): string | undefined {
  const { length } = data
  if (length < 2 || length % 2 !== 0 || data[length - 1] !== 0 || data[length - 2] !== 0) return undefined
  const text = utf16Text(data.subarray(0, length - 2))
  return text.includes('\0') ? undefined : text
}

/** Unpaired surrogates stay. */
function utf16Text(data: Uint8Array): string {
  const text = decodeUtf16(data)
  if (!text.includes('\ufffd')) return text
  let exact = ''
  for (let at = 0; at + 1 < data.length; at += 2) {
    exact += String.fromCharCode((data[at] as number) | ((data[at + 1] as number) << 8))
  }
  return exact
}

function isPlain(text: string, form: ValueForm): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 32 && code !== 9) return false
    if (code > 127 && form.asciiOnly) return false
  }
  return canEncode(text, form.encoding)
}

function numberDigits(data: Uint8Array): string {
  let digits = ''
  for (let at = data.length - 1; at >= 0; at -= 1) digits += hexOfByte[data[at] as number]
  return digits
}

/** Version 4 has strings as single bytes; data that these cannot say has no form there. */
function version4Bytes(value: RegistryValue, form: ValueForm): Uint8Array | undefined {
  const { type, data } = value
  const isText = type === RegistryType.string || type === RegistryType.expandString || type === RegistryType.multiString
  if (!isText) return data
  if (data.length % 2 !== 0) return undefined
  const text = utf16Text(data)
  const bytes = encodeCodePage(text, form.stringCodePage)
  return bytes !== undefined && decodeCodePage(bytes, form.stringCodePage) === text ? bytes : undefined
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** regedit goes on in a new line when a byte and its comma reach this column. */
const lastColumn = 77

function hexData(type: number, bytes: Uint8Array, column: number): string {
  const word = type === RegistryType.binary ? 'hex:' : `hex(${(type >>> 0).toString(16)}):`
  let text = word
  let at = column + word.length
  for (let index = 0; index < bytes.length; index += 1) {
    text += hexOfByte[bytes[index] as number]
    if (index === bytes.length - 1) break
    text += ','
    at += 3
    if (at >= lastColumn) {
      text += '\\\r\n  '
      at = 2
    }
  }
  return text
}
