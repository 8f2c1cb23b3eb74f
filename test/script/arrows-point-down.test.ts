import { expect, test } from 'vitest'
import { violationsOf } from '../../script/arrows.ts'

const messages = (file: string, text: string): string[] => violationsOf(file, text).map((one) => one.message)

test('an import of a lower layer is in order', () => {
  expect(messages('agent/a.ts', "import { x } from '../stores/x.ts'\nimport { y } from './y.ts'")).toEqual([])
})

test('an import of a higher layer or of a neighbour in the same row is found, with its line', () => {
  expect(violationsOf('engine/a.ts', "\nexport { x } from '../agent/x.ts'")).toEqual([
    { file: 'engine/a.ts', line: 2, message: 'engine may not import agent: arrows point down' },
  ])
  expect(messages('audit/a.ts', "import type { S } from '../stores/s.ts'")).toHaveLength(1)
  expect(messages('formats/regf/a.ts', "const m = await import('../../engine/index.ts')")).toHaveLength(1)
})

test('a pure folder may not use Node, the clock, chance or timers', () => {
  for (const line of [
    "import { readFileSync } from 'node:fs'",
    'const now = Date.now()',
    'const when = new Date()',
    'const x = Math.random()',
    'const e = process.env',
    'setTimeout(() => {}, 1)',
    "const b = Buffer.from('')",
  ]) {
    expect(messages('formats/a.ts', line), line).toHaveLength(1)
    expect(messages('stores/a.ts', line), line).toEqual([])
  }
})

test('comments and strings are no code', () => {
  expect(
    messages('base/a.ts', "// import { a } from '../cli/a.ts'\n/* Date.now() */\nconst t = 'Math.random'"),
  ).toEqual([])
  expect(messages('base/a.ts', "const url = 'http://x'; const y = Math.random()")).toHaveLength(1)
})

test('a folder without a layer is found', () => {
  expect(messages('cli/a.ts', "import { x } from '../new/x.ts'")).toHaveLength(1)
})
