import { describe, expect, it } from 'vitest'
import { PolagentError } from '../../../src/base/errors.ts'
import { hiveFindingTable, type HiveReading, isHive, readHive, writeHive } from '../../../src/formats/regf/index.ts'
import { findSubkey, type RegistryKey, type RegistryValue } from '../../../src/policy/registryValue.ts'
import { HiveBuilder } from '../../support/hiveBuilder.ts'
import { codesOf, codesOfBuilt, namesOf, readWhole, setU16, setU32 } from '../../support/hiveChecks.ts'
import { patterned, plainKey } from '../../support/registryTrees.ts'

function keyOf(name: string, subkeys: readonly RegistryKey[] = [], size = 8): RegistryKey {
  return { name, values: [{ name: 'v', type: 3, data: patterned(size) }], subkeys }
}

/** A hive of several bins: three levels, and data that fills pages. */
const tree = keyOf('ROOT', [
  keyOf('Classes', [keyOf('.txt'), keyOf('.zip')]),
  keyOf('Policies', [
    keyOf('IPSec', [
      keyOf('ipsecFilter{1}', [], 3000),
      keyOf('ipsecNFA{2}', [], 3000),
      keyOf('ipsecPolicy{3}', [], 3000),
    ]),
  ]),
])
const whole = writeHive(tree, { fileName: 'SOFTWARE' })

/** Where the record of the key is in the file. */
function recordOf(bytes: Uint8Array, ...path: string[]): number {
  let key = readHive(bytes, []).root
  for (const name of path) key = findSubkey(key, name) as RegistryKey
  return (key.offset as number) + 4
}

function u32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true)
}

const ipsec = recordOf(whole, 'Policies', 'IPSec')
const policy = recordOf(whole, 'Policies', 'IPSec', 'ipsecPolicy{3}')

function allNames(root: RegistryKey): string[] {
  return [root.name, ...root.subkeys.flatMap(allNames)]
}

const everyName = allNames(plainKey(tree)).toSorted()

describe('what is no hive', () => {
  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', Uint8Array.from(Buffer.from('Windows Registry Editor Version 5.00'))],
    ['zeros', new Uint8Array(100_000)],
  ])('is refused with 1009: %s', (_, bytes) => {
    expect(isHive(bytes)).toBe(false)
    expect(errorOf(bytes)).toMatchObject({ code: 'HIVE_NOT_A_HIVE', win32: 1009, exitStatus: 3 })
  })

  it('is told to be a log when it is one', () => {
    const log = setU32(whole.slice(0, 4096), 28, 6)
    expect(errorOf(log)).toMatchObject({ code: 'HIVE_IS_A_LOG', win32: 1009 })
  })

  it('is not told to be a log by a file type that no log has', () => {
    expect(errorOf(setU32(whole.slice(0, 4096), 28, 7))).toMatchObject({ code: 'HIVE_DAMAGED', win32: 1015 })
  })

  it('is refused with 1015 when only its first block is left', () => {
    expect(errorOf(whole.slice(0, 4096))).toMatchObject({ code: 'HIVE_DAMAGED', win32: 1015 })
    expect(errorOf(whole.slice(0, 10))).toMatchObject({ code: 'HIVE_DAMAGED', win32: 1015 })
    expect(errorOf(whole.slice().fill(0, 4096))).toMatchObject({ code: 'HIVE_DAMAGED', win32: 1015 })
  })
})

