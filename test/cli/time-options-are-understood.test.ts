import { describe, expect, test } from 'vitest'
import { parseEventIds } from '../../src/cli/eventIds.ts'
import { parseTimeOption } from '../../src/cli/timeOption.ts'

const now = new Date(2024, 4, 6, 7, 8, 9, 500)

describe('time of an option', () => {
  test.each([
    ['now', now.getTime()],
    ['today', new Date(2024, 4, 6).getTime()],
    ['Yesterday', new Date(2024, 4, 5).getTime()],
    ['30s', now.getTime() - 30_000],
    ['10m', now.getTime() - 600_000],
    ['2h', now.getTime() - 7_200_000],
    ['3d', now.getTime() - 3 * 86_400_000],
    ['1w ago', now.getTime() - 7 * 86_400_000],
    ['06:30', new Date(2024, 4, 6, 6, 30).getTime()],
    ['6:30:15', new Date(2024, 4, 6, 6, 30, 15).getTime()],
    ['2024-05-06', new Date(2024, 4, 6).getTime()],
    ['2024-05-06T07:08', new Date(2024, 4, 6, 7, 8).getTime()],
    ['2024-05-06 07:08:09', new Date(2024, 4, 6, 7, 8, 9).getTime()],
    ['2024-05-06T07:08:09Z', Date.UTC(2024, 4, 6, 7, 8, 9)],
    ['2024-05-06T07:08:09.1234567Z', Date.UTC(2024, 4, 6, 7, 8, 9, 123)],
    ['2024-05-06T07:08:09+02:00', Date.UTC(2024, 4, 6, 5, 8, 9)],
    ['2024-05-06T07:08:09-0530', Date.UTC(2024, 4, 6, 12, 38, 9)],
    ['2024-02-29', new Date(2024, 1, 29).getTime()],
  ])('%s', (text, time) => {
    expect(parseTimeOption(text, now)).toBe(time)
  })

  test.each([
    '',
    'lately',
    '10',
    '10y',
    '-5m',
    '25:00',
    '7:60',
    '2024-02-30',
    '2023-02-29',
    '2024-13-01',
    '2024-05-06T25:00',
    '06/05/2024',
  ])('refuses %j', (text) => {
    expect(parseTimeOption(text, now)).toBeUndefined()
  })
})

describe('event numbers', () => {
  test.each([
    [['5461'], [5461]],
    [['5461,5460'], [5461, 5460]],
    [
      ['1-3', '3-4'],
      [1, 2, 3, 4],
    ],
    [[' 7 - 8 '], [7, 8]],
  ])('%j', (texts, ids) => {
    expect(parseEventIds(texts)).toEqual(ids)
  })

  test.each(['', 'x', '1-', '-1', '5,', '5-3', '65536', '1-99999'])('refuses %j', (text) => {
    expect(parseEventIds([text])).toBeUndefined()
  })
})
