/**
 * The Marvin32 hash as two 32-bit words, low and high. It guards entries of the new log format (5.8); the seed of those
 * is the 64-bit number 0x82EF4D887A4E55C5.
 */
export function marvin32(
  bytes: Uint8Array,
  start: number,
  end: number,
  seedLow = 0x7a4e_55c5,
  seedHigh = 0x82ef_4d88,
): readonly [low: number, high: number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let low = seedLow | 0
  let high = seedHigh | 0
  const mix = (word: number): void => {
    low = (low + word) | 0
    high ^= low
    low = (((low << 20) | (low >>> 12)) + high) | 0
    high = ((high << 9) | (high >>> 23)) ^ low
    low = (((low << 27) | (low >>> 5)) + high) | 0
    high = (high << 19) | (high >>> 13)
  }
  let at = start
  for (; at + 4 <= end; at += 4) mix(view.getInt32(at, true))
  let last = 0x80
  for (let i = end - 1; i >= at; i -= 1) last = (last << 8) | (bytes[i] as number)
  mix(last)
  mix(0)
  return [low >>> 0, high >>> 0]
}
