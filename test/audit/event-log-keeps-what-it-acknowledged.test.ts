import { statSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EventLog } from '../../src/audit/index.ts'
import { PolagentError } from '../../src/base/errors.ts'
import { ticksOfIsoTime } from '../../src/events/eventTime.ts'
import { freshLogPath, sampleEvent, sampleEvents } from '../support/eventLogs.ts'

describe('event log', () => {
  test('gives back what was appended, with header facts and origin', () => {
    const path = freshLogPath()
    const log = EventLog.open(path, { computer: 'host.example', processId: 42 })
    const record = log.append({ id: 5461, fields: ['Servers', '1009'], time: '2024-05-06T07:08:09.1234567Z' })
    expect(record).toEqual({
      recordNumber: 1,
      id: 5461,
      version: 0,
      time: '2024-05-06T07:08:09.1234567Z',
      level: 0,
      opcode: 0,
      task: 13572,
      keywords: '0x8010000000000000',
      computer: 'host.example',
      processId: 42,
      threadId: 42,
      fields: ['Servers', '1009'],
    })
    log.close()
    const again = EventLog.open(path, { readOnly: true })
    expect([...again.query()]).toEqual([record])
    again.close()
  })

  test('numbers records across openings without gap or repetition', () => {
    const path = freshLogPath()
    const given: number[] = []
    for (let opening = 0; opening < 5; opening += 1) {
      const log = EventLog.open(path)
      for (const event of sampleEvents(3)) given.push(log.append(event).recordNumber)
      given.push(...log.appendAll(sampleEvents(4)).map(({ recordNumber }) => recordNumber))
      log.close()
    }
    expect(given).toEqual(Array.from({ length: 35 }, (_, index) => index + 1))
  })

  test('lets two writers take turns', () => {
    const path = freshLogPath()
    const one = EventLog.open(path, { processId: 1 })
    const two = EventLog.open(path, { processId: 2 })
    for (let n = 0; n < 20; n += 1) (n % 2 === 0 ? one : two).append(sampleEvent(n))
    expect([...two.query()].map(({ recordNumber, processId }) => [recordNumber, processId])).toEqual(
      Array.from({ length: 20 }, (_, n) => [n + 1, (n % 2) + 1]),
    )
    one.close()
    two.close()
  })

  test('adds all of a batch or none', () => {
    const log = EventLog.open(freshLogPath())
    log.append(sampleEvent(0))
    expect(() => log.appendAll([sampleEvent(1), { id: 1, fields: [], time: 'never' }])).toThrow(PolagentError)
    expect(log.count()).toBe(1)
    expect(log.append(sampleEvent(2)).recordNumber).toBe(2)
    expect(log.appendAll([])).toEqual([])
    log.close()
  })

  test('keeps any text', () => {
    const log = EventLog.open(freshLogPath())
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), (fields) => {
        const { recordNumber } = log.append({ id: 5477, fields, time: '2024-01-01T00:00:00Z' })
        expect([...log.query({ after: recordNumber - 1 })].map((record) => record.fields)).toEqual([fields])
      }),
      { numRuns: 300 },
    )
    const odd = ['\ud800', '\0', '', '"\\', '😀']
    const { recordNumber } = log.append({ id: 1, fields: odd, time: '2024-01-01T00:00:00Z' })
    expect([...log.query({ after: recordNumber - 1 })][0]?.fields).toEqual(odd)
    log.close()
  })

  test('is readable by its owner only, and so are the files beside it', () => {
    const path = freshLogPath()
    const log = EventLog.open(path)
    log.append(sampleEvent(0))
    for (const suffix of ['', '-wal', '-shm', '.numbers']) {
      expect((statSync(path + suffix).mode & 0o777).toString(8), suffix).toBe('600')
    }
    log.close()
  })

  test('that was opened for reading is not written', () => {
    const path = freshLogPath()
    EventLog.open(path).close()
    const log = EventLog.open(path, { readOnly: true })
    expect(() => log.append(sampleEvent(0))).toThrow(expect.objectContaining({ code: 'AUDIT_LOG_NOT_WRITTEN' }))
    log.close()
  })
})

function numbers(found: Iterable<{ readonly recordNumber: number }>): number[] {
  return [...found].map(({ recordNumber }) => recordNumber)
}

describe('query', () => {
  const events = sampleEvents(80)

  function filled(): EventLog {
    const log = EventLog.open(freshLogPath())
    log.appendAll(events)
    return log
  }

  test.each([
    [{}, (n: number) => n >= 0],
    [{ ids: [5461, 5462] }, (n: number) => n % 8 === 4 || n % 8 === 6],
    [{ ids: [] }, () => false],
    [{ ids: Array.from({ length: 65_536 }, (_, id) => id) }, () => true],
    [{ result: 'failure' as const }, (n: number) => [4, 5, 6].includes(n % 8)],
    [{ after: 70 }, (n: number) => n >= 70],
    [{ since: ticksOfIsoTime('2024-01-01T00:00:10Z') as bigint }, (n: number) => n >= 10],
    [{ until: ticksOfIsoTime('2024-01-01T00:00:10Z') as bigint }, (n: number) => n <= 10],
    [{ where: ({ fields }: { fields: readonly string[] }) => fields[0] === 'policy 9' }, (n: number) => n === 9],
  ])('%#', (query, isWanted) => {
    const log = filled()
    const wanted = events.flatMap((_, n) => (isWanted(n) ? [n + 1] : []))
    expect(numbers(log.query(query))).toEqual(wanted)
    expect(numbers(log.query({ ...query, order: 'newest-first' }))).toEqual(wanted.toReversed())
    expect(numbers(log.query({ ...query, limit: 2 }))).toEqual(wanted.slice(0, 2))
    expect(numbers(log.query({ ...query, limit: 2, order: 'newest-first' }))).toEqual(wanted.toReversed().slice(0, 2))
    expect(numbers(log.query({ ...query, limit: 0 }))).toEqual([])
    if (!('where' in query)) expect(log.count(query)).toBe(wanted.length)
    log.close()
  })

  test('reads the log as it was when it began', () => {
    const log = filled()
    const reading = log.query()
    reading.next()
    const other = EventLog.open(log.path)
    other.append(sampleEvent(0))
    expect([...reading].length).toBe(79)
    expect(log.lastRecordNumber()).toBe(81)
    other.close()
    log.close()
  })

  test('that is left early does not hold the log', () => {
    const log = filled()
    for (const record of log.query()) if (record.recordNumber === 3) break
    expect(log.append(sampleEvent(0)).recordNumber).toBe(81)
    log.close()
  })
})
