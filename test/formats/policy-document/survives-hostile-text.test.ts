import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PolagentError } from '../../../src/base/errors.ts'
import {
  isPolicyDocument,
  readPolicyDocument,
  writePolicyDocument,
} from '../../../src/formats/policy-document/index.ts'
import { Problems } from '../../../src/formats/policy-document/problems.ts'
import { composeYaml } from '../../../src/formats/policy-document/readYamlText.ts'
import { documentContext, storeOfText } from '../../support/policyDocuments.ts'
import { damagedStore, randomStore } from '../../support/randomStores.ts'
import { SeededRandom } from '../../support/seededRandom.ts'

/** Reads what must be refused properly or read; answers whether it was read. */
function readsOrRefuses(bytes: Uint8Array | string): boolean {
  try {
    readPolicyDocument(bytes, documentContext)
    return true
  } catch (error) {
    if (!(error instanceof PolagentError)) throw error
    expect(error.code).toMatch(/^DOCUMENT_/)
    return false
  }
}

const example = readFileSync(resolve(import.meta.dirname, '../../../examples/server-hardening.yaml'), 'utf8')
const small =
  'polagent: 1\nassigned: a\npolicies:\n- name: a\n  rules:\n  - {filterAction: block, filters: ["me -> 10.0.0.0/8 tcp 1:2"]}\n'

function written(format: 'json' | 'yaml'): Uint8Array {
  const random = new SeededRandom(77)
  return writePolicyDocument(
    [damagedStore(randomStore(random), random), storeOfText(small)],
    { format },
    () => undefined,
  )
}

describe.each([
  ['the server example', new TextEncoder().encode(example)],
  ['a written document in JSON', written('json')],
  ['a written document in YAML', written('yaml')],
])('%s', (_, bytes) => {
  test('cut off at any byte it is read or refused', () => {
    for (let end = 0; end <= Math.min(bytes.length, 1200); end += 1) readsOrRefuses(bytes.subarray(0, end))
  })
})

test('100,000 random changes to documents end in a reading or a refusal', () => {
  const seed = 20_240_501
  const random = new SeededRandom(seed)
  const yaml = new TextEncoder().encode('polagent: 1\npolicies: [{name: a}]\nassigned: a\n')
  const json = new TextEncoder().encode(
    '{"polagent":1,"policies":[{"name":"a","rules":[{"filterAction":"permit","filters":["me <-> any udp :53"]}]}]}',
  )
  let read = 0
  for (let count = 0; count < 100_000; count += 1) {
    // JSON is read ten times as fast, by a reader of our own; YAML text goes through a library first.
    const bytes = (random.below(4) === 0 ? yaml : json).slice()
    for (let changes = 1 + random.below(2); changes > 0; changes -= 1) {
      const at = random.below(bytes.length)
      bytes[at] = random.below(3) === 0 ? random.below(256) : (bytes[at] as number) ^ (1 << random.below(8))
    }
    if (readsOrRefuses(bytes)) read += 1
  }
  expect(read, `seed ${seed}`).toBeGreaterThan(1000)
  expect(read).toBeLessThan(99_000)
})

