import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { registryRootOf } from '../../src/formats/object-store/index.ts'
import { type HiveReading, readHive, writeHive } from '../../src/formats/regf/index.ts'
import { findSubkey, multiStringValue, type RegistryKey, stringValue } from '../../src/policy/registryValue.ts'
import { codesOf, readWhole } from '../support/hiveChecks.ts'
import { flatTree, HivePeers, unescaped } from '../support/hivePeers.ts'
import { patterned, plainKey } from '../support/registryTrees.ts'
import { sampleStore } from '../support/samplePolicies.ts'

const peers = new HivePeers()
afterAll(() => peers.end())

/** Names that every tool and the text between can carry. */
const plainName = fc.stringMatching(/^[A-Za-z0-9 _{}.-]{1,40}$/)

function trees(depth: number, longest: number, shortest = 0): fc.Arbitrary<RegistryKey> {
  const value = fc.record({
    name: fc.oneof(fc.constant(''), plainName),
    type: fc.constantFrom(1, 2, 3, 4, 7),
    length: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: shortest, max: 40 }) },
      { weight: 1, arbitrary: fc.integer({ min: shortest, max: longest }) },
    ),
  })
  return fc
    .record({
      name: plainName,
      values: fc.uniqueArray(value, { maxLength: 5, selector: (one) => one.name.toUpperCase() }),
      subkeys:
        depth === 0
          ? fc.constant([])
          : fc.uniqueArray(trees(depth - 1, longest, shortest), {
              maxLength: 4,
              selector: (key) => key.name.toUpperCase(),
            }),
    })
    .map(({ name, values, subkeys }) => ({ name, subkeys, values: values.map(valueOf) }))
}

/** Data that fits its type, so that no tool rewrites it. */
function valueOf({ name, type, length }: { name: string; type: number; length: number }) {
  if (type === 4) return { name, type, data: patterned(4) }
  if (type === 3) return { name, type, data: patterned(length) }
  const text = 'abc Äöü "quoted" back\\slash '.repeat(1 + length / 28).slice(0, Math.floor(length / 2) + 1)
  return type === 7 ? multiStringValue(name, [text, 'second']) : { ...stringValue(name, text), type }
}

const sample = registryRootOf([sampleStore()])
const many: RegistryKey = {
  name: 'ROOT',
  values: [],
  subkeys: Array.from({ length: 2500 }, (_, i) => ({
    name: `key ${i}`,
    values: [valueOf({ name: 'v', type: 3, length: i % 50 })],
    subkeys: [],
  })),
}
const large: RegistryKey = {
  name: 'ROOT',
  values: [16_343, 16_344, 16_345, 32_688, 32_689, 300_000].map((length) => ({
    name: `v${length}`,
    type: 3,
    data: patterned(length),
  })),
  subkeys: [],
}
const names = ['Übergröße', '日本', 'Ελληνικά']
const wide: RegistryKey = {
  name: 'ROOT',
  values: [],
  subkeys: names.map((name) => ({ name, values: [stringValue(name, name)], subkeys: [] })),
}

function write(root: RegistryKey, minorVersion: 3 | 5 = 5): string {
  return peers.put('ours', writeHive(root, { fileName: 'ours', minorVersion }))
}

/** Findings that the edits of other writers bring, none of them a loss. */
function harmless(reading: HiveReading): void {
  expect(reading.findings.filter((finding) => finding.severity === 'error')).toEqual([])
}

