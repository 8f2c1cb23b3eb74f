const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const valueOfCode = new Int8Array(128).fill(-1)
for (let value = 0; value < 64; value += 1) valueOfCode[digits.charCodeAt(value)] = value

const chunkLength = 0x6000

/** RFC 4648 section 4, padded, without line breaks. */
export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let start = 0; start < bytes.length; start += chunkLength) {
    text += chunkToBase64(bytes, start, Math.min(start + chunkLength, bytes.length))
  }
  return text
}

function chunkToBase64(bytes: Uint8Array, start: number, end: number): string {
  const codes: number[] = []
  for (let at = start; at < end; at += 3) {
    const left = end - at
    const group =
      ((bytes[at] as number) << 16) |
      ((left > 1 ? (bytes[at + 1] as number) : 0) << 8) |
      (left > 2 ? (bytes[at + 2] as number) : 0)
    codes.push(
      digits.charCodeAt(group >>> 18),
      digits.charCodeAt((group >>> 12) & 63),
      left > 1 ? digits.charCodeAt((group >>> 6) & 63) : padding,
      left > 2 ? digits.charCodeAt(group & 63) : padding,
    )
  }
  return String.fromCharCode.apply(null, codes)
}

const padding = '='.charCodeAt(0)

/** Reverse of toBase64; blanks and line breaks allowed; `undefined` when the text is no padded base64. */
export function fromBase64(text: string): Uint8Array | undefined {
  const packed = /\s/.test(text) ? text.replaceAll(/\s+/g, '') : text
  if (packed.length % 4 !== 0) return undefined
  const pad = packed.endsWith('==') ? 2 : packed.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((packed.length / 4) * 3 - pad)
  let at = 0
  let group = 0
  for (let index = 0; index < packed.length - pad; index += 1) {
    const value = valueOfCode[packed.charCodeAt(index)] ?? -1
    if (value < 0) return undefined
    group = (group << 6) | value
    if (index % 4 !== 3) continue
    bytes[at] = (group >>> 16) & 255
    bytes[at + 1] = (group >>> 8) & 255
    bytes[at + 2] = group & 255
    at += 3
    group = 0
  }
  if (pad === 1) {
    bytes[at] = (group >>> 10) & 255
    bytes[at + 1] = (group >>> 2) & 255
    if ((group & 3) !== 0) return undefined
  } else if (pad === 2) {
    bytes[at] = (group >>> 4) & 255
    if ((group & 15) !== 0) return undefined
  }
  return bytes
}
