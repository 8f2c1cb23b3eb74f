import type { Problems } from './problems.ts'

/** The text of a document: UTF-8, or UTF-16 behind a byte order mark, as some editors save it. */
export function decodeDocument(bytes: Uint8Array, problems: Problems): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes).replaceAll('\r\n', '\n')
  } catch {
    const text = new TextDecoder(encoding).decode(bytes).replaceAll('\r\n', '\n')
    const at = text.indexOf('\ufffd')
    problems.addSyntax(at < 0 ? 0 : at, `bytes that are no ${encoding.toUpperCase()} text; save the document as UTF-8`)
    return text
  }
}
