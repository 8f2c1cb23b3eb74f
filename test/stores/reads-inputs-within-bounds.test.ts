import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PolagentError } from '../../src/base/errors.ts'
import { prefixLength, readHiveLogs, readInputFile, readInputStream } from '../../src/stores/inputFile.ts'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'polagent-input-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(directory, name)
  writeFileSync(path, bytes)
  return path
}

function errorOf(work: () => unknown): PolagentError {
  try {
    work()
  } catch (error) {
    if (error instanceof PolagentError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

function codeFor(path: string): string {
  return errorOf(() => readInputFile(path, () => 1)).code
}

function* endless(): Generator<Uint8Array> {
  for (;;) yield new Uint8Array(65_536)
}

function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index % 251)
}

describe('a file', () => {
  test.each([0, 1, prefixLength - 1, prefixLength, prefixLength + 1, 3 * prefixLength])(
    'of %d bytes is read whole',
    (length) => {
      const bytes = pattern(length)
      const seen: { length: number; isWhole: boolean }[] = []
      const read = readInputFile(file(`whole-${length}`, bytes), (prefix, isWhole) => {
        seen.push({ length: prefix.length, isWhole })
        return 1_000_000
      })
      expect(Buffer.compare(read, bytes)).toBe(0)
      expect(seen).toEqual([{ length: Math.min(length, prefixLength), isWhole: length < prefixLength }])
    },
  )

  test('that is garbage is not read beyond its prefix', () => {
    const path = file('zeros', '')
    truncateSync(path, 1_073_741_824)
    const before = process.memoryUsage().arrayBuffers
    const error = errorOf(() =>
      readInputFile(path, () => {
        throw new PolagentError('INPUT_UNRECOGNISED')
      }),
    )
    expect(error).toMatchObject({ code: 'INPUT_UNRECOGNISED', place: { file: path } })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000)
  })

  test('larger than its format may be is refused before it is read', () => {
    const path = file('large', '')
    truncateSync(path, 1_073_741_824)
    expect(errorOf(() => readInputFile(path, () => 1_048_576))).toMatchObject({
      code: 'INPUT_TOO_LARGE',
      exitStatus: 3,
      what: '1024 MB, at most 1 MB',
    })
  })

  test('whose size the system does not know is read to its end', () => {
    const text = new TextDecoder().decode(readInputFile('/proc/self/status', () => 1_000_000))
    expect(text).toMatch(/^Name:/)
  })

  test('that is missing, a directory or a device says so', () => {
    mkdirSync(join(directory, 'folder'))
    symlinkSync('nowhere', join(directory, 'dangling'))
    expect(codeFor(join(directory, 'missing'))).toBe('INPUT_UNREADABLE')
    expect(codeFor(join(directory, 'dangling'))).toBe('INPUT_UNREADABLE')
    expect(codeFor(join(directory, 'folder'))).toBe('INPUT_NOT_A_FILE')
    expect(codeFor('/dev/zero')).toBe('INPUT_NOT_A_FILE')
  })
})

describe('a stream', () => {
  test('in pieces of any size is read whole, and judged once', async () => {
    const bytes = pattern(200_000)
    for (const size of [1000, 65_536, 200_000]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      )
      let judged = 0
      const read = await readInputStream(Readable.from(pieces), 'standard input', (prefix) => {
        judged += 1
        expect(prefix).toHaveLength(prefixLength)
        return 1_000_000
      })
      expect(Buffer.compare(read, bytes)).toBe(0)
      expect(judged).toBe(1)
    }
  })

  test('that never ends is left at the limit', async () => {
    await expect(readInputStream(Readable.from(endless()), 'standard input', () => 1_000_000)).rejects.toMatchObject({
      code: 'INPUT_TOO_LARGE',
      place: { file: 'standard input' },
    })
  })
})

test('transaction logs beside a hive are found in any case and given in order', () => {
  const hive = file('Software', 'x')
  file('SOFTWARE.LOG2', '2')
  file('software.Log1', '1')
  file('software.sav', 's')
  expect(readHiveLogs(hive, 100).map((bytes) => new TextDecoder().decode(bytes))).toEqual(['1', '2'])
})
