const schedule = new Int32Array(80)
const blockLength = 64

/**
 * SHA-1 of FIPS 180-4, 20 bytes. For names that must be the same everywhere (RFC 9562 version 5 GUIDs) and for noticing
 * edits; not for anything an attacker may aim at.
 */
export function sha1(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(paddedLength(bytes.length))
  padded.set(bytes)
  const digest = new Uint8Array(20)
  const out = new DataView(digest.buffer)
  for (const [index, word] of sha1InPlace(padded, bytes.length).entries()) out.setInt32(index * 4, word)
  return digest
}

/** Bytes that sha1InPlace needs for a message of `length` bytes. */
export function paddedLength(length: number): number {
  return (Math.floor((length + 8) / blockLength) + 1) * blockLength
}

const state = new Int32Array(5)

/**
 * The five words of the digest of the first `length` bytes; what lies behind them in `buffer` is overwritten. The words
 * are good until the next call.
 */
export function sha1InPlace(buffer: Uint8Array, length: number): Int32Array {
  state[0] = 0x67452301
  state[1] = 0xefcdab89
  state[2] = 0x98badcfe
  state[3] = 0x10325476
  state[4] = 0xc3d2e1f0
  const end = paddedLength(length)
  buffer.fill(0, length, end)
  buffer[length] = 0x80
  const bits = length * 8
  for (let at = 0; at < 8; at += 1) buffer[end - 1 - at] = Math.floor(bits / 2 ** (8 * at)) & 255
  for (let at = 0; at < end; at += blockLength) compress(buffer, at)
  return state
}

function compress(bytes: Uint8Array, start: number): void {
  for (let i = 0, at = start; i < 16; i += 1, at += 4) {
    schedule[i] =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)
  }
  for (let i = 16; i < 80; i += 1) {
    const word =
      (schedule[i - 3] as number) ^
      (schedule[i - 8] as number) ^
      (schedule[i - 14] as number) ^
      (schedule[i - 16] as number)
    schedule[i] = (word << 1) | (word >>> 31)
  }
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  let e = state[4] as number
  for (let i = 0; i < 80; i += 1) {
    let mix: number
    if (i < 20) mix = ((b & c) | (~b & d)) + 0x5a827999
    else if (i < 40) mix = (b ^ c ^ d) + 0x6ed9eba1
    else if (i < 60) mix = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
    else mix = (b ^ c ^ d) + 0xca62c1d6
    const next = (((a << 5) | (a >>> 27)) + mix + e + (schedule[i] as number)) | 0
    e = d
    d = c
    c = (b << 30) | (b >>> 2)
    b = a
    a = next
  }
  state[0] = ((state[0] as number) + a) | 0
  state[1] = ((state[1] as number) + b) | 0
  state[2] = ((state[2] as number) + c) | 0
  state[3] = ((state[3] as number) + d) | 0
  state[4] = ((state[4] as number) + e) | 0
}
