import type { SeededRandom } from './seededRandom.ts'

/**
 * A copy with a few bytes changed: half of the changes put in characters that mean something to a reader of text, the
 * others anything.
 */
export function flippedBytes(original: Uint8Array, random: SeededRandom, telling: string): Uint8Array {
  const bytes = original.slice()
  for (let flips = 1 + random.below(4); flips > 0; flips -= 1) {
    const at = random.below(bytes.length)
    bytes[at] = random.below(2) === 0 ? random.next() : telling.charCodeAt(random.below(telling.length))
  }
  return bytes
}
