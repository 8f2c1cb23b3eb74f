import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { EventLog } from '../../src/audit/index.ts'
import { PolagentError } from '../../src/base/errors.ts'
import type { Finding } from '../../src/base/finding.ts'
import { SeededRandom } from '../support/seededRandom.ts'
import { freshLogPath, sampleEvent, sampleEvents } from '../support/eventLogs.ts'

function closedLog(path: string, count: number): void {
  const log = EventLog.open(path)
  log.appendAll(sampleEvents(count))
  log.close()
}

function asideFiles(path: string): string[] {
  return readdirSync(dirname(path)).filter((name) => name.startsWith(`${basename(path)}.damaged-`))
}

const damages: readonly (readonly [string, (path: string) => void])[] = [
  ['overwritten', (path) => writeFileSync(path, 'this is no database at all\n'.repeat(1000))],
  ['cut to half a page', (path) => truncateSync(path, 2048)],
  ['cut in the middle', (path) => truncateSync(path, 4096 * 3)],
  ['all zero', (path) => writeFileSync(path, new Uint8Array(readFileSync(path).length))],
  ['schema overwritten', (path) => writeFileSync(path, readFileSync(path).fill(0xff, 100, 4096))],
  ['tables overwritten', (path) => writeFileSync(path, readFileSync(path).fill(0x55, 4096))],
]

describe('a damaged log', () => {
  test.each(damages)('%s: is moved aside, a new one goes on with higher numbers', (_, damage) => {
    const path = freshLogPath()
    closedLog(path, 100)
    damage(path)
    const bytes = readFileSync(path)
    const findings: Finding[] = []
    const log = EventLog.open(path, { report: (finding) => findings.push(finding) })
    const record = log.append(sampleEvent(0))
    expect(record.recordNumber).toBeGreaterThan(100)
    expect(record.recordNumber).toBeLessThanOrEqual(2200)
    expect([...log.query()]).toEqual([record])
    log.close()
    expect(findings.map(({ code }) => code)).toEqual(['AUDIT_LOG_MOVED_ASIDE'])
    const [aside, ...more] = asideFiles(path)
    expect(more).toEqual([])
    expect(readFileSync(`${dirname(path)}/${aside}`)).toEqual(bytes)
    expect(findings[0]?.message).toContain(aside)
  })

  test('emptied: begins anew with higher numbers', () => {
    const path = freshLogPath()
    closedLog(path, 100)
    truncateSync(path, 0)
    const log = EventLog.open(path)
    expect(log.append(sampleEvent(0)).recordNumber).toBe(1101)
    log.close()
  })

  test('in use when the damage happens: the event is written nevertheless', () => {
    const path = freshLogPath()
    const log = EventLog.open(path)
    log.appendAll(sampleEvents(2000))
    // Empties the write-ahead file into the main one and lets go of it.
    const other = new DatabaseSync(path)
    other.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    other.close()
    writeFileSync(path, readFileSync(path).fill(0xa5, 4096))
    const record = log.append(sampleEvent(1))
    expect(record.recordNumber).toBeGreaterThan(2000)
    expect([...log.query({ after: 2000 })]).toEqual([record])
    log.close()
    expect(asideFiles(path).length).toBe(1)
  })

  test('without the file of numbers: goes on beyond what the damaged one can have held', () => {
    const path = freshLogPath()
    closedLog(path, 3000)
    rmSync(`${path}.numbers`)
    writeFileSync(path, readFileSync(path).fill(0, 0, 4096))
    const log = EventLog.open(path)
    expect(log.append(sampleEvent(0)).recordNumber).toBeGreaterThan(3000)
    log.close()
  })
})

describe('a log that vanished', () => {
  test('while it was closed: numbers go on', () => {
    const path = freshLogPath()
    closedLog(path, 10)
    rmSync(path)
    const log = EventLog.open(path)
    expect(log.append(sampleEvent(0)).recordNumber).toBe(1011)
    log.close()
  })

  test('while it was open: events go to a new file, and that is reported', () => {
    const path = freshLogPath()
    const findings: Finding[] = []
    const log = EventLog.open(path, { report: (finding) => findings.push(finding) })
    log.appendAll(sampleEvents(10))
    rmSync(path)
    const record = log.append(sampleEvent(0))
    expect(record.recordNumber).toBeGreaterThan(10)
    log.close()
    expect(findings.map(({ code }) => code)).toEqual(['AUDIT_LOG_REPLACED'])
    const reader = EventLog.open(path, { readOnly: true })
    expect([...reader.query()]).toEqual([record])
    reader.close()
  })

  test('for an old copy: numbers do not go back', () => {
    const path = freshLogPath()
    closedLog(path, 10)
    copyFileSync(path, `${path}.old`)
    closedLog(path, 5000)
    copyFileSync(`${path}.old`, path)
    const log = EventLog.open(path)
    expect(log.append(sampleEvent(0)).recordNumber).toBeGreaterThan(5010)
    log.close()
  })
})

