import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  actionWeights,
  addressRanks,
  exemptions,
  processingTable,
  protocolRanks,
  weightReadings,
} from '../../src/engine/index.ts'
import { mostRows } from '../../src/engine/rowBuilder.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/processing.md'), 'utf8')
const rows = page.split('\n').map((line) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim()),
)

test('the readings, word by word', () => {
  const listed = page.split('<!-- readings -->')[1]?.split('<!-- end of readings -->')[0]?.trim()
  expect(listed).toBe(weightReadings.map(({ says, mark }) => `* ${says} (${mark})`).join('\n'))
})

test('the order of addresses and of protocol and ports', () => {
  const table = rows.filter((row) => row.length === 8 && /^\d$/.test(row[0] ?? ''))
  expect(table.map((row) => row.slice(0, 3))).toEqual(
    addressRanks.map(({ rank, source, destination }) => [String(10 - rank), source, destination]),
  )
  expect(table.slice(0, 5).map((row) => row.slice(4))).toEqual(
    protocolRanks
      .slice(0, 5)
      .map(({ rank, protocol, sourcePort, destinationPort }) => [
        String(6 - rank),
        protocol,
        sourcePort,
        destinationPort,
      ]),
  )
})

test('the weights of actions', () => {
  const { block, negotiate, permit } = actionWeights
  const words = `block ${block.weight}, negotiate ${negotiate.weight}, negotiate that may end in clear ${actionWeights['negotiate-or-clear'].weight}, permit ${permit.weight}`
  expect(page).toContain(words)
})

test('the exemptions', () => {
  for (const { traffic, settings } of exemptions) {
    const row = rows.find((cells) => cells[0]?.includes(traffic))
    expect(row?.[1]).toBe(settings.join(', '))
  }
})

test('the codes of failures, and the bound', () => {
  for (const row of Object.values(processingTable)) {
    if ('win32' in row) expect(page).toContain(`code ${row.win32}`)
  }
  expect(page).toContain(mostRows.toLocaleString('en-US'))
})
