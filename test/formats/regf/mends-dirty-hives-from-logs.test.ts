import { describe, expect, it } from 'vitest'
import { readHive, writeHive } from '../../../src/formats/regf/index.ts'
import { marvin32 } from '../../../src/formats/regf/marvin32.ts'
import type { RegistryKey } from '../../../src/policy/registryValue.ts'
import { codesOf, readWhole, setU32 } from '../../support/hiveChecks.ts'
import { changedPages, joined, logEntry, logSector, oldLog, sealed, withSequence } from '../../support/hiveLogs.ts'
import { patterned, plainKey } from '../../support/registryTrees.ts'

const fileName = 'SOFTWARE'

/** States of one hive, each larger than the one before. */
function state(step: number): Uint8Array {
  const subkeys = Array.from({ length: step * 40 }, (_, i): RegistryKey => {
    return { name: `key ${i}`, values: [{ name: 'v', type: 3, data: patterned(200 + step) }], subkeys: [] }
  })
  return writeHive({ name: 'ROOT', values: [], subkeys }, { fileName, lastWritten: BigInt(step) })
}

const states = [1, 2, 3, 4].map(state)
const [first, second, third, fourth] = states as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]

function binsSize(hive: Uint8Array): number {
  return hive.length - 4096
}

/** Entry `sequence` leads from one state to the next. */
function entryBetween(before: Uint8Array, after: Uint8Array, sequence: number): Uint8Array {
  return logEntry(sequence, binsSize(after), changedPages(before, after))
}

const entry10 = entryBetween(first, second, 10)
const entry11 = entryBetween(second, third, 11)
const entry12 = entryBetween(third, fourth, 12)
const dirty = withSequence(first, 11, 10)

function newLog(sequence: number, entries: readonly Uint8Array[], hive = first): Uint8Array {
  return joined([logSector(hive, 6, sequence, binsSize(hive)), ...entries])
}

function same(bytes: Uint8Array, logs: readonly Uint8Array[], expected: Uint8Array): void {
  expect(plainKey(readHive(bytes, logs).root)).toEqual(plainKey(readHive(expected, []).root))
}

describe('Marvin32', () => {
  // Test vectors of the .NET runtime (MarvinTests.cs): both words folded into one.
  const seedOne = 0x4f_b61a_001b_dbccn
  const seedTwo = 0x80_4f_b61a_001b_dbccn
  const seedThree = 0x80_4f_b61a_801b_dbccn

  it.each([
    [seedOne, '', 0x3020_09bc],
    [seedOne, 'af', 0x3592_e206],
    [seedOne, 'e70f', 0xfdab_5e04],
    [seedOne, '37f495', 0x6b3c_8b90],
    [seedOne, '8642dc59', 0x0e94_07be],
    [seedOne, '153fb79826', 0x446f_25fa],
    [seedOne, '0932e6246c47', 0x31a6_ff7a],
    [seedOne, 'ab427ea8d10fc7', 0x117f_cba5],
    [seedTwo, '', 0x89c6_038e],
    [seedTwo, 'af', 0xfe2e_a000],
    [seedTwo, 'e70f', 0x7bdf_321b],
    [seedTwo, 'ab427ea8d10fc7', 0x5826_b7ce],
    [seedThree, '00', 0x8db5_50b6],
    [seedThree, '00ff00ff', 0xfd4f_8bb3],
    [seedThree, 'ff00ff00ff00ff', 0xe0c1_ffff],
  ])('with seed %i of "%s" is as published', (seed, hex, expected) => {
    const bytes = Uint8Array.from(Buffer.from(hex, 'hex'))
    const [low, high] = marvin32(bytes, 0, bytes.length, Number(seed & 0xffff_ffffn), Number(seed >> 32n))
    expect((low ^ high) >>> 0).toBe(expected)
  })
})

