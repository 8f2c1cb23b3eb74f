import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { controlCommands } from '../../src/agent/controlProtocol.ts'
import { failureCode } from '../../src/agent/failureCodes.ts'
import { agentEvent, sourceEvents } from '../../src/agent/sourceEvents.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/agent.md'), 'utf8')

test('docs/agent.md names every event the agent logs', () => {
  const numbers = [...Object.values(agentEvent), ...Object.values(sourceEvents).flatMap((one) => Object.values(one))]
  // The cache has none of its own for failures of a store that is there (docs of the directory will tell).
  const later = new Set([5459])
  expect(numbers.filter((number) => !later.has(number) && !page.includes(String(number)))).toEqual([])
})

test('docs/agent.md has every code and every command', () => {
  expect(Object.values(failureCode).filter((code) => !new RegExp(`\\| ${code} \\|`).test(page))).toEqual([])
  expect(controlCommands.filter((command) => !page.includes(`| \`${command}\` |`))).toEqual([])
})
