import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { EventLog, followLog, type FollowOptions } from '../../src/audit/index.ts'
import { freshLogPath, sampleEvent, sampleEvents } from '../support/eventLogs.ts'

/** Takes `count` records, then ends the following. */
async function take(path: string, count: number, options: Partial<FollowOptions> = {}): Promise<number[]> {
  const stop = new AbortController()
  const numbers: number[] = []
  for await (const record of followLog(path, { after: 0, pollMilliseconds: 50, ...options, signal: stop.signal })) {
    numbers.push(record.recordNumber)
    if (numbers.length === count) stop.abort()
  }
  return numbers
}

function upTo(count: number, from = 1): number[] {
  return Array.from({ length: count }, (_, index) => from + index)
}

test('records that were there before and that come while following', async () => {
  const path = freshLogPath()
  const log = EventLog.open(path)
  log.appendAll(sampleEvents(1200))
  const following = take(path, 1300)
  for (let n = 0; n < 100; n += 1) {
    log.append(sampleEvent(n))
    if (n % 10 === 0) await new Promise(setImmediate)
  }
  expect(await following).toEqual(upTo(1300))
  log.close()
})

test('only those after the number it is given', async () => {
  const path = freshLogPath()
  const log = EventLog.open(path)
  log.appendAll(sampleEvents(10))
  const following = take(path, 3, { after: 8 })
  log.append(sampleEvent(0))
  expect(await following).toEqual([9, 10, 11])
  log.close()
})

test('only those a query asks for', async () => {
  const path = freshLogPath()
  const log = EventLog.open(path)
  log.appendAll(sampleEvents(2000))
  // 5462 is the seventh of eight.
  expect(await take(path, 250, { query: { ids: [5462] } })).toEqual(upTo(250).map((n) => n * 8 - 1))
  expect(await take(path, 250, { query: { where: ({ id }) => id === 5462 } })).toEqual(upTo(250).map((n) => n * 8 - 1))
  log.close()
})

test('of a log that does not exist yet', async () => {
  const path = freshLogPath()
  const following = take(path, 2)
  await new Promise((resolve) => setTimeout(resolve, 100))
  const log = EventLog.open(path)
  log.append(sampleEvent(0))
  log.append(sampleEvent(1))
  expect(await following).toEqual([1, 2])
  log.close()
})

test('on through a log that was replaced', async () => {
  const path = freshLogPath()
  const log = EventLog.open(path)
  log.append(sampleEvent(0))
  const seen: number[] = []
  const stop = new AbortController()
  for await (const { recordNumber } of followLog(path, { after: 0, pollMilliseconds: 50, signal: stop.signal })) {
    seen.push(recordNumber)
    if (seen.length === 1) {
      rmSync(path)
      log.append(sampleEvent(1))
      log.append(sampleEvent(2))
    }
    if (seen.length === 3) stop.abort()
  }
  expect(seen).toEqual([1, 1002, 1003])
  log.close()
})

test('none, when it is ended while it waits', async () => {
  const path = freshLogPath()
  EventLog.open(path).close()
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 50)
  for await (const record of followLog(path, { after: 0, signal: stop.signal })) expect(record).toBeUndefined()
  expect(stop.signal.aborted).toBe(true)
})
