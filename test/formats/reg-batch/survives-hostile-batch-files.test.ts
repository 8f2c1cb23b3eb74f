import { describe, expect, it } from 'vitest'
import { isRegBatch, readRegBatch } from '../../../src/formats/reg-batch/index.ts'
import { flippedBytes } from '../../support/flippedBytes.ts'
import { isInProportion } from '../../support/growth.ts'
import { SeededRandom } from '../../support/seededRandom.ts'

const cases = 100_000
const utf8 = new TextEncoder()
const sample = utf8.encode(
  '@echo off\r\nset K=HKLM\\SOFTWARE\\A\r\nsetlocal\r\nreg add "%K%" /v ipsecData /t REG_BINARY /d 63212022 /f >nul 2>&1\r\n' +
    'if exist x (\r\nreg delete %K% /va /f\r\n) else reg add %K%\\B ^\r\n /ve /d "a ""b""" && echo y | reg delete HKLM\\B /f\r\nendlocal\r\nrem end\r\n',
)

/** Any bytes are some script; reading it must end with a tree and findings that have a line. */
function judge(bytes: Uint8Array): number {
  isRegBatch(bytes)
  const reading = readRegBatch(bytes)
  for (const { line, code } of reading.findings) {
    if (line === undefined && code.startsWith('BATCH') && code !== 'BATCH_MORE_FINDINGS')
      throw new Error(`${code} without line`)
  }
  return reading.findings.length
}

it(`are read after ${cases} random changes`, () => {
  const random = new SeededRandom(0xba7c_0001)
  let withFindings = 0
  for (let i = 0; i < cases; i += 1) {
    if (judge(flippedBytes(sample, random, '\r\n"^&|()<>%!=/\\ :@')) > 1) withFindings += 1
  }
  expect(withFindings).toBeGreaterThan(cases / 50)
})

it('are read when cut at any byte', () => {
  for (let end = 0; end <= sample.length; end += 1) judge(sample.subarray(0, end))
})

function run(text: string): void {
  judge(utf8.encode(text))
}

describe('take time in proportion to their length', () => {
  const bombs: readonly (readonly [string, (count: number) => string])[] = [
    ['quotes', (count) => `${'"'.repeat(count)}x reg add HKLM\\A`],
    ['blanks', (count) => `${' '.repeat(count)}x ${' '.repeat(count)}reg add HKLM\\A`],
    ['carets', (count) => '^'.repeat(count)],
    ['lines that continue', (count) => 'x^\r\n'.repeat(count / 4)],
    ['empty lines that continue', (count) => '^\r\n'.repeat(count / 3)],
    ['open parentheses', (count) => '('.repeat(count)],
    ['echoed parentheses', (count) => `echo ${'('.repeat(count)}`],
    ['closed parentheses', (count) => `(${')'.repeat(count)}`],
    ['ampersands', (count) => 'x&'.repeat(count / 2)],
    ['redirections', (count) => `x ${'>'.repeat(count)}`],
    ['percent signs', (count) => 'a%'.repeat(count / 2)],
    ['one percent sign a line', (count) => '%a\r\n'.repeat(count / 4)],
    ['variables that double', (count) => `set A=x\r\n${'set A=%A%%A%\r\n'.repeat(count / 14)}reg add HKLM\\%A%`],
    ['long variables', (count) => `set A=${'x'.repeat(30_000)}\r\n${'echo %A%\r\n'.repeat(count / 10)}`],
    ['scopes', (count) => 'setlocal\r\nset A=1\r\nendlocal\r\n'.repeat(count / 29)],
    ['reg without more', (count) => 'reg add '.repeat(count / 8)],
    ['switches', (count) => `reg add HKLM\\A ${'/f '.repeat(count / 3)}`],
    ['backslashes', (count) => `reg add "HKLM\\A" /d ${'\\'.repeat(count)}"`],
    ['a deep path', (count) => `reg add HKLM${'\\a'.repeat(count / 2)}`],
    ['conditions', (count) => 'if a==b reg add HKLM\\A\r\n'.repeat(count / 25)],
    ['the word if', (count) => `if ${'if '.repeat(count / 3)}`],
    ['the word set', (count) => `x ${'set '.repeat(count / 4)}`],
  ]
  it.each(bombs)('%s', (_, bomb) => {
    expect(isInProportion(run, bomb)).toBe(true)
  })
})

it('are looked at only at their beginning to be recognised', () => {
  const zeros = new Uint8Array(256 * 1024 * 1024)
  const start = performance.now()
  expect(isRegBatch(zeros)).toBe(false)
  expect(performance.now() - start).toBeLessThan(1000)
})