describe('a dirty hive with new logs', () => {
  it('gets the changes of one log, in order, and grows', () => {
    const reading = readWhole(dirty, [newLog(10, [entry10, entry11, entry12])])
    expect(plainKey(reading.root)).toEqual(plainKey(readHive(fourth, []).root))
    expect(reading.info.logs).toEqual([
      expect.objectContaining({ index: 0, format: 'new', entries: 3, lastSequence: 12 }),
    ])
    expect(reading.info.wasDirty).toBe(true)
    expect(codesOf(reading.findings)).toEqual(['HIVE_LOG_APPLIED'])
    expect(reading.findings[0]?.severity).toBe('info')
  })

  it('gets the changes of two logs, whichever holds the earlier ones', () => {
    const earlier = newLog(10, [entry10])
    const later = newLog(11, [entry11, entry12])
    for (const logs of [
      [earlier, later],
      [later, earlier],
    ]) {
      same(dirty, logs, fourth)
      expect(readHive(dirty, logs).info.logs.map((log) => log.lastSequence)).toEqual([10, 12])
    }
  })

  it('ignores what an earlier use left behind the entries', () => {
    const reading = readWhole(dirty, [newLog(10, [entry10, entryBetween(first, second, 7)])])
    expect(plainKey(reading.root)).toEqual(plainKey(readHive(second, []).root))
    expect(codesOf(reading.findings)).toEqual(['HIVE_LOG_APPLIED'])
  })

  it('skips entries it already has', () => {
    same(withSequence(second, 12, 11), [newLog(10, [entry10, entry11])], third)
  })

  it('ignores an empty log, and one of zeros, without a word', () => {
    const reading = readWhole(dirty, [new Uint8Array(0), new Uint8Array(8192), newLog(10, [entry10])])
    expect(codesOf(reading.findings)).toEqual(['HIVE_LOG_APPLIED'])
    expect(reading.info.logs[0]?.index).toBe(2)
  })

  it.each([
    ['the hash of its header', (entry: Uint8Array) => setU32(entry, 32, 1)],
    ['the hash of its pages', (entry: Uint8Array) => entry.map((byte, i) => (i === 600 ? byte ^ 1 : byte))],
    ['its length', (entry: Uint8Array) => sealed(setU32(entry, 4, 0xffff_fe00))],
    ['the size of the hive', (entry: Uint8Array) => sealed(setU32(entry, 16, 0x7fff_f000))],
    ['the number of its pages', (entry: Uint8Array) => sealed(setU32(entry, 20, 0xffff_ffff))],
    ['the length of a page', (entry: Uint8Array) => sealed(setU32(entry, 44, 0xffff_f000))],
    ['the place of a page', (entry: Uint8Array) => sealed(setU32(entry, 40, 0x7fff_f000))],
  ])('stops before an entry when %s is wrong, and says so', (_, damage) => {
    const reading = readWhole(dirty, [newLog(10, [entry10, damage(entry11), entry12])])
    expect(plainKey(reading.root)).toEqual(plainKey(readHive(second, []).root))
    expect(codesOf(reading.findings)).toEqual(['HIVE_LOG_ENDED', 'HIVE_LOG_APPLIED'])
    expect(reading.findings[0]?.offset).toBe(512 + entry10.length)
  })

  it('stops at a gap between two logs, and says so', () => {
    const reading = readWhole(dirty, [newLog(12, [entry12]), newLog(10, [entry10])])
    expect(plainKey(reading.root)).toEqual(plainKey(readHive(second, []).root))
    expect(codesOf(reading.findings)).toEqual(['HIVE_LOG_ENDED', 'HIVE_LOG_APPLIED'])
  })

  it('with a damaged base block uses the newest log alone, and takes the base block from it', () => {
    for (const damage of [(hive: Uint8Array) => setU32(hive, 36, 0xffff_ffff), zeroedBase]) {
      const broken = damage(withSequence(second, 12, 11))
      const reading = readWhole(broken, [newLog(11, [entry11, entry12], second), newLog(9, [logEntry(9, 4096, [])])])
      expect(plainKey(reading.root)).toEqual(plainKey(readHive(fourth, []).root))
      expect(reading.info.fileName).toBe(fileName)
      expect(codesOf(reading.findings)).toEqual(['HIVE_LOG_APPLIED'])
    }
  })

  it('with base block and first bin damaged takes both from the log', () => {
    const broken = withSequence(second, 11, 10).fill(0, 0, 8192)
    const reading = readWhole(broken, [newLog(11, [entryBetween(broken, third, 11)], second)])
    expect(plainKey(reading.root)).toEqual(plainKey(readHive(third, []).root))
    expect(codesOf(reading.findings)).toEqual(['HIVE_LOG_APPLIED'])
  })

  it('is read as it is when nothing would be left with the changes', () => {
    const nothing = logEntry(10, 4096, [{ offset: 0, bytes: new Uint8Array(4096) }])
    const reading = readWhole(dirty, [newLog(10, [nothing])])
    expect(codesOf(reading.findings)).toEqual(['HIVE_LOG_UNUSABLE', 'HIVE_DIRTY'])
    expect(plainKey(reading.root)).toEqual(plainKey(readHive(first, []).root))
    expect(reading.info.logs).toEqual([])
  })

  it('does not change the bytes it was given', () => {
    const hive = dirty.slice()
    readHive(hive, [newLog(10, [entry10])])
    expect(hive).toEqual(dirty)
  })
})

