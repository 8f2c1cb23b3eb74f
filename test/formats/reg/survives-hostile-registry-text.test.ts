import { describe, expect, it } from 'vitest'
import { PolagentError } from '../../../src/base/errors.ts'
import { isReg, readReg, writeReg } from '../../../src/formats/reg/index.ts'
import { flippedBytes } from '../../support/flippedBytes.ts'
import { bestOf, isInProportion } from '../../support/growth.ts'
import { SeededRandom } from '../../support/seededRandom.ts'
import { plainTextKey } from '../../support/textTrees.ts'

const cases = 100_000
const utf8 = new TextEncoder()
const text =
  'Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\A]\r\n"ActivePolicy"="SOFTWARE\\\\B"\r\n@=""\r\n' +
  '"ipsecData"=hex:63,21,20,22,\\\r\n  4c,4f\r\n"n"=dword:00000100\r\n"m"=hex(7):61,00,\\\r\n  00,00,00,00\r\n[-HKLM\\C]\r\n"d"=-\r\n; end\r\n'
const samples = [
  utf8.encode(text),
  utf8.encode(text.replace('Windows Registry Editor Version 5.00', 'REGEDIT4')),
  writeReg(readReg(utf8.encode(text)).root),
]

/** Either the text is refused as none, or it is read, what is read can be written, and nothing is half. */
function judge(bytes: Uint8Array, writes: boolean): boolean {
  try {
    const reading = readReg(bytes)
    for (const finding of reading.findings) {
      if (finding.code === '' || finding.message === '') throw new Error('a finding without words')
    }
    if (writes) {
      const again = readReg(writeReg(reading.root, { report: () => undefined }))
      expect(plainTextKey(again.root)).toEqual(plainTextKey(reading.root))
    }
    return true
  } catch (error) {
    if (!(error instanceof PolagentError) || error.code !== 'INPUT_UNRECOGNISED') throw error
    if (isReg(bytes)) throw new Error('recognised, but refused', { cause: error })
    return false
  }
}

it(`is read or refused after ${cases} random changes`, () => {
  const random = new SeededRandom(0x5e6_0001)
  let read = 0
  for (let i = 0; i < cases; i += 1) {
    if (judge(flippedBytes(random.pick(samples), random, '\r\n"\\[]=:;,-@{}()hex0f\0'), i % 50 === 0)) read += 1
  }
  expect(read).toBeGreaterThan(cases / 2)
  expect(read).toBeLessThan(cases)
})

it('is read or refused when cut at any byte', () => {
  for (const sample of samples) for (let end = 0; end <= sample.length; end += 1) judge(sample.subarray(0, end), true)
})

function run(body: string): void {
  judge(utf8.encode(`REGEDIT4\r\n[HKLM\\A]\r\n${body}`), false)
}

describe('takes time in proportion to the text', () => {
  const bombs: readonly (readonly [string, (count: number) => string])[] = [
    ['a line of one megabyte', (count) => `"a"=${'x'.repeat(count)}`],
    ['blanks in a line', (count) => `[${' '.repeat(count)}x`],
    ['a path of many levels', (count) => `[HKLM${'\\a'.repeat(count / 2)}]`],
    ['many lines that continue', (count) => `"a"=hex:${'00,\\\r\n'.repeat(count / 6)}00`],
    ['continuations of nothing', (count) => `"a"=hex:00,\\\r\n${'\r\n;\r\n'.repeat(count / 5)}`],
    ['strings that never end', (count) => '"a"="\r\n'.repeat(count / 7)],
    ['one quote and no other', (count) => `"a"="${'\r\n@='.repeat(count / 4)}`],
    ['escapes', (count) => `"a"="${'\\"'.repeat(count / 2)}`],
    ['keys without bracket', (count) => '[HKLM\\\r'.repeat(count / 7)],
    ['one line without end', (count) => '[a'.repeat(count / 2)],
    ['brackets', (count) => `[HKLM\\${']'.repeat(count)}`],
    ['brackets and blanks', (count) => `[HKLM\\${'] '.repeat(count / 2)}x`],
    ['keys made and deleted', (count) => '[HKLM\\B]\r\n[-HKLM\\B]\r\n'.repeat(count / 21)],
    ['values of one name', (count) => '"a"=dword:1\r\n'.repeat(count / 13)],
    ['line breaks of carriage returns', (count) => '\r'.repeat(count)],
    ['backslashes at the ends of junk', (count) => 'x\\\r\n'.repeat(count / 4)],
    ['broken data', (count) => '"a"=hex:0g,\\\r\n'.repeat(count / 15)],
    [
      'different keys and values',
      (count) =>
        Array.from({ length: count / 35 }, (_, at) => `[HKLM\\A\\k${at}]\r\n"v${at}"=dword:${at}\r\n`).join(''),
    ],
    ['strings of version 4', (count) => '"a"=hex(1):80\r\n'.repeat(count / 15)],
  ]
  it.each(bombs)('%s', (_, bomb) => {
    expect(isInProportion(run, bomb)).toBe(true)
  })
})

it('reads a megabyte in much less than 150 ms', () => {
  const hex = Array.from({ length: 3000 }, (_, index) => (index & 255).toString(16).padStart(2, '0')).join(',')
  const wrapped = hex.replaceAll(/(.{75})/g, '$1\\\r\n  ')
  const keys = Array.from({ length: 110 }, (_, index) => `[HKLM\\K${index}]\r\n"ipsecData"=hex:${wrapped}\r\n\r\n`)
  const bytes = utf8.encode(`Windows Registry Editor Version 5.00\r\n\r\n${keys.join('')}`)
  expect(bytes.length).toBeGreaterThan(1_000_000)
  expect(readReg(bytes).findings).toEqual([])
  expect(bestOf(5, readReg, bytes)).toBeLessThan(150)
})

it('looks only at the beginning of what it is to recognise', () => {
  const zeros = new Uint8Array(256 * 1024 * 1024)
  const start = performance.now()
  expect(isReg(zeros)).toBe(false)
  expect(performance.now() - start).toBeLessThan(1000)
})