describe('a hive with a damaged first block', () => {
  it.each([
    ['a wrong checksum', setU32(whole, 508, 1), ['HIVE_BASE_BLOCK_CHECKSUM']],
    ['all zeros', whole.slice().fill(0, 0, 4096), ['HIVE_BASE_BLOCK_LOST']],
    ['a wrong root offset', setU32(whole, 36, 0x7000_0000), ['HIVE_BASE_BLOCK_CHECKSUM', 'HIVE_ROOT_MOVED']],
    ['the offset of another key', setU32(whole, 36, ipsec - 4 - 4096), ['HIVE_BASE_BLOCK_CHECKSUM', 'HIVE_ROOT_MOVED']],
    ['size 0', setU32(whole, 40, 0), ['HIVE_BASE_BLOCK_CHECKSUM', 'HIVE_BINS_SIZE']],
    ['size ff ff ff ff', setU32(whole, 40, 0xffff_ffff), ['HIVE_BASE_BLOCK_CHECKSUM', 'HIVE_BINS_SIZE']],
    ['a size that is too small', setU32(whole, 40, 4096), ['HIVE_BASE_BLOCK_CHECKSUM', 'HIVE_BINS_SIZE']],
  ])('reads whole: %s', (_, bytes, codes) => {
    const reading = readWhole(bytes)
    expect(allNames(reading.root).toSorted()).toEqual(everyName)
    expect(codesOf(reading.findings)).toEqual(codes)
  })

  it('is a hive still when its first bin is lost too', () => {
    const subkeys = Array.from({ length: 100 }, (_, i) => keyOf(`key ${i}`))
    const broken = writeHive(keyOf('ROOT', subkeys), { fileName: 'SOFTWARE' }).fill(0, 0, 8192)
    expect(isHive(broken)).toBe(true)
    const reading = readWhole(broken)
    expect(reading.root.subkeys.map((key) => key.name)).toContain('key 99')
    expect(codesOf(reading.findings)).toContain('HIVE_BIN_DAMAGED')
  })

  it('ignores what follows the last bin', () => {
    const longer = new Uint8Array(whole.length + 8192)
    longer.set(whole)
    longer.set(whole.subarray(4096, 8192), whole.length)
    const reading = readWhole(longer)
    expect(allNames(reading.root).toSorted()).toEqual(everyName)
    expect(reading.findings).toEqual([])
  })
})

