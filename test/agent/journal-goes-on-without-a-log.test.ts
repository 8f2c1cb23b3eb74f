import { expect, test } from 'vitest'
import { PolagentError } from '../../src/base/errors.ts'
import { Journal } from '../../src/agent/journal.ts'
import type { WrittenEvent } from '../../src/agent/eventSink.ts'

function journal(): {
  journal: Journal
  written: WrittenEvent[]
  notes: string[]
  fail: (error?: Error) => void
  recover: () => void
} {
  const written: WrittenEvent[] = []
  const notes: string[] = []
  let failure: Error | undefined
  const sink: { recovered?: () => void } = {}
  const made = new Journal({
    openSink: (onRecovered) => {
      sink.recovered = onRecovered
      return {
        write: (event) => {
          if (failure !== undefined) throw failure
          written.push(event)
        },
        close: () => {},
      }
    },
    now: () => '2024-05-06T07:08:09.123Z',
    note: (text) => notes.push(text),
  })
  return {
    journal: made,
    written,
    notes,
    fail: (error) => {
      failure = error
    },
    recover: () => sink.recovered?.(),
  }
}

const event = { id: 5463, fields: [] }

test('each event is written with its time, and told to listeners', () => {
  const { journal: one, written } = journal()
  const told: WrittenEvent[] = []
  one.listen((heard) => told.push(heard))
  one.write(event)
  expect(written).toEqual([{ ...event, time: '2024-05-06T07:08:09.123Z' }])
  expect(told).toEqual(written)
})

test('when the log cannot be written that is an event of its own, once', () => {
  const { journal: one, fail } = journal()
  const told: string[] = []
  one.listen(({ id, fields }) => told.push([id, ...fields].join(' ')))
  fail(new PolagentError('AUDIT_DISK_FULL'))
  one.write(event)
  one.write(event)
  expect(told).toHaveLength(3)
  expect(told[1]).toMatch(/^4712 .*disk is full.*112/)
  expect(one.failure).toMatchObject({ win32: 112, waiting: 3 })
})

test('with the next event that can be written, and when the sink has caught up, it is over', () => {
  const { journal: one, fail, recover, notes } = journal()
  fail(new Error('gone'))
  one.write(event)
  fail(undefined)
  one.write(event)
  expect(one.failure).toBeUndefined()
  fail(new Error('gone again'))
  one.write(event)
  expect(one.failure).toBeDefined()
  recover()
  expect(one.failure).toBeUndefined()
  expect(notes).toHaveLength(1)
})

test('the last fifty are kept for status', () => {
  const { journal: one } = journal()
  for (let id = 1; id <= 80; id += 1) one.write({ id, fields: [] })
  expect(one.lastEvents.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, n) => n + 31))
})
