/** In a stored string U+FEFF is a character like any other, not a byte order mark to be dropped. */
const decoder = new TextDecoder('utf-16le', { ignoreBOM: true })

/** Longest text that is put together unit by unit; for short texts the decoder's call costs more than the work. */
const shortUnits = 256

/** UTF-16LE bytes as text, unpaired surrogates replaced; an odd last byte is ignored. */
export function decodeUtf16(bytes: Uint8Array): string {
  const length = bytes.length - (bytes.length % 2)
  if (length > shortUnits * 2) return decoder.decode(bytes.subarray(0, length))
  const units: number[] = []
  for (let i = 0; i < length; i += 2) {
    const unit = (bytes[i] as number) | ((bytes[i + 1] as number) << 8)
    // Surrogates may be unpaired, which the decoder knows to replace.
    if ((unit & 0xf800) === 0xd800) return decoder.decode(bytes.subarray(0, length))
    units.push(unit)
  }
  return String.fromCharCode.apply(null, units)
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