describe('a dirty hive with an old log', () => {
  const begun = withSequence(first, 5, 4, 77n)
  const done = withSequence(second, 5, 5, 77n)

  it.each([1, 2])('of type %d gets its pages, and grows', (fileType) => {
    const reading = readWhole(begun, [oldLog(first, done, 5, fileType)])
    expect(plainKey(reading.root)).toEqual(plainKey(readHive(second, []).root))
    expect(reading.info.logs).toEqual([expect.objectContaining({ format: 'old', entries: 1, lastSequence: 5 })])
    expect(codesOf(reading.findings)).toEqual(['HIVE_LOG_APPLIED'])
  })

  it('of another time is read as it is, and the log is named', () => {
    const reading = readWhole(begun, [oldLog(first, withSequence(second, 5, 5, 78n), 5)])
    expect(plainKey(reading.root)).toEqual(plainKey(readHive(first, []).root))
    expect(codesOf(reading.findings)).toEqual(['HIVE_LOG_FOREIGN', 'HIVE_DIRTY'])
  })

  it('takes the newer of two that fit', () => {
    const logs = [oldLog(first, done, 5), oldLog(first, withSequence(third, 6, 6, 77n), 6)]
    same(begun, logs, third)
    same(begun, logs.toReversed(), third)
  })

  it('with a wrong checksum takes the base block from the log', () => {
    const broken = setU32(begun, 36, 0x1234)
    const reading = readWhole(broken, [oldLog(first, done, 5)])
    expect(plainKey(reading.root)).toEqual(plainKey(readHive(second, []).root))
    expect(reading.info.fileName).toBe(fileName)
  })

  it('does not use a log in which a bin is damaged', () => {
    const log = oldLog(first, done, 5)
    const page = log.findIndex((_, i) => i % 512 === 0 && log.subarray(i, i + 4).join() === '104,98,105,110')
    const reading = readWhole(begun, [setU32(log, page + 4, 8)])
    expect(codesOf(reading.findings)).toEqual(['HIVE_LOG_UNUSABLE', 'HIVE_DIRTY'])
    expect(plainKey(reading.root)).toEqual(plainKey(readHive(first, []).root))
  })

  it('with pages cut off does not use the log', () => {
    const log = oldLog(first, done, 5)
    const reading = readWhole(begun, [log.subarray(0, log.length - 100)])
    expect(codesOf(reading.findings)).toEqual(['HIVE_LOG_UNUSABLE', 'HIVE_DIRTY'])
    expect(reading.findings[0]?.message).toMatch(/ends within its changed pages/)
  })
})

describe('a dirty hive without a usable log', () => {
  it('is read as it is, with a warning', () => {
    const reading = readWhole(dirty)
    expect(plainKey(reading.root)).toEqual(plainKey(readHive(first, []).root))
    expect(reading.findings).toEqual([expect.objectContaining({ code: 'HIVE_DIRTY', severity: 'warning', offset: 4 })])
  })

  it.each([
    ['text', Uint8Array.from(Buffer.from('no log at all')), 'HIVE_LOG_UNUSABLE'],
    ['a wrong checksum', setU32(newLog(10, [entry10]), 508, 7), 'HIVE_LOG_UNUSABLE'],
    ['being written', withSequence(newLog(10, [entry10]), 11, 10), 'HIVE_LOG_UNUSABLE'],
    ['a hive', first, 'HIVE_LOG_UNUSABLE'],
    ['older entries only', newLog(3, [entryBetween(first, second, 3)]), 'HIVE_LOG_STALE'],
    [
      'another hive',
      newLog(10, [entry10], writeHive({ name: 'R', values: [], subkeys: [] }, { fileName: 'SAM' })),
      'HIVE_LOG_FOREIGN',
    ],
  ])('names the log: %s', (_, log, code) => {
    expect(codesOf(readWhole(dirty, [log]).findings)).toEqual([code, 'HIVE_DIRTY'])
  })
})

describe('a clean hive', () => {
  it('ignores its logs', () => {
    const reading = readWhole(withSequence(second, 12, 12), [newLog(10, [entry10, entry11])])
    expect(plainKey(reading.root)).toEqual(plainKey(readHive(second, []).root))
    expect(reading.findings).toEqual([])
  })

  it('tells when they are newer than itself', () => {
    const reading = readWhole(withSequence(first, 5, 5), [newLog(10, [entry10, entry11])])
    expect(plainKey(reading.root)).toEqual(plainKey(readHive(first, []).root))
    expect(codesOf(reading.findings)).toEqual(['HIVE_LOG_IGNORED'])
  })
})

function zeroedBase(hive: Uint8Array): Uint8Array {
  return hive.slice().fill(0, 0, 4096)
}
