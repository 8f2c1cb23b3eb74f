import { describe, expect, it } from 'vitest'
import { PolagentError } from '../../../src/base/errors.ts'
import { type HiveReading, readHive, writeHive } from '../../../src/formats/regf/index.ts'
import { findSubkey, type RegistryKey } from '../../../src/policy/registryValue.ts'
import { HiveBuilder } from '../../support/hiveBuilder.ts'
import { codesOf, setU32 } from '../../support/hiveChecks.ts'
import { changedPages, joined, logEntry, logSector, oldLog, sealed, withSequence } from '../../support/hiveLogs.ts'
import { patterned } from '../../support/registryTrees.ts'
import { SeededRandom } from '../../support/seededRandom.ts'

const seed = 20_241_125

function keyOf(name: string, subkeys: readonly RegistryKey[] = []): RegistryKey {
  const values = [
    { name: '', type: 1, data: patterned(6) },
    { name: 'flag', type: 4, data: patterned(4) },
  ]
  return { name, values, subkeys, className: patterned(8) }
}

const tree: RegistryKey = {
  ...keyOf('ROOT', [keyOf('a', [keyOf('b', [keyOf('c')]), keyOf('日本')]), keyOf('d'), keyOf('e')]),
  values: [{ name: 'list', type: 3, data: patterned(100) }],
}
const small = writeHive(tree, { fileName: 'SOFTWARE' })
const withBigData = writeHive(
  { ...tree, values: [{ name: 'list', type: 3, data: patterned(17_000) }] },
  { fileName: 'SOFTWARE' },
)

/** Visits everything; whatever the bytes are, the answer is a tree or one of the errors of hives. */
function visit(bytes: Uint8Array, logs: readonly Uint8Array[] = []): HiveReading | undefined {
  try {
    const reading = readHive(bytes, logs)
    const { keys, values } = reading.walk()
    if (keys > bytes.length / 40 || values > bytes.length / 20) throw new Error(`${keys} keys, ${values} values`)
    return reading
  } catch (error) {
    if (error instanceof PolagentError && error.code.startsWith('HIVE_')) return undefined
    throw error
  }
}

/** One to four bytes changed: a bit, a byte, or a 32-bit field set to a number that hurts. */
function mutated(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  const copy = bytes.slice()
  const view = new DataView(copy.buffer)
  for (let changes = 1 + random.below(3); changes > 0; changes -= 1) {
    const at = random.below(copy.length)
    const kind = random.below(4)
    if (kind === 0) copy[at] = (copy[at] as number) ^ (1 << random.below(8))
    else if (kind === 1) copy[at] = random.below(256)
    else {
      const field = Math.min(at & ~3, copy.length - 4)
      const nearby = 32 + 8 * random.below(copy.length / 8)
      view.setUint32(field, random.pick([0xffff_ffff, 0, 0x7fff_ffff, 0x8000_0000, 0xffff_fff8, nearby, nearby]), true)
    }
  }
  return copy
}

describe('a hive that is cut', () => {
  it('at any byte is read as far as it goes', () => {
    for (let length = 0; length <= small.length; length += 1) visit(small.slice(0, length))
    expect(codesOf(visit(small)?.findings ?? [])).toEqual([])
  })

  it('at any 64 bytes of large data is read as far as it goes', () => {
    for (let length = 0; length <= withBigData.length; length += 64) visit(withBigData.slice(0, length))
  })
})

describe('a hive with changed bytes', () => {
  it(`is read or refused 100,000 times (seed ${seed})`, () => {
    const random = new SeededRandom(seed)
    let read = 0
    for (let i = 0; i < 100_000; i += 1) {
      const reading = visit(mutated(i % 10 === 0 ? withBigData : small, random))
      if (reading === undefined) continue
      read += 1
      if (i % 50 === 0) reading.orphans({ deleted: true })
      if (i % 50 === 0) rewrite(reading)
    }
    expect(read).toBeGreaterThan(90_000)
  })

  it('reads the same again after it was written', () => {
    const random = new SeededRandom(seed + 1)
    for (let i = 0; i < 2000; i += 1) {
      const reading = visit(mutated(small, random))
      const written = reading === undefined ? undefined : rewrite(reading)
      if (written === undefined) continue
      const again = readHive(written, [])
      again.walk()
      expect(again.findings.filter((finding) => finding.severity === 'error')).toEqual([])
      expect(writeHive(again.root, { fileName: '' })).toEqual(written)
    }
  })
})

function rewrite(reading: HiveReading): Uint8Array | undefined {
  try {
    return writeHive(reading.root, { fileName: '' })
  } catch (error) {
    if (error instanceof PolagentError && error.code === 'HIVE_UNWRITABLE') return undefined
    throw error
  }
}

describe('a log with changed bytes', () => {
  const before = withSequence(small, 11, 10, 5n)
  const after = withSequence(writeHive({ ...tree, name: 'LATER' }, { fileName: 'SOFTWARE' }), 11, 11, 5n)
  const binsSize = after.length - 4096
  const entry = logEntry(10, binsSize, changedPages(before, after, 512))
  const newLog = joined([logSector(before, 6, 10, binsSize), entry, logEntry(11, binsSize + 4096, [])])
  const old = oldLog(before, after, 11)

  it(`is used or refused 100,000 times (seed ${seed})`, () => {
    const random = new SeededRandom(seed)
    for (let i = 0; i < 100_000; i += 1) {
      const log = mutated(i % 2 === 0 ? newLog : old, random)
      // Every second one with right sums, so that what they guard is reached.
      if (i % 4 < 2) repair(log, i % 2 === 0)
      const reading = readHive(before, [log])
      expect(reading.info.binsSize).toBeLessThan(40_000_000)
    }
  })

  it('is used or refused when it is cut at any byte', () => {
    for (const log of [newLog, old]) {
      for (let length = 0; length < log.length; length += 1) visit(before, [log.slice(0, length)])
    }
  })

  function repair(log: Uint8Array, isNew: boolean): void {
    log.set(logSector(log, isNew ? 6 : 1, 11, new DataView(log.buffer).getUint32(40, true)))
    if (isNew) sealed(log.subarray(512, 512 + entry.length))
  }
})