describe('what is no log', () => {
  test.each([
    ['missing', () => {}, 'AUDIT_LOG_MISSING'],
    ['empty', (path: string) => writeFileSync(path, ''), 'AUDIT_LOG_MISSING'],
    ['a directory', (path: string) => mkdirSync(path), 'AUDIT_NOT_A_LOG'],
    ['text', (path: string) => writeFileSync(path, 'text'), 'AUDIT_NOT_A_LOG'],
    ['.evtx', (path: string) => writeFileSync(path, `ElfFile\0${'\0'.repeat(5000)}`), 'AUDIT_NOT_A_LOG'],
    ['another database', anotherDatabase, 'AUDIT_NOT_A_LOG'],
    ['a newer log', newerLog, 'AUDIT_LOG_NEWER'],
    ['a truncated log', (path: string) => (closedLog(path, 50), truncateSync(path, 5000)), 'AUDIT_LOG_DAMAGED'],
  ] as const)('%s: is refused for reading', (_, make, code) => {
    const path = freshLogPath()
    make(path)
    const read = (): unknown => {
      const log = EventLog.open(path, { readOnly: true })
      try {
        return [...log.query()]
      } finally {
        log.close()
      }
    }
    expect(read).toThrow(expect.objectContaining({ name: 'PolagentError', code, exitStatus: 3 }))
  })

  test.each([
    ['another database', anotherDatabase, 'AUDIT_NOT_A_LOG'],
    ['a newer log', newerLog, 'AUDIT_LOG_NEWER'],
  ] as const)('%s: is not moved aside for writing either', (_, make, code) => {
    const path = freshLogPath()
    make(path)
    expect(() => EventLog.open(path)).toThrow(expect.objectContaining({ code }))
    expect(asideFiles(path)).toEqual([])
  })

  test('a path that leads nowhere is named for writing', () => {
    const path = `${freshLogPath()}/no/such/directory/events.db`
    expect(() => EventLog.open(path)).toThrow(expect.objectContaining({ code: 'AUDIT_LOG_NOT_WRITTEN', win32: 3 }))
  })
})

function anotherDatabase(path: string): void {
  const database = new DatabaseSync(path)
  database.exec('CREATE TABLE event (record INTEGER PRIMARY KEY)')
  database.close()
}

function newerLog(path: string): void {
  closedLog(path, 3)
  const database = new DatabaseSync(path)
  database.exec('PRAGMA user_version = 99')
  database.close()
}

describe('random damage', () => {
  test('gives records or a named failure, and the writer goes on', () => {
    const source = freshLogPath()
    closedLog(source, 300)
    const bytes = readFileSync(source)
    const path = `${source}.copy`
    const random = new SeededRandom(20_240_506)
    const outcomes = { whole: 0, refused: 0 }
    for (let round = 0; round < 1500; round += 1) {
      const damaged = Uint8Array.from(bytes)
      const flips = 1 + random.below(4)
      for (let flip = 0; flip < flips; flip += 1) damaged[random.below(damaged.length)] = random.below(256)
      writeFileSync(path, damaged)
      try {
        const log = EventLog.open(path, { readOnly: true })
        try {
          for (const record of log.query()) expect(record.fields.every((field) => typeof field === 'string')).toBe(true)
          outcomes.whole += 1
        } finally {
          log.close()
        }
      } catch (error) {
        if (!(error instanceof PolagentError)) throw error
        expect(error.exitStatus).toBe(3)
        outcomes.refused += 1
      }
      if (round % 30 === 0) {
        copyFileSync(`${source}.numbers`, `${path}.numbers`)
        try {
          const log = EventLog.open(path)
          expect(log.append(sampleEvent(0)).recordNumber).toBeGreaterThan(300)
          log.close()
        } catch (error) {
          // The bytes that say whose database it is, and of which version.
          expect(error).toMatchObject({ code: expect.stringMatching(/^AUDIT_(NOT_A_LOG|LOG_NEWER)$/) })
        }
        for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
      }
    }
    expect(outcomes.whole).toBeGreaterThan(100)
    expect(outcomes.refused).toBeGreaterThan(20)
  })
})
