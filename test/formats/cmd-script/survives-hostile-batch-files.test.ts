import { describe, expect, test } from 'vitest'
import { runCmdScript } from '../../../src/formats/cmd-script/index.ts'
import { isInProportion } from '../../support/growth.ts'
import { SeededRandom } from '../../support/seededRandom.ts'

const pieces = [
  'netsh ',
  'if ',
  'for ',
  'else ',
  'do ',
  'in ',
  '(',
  ')',
  '&',
  '&&',
  '||',
  '|',
  '^',
  '\n',
  '\r\n',
  '"',
  '%',
  '%%i',
  '%%~i',
  '%A%',
  '!A!',
  'set A=',
  'set /a A=',
  'setlocal enabledelayedexpansion',
  'endlocal',
  'goto ',
  ':x',
  ':eof',
  'exit /b',
  'call :x',
  '/l ',
  '/f ',
  '"tokens=1,2* delims=,"',
  '"usebackq"',
  '(1,1,3)',
  '(a b)',
  '(f.txt)',
  "('x')",
  '("a b")',
  'exist x ',
  'not ',
  'defined A ',
  '==',
  ' equ ',
  '1 ',
  'rem ',
  '::',
  '@',
  '>',
  '2>&1',
  '<',
  '\0',
  '\u001a',
  '\ufdd0',
  '\ufdd1',
  '\ud800',
  '\t',
  ' ',
  ';',
]

function runQuietly(text: string): number {
  let commands = 0
  runCmdScript(text, { run: () => (commands += 1), tell: () => {}, files: new Map([['f.txt', 'a,b\nc,d']]) })
  return commands
}

test('a hundred thousand scripts of odd pieces', () => {
  const random = new SeededRandom(0x5eed_0c3d)
  for (let round = 0; round < 100_000; round += 1) {
    let text = ''
    for (let count = 1 + random.below(16); count > 0; count -= 1) text += random.pick(pieces)
    try {
      runQuietly(text)
    } catch (error) {
      throw new Error(`round ${round}: ${JSON.stringify(text)}`, { cause: error })
    }
  }
}, 60_000)

describe('work is in proportion to the text', () => {
  test.each<[string, (count: number) => string]>([
    ['carets', (count) => '^'.repeat(count)],
    ['continuations', (count) => '^\n'.repeat(count / 2)],
    ['quotes', (count) => '"a'.repeat(count / 2)],
    ['percent signs', (count) => '%a'.repeat(count / 2)],
    ['ifs', (count) => 'if a==a echo x&'.repeat(count / 15)],
    ['quotes in an if', (count) => `if ${'"a'.repeat(count / 2)}==b echo`],
    ['blanks of a for', (count) => `for${' '.repeat(count)}%%i in (a) do x`],
    ['fors that are none', (count) => 'for /f  x&'.repeat(count / 10)],
    ['a list', (count) => `for %%i in (${'a '.repeat(count / 4)}) do x`],
    ['quotes in a list', (count) => `for %%i in (${'"a'.repeat(count / 8)}) do x`],
    [
      'jumps under conditions',
      (count) => Array.from({ length: count / 20 }, (_, i) => `if exist x goto l${i}\nx\n`).join(''),
    ],
    ['labels', (count) => ':x\n'.repeat(count / 3)],
    ['parentheses', (count) => '()'.repeat(count / 2)],
    ['redirections', (count) => '>a'.repeat(count / 2)],
    ['ampersands', (count) => '&'.repeat(count)],
    ['digits before redirections', (count) => ' 1>'.repeat(count / 3)],
  ])(
    '%s',
    (_, bomb) => {
      expect(isInProportion(runQuietly, bomb)).toBe(true)
    },
    60_000,
  )
})
