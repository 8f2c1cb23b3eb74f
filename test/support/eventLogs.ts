import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { EventInput } from '../../src/events/eventRecord.ts'

/** Path of a log in a directory of its own, which goes with the test. */
export function freshLogPath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'polagent-events-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return join(directory, 'events.db')
}

/** The nth of a series of events, a second apart. */
export function sampleEvent(n: number): EventInput {
  const ids = [5478, 5471, 5460, 5463, 5461, 5477, 5462, 5479]
  const id = ids[n % ids.length] as number
  const fields = id === 5461 || id === 5462 ? [`policy ${n}`, '13'] : id === 5460 || id === 5471 ? [`policy ${n}`] : []
  return { id, fields, time: new Date(Date.UTC(2024, 0, 1) + n * 1000).toISOString() }
}

export function sampleEvents(count: number, from = 0): EventInput[] {
  return Array.from({ length: count }, (_, index) => sampleEvent(from + index))
}