describe('bombs', () => {
  const many = 20_000
  test.each([
    ['nested lists', `polagent: 1\nx: ${'['.repeat(many)}`],
    ['closed nested lists', `polagent: 1\nx: ${'['.repeat(many)}${']'.repeat(many)}`],
    ['nested JSON', `{"polagent": ${'['.repeat(many)}`],
    ['nested JSON fields', `{"polagent": ${'{"a":'.repeat(many)}`],
    ['nested flow fields', `polagent: ${'{a: '.repeat(many / 4)}`],
    ['nested dashes', `polagent: 1\nx:\n  ${'- '.repeat(many / 4)}`],
    ['nested question marks', `polagent: 1\n${'? '.repeat(many / 4)}`],
    ['stairs', `polagent: 1\n${Array.from({ length: 700 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')}`],
    [
      'billion laughs',
      `polagent: 1\na: &a [x,x]\n${Array.from({ length: 40 }, (_, index) => `${String.fromCharCode(98 + (index % 20))}${index}: &l${index} [*a,*a,*a,*a]`).join('\n')}`,
    ],
    ['many keys', `polagent: 1\n${Array.from({ length: many }, (_, index) => `k${index}: 1`).join('\n')}`],
    ['one key many times', `polagent: 1\n${'k: 1\n'.repeat(many)}`],
    ['many documents', `polagent: 1\n${'---\n'.repeat(many)}`],
    ['many anchors', `polagent: 1\nx: ${'&a '.repeat(many)}`],
    ['many tags', `polagent: 1\nx: ${'!a '.repeat(many)}`],
    ['a long word', `polagent: 1\nx: ${'a'.repeat(1_000_000)}`],
    ['many quotes', `polagent: 1\nx: ${'"'.repeat(many)}`],
    ['many escapes', `polagent: 1\nx: "${'\\q'.repeat(many)}"`],
    ['many colons', `polagent: 1\nx: ${':'.repeat(many)}`],
    ['many colons and blanks', `polagent: 1\nx: ${': '.repeat(many)}`],
    ['many comments', `polagent: 1\n${'# x\n'.repeat(many)}x: 1`],
    ['many policies of one name', `polagent: 1\npolicies:\n${'- name: a\n'.repeat(many / 4)}`],
    ['a filter of quotes', `polagent: 1\nfilterLists: [{name: a, filters: ['${'"'.repeat(16_000)}']}]`],
    ['a filter of blanks', `polagent: 1\nfilterLists: [{name: a, filters: ['me -> me${' '.repeat(16_000)}x']}]`],
    ['a filter of dots', `polagent: 1\nfilterLists: [{name: a, filters: ['${'a.'.repeat(8000)} -> me']}]`],
    ['zeros', `polagent: 1\n${'\0'.repeat(1_000_000)}`],
    ['huge numbers', `{"polagent": ${'9'.repeat(100_000)}}`],
  ])('%s are refused in time', (_, text) => {
    const start = performance.now()
    expect(readsOrRefuses(text)).toBe(false)
    // A quadratic reader would need minutes; a loaded machine may need seconds.
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})

describe('of text that attacks the reader only the beginning is looked at', () => {
  const many = 20_000
  test.each([
    ['nested lists', `polagent: 1\nx: ${'['.repeat(many)}`, 'more than 32 levels of nesting'],
    ['nested fields', `polagent: 1\nx: ${'{a: '.repeat(many)}`, 'more than 32 levels of nesting'],
    ['nested dashes', `polagent: 1\nx:\n  ${'- '.repeat(many)}`, 'more than 32 levels of nesting'],
    ['tags', `polagent: 1\nx: ${'!a '.repeat(many)}`, 'the rest is not looked at'],
    ['anchors', `polagent: 1\nx: ${'&a '.repeat(many)}`, 'the rest is not looked at'],
    ['aliases', `polagent: 1\nx: [${'*a, '.repeat(many)}]`, 'the rest is not looked at'],
    ['closing brackets', `polagent: 1\nx: ${']'.repeat(many)}`, 'the rest is not looked at'],
    ['wrong escapes', `polagent: 1\nx: ["${'\\x'.repeat(many)}"]`, 'the rest is not looked at'],
  ])('%s', (_, text, message) => {
    const problems = new Problems()
    composeYaml(text, problems)
    expect(problems.kept.map((problem) => problem.message)).toEqual([expect.stringContaining(message)])
  })

  test('and what people write is not taken for that', () => {
    const items = Array.from({ length: 500 }, (_, index) => `"\\\\ \\x41 \\"&\\" *a !b ${index}"`).join(', ')
    const problems = new Problems()
    const document = composeYaml(`polagent: 1\nx: ${'['.repeat(31)}${items}${']'.repeat(31)}`, problems)
    expect(problems.count).toBe(0)
    expect(document?.errors).toEqual([])
  })
})

test('a document of many filters takes time in proportion', () => {
  timeOf(2000)
  const [few, lots] = [timeOf(5000), timeOf(50_000)]
  expect(lots / few).toBeLessThan(40)
})

test('garbage is no document', () => {
  const random = new SeededRandom(3)
  for (let count = 0; count < 2000; count += 1) {
    const text = String.fromCharCode(
      ...Array.from({ length: random.below(60) }, () =>
        random.pick([10, 32, 34, 35, 58, 91, 123, 125, 44, 97, 0xfeff]),
      ),
    )
    isPolicyDocument(text)
    readsOrRefuses(text)
    readsOrRefuses(`polagent: 1\n${text}`)
    readsOrRefuses(`{"polagent": 1, ${text}`)
  }
})

function longList(count: number): string {
  return `polagent: 1\nfilterLists:\n  - name: L\n    filters: |\n${Array.from({ length: count }, (_, index) => `      me <-> 10.${(index >>> 16) & 255}.${(index >>> 8) & 255}.${index & 255} tcp :443\n`).join('')}`
}

function timeOf(count: number): number {
  const document = longList(count)
  const start = performance.now()
  expect(storeOfText(document).objects).toHaveLength(1)
  return performance.now() - start
}
