import { describe, expect, it } from 'vitest'
import { nameHash } from '../../../src/formats/regf/nameOrder.ts'
import { HiveBuilder } from '../../support/hiveBuilder.ts'
import { codesOfBuilt, namesOf, readWhole } from '../../support/hiveChecks.ts'

const names = ['alpha', 'Beta', 'gamma', 'Zeta']

interface Forms {
  readonly kind: 'li' | 'lf' | 'lh'
  readonly split: boolean
  readonly minor: number
}

function hiveWith({ kind, split, minor }: Forms, given = names): Uint8Array {
  const builder = new HiveBuilder()
  const root = builder.key({ name: 'ROOT', flags: 0x2c, subkeyCount: given.length })
  const keys = given.map((name) => builder.key({ name, parent: root }))
  const half = Math.ceil(given.length / 2)
  const list = split
    ? builder.list('ri', [
        builder.list(kind, keys.slice(0, half), given.slice(0, half)),
        builder.list(kind, keys.slice(half), given.slice(half)),
      ])
    : builder.list(kind, keys, given)
  builder.patch(root, 28, list)
  return builder.finish(root, minor)
}

describe('a list of subkeys', () => {
  const forms = (['li', 'lf', 'lh'] as const).flatMap((kind) =>
    [false, true].flatMap((split) => [3, 4, 5, 6].map((minor) => ({ kind, split, minor }))),
  )

  it.each(forms)('is read as $kind, under ri: $split, version 1.$minor', (form) => {
    const reading = readWhole(hiveWith(form))
    expect(namesOf(reading.root.subkeys)).toEqual(names)
    expect(codesOfBuilt(reading)).toEqual([])
  })

  it('out of order is read whole, and the order is reported', () => {
    const reading = readWhole(hiveWith({ kind: 'lh', split: true, minor: 5 }, ['b', 'c', 'a', 'd']))
    expect(namesOf(reading.root.subkeys)).toEqual(['b', 'c', 'a', 'd'])
    expect(codesOfBuilt(reading)).toEqual(['HIVE_SUBKEY_ORDER'])
  })

  it('with the same name twice gives both, and reports the second', () => {
    const reading = readWhole(hiveWith({ kind: 'lf', split: false, minor: 5 }, ['a', 'B', 'b', 'c']))
    expect(namesOf(reading.root.subkeys)).toEqual(['a', 'B', 'b', 'c'])
    expect(codesOfBuilt(reading)).toEqual(['HIVE_SUBKEY_DUPLICATE'])
    expect(reading.findings.at(-1)).toMatchObject({ field: 'b', severity: 'warning' })
  })

  it.each(['lf', 'lh'] as const)('with a wrong hint or hash (%s) is read, and the key is named', (kind) => {
    const builder = new HiveBuilder()
    const root = builder.key({ name: 'ROOT', flags: 0x2c, subkeyCount: 2 })
    const keys = ['one', 'two'].map((name) => builder.key({ name, parent: root }))
    builder.patch(root, 28, builder.list(kind, keys, ['one', 'xwo']))
    const reading = readWhole(builder.finish(root))
    expect(namesOf(reading.root.subkeys)).toEqual(['one', 'two'])
    expect(codesOfBuilt(reading)).toEqual(['HIVE_SUBKEY_HASH'])
    expect(reading.findings.at(-1)).toMatchObject({ field: 'two' })
  })

  it('takes hints without regard to case', () => {
    const builder = new HiveBuilder()
    const root = builder.key({ name: 'ROOT', flags: 0x2c, subkeyCount: 1 })
    const key = builder.key({ name: 'SOFTware', parent: root })
    builder.patch(root, 28, builder.list('lf', [key], ['softWARE']))
    expect(codesOfBuilt(readWhole(builder.finish(root)))).toEqual([])
  })
})

describe('names', () => {
  it('are hashed as Windows does', () => {
    // h * 37 + unit over the upper-cased name, modulo 2^32.
    expect(nameHash('A')).toBe(65)
    expect(nameHash('AB')).toBe(65 * 37 + 66)
    expect(nameHash('CONTROLSET001')).toBe(
      Number(Array.from('CONTROLSET001').reduce((h, c) => (h * 37n + BigInt(c.charCodeAt(0))) & 0xffff_ffffn, 0n)),
    )
  })

  it('are read as Latin-1 and as UTF-16, unpaired surrogates included', () => {
    const builder = new HiveBuilder()
    const root = builder.key({ name: 'ROOT', flags: 0x2c, subkeyCount: 2 })
    const latin = builder.key({ name: 'Übergröße', parent: root })
    const wide = builder.key({ name: '日本\ud800', parent: root, utf16: true })
    builder.patch(root, 28, builder.list('lh', [latin, wide], ['Übergröße', '日本\ud800']))
    const reading = readWhole(builder.finish(root))
    expect(namesOf(reading.root.subkeys)).toEqual(['Übergröße', '日本\ud800'])
    expect(codesOfBuilt(reading)).toEqual([])
  })
})

describe('very old hives', () => {
  it('of version 1.1 have longer cell headers and UTF-16 names only', () => {
    const builder = new HiveBuilder(8)
    const root = builder.key({ name: 'ROOT', flags: 0x0c, utf16: true, subkeyCount: 2, valueCount: 1 })
    const keys = ['one', 'two'].map((name) => builder.key({ name, parent: root, utf16: true }))
    builder.patch(root, 28, builder.list('li', keys))
    const data = builder.cell(Uint8Array.from([1, 2, 3, 4, 5, 6]))
    builder.patch(root, 40, builder.offsets([builder.value('v', 6, data, 0)]))
    const reading = readWhole(builder.finish(root, 1))
    expect(reading.root.name).toBe('ROOT')
    expect(namesOf(reading.root.subkeys)).toEqual(['one', 'two'])
    expect(reading.root.values).toEqual([{ name: 'v', type: 3, data: Uint8Array.from([1, 2, 3, 4, 5, 6]) }])
    expect(codesOfBuilt(reading)).toEqual(['HIVE_VERSION'])
  })

  it('of version 1.2 are read like newer ones', () => {
    const reading = readWhole(hiveWith({ kind: 'li', split: false, minor: 2 }))
    expect(namesOf(reading.root.subkeys)).toEqual(names)
    expect(codesOfBuilt(reading)).toEqual(['HIVE_VERSION'])
  })
})
