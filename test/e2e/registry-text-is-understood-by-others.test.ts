import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { regRootOf } from '../../src/formats/object-store/index.ts'
import { readReg, writeReg } from '../../src/formats/reg/index.ts'
import { readHive, writeHive } from '../../src/formats/regf/index.ts'
import {
  binaryValue,
  dwordValue,
  multiStringValue,
  type RegistryKey,
  type RegistryValue,
  stringValue,
} from '../../src/policy/registryValue.ts'
import { sampleStore } from '../support/samplePolicies.ts'
import { keyAt } from '../support/textTrees.ts'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'polagent-reg-peers-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

const prefix = 'HKEY_LOCAL_MACHINE\\SOFTWARE'

function file(name: string, bytes: Uint8Array): string {
  const path = join(directory, name)
  writeFileSync(path, bytes)
  return path
}

function emptyHive(name: string): string {
  return file(name, writeHive({ name: 'ROOT', values: [], subkeys: [] }, { fileName: name }))
}

/** The sample store and a key with values of every kind. */
function tree(values: readonly RegistryValue[]): RegistryKey {
  const root = regRootOf([sampleStore()])
  const software = keyAt(root, 'HKEY_LOCAL_MACHINE', 'SOFTWARE')
  const odd = { name: 'Odd key; {1}', values, subkeys: [{ name: 'empty', values: [], subkeys: [] }] }
  const changed = { ...software, subkeys: [...software.subkeys, odd] }
  return { name: '', values: [], subkeys: [{ name: 'HKEY_LOCAL_MACHINE', values: [], subkeys: [changed] }] }
}

const plainValues: readonly RegistryValue[] = [
  stringValue('', 'the default'),
  stringValue('back\\slash', 'a "quoted" \\ text'),
  dwordValue('number', 0xfeed_f00d),
  binaryValue(
    'bytes',
    Uint8Array.from({ length: 100 }, (_, index) => index),
  ),
  multiStringValue('list', ['one', 'two']),
  { name: 'expand', type: 2, data: stringValue('', '%SystemRoot%').data },
  { name: 'quad', type: 11, data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) },
  { name: 'none', type: 0, data: Uint8Array.of(1) },
]

interface Comparable {
  readonly values: Readonly<Record<string, readonly number[]>>
  readonly subkeys: Readonly<Record<string, Comparable>>
}

/** Keys and values by name, whatever their order. */
function comparable(key: RegistryKey): Comparable {
  return {
    values: Object.fromEntries(key.values.map(({ name, type, data }) => [name, [type, ...data]])),
    subkeys: Object.fromEntries(key.subkeys.map((subkey) => [subkey.name, comparable(subkey)])),
  }
}

function softwareOf(root: RegistryKey): Comparable {
  return comparable(keyAt(root, 'HKEY_LOCAL_MACHINE', 'SOFTWARE'))
}

describe('hivexregedit', () => {
  test('takes our text into a hive, and we read that hive and what it exports from it', () => {
    const root = tree(plainValues)
    const hive = emptyHive('hivex')
    // It knows no UTF-16; its manual has such files converted first.
    const text = file('hivex.reg', writeReg(root, { encoding: 'utf-8' }))
    execFileSync('hivexregedit', ['--merge', '--prefix', prefix, hive, text])
    expect(comparable(readHive(readFileSync(hive), []).root)).toEqual(softwareOf(root))
    const exported = execFileSync('hivexregedit', ['--export', '--prefix', prefix, hive, '\\'])
    const reading = readReg(exported)
    expect(reading.findings).toEqual([])
    expect(softwareOf(reading.root)).toEqual(softwareOf(root))
  })

  test('takes the text regedit would write once it is converted as its manual says', () => {
    const root = tree(plainValues)
    const hive = emptyHive('hivex16')
    const utf16 = file('hivex16.reg', writeReg(root))
    const converted = execFileSync('iconv', ['-f', 'utf-16', '-t', 'utf-8', utf16])
    execFileSync('hivexregedit', ['--merge', '--prefix', prefix, hive, file('converted.reg', converted)])
    expect(comparable(readHive(readFileSync(hive), []).root)).toEqual(softwareOf(root))
  })
})

describe('reged', () => {
  test('takes our text in UTF-16 into a hive, and we read that hive and what it exports from it', () => {
    const root = tree([...plainValues, stringValue('text', 'Ünï')])
    const hive = emptyHive('reged')
    const text = file('reged.reg', writeReg(root))
    try {
      execFileSync('reged', ['-C', '-I', hive, prefix, text], { stdio: 'pipe' })
    } catch (error) {
      // 2 says that the hive was changed.
      expect(error).toMatchObject({ status: 2 })
    }
    expect(comparable(readHive(readFileSync(hive), []).root)).toEqual(softwareOf(root))
    const exported = join(directory, 'exported.reg')
    execFileSync('reged', ['-x', hive, prefix, '\\', exported], { stdio: 'pipe' })
    expect(softwareOf(readReg(readFileSync(exported), { codePage: 'windows-1252' }).root)).toEqual(softwareOf(root))
  })
})
