import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PolagentError } from '../../../src/base/errors.ts'
import { defaultSecurity } from '../../../src/formats/regf/defaultSecurity.ts'
import { readHive, writeHive } from '../../../src/formats/regf/index.ts'
import type { RegistryKey } from '../../../src/policy/registryValue.ts'
import { patterned, type PlainKey, plainKey, registryTrees } from '../../support/registryTrees.ts'

const lastWritten = 0x01d9_0000_1234_5678n

/** What a tree is after it went through a hive: what was not given has its default. */
function completed(key: PlainKey, inherited: Uint8Array, isRoot: boolean): PlainKey {
  const security = key.security ?? inherited
  return {
    ...key,
    lastWritten: key.lastWritten ?? lastWritten,
    security,
    flags: key.flags ?? (isRoot ? 0x08 : 0),
    subkeys: key.subkeys.map((subkey) => completed(subkey, security, false)),
  }
}

function keyOf(name: string, subkeys: readonly RegistryKey[] = []): RegistryKey {
  return { name, values: [], subkeys }
}

function unwritable(root: RegistryKey): PolagentError {
  try {
    writeHive(root, { fileName: '' })
  } catch (error) {
    if (error instanceof PolagentError) return error
  }
  throw new Error('it was written')
}

describe('a hive', () => {
  it('reads back as the tree it was written from, in every version, without a finding', () => {
    fc.assert(
      fc.property(registryTrees(3), fc.constantFrom(3, 4, 5, 6), (root, minorVersion) => {
        const reading = readHive(writeHive(root, { fileName: 'SOFTWARE', lastWritten, minorVersion }), [])
        expect(plainKey(reading.root)).toEqual(completed(plainKey(root), defaultSecurity(), true))
        reading.walk()
        expect(reading.findings).toEqual([])
        expect(reading.orphans()).toEqual([])
        expect(reading.info).toMatchObject({ minorVersion, fileName: 'SOFTWARE', lastWritten, wasDirty: false })
      }),
      { numRuns: 120 },
    )
  })

  it('is the same bytes again when it is read and written', () => {
    fc.assert(
      fc.property(registryTrees(3), (root) => {
        const bytes = writeHive(root, { fileName: 'a', lastWritten })
        expect(writeHive(readHive(bytes, []).root, { fileName: 'a', lastWritten })).toEqual(bytes)
      }),
      { numRuns: 80 },
    )
  })

  it('does not depend on the order of subkeys', () => {
    const names = ['b', 'A', 'c', 'Ab', 'ab c', 'é', 'Z']
    const forward = writeHive(
      keyOf(
        'ROOT',
        names.map((name) => keyOf(name)),
      ),
      { fileName: '' },
    )
    const backward = writeHive(
      keyOf(
        'ROOT',
        names.toReversed().map((name) => keyOf(name)),
      ),
      { fileName: '' },
    )
    expect(backward).toEqual(forward)
    expect(readHive(forward, []).root.subkeys.map((key) => key.name)).toEqual(['A', 'Ab', 'ab c', 'b', 'c', 'Z', 'é'])
  })

  it.each([1, 506, 507, 508, 1014, 1015, 5000])('holds %d subkeys', (count) => {
    const root = keyOf(
      'ROOT',
      Array.from({ length: count }, (_, i) => keyOf(`key ${i}`)),
    )
    const reading = readHive(writeHive(root, { fileName: '' }), [])
    expect(plainKey(reading.root).subkeys.map((key) => key.name)).toEqual(plainKey(root).subkeys.map((key) => key.name))
    reading.walk()
    expect(reading.findings).toEqual([])
  })

  it('keeps values in their order', () => {
    const values = ['z', 'a', '', 'm'].map((name) => ({ name, type: 1, data: patterned(9) }))
    const reading = readHive(writeHive({ name: 'ROOT', values, subkeys: [] }, { fileName: '' }), [])
    expect(reading.root.values.map((value) => value.name)).toEqual(['z', 'a', '', 'm'])
  })

  it('keeps 31 characters of the end of a long file name', () => {
    const fileName = String.raw`\SystemRoot\System32\Config\A long name of a hive`
    expect(readHive(writeHive(keyOf('R'), { fileName }), []).info.fileName).toBe(fileName.slice(-31))
  })

  it('shares descriptors and inherits them from the parent', () => {
    const own = Uint8Array.from([1, ...new Uint8Array(29).fill(7)])
    const root = keyOf('ROOT', [{ ...keyOf('a', [keyOf('b')]), security: own }, keyOf('c')])
    const [a, c] = readHive(writeHive(root, { fileName: '' }), []).root.subkeys
    expect(a?.subkeys[0]?.security).toEqual(own)
    expect(c?.security).toEqual(defaultSecurity())
  })

  it('consists of bins of one page, and larger ones only for a cell that needs it', () => {
    const values = Array.from({ length: 600 }, (_, i) => ({ name: `v${i}`, type: 3, data: patterned(i * 20) }))
    const bytes = writeHive({ name: 'ROOT', values, subkeys: [] }, { fileName: '' })
    const view = new DataView(bytes.buffer)
    let bins = 0
    for (let at = 4096; at < bytes.length; ) {
      const size = view.getUint32(at + 8, true)
      const first = Math.abs(view.getInt32(at + 32, true))
      if (size > 4096) expect(first).toBeGreaterThan(4096 - 32)
      let cell = at + 32
      while (cell < at + size) cell += Math.abs(view.getInt32(cell, true))
      expect(cell).toBe(at + size)
      bins += 1
      at += size
    }
    expect(bins).toBeGreaterThan(100)
  })

  it('holds keys up to the 512th level and refuses deeper ones', () => {
    let key = keyOf('deepest')
    for (let level = 1; level < 512; level += 1) key = keyOf(`level ${512 - level}`, [key])
    const reading = readHive(writeHive(keyOf('ROOT', [key]), { fileName: '' }), [])
    expect(reading.walk().keys).toBe(513)
    expect(reading.findings).toEqual([])
    expect(unwritable(keyOf('ROOT', [keyOf('one more', [key])])).code).toBe('HIVE_UNWRITABLE')
  })

  it.each([
    ['an empty name', keyOf('ROOT', [keyOf('a', [keyOf('')])]), String.raw`a\ `.trim()],
    ['a long name', keyOf('ROOT', [keyOf('x'.repeat(256))]), 'x'.repeat(256)],
    ['a backslash', keyOf('ROOT', [keyOf('a', [keyOf(String.raw`b\c`)])]), String.raw`a\b\c`],
  ])('refuses a key with %s and names it', (_, root, field) => {
    const error = unwritable(root)
    expect(error.code).toBe('HIVE_UNWRITABLE')
    expect(error.place.field).toBe(field)
  })

  it('refuses a value name that is too long', () => {
    const values = [{ name: 'x'.repeat(16_384), type: 1, data: new Uint8Array(0) }]
    expect(unwritable({ name: 'ROOT', values, subkeys: [] }).code).toBe('HIVE_UNWRITABLE')
  })
})
