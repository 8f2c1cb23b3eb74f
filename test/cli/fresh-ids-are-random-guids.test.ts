import { expect, test } from 'vitest'
import { freshId } from '../../src/cli/freshId.ts'

test('ids are random GUIDs of version 4, in the spelling of the program, and never the same', () => {
  const ids = Array.from({ length: 5000 }, freshId)
  for (const id of ids) expect(id).toMatch(/^\{[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\}$/)
  expect(new Set(ids).size).toBe(ids.length)
})
