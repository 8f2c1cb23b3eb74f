import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { isoTimeOfTicks, ticksOfIsoTime, ticksOfMilliseconds } from '../../src/events/eventTime.ts'

test.each([
  ['2024-05-06T07:08:09.1234567Z', '2024-05-06T07:08:09.1234567Z'],
  ['2024-05-06T07:08:09Z', '2024-05-06T07:08:09.0000000Z'],
  ['2024-05-06T07:08:09.1Z', '2024-05-06T07:08:09.1000000Z'],
  ['2021-05-10T06:22:54.633626900Z', '2021-05-10T06:22:54.6336269Z'],
  ['1601-01-01T00:00:00.000Z', '1601-01-01T00:00:00.0000000Z'],
])('%s', (text, same) => {
  expect(isoTimeOfTicks(ticksOfIsoTime(text) as bigint)).toBe(same)
})

test.each(['', 'yesterday', '2024-05-06', '2024-13-06T07:08:09Z', '2024-05-06T07:08:09', '2024-05-06T07:08:09+02:00'])(
  'refuses %j',
  (text) => {
    expect(ticksOfIsoTime(text)).toBeUndefined()
  },
)

test('reading is the reverse of writing', () => {
  fc.assert(
    fc.property(fc.bigInt(-116_444_736_000_000_000n, 2_534_023_007_999_999_999n), (ticks) => {
      expect(ticksOfIsoTime(isoTimeOfTicks(ticks))).toBe(ticks)
    }),
    { numRuns: 5000 },
  )
  expect(isoTimeOfTicks(ticksOfMilliseconds(Date.UTC(2024, 4, 6, 7, 8, 9, 123)))).toBe('2024-05-06T07:08:09.1230000Z')
})
