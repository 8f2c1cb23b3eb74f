import { describe, expect, it } from 'vitest'
import { readHive, writeHive } from '../../../src/formats/regf/index.ts'
import { HiveBuilder } from '../../support/hiveBuilder.ts'
import { codesOfBuilt, readWhole } from '../../support/hiveChecks.ts'
import { patterned } from '../../support/registryTrees.ts'

const segment = 16_344

function hiveOf(data: Uint8Array, minorVersion: 3 | 4 | 5 | 6): Uint8Array {
  const root = { name: 'ROOT', values: [{ name: 'ipsecData', type: 3, data }], subkeys: [] }
  return writeHive(root, { fileName: '', minorVersion })
}

function countOf(bytes: Uint8Array, letters: string): number {
  let count = 0
  for (let at = 4096; at + 6 < bytes.length; at += 8) {
    if (bytes[at + 4] === letters.charCodeAt(0) && bytes[at + 5] === letters.charCodeAt(1)) count += 1
  }
  return count
}

/** A hive with one value of `length` bytes whose segments are given by their lengths; 0 = no cell. */
function segmented(length: number, segments: readonly number[], minor = 5): Uint8Array {
  const builder = new HiveBuilder()
  const root = builder.key({ name: 'ROOT', flags: 0x2c, valueCount: 1 })
  const data = patterned(length)
  let at = 0
  const cells = segments.map((size) => {
    const cell = size === 0 ? 4 : builder.cell(data.subarray(at, at + size), 4)
    at += segment
    return cell
  })
  const value = builder.value('v', length, builder.bigData(cells.length, builder.offsets(cells)))
  builder.patch(root, 40, builder.offsets([value]))
  return builder.finish(root, minor)
}

describe('data', () => {
  const lengths = [
    0,
    1,
    4,
    5,
    segment - 1,
    segment,
    segment + 1,
    2 * segment - 1,
    2 * segment,
    2 * segment + 1,
    100_000,
  ]

  it.each(lengths.flatMap((length) => ([3, 4, 5, 6] as const).map((minor) => ({ length, minor }))))(
    'of $length bytes is written and read in version 1.$minor',
    ({ length, minor }) => {
      const data = patterned(length)
      const bytes = hiveOf(data, minor)
      const reading = readWhole(bytes)
      expect(reading.root.values[0]?.data).toEqual(data)
      expect(reading.findings).toEqual([])
      expect(countOf(bytes, 'db')).toBe(minor > 3 && length > segment ? 1 : 0)
    },
  )

  it('that begins with "db" is not taken for segments', () => {
    const data = patterned(30_000)
    data.set([0x64, 0x62, 1, 0])
    for (const minor of [3, 5] as const) {
      expect(readHive(hiveOf(data, minor), []).root.values[0]?.data).toEqual(data)
    }
  })

  it('in one large cell is read in newer versions too, and reported', () => {
    const data = patterned(20_000)
    const bytes = hiveOf(data, 3)
    bytes[24] = 5
    const reading = readWhole(bytes)
    expect(reading.root.values[0]?.data).toEqual(data)
    expect(codesOfBuilt(reading)).toContain('HIVE_DATA_FORM')
  })

  it('in segments is read in version 1.3 too, and reported', () => {
    const reading = readWhole(segmented(20_000, [segment, 20_000 - segment], 3))
    expect(reading.root.values[0]?.data).toEqual(patterned(20_000))
    expect(codesOfBuilt(reading)).toEqual(['HIVE_DATA_FORM'])
  })

  it.each([
    ['the list of segments is too short', [segment, segment], 2 * segment],
    ['a segment in the middle is lost', [segment, 0, segment], segment],
    ['a segment is shorter than it should be', [segment, 80, segment], segment + 80],
  ])('is cut, and reported, when %s', (_, segments, kept) => {
    const length = 2 * segment + 500
    const reading = readWhole(segmented(length, segments))
    const data = reading.root.values[0]?.data as Uint8Array
    expect(data.length).toBeGreaterThanOrEqual(kept)
    expect(data.length).toBeLessThan(kept + 16)
    expect(data.subarray(0, kept)).toEqual(patterned(length).subarray(0, kept))
    expect(codesOfBuilt(reading)).toEqual(['HIVE_DATA_CUT'])
    expect(reading.findings.at(-1)).toMatchObject({ severity: 'error', win32: 1015 })
  })

  it('whose length is four billion costs no memory', () => {
    const builder = new HiveBuilder()
    const root = builder.key({ name: 'ROOT', flags: 0x2c, valueCount: 3 })
    const cell = builder.cell(new Uint8Array(20))
    const cells = [builder.cell(new Uint8Array(segment), 4)]
    const values = [
      builder.value('plain', 0x7fff_ffff, cell),
      builder.value('big', 0x7fff_ffff, builder.bigData(0xffff, builder.offsets(cells))),
      builder.value('inline', 0xffff_ffff, 0x0403_0201),
    ]
    builder.patch(root, 40, builder.offsets(values))
    const reading = readWhole(builder.finish(root))
    expect(reading.root.values.map((value) => value.data.length)).toEqual([20, segment, 4])
    expect(codesOfBuilt(reading)).toEqual(['HIVE_DATA_CUT', 'HIVE_DATA_CUT', 'HIVE_DATA_CUT'])
  })
})
