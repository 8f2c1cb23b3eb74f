/** In a stored string U+FEFF is a character like any other, not a byte order mark to be dropped. */
const decoder = new TextDecoder('utf-16le', { ignoreBOM: true })

/** UTF-16LE bytes as text, unpaired surrogates replaced; an odd last byte is ignored. */
export function decodeUtf16(bytes: Uint8Array): string {
  return decoder.decode(bytes.length % 2 === 0 ? bytes : bytes.subarray(0, bytes.length - 1))
}

/** UTF-16LE text up to the first U+0000, or the whole. */
export function decodeUtf16Terminated(bytes: Uint8Array): string {
  let end = 0
  while (end + 1 < bytes.length && (bytes[end] !== 0 || bytes[end + 1] !== 0)) end += 2
  return end === 0 ? '' : decodeUtf16(bytes.subarray(0, end))
}

/** Text as UTF-16LE without a terminator. */
export function encodeUtf16(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2)
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    bytes[i * 2] = unit & 0xff
    bytes[i * 2 + 1] = unit >>> 8
  }
  return bytes
}

/** Text as UTF-16LE with the terminating U+0000 that stored strings carry. */
export function encodeUtf16Terminated(text: string): Uint8Array {
  return encodeUtf16(`${text}\0`)
}
