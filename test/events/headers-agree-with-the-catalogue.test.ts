import { expect, test } from 'vitest'
import { eventDefinitions } from '../../src/events/catalogue.ts'
import {
  auditSubcategories,
  eventHeader,
  noResultKeywords,
  resultOfKeywords,
  subcategoryOfTask,
} from '../../src/events/eventHeaders.ts'
import { loggedEvent } from '../../src/events/loggedEvent.ts'

test('every event of the catalogue has a header, in its newest version', () => {
  const newest = new Map<number, number>()
  for (const { id, version } of eventDefinitions()) newest.set(id, Math.max(version, newest.get(id) ?? 0))
  for (const [id, version] of newest) {
    const header = eventHeader(id)
    expect(header.version, `${id}`).toBe(version)
    expect(header.level).toBe(0)
    // Its result and subcategory are not documented.
    expect(header.result === undefined, `${id}`).toBe(id === 5050)
  }
  expect(newest.size).toBe(84)
})

test('the agent writes to two subcategories, as the audit pages list them', () => {
  expect(ids(12291)).toEqual([5478, 5479, 5480, 5483, 5484, 5485])
  expect(ids(13572)).toEqual([
    4709, 4710, 4711, 4712, 5456, 5457, 5458, 5459, 5460, 5461, 5462, 5463, 5464, 5465, 5466, 5467, 5468, 5471, 5472,
    5473, 5474, 5477,
  ])
})

function ids(task: number): number[] {
  return eventDefinitions()
    .filter(({ id, when }) => when !== undefined && eventHeader(id).task === task && !isNeighbour(id))
    .map(({ id }) => id)
}

/** Events of others that have guidance too. */
function isNeighbour(id: number): boolean {
  return !(id >= 5456 && id <= 5485) && !(id >= 4709 && id <= 4712)
}

test.each([
  [5460, 'success', '0x8020000000000000'],
  [5461, 'failure', '0x8010000000000000'],
  [5467, 'failure', '0x8010000000000000'],
  [5466, 'failure', '0x8010000000000000'],
  [5468, 'success', '0x8020000000000000'],
  [5479, 'success', '0x8020000000000000'],
])('%i is an audit %s', (id, result, keywords) => {
  expect(eventHeader(id)).toMatchObject({ result, keywords })
  expect(resultOfKeywords(keywords)).toBe(result)
})

test('an unknown number has neither task nor result', () => {
  expect(eventHeader(1)).toEqual({ version: 0, level: 0, opcode: 0, task: 0, keywords: noResultKeywords })
  expect(resultOfKeywords(noResultKeywords)).toBeUndefined()
  expect(resultOfKeywords('0xzz')).toBeUndefined()
  expect(subcategoryOfTask(0)).toBeUndefined()
})

test('subcategories differ in GUID and task', () => {
  const all = Object.values(auditSubcategories)
  expect(new Set(all.map(({ guid }) => guid)).size).toBe(all.length)
  expect(new Set(all.map(({ task }) => task)).size).toBe(all.length)
})

test('a record shows as Windows would show it', () => {
  const event = loggedEvent({
    recordNumber: 7,
    id: 5462,
    time: '2024-05-06T07:08:09.1234567Z',
    fields: ['Servers', '13', 'more than there should be'],
    ...eventHeader(5462),
    computer: 'host',
    processId: 1,
    threadId: 2,
  })
  expect(event.data).toEqual([
    { name: 'Policy', value: 'Servers' },
    { name: 'Error', value: '13' },
    { value: 'more than there should be' },
  ])
  expect(event.rendering).toMatchObject({
    level: 'Information',
    task: 'Filtering Platform Policy Change',
    opcode: 'Info',
    provider: 'Microsoft Windows security auditing.',
    keywords: ['Audit Failure'],
  })
})
