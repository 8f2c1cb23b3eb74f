import { PolagentError } from '../base/errors.ts'
import { isAllZero, toHex } from '../base/bytes.ts'
import type { SourceFormat } from '../policy/model.ts'
import { embeddedCommands } from './embedded-commands/index.ts'
import { isLdif } from './ldif/index.ts'
import { isNetshScript } from './netsh/read/recogniseScript.ts'
import { isPolicyDocument } from './policy-document/index.ts'
import { isRegBatch } from './reg-batch/index.ts'
import { isReg } from './reg/index.ts'
import { isHive } from './regf/index.ts'
import { textOfPrefix } from './textPrefix.ts'

/** Formats that come as files. */
export type FileFormat = Exclude<SourceFormat, 'directory'>

/**
 * The format of an input, by its content and never by its name. The first 64 KiB suffice; `.ipsec` exports are hives or
 * registry text and need no format of their own. Throws INPUT_UNRECOGNISED with what was seen instead.
 */
export function recognise(prefix: Uint8Array): FileFormat {
  if (isHive(prefix)) return 'hive'
  if (isReg(prefix)) return 'reg'
  const text = textOfPrefix(prefix)
  if (text === undefined) throw new PolagentError('INPUT_UNRECOGNISED', { what: whatBytesAre(prefix) })
  const isNetsh = isNetshScript(text)
  if (isRegBatch(prefix) && !(isNetsh && !writesPolicyKeys.test(text))) return 'reg-batch'
  if (isNetsh) return 'netsh'
  if (isLdif(prefix)) return 'ldif'
  if (isPolicyDocument(text)) return /^\s*\{/.test(text) ? 'policy-document-json' : 'policy-document-yaml'
  if (embeddedCommands(text).length > 0) return 'netsh'
  throw new PolagentError('INPUT_UNRECOGNISED', { what: whatTextIs(text) })
}

/** A batch file may hold both kinds of lines; those of reg count when they write what the store of policies is made of. */
const writesPolicyKeys = /\\IPSec\\Policy\\/i

/** What files that people confuse with policy begin with. */
const magics: readonly { readonly start: string; readonly what: string }[] = [
  { start: '504b0304', what: 'a ZIP archive' },
  { start: '1f8b', what: 'gzip data; unpack it first' },
  { start: 'fd377a585a00', what: 'xz data; unpack it first' },
  { start: '28b52ffd', what: 'zstd data; unpack it first' },
  { start: '425a68', what: 'bzip2 data; unpack it first' },
  { start: '456c6646696c6500', what: 'a Windows event log (.evtx), not a policy' },
  { start: '50526567', what: 'a registry.pol file, which holds no IPsec policy objects' },
  { start: '43524547', what: 'a registry of Windows 95, 98 or Me, which know no IPsec policy' },
  { start: '4d5a', what: 'a Windows program' },
  { start: '7f454c46', what: 'a program' },
  { start: '25504446', what: 'a PDF document' },
  { start: '53514c69746520666f726d6174203300', what: 'a SQLite database' },
  { start: 'd4c3b2a1', what: 'a packet capture' },
  { start: '0a0d0d0a', what: 'a packet capture' },
]

function whatBytesAre(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'it is empty'
  if (isAllZero(bytes)) return bytes.length < 65_536 ? 'all its bytes are zero' : 'it begins with zero bytes only'
  const start = toHex(bytes.subarray(0, 16))
  const known = magics.find((magic) => start.startsWith(magic.start))
  if (known !== undefined) return `it is ${known.what}`
  return `it begins with the bytes ${toHex(bytes.subarray(0, 8)).replaceAll(/(..)(?=.)/g, '$1 ')}`
}

function whatTextIs(text: string): string {
  if (text.trim() === '') return text === '' ? 'it is empty' : 'it holds only blanks'
  if (/^\s*<\?xml/i.test(text)) return 'it is XML'
  if (/^\s*<(?:!doctype|html)/i.test(text)) return 'it is an HTML page'
  if (/^\s*[{[]/.test(text)) return 'it is JSON, but no policy document'
  const line = text.trim().split(/\r?\n/, 1)[0] as string
  const shown = Array.from(line).slice(0, 60).join('').replaceAll(/\p{C}/gu, '?')
  return `it is text that begins with "${shown}"`
}
