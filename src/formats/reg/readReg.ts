import { PolagentError } from '../../base/errors.ts'
import type { Finding } from '../../base/finding.ts'
import type { RegistryKey } from '../../policy/registryValue.ts'
import {
  boundedReport,
  type CodePageName,
  decodeCodePage,
  decodeText,
  defaultCodePage,
  isCodePage,
  parseEncodingName,
  reportDecoding,
  type TextEncodingName,
  textFinding,
  textFindingTable,
} from '../text/index.ts'
import { regFinding } from './regFindingTable.ts'
import { readHeader } from './regHeader.ts'
import { RegReader } from './regReader.ts'

export interface RegReadOptions {
  /** Code page of ANSI text, and of strings given in hex in version 4 files. */
  readonly codePage?: string
}

export interface RegReading {
  /** Without a name; its subkeys are the root keys, HKEY_LOCAL_MACHINE and the like, short ones expanded. */
  readonly root: RegistryKey
  readonly version: 4 | 5
  readonly encoding: TextEncodingName
  readonly findings: readonly Finding[]
}

/**
 * Reads registry text. What cannot be read is left out and told by line; deletions act on what was read above them.
 * Throws INPUT_UNRECOGNISED when the text is no registry text.
 */
export function readReg(bytes: Uint8Array, options: RegReadOptions = {}): RegReading {
  const decoded = decodeText(bytes, options.codePage)
  const header = readHeader(decoded.text)
  if (header === undefined) throw new PolagentError('INPUT_UNRECOGNISED', { what: 'it is no registry text' })
  const findings: Finding[] = []
  const bounded = boundedReport(findings, 'REG_MORE_FINDINGS')
  reportDecoding(decoded, bounded.report)
  if (!header.isProper) bounded.report(regFinding('REG_HEADER_MISSING', undefined, { line: 1 }))
  let hasAssumed = decoded.isAssumed
  const stringCodePage = codePageOfStrings(decoded.encoding, options.codePage)
  const reader = new RegReader({
    text: decoded.text,
    header,
    report: bounded.report,
    decodeAnsi: (data) => {
      if (stringCodePage.isAssumed && !hasAssumed && data.some((byte) => byte > 127)) {
        hasAssumed = true
        bounded.report(
          textFinding('TEXT_CODE_PAGE_ASSUMED', textFindingTable.TEXT_CODE_PAGE_ASSUMED, 'strings given in hex', {}),
        )
      }
      return decodeCodePage(data, stringCodePage.name)
    },
  })
  reader.read()
  bounded.end()
  return { root: reader.tree.root.finish(), version: header.version, encoding: decoded.encoding, findings }
}

/** A version 4 file that was re-encoded still has the bytes of its own code page in its strings. */
function codePageOfStrings(
  encoding: TextEncodingName,
  option: string | undefined,
): { readonly name: CodePageName; readonly isAssumed: boolean } {
  if (isCodePage(encoding)) return { name: encoding, isAssumed: false }
  const named = option === undefined ? undefined : parseEncodingName(option)
  if (named !== undefined && isCodePage(named)) return { name: named, isAssumed: false }
  return { name: defaultCodePage, isAssumed: true }
}