describe('a hive whose tree is damaged', () => {
  it('gets subkeys back by the parent they name when their list is lost', () => {
    const reading = readWhole(setU32(whole, ipsec + 28, 0xffff_fff0))
    expect(allNames(reading.root).toSorted()).toEqual(everyName)
    expect(codesOf(reading.findings)).toEqual(['HIVE_SUBKEY_LIST', 'HIVE_ORPHAN', 'HIVE_ORPHAN', 'HIVE_ORPHAN'])
    expect(reading.findings[0]).toMatchObject({ field: String.raw`Policies\IPSec`, severity: 'error', win32: 1015 })
    expect(reading.findings[1]).toMatchObject({ field: String.raw`Policies\IPSec\ipsecFilter{1}` })
  })

  it.each([0, 1, 2, 4, 0xffff_ffff])('gets them back when their number says %d', (count) => {
    const reading = readWhole(setU32(whole, ipsec + 20, count))
    expect(allNames(reading.root).toSorted()).toEqual(everyName)
    expect(codesOf(reading.findings)).toEqual(['HIVE_SUBKEY_COUNT'])
  })

  it.each([0, 1, 2])('gets them back when their list says %d', (count) => {
    const list = 4096 + u32(whole, ipsec + 28)
    const reading = readWhole(setU16(whole, list + 6, count))
    expect(allNames(reading.root).toSorted()).toEqual(everyName)
    expect(codesOf(reading.findings)[0]).toBe('HIVE_SUBKEY_COUNT')
  })

  it('keeps the siblings of a lost key, and names the place', () => {
    const reading = readWhole(setU16(whole, policy, 0))
    expect(allNames(reading.root)).toHaveLength(everyName.length - 1)
    expect(codesOf(reading.findings)).toEqual(['HIVE_KEY_LOST'])
    expect(reading.findings[0]).toMatchObject({ field: String.raw`Policies\IPSec`, severity: 'error' })
  })

  it('reads a key in a cell that is marked as free, and says so', () => {
    const size = new DataView(whole.buffer).getInt32(policy - 4, true)
    const reading = readWhole(setU32(whole, policy - 4, -size))
    expect(allNames(reading.root).toSorted()).toEqual(everyName)
    expect(codesOf(reading.findings)).toEqual(['HIVE_CELL_FREE'])
  })

  it('reports a key that names another parent, and reads it', () => {
    const reading = readWhole(setU32(whole, policy + 16, 0x20))
    expect(allNames(reading.root).toSorted()).toEqual(everyName)
    expect(codesOf(reading.findings)).toEqual(['HIVE_KEY_PARENT'])
  })

  it('leaves a key to the parent that lists it when another list leads there', () => {
    const list = 4096 + u32(whole, recordOf(whole, 'Classes') + 28) + 4
    const reading = readWhole(setU32(whole, list + 4, policy - 4 - 4096))
    expect(namesOf(findSubkey(reading.root, 'Classes')?.subkeys ?? [])).toEqual(['.zip', '.txt'])
    expect(allNames(reading.root).toSorted()).toEqual(everyName)
    expect(codesOf(reading.findings)).toEqual(['HIVE_KEY_LOST', 'HIVE_ORPHAN'])
  })

  it('gives keys whose parent is lost as orphans', () => {
    const reading = readHive(setU16(whole, ipsec, 0), [])
    expect(namesOf(findSubkey(reading.root, 'Policies')?.subkeys ?? [])).toEqual([])
    const orphans = reading.orphans()
    expect(namesOf(orphans)).toEqual(['ipsecFilter{1}', 'ipsecNFA{2}', 'ipsecPolicy{3}'])
    expect(orphans[2]?.values[0]?.data).toEqual(patterned(3000))
    expect(codesOf(reading.findings)).toEqual(['HIVE_KEY_LOST', 'HIVE_ORPHAN', 'HIVE_ORPHAN', 'HIVE_ORPHAN'])
  })

  it('gives deleted keys when they are asked for, as far as they are left', () => {
    const freed = whole.slice()
    const view = new DataView(freed.buffer)
    for (const name of ['.txt', '.zip']) {
      const at = recordOf(whole, 'Classes', name) - 4
      view.setInt32(at, -view.getInt32(at, true), true)
    }
    const parent = recordOf(whole, 'Classes')
    view.setUint32(parent + 20, 0, true)
    view.setUint32(parent + 28, 0xffff_ffff, true)
    const reading = readHive(freed, [])
    expect(namesOf(reading.orphans())).toEqual([])
    expect(namesOf(reading.orphans({ deleted: true }))).toEqual(['.txt', '.zip'])
    expect(reading.orphans({ deleted: true })[0]?.values[0]?.data).toEqual(patterned(8))
  })

  it('makes up a root when the first bin is lost', () => {
    const reading = readWhole(whole.slice().fill(0, 4096, 8192))
    expect(codesOf(reading.findings)).toContain('HIVE_ROOT_LOST')
    expect(codesOf(reading.findings)).toContain('HIVE_BIN_DAMAGED')
    expect(reading.findings.every((finding) => finding.offset !== undefined)).toBe(true)
    expect(allNames(reading.root).length).toBeGreaterThan(0)
  })

  it('reads the records of a bin whose header is overwritten', () => {
    const reading = readWhole(whole.slice().fill(0xa5, 4096, 4096 + 32))
    expect(allNames(reading.root).toSorted()).toEqual(everyName)
    expect(codesOf(reading.findings)).toEqual(['HIVE_BIN_DAMAGED'])
  })

  it('reads on where the length of a bin reaches over the next ones', () => {
    const reading = readWhole(setU32(whole, 4096 + 8, whole.length - 4096))
    expect(allNames(reading.root).toSorted()).toEqual(everyName)
    expect(codesOf(reading.findings)).toEqual(['HIVE_BIN_DAMAGED'])
  })

  it('reads behind a cell with an impossible size', () => {
    const reading = readWhole(setU32(whole, 4096 + 32, 0xffff_fff9))
    expect(codesOf(reading.findings)).toContain('HIVE_CELLS_BROKEN')
    expect(allNames(reading.root).toSorted()).toEqual(everyName)
  })

  it('loses only what lay behind the end of a truncated file', () => {
    const reading = readWhole(whole.slice(0, 4096 + 4096 + 100))
    expect(codesOf(reading.findings)[0]).toBe('HIVE_TRUNCATED')
    expect(reading.findings[0]).toMatchObject({ offset: 8292, severity: 'error' })
    expect(namesOf(reading.root.subkeys)).toEqual(['Classes', 'Policies'])
  })
})