/** Milliseconds of processor time of this thread. */
function cost(work: () => void): number {
  const start = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(start)
  return (user + system) / 1000
}

describe('a hive made to cost time or memory', () => {
  it('of zeros behind its first block is refused quickly', () => {
    const bytes = new Uint8Array(256 * 1_048_576)
    bytes.set(small.subarray(0, 512))
    expect(cost(() => expect(visit(setU32Here(bytes, 40, bytes.length - 4096))).toBeUndefined())).toBeLessThan(3000)
  })

  it('whose keys all name one list of values is read in linear time', () => {
    const builder = new HiveBuilder()
    const count = 20_000
    const root = builder.key({ name: 'ROOT', flags: 0x2c, subkeyCount: count })
    const value = builder.value('v', 0x8000_0004, 1)
    const list = builder.offsets(Array.from({ length: count }, () => value))
    const keys = Array.from({ length: count }, (_, i) =>
      builder.key({ name: `k${i}`, parent: root, valueCount: count, valueList: list }),
    )
    builder.patch(root, 28, builder.list('li', keys))
    const bytes = builder.finish(root)
    expect(cost(() => visit(bytes))).toBeLessThan(3000)
  })

  it('whose keys all name another parent with a long list is read in linear time', () => {
    const builder = new HiveBuilder()
    const count = 20_000
    const root = builder.key({ name: 'ROOT', flags: 0x2c, subkeyCount: count })
    const other = builder.key({ name: 'other', parent: root, subkeyCount: count })
    builder.patch(
      other,
      28,
      builder.list(
        'li',
        Array.from({ length: count }, () => root),
      ),
    )
    const keys = Array.from({ length: count }, (_, i) => builder.key({ name: `k${i}`, parent: other }))
    builder.patch(root, 28, builder.list('li', keys))
    const bytes = builder.finish(root)
    expect(cost(() => visit(bytes))).toBeLessThan(3000)
  })

  it('whose segments overlap makes no more data than the file is long', () => {
    const builder = new HiveBuilder()
    // A broken cell first, so that offsets behind it must do for themselves; then in-use cells every eight bytes.
    builder.cell(new Uint8Array(4))
    const count = 4000
    const area = new Uint8Array(8 * count + 17_000)
    const sizes = new DataView(area.buffer)
    for (let i = 0; i < count; i += 1) sizes.setInt32(8 * i + 4, -16_352, true)
    const start = builder.cell(area) + 8
    const root = builder.key({ name: 'ROOT', flags: 0x2c, valueCount: 100 })
    const values = Array.from({ length: 100 }, (_, v) => {
      const segments = Array.from({ length: 40 }, (_unused, i) => start + 8 * (40 * v + i))
      return builder.value(`v${v}`, 40 * 16_344, builder.bigData(40, builder.offsets(segments)))
    })
    builder.patch(root, 40, builder.offsets(values))
    const bytes = setU32(builder.finish(root), 4096 + 32, 0xffff_fff1)
    const reading = visit(bytes)
    const total = reading?.root.values.reduce((length, value) => length + value.data.length, 0) ?? 0
    expect(total).toBeGreaterThan(0)
    expect(total).toBeLessThanOrEqual(bytes.length)
  })

  it('whose paths are long tells findings with short ones', () => {
    const builder = new HiveBuilder()
    const root = builder.key({ name: 'ROOT', flags: 0x2c, subkeyCount: 1 })
    let parent = root
    for (let level = 1; level <= 400; level += 1) {
      const isLast = level === 400
      const key = builder.key({ name: 'n'.repeat(255), parent, subkeyCount: 1, valueCount: isLast ? 5000 : 0 })
      builder.patch(parent, 28, builder.list('li', [key]))
      parent = key
    }
    builder.patch(parent, 40, builder.offsets(Array.from({ length: 5000 }, () => 0x7fff_0000)))
    const reading = visit(builder.finish(root))
    const longest = Math.max(...(reading?.findings ?? []).map((finding) => finding.field?.length ?? 0))
    expect(longest).toBe(1025)
  })

  it('opens without being read: one key of a large hive costs little', () => {
    const wide = Array.from({ length: 60_000 }, (_, i) => keyOf(`class ${i}`))
    const bytes = writeHive(keyOf('ROOT', [keyOf('Classes', wide), keyOf('Policies')]), { fileName: 'SOFTWARE' })
    const whole = cost(() => visit(bytes))
    const one = cost(() => {
      for (let i = 0; i < 10; i += 1) {
        expect(findSubkey(readHive(bytes, []).root, 'Policies')?.values).toHaveLength(2)
      }
    })
    expect(one / 10).toBeLessThan(whole / 10)
  })
})

function setU32Here(bytes: Uint8Array, at: number, value: number): Uint8Array {
  new DataView(bytes.buffer).setUint32(at, value, true)
  return bytes
}
