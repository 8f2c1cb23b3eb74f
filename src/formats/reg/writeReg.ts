import { PolagentError } from '../../base/errors.ts'
import type { Report } from '../../base/finding.ts'
import type { RegistryKey } from '../../policy/registryValue.ts'
import {
  canEncode,
  decodeText,
  defaultCodePage,
  encodeTextFile,
  isCodePage,
  type TextEncodingName,
} from '../text/index.ts'
import { regFinding } from './regFindingTable.ts'
import { headerOfVersion } from './regHeader.ts'
import { fullRootName, readKeyPath } from './registryNames.ts'
import { type ValueForm, valueLine } from './valueLine.ts'

export interface RegWriteOptions {
  /** 5 unless said otherwise. */
  readonly version?: 4 | 5
  /** UTF-16LE for version 5, windows-1252 for version 4, as regedit has it. */
  readonly encoding?: TextEncodingName
  /** Told what is left out; without it, what cannot be said is an error. */
  readonly report?: Report
}

/**
 * Registry text as regedit writes it: each key with its own line, parents first, values in stored order, hex wrapped near
 * column 80. Reading it gives the same keys and values. What the version or encoding cannot say as text goes out as hex;
 * what it cannot say at all is FORMAT_CANNOT_SAY, or left out and told to `report`.
 */
export function writeReg(root: RegistryKey, options: RegWriteOptions = {}): Uint8Array {
  const version = options.version ?? 5
  const encoding = options.encoding ?? (version === 4 ? defaultCodePage : 'utf-16le')
  const stringCodePage = isCodePage(encoding) ? encoding : defaultCodePage
  const form: ValueForm = { version, encoding, stringCodePage, asciiOnly: false }
  const bytes = encodeTextFile(new RegWriter(form, options.report).text(root), encoding)
  if (bytes === undefined) throw cannotSay('a character is not in the encoding')
  if (!isCodePage(encoding) || isReadAsWritten(bytes, encoding)) return bytes
  // By chance the bytes are valid UTF-8: readers would take them for that.
  const plain = encodeTextFile(new RegWriter({ ...form, asciiOnly: true }, undefined).text(root), encoding)
  if (plain === undefined || !isReadAsWritten(plain, encoding)) throw cannotSay('its names would be read as UTF-8')
  return plain
}

function isReadAsWritten(bytes: Uint8Array, encoding: TextEncodingName): boolean {
  const decoded = decodeText(bytes, encoding)
  return decoded.encoding === encoding || !bytes.some((byte) => byte > 127)
}

function cannotSay(what: string, object?: string): PolagentError {
  return new PolagentError('FORMAT_CANNOT_SAY', { what, ...(object === undefined ? {} : { object }) })
}

const lineEnd = '\r\n'

interface Details {
  security: boolean
  className: boolean
}

class RegWriter {
  readonly #form: ValueForm
  readonly #report: Report | undefined
  readonly #lines: string[] = []
  readonly #details: Details = { security: false, className: false }

  constructor(form: ValueForm, report: Report | undefined) {
    this.#form = form
    this.#report = report
  }

  text(root: RegistryKey): string {
    this.#lines.push(headerOfVersion[this.#form.version], '')
    if (root.values.length > 0) this.#cannotSay('values of the unnamed root', '')
    for (const key of this.#distinct(root.subkeys, '')) this.#writeTree(key, [fullRootName(key.name) ?? key.name])
    this.#tellDetails()
    return this.#lines.join(lineEnd) + lineEnd
  }

  /** Recursion ends where readKeyPath finds the path too deep. */
  #writeTree(key: RegistryKey, path: readonly string[]): void {
    const text = path.join('\\')
    if (!isSayable(path) || !canEncode(text, this.#form.encoding)) {
      this.#cannotSay('the name of the key', text)
      return
    }
    if (key.security !== undefined) this.#details.security = true
    if (key.className !== undefined && key.className.length > 0) this.#details.className = true
    const subkeys = this.#distinct(key.subkeys, text)
    const { values } = key
    // A root key alone says nothing, and tools that import into one hive do not know it.
    if (path.length > 1 || values.length > 0 || subkeys.length === 0) this.#writeKey(text, values)
    for (const subkey of subkeys) this.#writeTree(subkey, [...path, subkey.name])
  }

  #writeKey(text: string, values: RegistryKey['values']): void {
    this.#lines.push(`[${text}]`)
    for (const value of this.#distinct(values, text)) {
      const line = valueLine(value, this.#form)
      if (line === undefined) this.#cannotSay(`the value "${value.name}"`, text)
      else this.#lines.push(line)
    }
    this.#lines.push('')
  }

  #distinct<T extends { readonly name: string }>(items: readonly T[], object: string): readonly T[] {
    const seen = new Set<string>()
    const distinct = items.filter((item) => {
      const lower = item.name.toLowerCase()
      if (!seen.has(lower)) {
        seen.add(lower)
        return true
      }
      this.#report?.(regFinding('REG_NAME_REPEATED', item.name, { object }))
      return false
    })
    return distinct.length === items.length ? items : distinct
  }

  #cannotSay(what: string, object: string): void {
    if (this.#report === undefined) throw cannotSay(what, object)
    this.#report(regFinding('REG_NOT_WRITTEN', what, { object }))
  }

  #tellDetails(): void {
    const { security, className } = this.#details
    const what = [...(security ? ['owners and permissions'] : []), ...(className ? ['class names'] : [])]
    if (what.length > 0) this.#report?.(regFinding('REG_KEY_DETAILS_NOT_WRITTEN', what.join(', '), {}))
  }
}

/** Whether the line of the key is read as this path again. */
function isSayable(path: readonly string[]): boolean {
  const text = path.join('\\')
  if (/[\r\n]/.test(text) || /^[\s-]/.test(text)) return false
  const reading = readKeyPath(text)
  return reading.kind === 'path' && reading.names.length === path.length && !path.includes('')
}
