import { expect, test } from 'vitest'
import { KeyTable } from '../../src/engine/keyTable.ts'
import { SeededRandom } from '../support/seededRandom.ts'

test.each([1, 2, 4, 10])('keys of %i words', (width) => {
  const random = new SeededRandom(0x7ab1_e000 + width)
  const table = new KeyTable(width)
  const known = new Map<string, number>()
  for (let round = 0; round < 8000; round += 1) {
    // Small words, so that keys repeat and share their beginnings.
    for (let word = 0; word < width; word += 1) table.key[word] = random.below(width === 1 ? 4000 : 12)
    const text = table.key.join()
    expect(table.find()).toBe(known.get(text) ?? -1)
    const number = table.add()
    expect(number).toBe(known.get(text) ?? known.size)
    known.set(text, number)
  }
  expect(table.size).toBe(known.size)
  for (const [text, number] of known) {
    table.key.set(text.split(',').map(Number))
    expect(table.find()).toBe(number)
  }
})

/** The hash of the table under its first constants, for one word. */
function firstHash(word: number): number {
  const [first, second] = [0x9e37_79b1, 0x85eb_ca6b]
  let hash = Math.imul(first ^ word, first)
  hash = Math.imul(hash ^ (hash >>> 15), second)
  hash ^= hash >>> 13
  return hash ^ (hash >>> 16)
}

test('keys made to collide are taken apart', () => {
  const colliding: number[] = []
  for (let word = 0; colliding.length < 4000; word += 1) {
    if ((firstHash(word) & 0xfff) === 0) colliding.push(word)
  }
  const table = new KeyTable(1)
  for (const word of colliding) {
    table.key[0] = word
    table.add()
  }
  expect(table.size).toBe(colliding.length)
  expect(table.longestRun()).toBeLessThan(257)
  for (const [number, word] of colliding.entries()) {
    table.key[0] = word
    expect(table.find()).toBe(number)
  }
})

test('a large table without bad intent keeps its runs short', () => {
  const table = new KeyTable(4)
  for (let number = 0; number < 100_000; number += 1) {
    table.key.set([number % 20, 0x0a00_0000 + number, 0x0aff_0001, 445])
    table.add()
  }
  expect(table.longestRun()).toBeLessThan(100)
})