describe('hivex reads our hives', () => {
  it.each([
    ['a policy store', sample],
    ['2500 subkeys', many],
    ['large data', large],
    ['nothing', { name: 'ROOT', values: [], subkeys: [] }],
  ])('with %s', (_, root) => {
    expect(peers.hivexTree(write(root))).toEqual(flatTree(root))
  })

  it('of random content', () => {
    fc.assert(
      fc.property(trees(3, 40_000), (root) => {
        expect(peers.hivexTree(write(root))).toEqual(flatTree(root))
      }),
      { numRuns: 15 },
    )
  })

  it('with names in any script', () => {
    expect(peers.hivexShell(write(wide), ['ls']).trim().split('\n').toSorted()).toEqual(names.toSorted())
  })

  it('and finds keys by name in its shell', () => {
    const shown = peers.hivexShell(write(sample), [
      String.raw`cd \Policies\Microsoft\Windows\IPSec\Policy\Local`,
      'lsval ActivePolicy',
    ])
    expect(shown).toMatch(/ipsecPolicy\{/)
  })
})

describe('reged reads our hives', () => {
  it.each([
    ['a policy store', sample],
    ['2500 subkeys', many],
    ['nothing', { name: 'ROOT', values: [], subkeys: [] }],
  ])('with %s', (_, root) => {
    expect(peers.regedTree(write(root))).toEqual(flatTree(root))
  })

  // Its export prints the record of segmented data, and leaves a key at the first value without data.
  it('of random content, except segmented and empty data', () => {
    fc.assert(
      fc.property(trees(3, 16_000, 1), (root) => {
        expect(peers.regedTree(write(root))).toEqual(flatTree(root))
      }),
      { numRuns: 15 },
    )
  })

  it('with large data in version 1.3, where it lies in one cell', () => {
    expect(peers.regedTree(write(large, 3))).toEqual(flatTree(large))
  })
})

describe('reglookup reads our hives', () => {
  it.each([
    ['a policy store', sample],
    ['2500 subkeys', many],
    ['large data', large],
  ])('with %s', (_, root) => {
    const rows = peers.reglookupRows(write(root))
    const expected = flatTree(root)
    const keys = rows.filter((row) => row.type === 'KEY').map((row) => row.path.slice(1).replaceAll('/', '\\'))
    expect(keys.toSorted()).toEqual(Object.keys(expected).toSorted())
    const binary = rows
      .filter((row) => row.type === 'BINARY')
      .map((row) => Buffer.from(unescaped(row.value), 'latin1').toString('hex'))
    const ours = Object.values(expected).flatMap((values) =>
      values.filter((value) => value.type === 3).map((value) => value.hex),
    )
    expect(binary.toSorted()).toEqual(ours.toSorted())
  })
})

const addition = String.raw`Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\X\Added]

[HKEY_LOCAL_MACHINE\X\Added\By peer]
"text"="one\\two \"three\""
"number"=dword:0000002a
"bytes"=hex:01,02,03,04,05,06
"texts"=hex(7):61,00,00,00,62,00,00,00,00,00
@="default"
`

const added = {
  Added: [],
  [String.raw`Added\By peer`]: [
    stringValue('', 'default'),
    { name: 'bytes', type: 3, data: Uint8Array.from([1, 2, 3, 4, 5, 6]) },
    { name: 'number', type: 4, data: Uint8Array.from([0x2a, 0, 0, 0]) },
    stringValue('text', String.raw`one\two "three"`),
    multiStringValue('texts', ['a', 'b']),
  ].map(({ name, type, data }) => ({ name, type, hex: Buffer.from(data).toString('hex') })),
}

describe('we read what others made of our hives', () => {
  it.each(['hivexMerge', 'regedMerge'] as const)('%s: keys and values are added', (merge) => {
    // reged cannot add to a list of lists, its own or another's.
    for (const root of merge === 'hivexMerge' ? [sample, many] : [sample]) {
      const hive = write(root)
      peers[merge](hive, addition)
      const reading = readWhole(peers.read('ours'))
      expect(flatTree(reading.root)).toEqual({ ...flatTree(root), ...added })
      harmless(reading)
    }
  })

  it.each(['hivexMerge', 'regedMerge'] as const)('%s: large data is added', (merge) => {
    const data = patterned(40_000)
    const bytes = [...data].map((byte) => byte.toString(16).padStart(2, '0'))
    const lines = Array.from({ length: 2000 }, (_, i) => bytes.slice(20 * i, 20 * i + 20).join(','))
    const text = merge === 'hivexMerge' ? lines.join(',') : lines.join(',\\\n  ')
    const hive = write({ name: 'ROOT', values: [], subkeys: [] })
    peers[merge](hive, `Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\X\\Big]\n"big"=hex:${text}\n`)
    const reading = readWhole(peers.read('ours'))
    expect(findSubkey(reading.root, 'Big')?.values[0]?.data).toEqual(data)
    harmless(reading)
  })

  it('the hivex shell: keys are added, changed and deleted', () => {
    const hive = write(many)
    peers.hivexShell(hive, [
      'add new',
      'cd new',
      'setval 2',
      'a',
      'string:text',
      'b',
      'dword:7',
      'cd \\',
      'cd key 17',
      'del',
      'commit',
    ])
    const reading = readWhole(peers.read('ours'))
    const expected = { ...flatTree(many), new: expect.anything() as never }
    delete (expected as Record<string, unknown>)['key 17']
    expect(flatTree(reading.root)).toEqual(expected)
    expect(findSubkey(reading.root, 'new')?.values.map((value) => value.name)).toEqual(['a', 'b'])
    harmless(reading)
  })

  it('and they read what we write of that', () => {
    const hive = write(sample)
    peers.regedMerge(hive, addition)
    peers.hivexMerge(hive, addition.replaceAll('By peer', 'By hivex'))
    const reading = readHive(peers.read('ours'), [])
    const again = peers.put('again', writeHive(reading.root, { fileName: reading.info.fileName }))
    expect(plainKey(readHive(peers.read('again'), []).root)).toEqual(plainKey(reading.root))
    expect(codesOf(readWhole(peers.read('again')).findings)).toEqual([])
    expect(peers.hivexTree(again)).toEqual(flatTree(reading.root))
    expect(peers.regedTree(again)).toEqual(flatTree(reading.root))
  })
})
