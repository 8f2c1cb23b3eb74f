import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { referencePages } from '../../script/referencePages.ts'

const root = resolve(import.meta.dirname, '../..')

test('reference pages say what the tables say; else run node script/generate-docs.ts', async () => {
  for (const [path, text] of await referencePages()) {
    expect(readFileSync(join(root, path), 'utf8') === text, `${path} is not current`).toBe(true)
  }
})
