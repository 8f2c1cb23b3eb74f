import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { directoryStoresOf, isLdif, ldifOfStores, readLdif, writeLdif } from '../../../src/formats/ldif/index.ts'
import { flippedBytes } from '../../support/flippedBytes.ts'
import { isInProportion } from '../../support/growth.ts'
import { SeededRandom } from '../../support/seededRandom.ts'

const cases = 100_000
const utf8 = new TextEncoder()
const sample = utf8.encode(
  'version: 1\n\ndn: CN=ipsecPolicy{10000000-0000-4000-8000-000000000001},CN=IP Security,CN=System,DC=a\nobjectClass: ipsecPolicy\n' +
    'ipsecName:: w6Q=\nipsecData:: YyEgIkxP\n 0RGG\nipsecDataType: 256\nwhenChanged: 20231114221320.0Z\nipsecNFAReference: CN=x\n\n' +
    'dn: CN=IPSEC,CN=Windows,CN=Microsoft,CN=Machine,CN=g,DC=a\nipsecOwnersReference: CN=x,CN=y\n\ndn: CN=z\nchangetype: modify\nadd: a\na: b\n-\n',
)

/** Reads as far as it goes; what is read must come out again, and reading that gives the same. */
function judge(bytes: Uint8Array, writes: boolean): number {
  isLdif(bytes)
  const { entries, findings } = readLdif(bytes)
  const stores = directoryStoresOf(entries, () => undefined)
  if (writes) {
    const again = readLdif(writeLdif(entries.map(({ dn, attributes }) => ({ kind: 'content', dn, attributes }))))
    expect(again.entries.map(({ dn, attributes }) => [dn, attributes])).toEqual(
      entries.map(({ dn, attributes }) => [dn, attributes]),
    )
    const written = ldifOfStores(stores)
    expect(ldifOfStores(directoryStoresOf(readLdif(written).entries, () => undefined))).toEqual(written)
  }
  return findings.length
}

it(`is read after ${cases} random changes`, () => {
  const random = new SeededRandom(0x1d1f_0001)
  let withFindings = 0
  for (let i = 0; i < cases; i += 1) {
    if (judge(flippedBytes(sample, random, '\r\n: <=,\\#-;{}"+dnchange'), i % 100 === 0) > 1) withFindings += 1
  }
  expect(withFindings).toBeGreaterThan(cases / 50)
  expect(withFindings).toBeLessThan(cases)
})

it('is read when cut at any byte', () => {
  for (let end = 0; end <= sample.length; end += 1) judge(sample.subarray(0, end), true)
})

it('any attributes come out as they went in', () => {
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,10}(?:;binary)?$/)
  const dn = fc.string({ unit: 'binary', maxLength: 100 }).filter((text) => text.isWellFormed())
  const values = fc.uniqueArray(fc.uint8Array({ maxLength: 200 }), {
    minLength: 1,
    maxLength: 4,
    selector: (bytes) => bytes.join(),
  })
  const attributes = fc.uniqueArray(fc.record({ name, values }), {
    maxLength: 5,
    minLength: 1,
    selector: (each) => each.name.toLowerCase(),
  })
  fc.assert(
    fc.property(fc.record({ dn, attributes }), (entry) => {
      fc.pre(!['control', 'changetype'].includes(entry.attributes[0]?.name.toLowerCase() ?? ''))
      const written = writeLdif([{ kind: 'content', ...entry }])
      expect(
        new TextDecoder()
          .decode(written)
          .split('\n')
          .every((line) => line.length <= 76),
      ).toBe(true)
      const { entries, findings } = readLdif(written)
      expect(findings).toEqual([])
      expect(entries.map((read) => ({ dn: read.dn, attributes: read.attributes }))).toEqual([entry])
    }),
    { numRuns: 300 },
  )
})

function run(text: string): void {
  judge(utf8.encode(text), false)
}

describe('takes time in proportion to the text', () => {
  const head = 'dn: CN=ipsecPolicy{10000000-0000-4000-8000-000000000001},CN=IP Security,CN=System,DC=a\n'
  const bombs: readonly (readonly [string, (count: number) => string])[] = [
    ['one line', (count) => `${head}a: ${'x'.repeat(count)}`],
    ['folded lines', (count) => `${head}a: ${'x\n '.repeat(count / 3)}`],
    ['folded comments', (count) => `#${'x\n '.repeat(count / 3)}`],
    ['a long name', (count) => `${head}${'a'.repeat(count)}: x`],
    ['lines without colon', (count) => `${head}${'a\n'.repeat(count / 2)}`],
    ['a deep DN', (count) => `dn: ${'CN=a,'.repeat(count / 5)}`],
    ['an escaped DN', (count) => `dn: CN=${'\\,'.repeat(count / 2)}`],
    ['a DN of blanks', (count) => `dn: CN=a${' '.repeat(count)},x`],
    ['values of one name', (count) => `${head}${'ipsecNFAReference: CN=x\n'.repeat(count / 24)}`],
    ['names', (count) => head + Array.from({ length: count / 10 }, (_, index) => `a${index}: x\n`).join('')],
    ['entries', (count) => Array.from({ length: count / 20 }, (_, index) => `dn: CN=a${index}\na: b\n\n`).join('')],
    ['controls', (count) => `${head}${'control: x\n'.repeat(count / 11)}`],
    [
      'values added and deleted one at a time',
      (count) => {
        const values = Array.from({ length: count / 60 }, (_, index) => `v${index}`)
        const deletions = values.map((value) => `delete: a\na: ${value}\n-\n`)
        return `${head}${values.map((value) => `a: ${value}\n`).join('')}\n${head}changetype: modify\n${deletions.join('')}`
      },
    ],
    ['empty lines', (count) => '\n'.repeat(count)],
    ['base64 that is none', (count) => `${head}${'a:: ?\n'.repeat(count / 6)}`],
  ]
  it.each(bombs)('%s', (_, bomb) => {
    expect(isInProportion(run, bomb)).toBe(true)
  })
})

it('is looked at only at its beginning to be recognised', () => {
  const zeros = new Uint8Array(256 * 1024 * 1024)
  const start = performance.now()
  expect(isLdif(zeros)).toBe(false)
  expect(performance.now() - start).toBeLessThan(1000)
})
