import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdtempSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EventLog, eventLogSink } from '../../src/audit/index.ts'
import { sampleEvent, sampleEvents } from '../support/eventLogs.ts'

const reader = join(import.meta.dirname, 'programs/readAsNobody.ts')

let directory = ''
let path = ''

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'polagent-adversity-'))
  path = join(directory, 'events.db')
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** Leaves no block free. */
function fillDisk(): string {
  const filler = join(directory, 'filler')
  for (let size = 1 << 20; size >= 512; size /= 2) {
    for (;;) {
      try {
        writeFileSync(filler, new Uint8Array(size), { flag: 'a' })
      } catch {
        break
      }
    }
  }
  return filler
}

describe('a full disk', () => {
  beforeEach(() => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', directory])
  })

  afterEach(() => {
    execFileSync('umount', [directory])
  })

  test('refuses an event with a code, loses none, and goes on when there is room', () => {
    const log = EventLog.open(path)
    let acknowledged = log.appendAll(sampleEvents(50)).length
    const filler = fillDisk()
    let refused: unknown
    for (let n = 0; n < 5000 && refused === undefined; n += 1) {
      try {
        acknowledged = log.append(sampleEvent(n)).recordNumber
      } catch (error) {
        refused = error
      }
    }
    expect(refused).toMatchObject({ name: 'PolagentError', code: 'AUDIT_DISK_FULL', win32: 112, exitStatus: 4 })
    expect(() => log.append(sampleEvent(0))).toThrow(expect.objectContaining({ code: 'AUDIT_DISK_FULL' }))
    // Reading goes on.
    expect(log.count()).toBe(acknowledged)
    unlinkSync(filler)
    expect(log.append(sampleEvent(1)).recordNumber).toBe(acknowledged + 1)
    expect([...log.query()].length).toBe(acknowledged + 1)
    log.close()
  })

  test('is told when a new log cannot be made', () => {
    fillDisk()
    expect(() => EventLog.open(path)).toThrow(expect.objectContaining({ code: 'AUDIT_DISK_FULL', win32: 112 }))
  })

  test('makes the sink keep events, in order, until there is room', () => {
    const sink = eventLogSink(path)
    sink.write(sampleEvent(0))
    const filler = fillDisk()
    let written = 1
    let failures = 0
    for (let n = 1; n < 5000 && failures < 20; n += 1) {
      try {
        sink.write(sampleEvent(n))
      } catch (error) {
        expect(error).toMatchObject({ code: 'AUDIT_DISK_FULL' })
        failures += 1
      }
      written = n + 1
    }
    expect(failures).toBe(20)
    unlinkSync(filler)
    sink.close()
    const log = EventLog.open(path, { readOnly: true })
    const times = [...log.query()].map(({ time }) => time)
    log.close()
    expect(times).toEqual(Array.from({ length: written }, (_, n) => sampleEvent(n).time.replace('Z', '0000Z')))
  })
})

/** What the reader says. */
function read(file = path): string {
  return execFileSync(process.execPath, [reader, file], { encoding: 'utf8' })
}

function letOthersRead(): void {
  chmodSync(directory, 0o755)
  for (const suffix of ['', '-wal', '-shm']) {
    if (statSync(path + suffix, { throwIfNoEntry: false }) !== undefined) chmodSync(path + suffix, 0o644)
  }
}

describe('a reader without rights on the directory', () => {
  test('reads a log that is at rest', () => {
    const log = EventLog.open(path)
    log.appendAll(sampleEvents(3))
    log.close()
    letOthersRead()
    expect(read()).toBe('1 2 3')
  })

  test('reads a log that is being written', () => {
    const log = EventLog.open(path)
    log.appendAll(sampleEvents(3))
    letOthersRead()
    expect(read()).toBe('1 2 3')
    log.append(sampleEvent(3))
    expect(read()).toBe('1 2 3 4')
    log.close()
  })

  test('reads a copy whose newest events are in the write-ahead file only', () => {
    const log = EventLog.open(path)
    log.appendAll(sampleEvents(3))
    const copy = join(directory, 'copy.db')
    copyFileSync(path, copy)
    copyFileSync(`${path}-wal`, `${copy}-wal`)
    log.close()
    chmodSync(directory, 0o755)
    chmodSync(copy, 0o644)
    chmodSync(`${copy}-wal`, 0o644)
    expect(read(copy)).toBe('1 2 3')
  })

  test('is refused with a code when the file is not for others', () => {
    const log = EventLog.open(path)
    log.append(sampleEvent(0))
    log.close()
    chmodSync(directory, 0o755)
    expect(read()).toBe('AUDIT_LOG_UNREADABLE 5')
    chmodSync(directory, 0o700)
    expect(read()).toBe('AUDIT_LOG_UNREADABLE 5')
  })
})

describe('xmllint', () => {
  test('accepts an export with any text, and reads the same from it', () => {
    const log = EventLog.open(path)
    const texts = ['<&>"\']]>', 'tab\tline\nreturn\r', 'control \u0001\u001f\0', 'lone \ud800', 'é 😀 \ufffe', '']
    log.appendAll(texts.map((text) => ({ id: 5461, fields: [text, '2'], time: '2024-05-06T07:08:09Z' })))
    log.close()
    const target = join(directory, 'events.xml')
    const program = join(import.meta.dirname, '../../src/cli/main.ts')
    execFileSync(process.execPath, [program, 'events', 'export', '--file', path, '-o', target], { stdio: 'pipe' })
    execFileSync('xmllint', ['--noout', target])
    const expected = [
      '<&>"\']]>',
      'tab\tline\nreturn\r',
      'control \ufffd\ufffd\ufffd',
      'lone \ufffd',
      'é 😀 \ufffd',
      '',
    ]
    expected.forEach((text, index) => {
      const query = `string((//*[local-name()="Data"][@Name="Policy"])[${index + 1}])`
      expect(execFileSync('xmllint', ['--xpath', query, target], { encoding: 'utf8' })).toBe(`${text}\n`)
    })
    const namespace = execFileSync('xmllint', ['--xpath', 'namespace-uri(//*[local-name()="System"])', target])
    expect(namespace.toString().trim()).toBe('http://schemas.microsoft.com/win/2004/08/events/event')
  })
})