describe('a key', () => {
  it('reached twice is read once', () => {
    const builder = new HiveBuilder()
    const root = builder.key({ name: 'ROOT', flags: 0x2c, subkeyCount: 2 })
    const key = builder.key({ name: 'a', parent: root })
    builder.patch(root, 28, builder.list('li', [key, key]))
    const reading = readWhole(builder.finish(root))
    expect(namesOf(reading.root.subkeys)).toEqual(['a'])
    expect(codesOfBuilt(reading)).toEqual(['HIVE_CELL_USED_TWICE'])
  })

  it('that is its own ancestor ends the descent', () => {
    const builder = new HiveBuilder()
    const root = builder.key({ name: 'ROOT', flags: 0x2c, subkeyCount: 1 })
    const a = builder.key({ name: 'a', parent: root, subkeyCount: 1 })
    const b = builder.key({ name: 'b', parent: a, subkeyCount: 2 })
    builder.patch(root, 28, builder.list('li', [a]))
    builder.patch(a, 28, builder.list('li', [b]))
    builder.patch(b, 28, builder.list('li', [a, root]))
    const reading = readWhole(builder.finish(root))
    expect(allNames(reading.root)).toEqual(['ROOT', 'a', 'b'])
    expect(codesOfBuilt(reading)).toEqual(['HIVE_KEY_LOST', 'HIVE_CELL_USED_TWICE'])
  })

  it('with the list of another gets nothing from it', () => {
    const builder = new HiveBuilder()
    const root = builder.key({ name: 'ROOT', flags: 0x2c, subkeyCount: 2 })
    const a = builder.key({ name: 'a', parent: root })
    const b = builder.key({ name: 'b', parent: root, subkeyCount: 2 })
    const list = builder.list('li', [a, b])
    builder.patch(root, 28, list)
    builder.patch(b, 28, list)
    const reading = readWhole(builder.finish(root))
    expect(allNames(reading.root)).toEqual(['ROOT', 'a', 'b'])
    expect(codesOfBuilt(reading)).toEqual(['HIVE_CELL_USED_TWICE'])
  })

  it('with a list of lists within a list of lists loses that part', () => {
    const builder = new HiveBuilder()
    const root = builder.key({ name: 'ROOT', flags: 0x2c, subkeyCount: 2 })
    const a = builder.key({ name: 'a', parent: root })
    const b = builder.key({ name: 'b', parent: root })
    const inner = builder.list('ri', [builder.list('li', [b])])
    builder.patch(root, 28, builder.list('ri', [builder.list('li', [a]), inner]))
    const reading = readWhole(builder.finish(root))
    expect(namesOf(reading.root.subkeys)).toEqual(['a', 'b'])
    expect(codesOfBuilt(reading)).toEqual(['HIVE_SUBKEY_LIST', 'HIVE_ORPHAN'])
  })

  it('with a name longer than its cell is read with what is there', () => {
    const builder = new HiveBuilder()
    const root = builder.key({ name: 'ROOT', flags: 0x2c, subkeyCount: 1 })
    const key = builder.key({ name: 'abcd', parent: root, nameLength: 0xffff })
    builder.patch(root, 28, builder.list('li', [key]))
    const reading = readWhole(builder.finish(root))
    expect(reading.root.subkeys[0]?.name.slice(0, 4)).toBe('abcd')
    expect(codesOfBuilt(reading)).toEqual(['HIVE_KEY_NAME'])
  })

  it('below the 512th level is not read', () => {
    const builder = new HiveBuilder()
    const root = builder.key({ name: 'ROOT', flags: 0x2c, subkeyCount: 1 })
    let parent = root
    for (let level = 1; level <= 5000; level += 1) {
      const key = builder.key({ name: 'k', parent, subkeyCount: level === 5000 ? 0 : 1 })
      builder.patch(parent, 28, builder.list('li', [key]))
      parent = key
    }
    const reading = readHive(builder.finish(root), [])
    expect(reading.walk().keys).toBe(513)
    expect(codesOfBuilt(reading)).toEqual(['HIVE_KEY_TOO_DEEP'])
  })

  it('understating the length of its longest value is reported by a full visit only', () => {
    const bytes = setU32(whole, policy + 64, 1)
    const reading = readHive(bytes, [])
    findSubkey(reading.root, 'Policies')?.subkeys.flatMap((key) => key.subkeys.map((subkey) => subkey.values))
    expect(reading.findings).toEqual([])
    reading.walk()
    expect(codesOf(reading.findings)).toEqual(['HIVE_LONGEST_NAMES'])
  })

  it('with a lost descriptor is read, and gets that of its parent when written', () => {
    const bytes = setU32(whole, policy + 44, 0xffff_ffff)
    const reading = readWhole(bytes)
    expect(codesOf(reading.findings)).toEqual(['HIVE_SECURITY', 'HIVE_SECURITY_COUNT'])
    const again = readWhole(writeHive(reading.root, { fileName: 'SOFTWARE' }))
    expect(plainKey(again.root)).toEqual(plainKey(readHive(whole, []).root))
    expect(again.findings).toEqual([])
  })
})

