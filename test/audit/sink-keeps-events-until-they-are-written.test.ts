import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { EventLog, eventLogSink } from '../../src/audit/index.ts'
import type { PolagentError } from '../../src/base/errors.ts'
import { freshLogPath, sampleEvent } from '../support/eventLogs.ts'

function recordsOf(path: string): (readonly [number, string])[] {
  const log = EventLog.open(path, { readOnly: true })
  const records = [...log.query()].map(({ recordNumber, time }) => [recordNumber, time] as const)
  log.close()
  return records
}

function expected(count: number, from = 0): (readonly [number, string])[] {
  return Array.from({ length: count }, (_, n) => [n + 1, sampleEvent(n + from).time.replace('Z', '0000Z')] as const)
}

/** A log whose directory is not there yet. */
function homelessPath(): string {
  return join(dirname(freshLogPath()), 'later', 'events.db')
}

test('writes what it is given', () => {
  const path = freshLogPath()
  const sink = eventLogSink(path)
  for (let n = 0; n < 5; n += 1) sink.write(sampleEvent(n))
  sink.close()
  expect(recordsOf(path)).toEqual(expected(5))
})

test('says that it cannot write, and writes all in order with their times when it can', () => {
  const path = homelessPath()
  const sink = eventLogSink(path)
  for (let n = 0; n < 3; n += 1) {
    expect(() => sink.write(sampleEvent(n))).toThrow(expect.objectContaining({ code: 'AUDIT_LOG_NOT_WRITTEN' }))
  }
  mkdirSync(dirname(path))
  sink.write(sampleEvent(3))
  sink.close()
  expect(recordsOf(path)).toEqual(expected(4))
})

test('tries again by itself', async () => {
  const path = homelessPath()
  const recovered = new Promise<number>((resolve) => {
    const sink = eventLogSink(path, {
      retrySeconds: 0.05,
      onRecovered: (events) => {
        sink.close()
        resolve(events)
      },
    })
    expect(() => sink.write(sampleEvent(0))).toThrow()
    mkdirSync(dirname(path))
  })
  // The timer does not keep a process alive.
  const alive = setInterval(() => {}, 1000)
  expect(await recovered).toBe(1)
  clearInterval(alive)
  expect(recordsOf(path)).toEqual(expected(1))
})

test('writes what waits when it is closed', () => {
  const path = homelessPath()
  const sink = eventLogSink(path)
  expect(() => sink.write(sampleEvent(0))).toThrow()
  mkdirSync(dirname(path))
  sink.close()
  expect(recordsOf(path)).toEqual(expected(1))
})

test('gives up the oldest when too many wait, and counts them', () => {
  const path = homelessPath()
  const sink = eventLogSink(path)
  let last: unknown
  for (let n = 0; n < 1005; n += 1) {
    try {
      sink.write(sampleEvent(n))
    } catch (error) {
      last = error
    }
  }
  expect((last as PolagentError).message).toContain('5 events are lost')
  mkdirSync(dirname(path))
  sink.close()
  expect(recordsOf(path)).toEqual(expected(1000, 5))
})

test('is not held up by an event without a proper time', () => {
  const path = freshLogPath()
  const sink = eventLogSink(path)
  sink.write({ id: 5463, fields: [], time: '' })
  sink.write(sampleEvent(1))
  sink.close()
  expect(recordsOf(path).length).toBe(2)
  rmSync(path)
})
