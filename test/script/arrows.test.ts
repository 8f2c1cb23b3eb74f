import { describe, expect, test } from 'vitest'
import { arrowViolations } from '../../script/arrows.ts'
import { codeOnly } from '../../script/sourceText.ts'

function messages(file: string, source: string): string[] {
  return arrowViolations(file, source).map((violation) => `${violation.line}: ${violation.message}`)
}

describe('arrows between folders', () => {
  test('an import of a lower folder or of the own folder is fine', () => {
    const source = "import { a } from '../base/bytes.ts'\nexport type { B } from './model.ts'\n"
    expect(messages('src/policy/x.ts', source)).toEqual([])
  })

  test.each([
    ["import type { A } from '../agent/agentState.ts'", 'src/policy must not import from src/agent'],
    ["export * from '../engine/index.ts'", 'src/policy must not import from src/engine'],
    ["const a = await import('../cli/io.ts')", 'src/policy must not import from src/cli'],
    ["import {\n  a,\n} from '../events/index.ts'", 'src/policy must not import from src/events'],
  ])('an upward import is caught: %s', (source, expected) => {
    expect(messages('src/policy/x.ts', source).join()).toContain(expected)
  })

  test('neighbours of one height do not know each other', () => {
    expect(messages('src/stores/x.ts', "import { a } from '../audit/index.ts'")).toHaveLength(1)
    expect(messages('src/formats/regf/x.ts', "import { a } from '../../stores/localStore.ts'")).toHaveLength(1)
  })

  test.each(["import { readFileSync } from 'node:fs'", "import fs from 'fs'", "import { z } from 'zod'"])(
    'a pure folder imports no Node and no package: %s',
    (source) => {
      expect(messages('src/engine/x.ts', source).join()).toContain('is pure and must not import')
      expect(messages('src/stores/x.ts', source)).toEqual([])
    },
  )

  test('a package the table names is fine where it is named', () => {
    expect(messages('src/formats/policy-document/x.ts', "import { parse } from 'yaml'")).toEqual([])
    expect(messages('src/engine/x.ts', "import { parse } from 'yaml'")).toHaveLength(1)
  })

  test.each([
    'const t = Date.now()',
    'const t = new Date()',
    'const t = new Date',
    'const r = Math.random()',
    'const u = crypto.randomUUID()',
    'if (process.env.X) run()',
    'setTimeout(run, 5)',
    'void fetch(url)',
    'const b = Buffer.from(x)',
    'console.log(1)',
    'const x = `${Date.now()}`',
    'const x = globalThis.process',
  ])('a pure folder takes nothing from its surroundings: %s', (source) => {
    expect(messages('src/engine/x.ts', `\n${source}`)).not.toEqual([])
    expect(messages('src/engine/x.ts', `\n${source}`)[0]).toMatch(/^2: /)
    expect(messages('src/agent/x.ts', source)).toEqual([])
  })

  test.each([
    '// Date.now() is not called',
    "const s = 'process.exit'",
    'const s = `setTimeout( in text`',
    'const r = /process.env/',
    'work.process(policy)',
    "const digits = Array.from('../agent/x.ts')",
    'const t = new Date(milliseconds)',
    "const from = 'x' // from '../agent/x.ts'",
    "/* import '../agent/x.ts' */",
  ])('what only looks like it is left alone: %s', (source) => {
    expect(messages('src/engine/x.ts', source)).toEqual([])
  })

  test('a folder that is not in the table is an error', () => {
    expect(messages('src/unknown/x.ts', '')).toEqual([expect.stringContaining('not in the table')])
  })
})

describe('code without strings and comments', () => {
  test('keeps length, lines and code', () => {
    const source = 'a = "x/*" // y\nb = `q${c + `r${d}`}s` / e /* f\n */ + /[/"]/.g\n'
    const code = codeOnly(source)
    expect(code).toHaveLength(source.length)
    expect(code.replaceAll(/ +/g, ' ')).toBe('a = \nb = c + d / e \n + .g\n')
  })
})