function policiesValues(reading: HiveReading): readonly RegistryValue[] {
  return findSubkey(reading.root, 'Policies')?.values ?? []
}

describe('values', () => {
  const root = recordOf(whole, 'Policies')
  const list = 4096 + u32(whole, root + 40) + 4
  const value = 4096 + u32(whole, list) + 4

  it.each([0, 2, 1000, 0xffff_ffff])('are read when their number says %d', (count) => {
    const reading = readWhole(setU32(whole, root + 36, count))
    expect(policiesValues(reading)[0]?.data).toEqual(patterned(8))
    const codes = codesOf(reading.findings)
    expect(codes.length).toBe(count === 2 ? codes.length : 1)
    expect(['HIVE_VALUE_COUNT', 'HIVE_VALUE_LOST']).toContain(codes[0])
  })

  it.each([
    ['the list leads nowhere', setU32(whole, root + 40, 0xffff_ffff), 'HIVE_VALUE_LIST', 0],
    ['the value leads into a bin header', setU32(whole, list, 8), 'HIVE_VALUE_LOST', 0],
    ['the value is no value', setU16(whole, value, 0), 'HIVE_VALUE_LOST', 0],
    ['the data lies behind the end', setU32(whole, value + 8, 0x7fff_fff8), 'HIVE_DATA_LOST', 1],
    ['the data is longer than its cell', setU32(whole, value + 4, 5000), 'HIVE_DATA_CUT', 1],
    ['the name is longer than its cell', setU16(whole, value + 2, 0xfffe), 'HIVE_VALUE_NAME', 1],
  ])('are lost or flagged when %s', (_, bytes, code, left) => {
    const reading = readWhole(bytes)
    expect(codesOf(reading.findings).filter((one) => one !== 'HIVE_LONGEST_NAMES')).toEqual([code])
    expect(reading.findings[0]).toMatchObject({ severity: 'error', field: 'Policies', win32: 1015 })
    expect(policiesValues(reading)).toHaveLength(left)
  })

  it('marked as deleted are left out, and named', () => {
    const reading = readWhole(setU16(whole, value + 16, 3))
    expect(policiesValues(reading)).toEqual([])
    expect(codesOf(reading.findings)).toEqual(['HIVE_VALUE_TOMBSTONE'])
  })

  it('with the same name twice are both given', () => {
    const builder = new HiveBuilder()
    const key = builder.key({ name: 'ROOT', flags: 0x2c, valueCount: 2 })
    const values = [builder.value('a', 0x8000_0004, 1), builder.value('A', 0x8000_0004, 2)]
    builder.patch(key, 40, builder.offsets(values))
    const reading = readWhole(builder.finish(key))
    expect(reading.root.values.map((one) => one.data[0])).toEqual([1, 2])
    expect(codesOfBuilt(reading)).toEqual(['HIVE_VALUE_DUPLICATE'])
  })
})

describe('findings', () => {
  it('are about what was visited', () => {
    const reading = readHive(setU16(whole, policy, 0), [])
    expect(reading.root.subkeys.length).toBe(2)
    expect(reading.findings).toEqual([])
    expect(findSubkey(reading.root, 'Policies')?.subkeys[0]?.subkeys.length).toBe(2)
    expect(codesOf(reading.findings)).toEqual(['HIVE_KEY_LOST'])
  })

  it('are counted when there are too many', () => {
    const builder = new HiveBuilder()
    const count = 30_000
    const root = builder.key({ name: 'ROOT', flags: 0x2c, valueCount: count })
    builder.patch(root, 40, builder.offsets(Array.from({ length: count }, () => 0x7fff_0000)))
    const reading = readWhole(builder.finish(root))
    expect(reading.findings).toHaveLength(10_001)
    expect(reading.findings.at(-1)?.message).toBe('A value cannot be read: 20001 more of this kind')
  })

  it('have a row with advice for each code', () => {
    for (const row of Object.values(hiveFindingTable)) {
      expect(row.title).toMatch(/^[A-Z].*[^.]$/)
      expect(row.advice).toMatch(/\.$/)
    }
  })
})

function errorOf(bytes: Uint8Array): PolagentError {
  try {
    readHive(bytes, [])
  } catch (error) {
    if (error instanceof PolagentError) return error
    throw error
  }
  throw new Error('it was read')
}
