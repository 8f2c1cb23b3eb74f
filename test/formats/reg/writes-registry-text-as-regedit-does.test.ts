import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../src/base/finding.ts'
import { readReg, writeReg } from '../../../src/formats/reg/index.ts'
import {
  binaryValue,
  dwordValue,
  multiStringValue,
  type RegistryKey,
  type RegistryValue,
  stringValue,
} from '../../../src/policy/registryValue.ts'
import { plainTextKey } from '../../support/textTrees.ts'

const utf8 = new TextDecoder()

function rootOf(values: readonly RegistryValue[], subkeys: readonly RegistryKey[] = []): RegistryKey {
  const key = { name: 'A', values, subkeys }
  return { name: '', values: [], subkeys: [{ name: 'HKEY_LOCAL_MACHINE', values: [], subkeys: [key] }] }
}

/** What stands below [HKEY_LOCAL_MACHINE\A]. */
function linesOf(values: readonly RegistryValue[]): string[] {
  const text = utf8.decode(writeReg(rootOf(values), { encoding: 'utf-8' }))
  return text.split('\r\n').slice(3, -2)
}

it('is UTF-16 with mark, every key has its line, a blank line ends each', () => {
  const root = rootOf([stringValue('a', 'x')], [{ name: 'B', values: [], subkeys: [] }])
  const bytes = writeReg(root)
  expect([...bytes.subarray(0, 4)]).toEqual([0xff, 0xfe, 0x57, 0])
  expect(new TextDecoder('utf-16le').decode(bytes)).toBe(
    'Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\A]\r\n"a"="x"\r\n\r\n[HKEY_LOCAL_MACHINE\\A\\B]\r\n\r\n',
  )
})

it('hex breaks where regedit breaks it', () => {
  // The data of a policy as a real export has it (registry-store.md 7): 21 bytes in the first line, 25 in the others.
  const data = Uint8Array.from({ length: 60 }, (_, index) => index)
  const lines = linesOf([binaryValue('ipsecData', data)])
  expect(lines.map((line) => line.length)).toEqual([80, 78, 43])
  expect(lines[0]).toBe('"ipsecData"=hex:00,01,02,03,04,05,06,07,08,09,0a,0b,0c,0d,0e,0f,10,11,12,13,14,\\')
  expect(lines[1]).toMatch(/^ {2}15,.*,2d,\\$/)
})

describe('values', () => {
  it.each<[RegistryValue, string]>([
    [stringValue('a\\"b', 'c\\"d'), '"a\\\\\\"b"="c\\\\\\"d"'],
    [stringValue('', ''), '@=""'],
    [stringValue('a', 'tab\tß'), '"a"="tab\tß"'],
    [stringValue('a', 'x\ny'), '"a"=hex(1):78,00,0a,00,79,00,00,00'],
    [{ name: 'a', type: 1, data: Uint8Array.of(0x61, 0) }, '"a"=hex(1):61,00'],
    [{ name: 'a', type: 1, data: Uint8Array.of(0x61, 0, 0, 0, 0, 0) }, '"a"=hex(1):61,00,00,00,00,00'],
    [{ name: 'a', type: 1, data: Uint8Array.of(0x61, 0, 0) }, '"a"=hex(1):61,00,00'],
    [{ name: 'a', type: 1, data: new Uint8Array(0) }, '"a"=hex(1):'],
    [dwordValue('a', 0x12f), '"a"=dword:0000012f'],
    [{ name: 'a', type: 4, data: Uint8Array.of(1) }, '"a"=hex(4):01'],
    [{ name: 'a', type: 2, data: Uint8Array.of(0x61, 0, 0, 0) }, '"a"=hex(2):61,00,00,00'],
    [{ name: 'a', type: 11, data: new Uint8Array(8) }, '"a"=hex(b):00,00,00,00,00,00,00,00'],
    [{ name: 'a', type: 0xffff_0000, data: Uint8Array.of(1) }, '"a"=hex(ffff0000):01'],
    [{ name: 'a', type: 0, data: new Uint8Array(0) }, '"a"=hex(0):'],
    [multiStringValue('a', ['b']), '"a"=hex(7):62,00,00,00,00,00'],
  ])('%o', (value, line) => {
    expect(linesOf([value])).toEqual([line])
  })
})

describe('version 4', () => {
  it('has strings as single bytes', () => {
    const values = [multiStringValue('m', ['aä', 'b']), { name: 's', type: 1, data: Uint8Array.of(0x61, 0) }]
    const bytes = writeReg(rootOf(values), { version: 4 })
    expect(new TextDecoder('latin1').decode(bytes).split('\r\n').slice(0, 5)).toEqual([
      'REGEDIT4',
      '',
      '[HKEY_LOCAL_MACHINE\\A]',
      '"m"=hex(7):61,e4,00,62,00,00',
      '"s"=hex(1):61',
    ])
    expect(plainTextKey(readReg(bytes).root)).toEqual(plainTextKey(rootOf(values)))
  })

  it('cannot say characters of other code pages: an error, or told and left out', () => {
    const root = rootOf([stringValue('a', '防'), stringValue('b', 'x')])
    expect(() => writeReg(root, { version: 4 })).toThrow(expect.objectContaining({ code: 'FORMAT_CANNOT_SAY' }))
    const findings: Finding[] = []
    const bytes = writeReg(root, { version: 4, report: (finding) => findings.push(finding) })
    expect(findings.map((finding) => finding.code)).toEqual(['REG_NOT_WRITTEN'])
    expect(plainTextKey(readReg(bytes).root)).toEqual(plainTextKey(rootOf([stringValue('b', 'x')])))
    expect(writeReg(root, { version: 4, encoding: 'windows-936' })).toBeInstanceOf(Uint8Array)
  })
})

describe('version 5 in other encodings', () => {
  it('has as hex what the encoding lacks', () => {
    const root = rootOf([stringValue('a', '防'), stringValue('b', 'ä')])
    const bytes = writeReg(root, { encoding: 'windows-1252' })
    expect(new TextDecoder('latin1').decode(bytes)).toContain('"a"=hex(1):32,96,00,00\r\n"b"="ä"')
    expect(plainTextKey(readReg(bytes).root)).toEqual(plainTextKey(root))
  })

  it('is never mistaken for UTF-8', () => {
    const root = rootOf([stringValue('a', 'Ã¤')])
    expect(plainTextKey(readReg(writeReg(root, { encoding: 'windows-1252' })).root)).toEqual(plainTextKey(root))
    const inName = rootOf([stringValue('Ã¤', 'x')])
    expect(() => writeReg(inName, { encoding: 'windows-1252' })).toThrow(
      expect.objectContaining({ code: 'FORMAT_CANNOT_SAY' }),
    )
  })
})

it('names that registry text cannot carry are told', () => {
  const bad = ['a\\b', 'a\nb', '', 'n'.repeat(256)].map((name) => ({ name, values: [], subkeys: [] }))
  const findings: Finding[] = []
  writeReg(rootOf([], bad), { report: (finding) => findings.push(finding) })
  expect(findings.map((finding) => finding.code)).toEqual(bad.map(() => 'REG_NOT_WRITTEN'))
  for (const key of bad) expect(() => writeReg(rootOf([], [key]))).toThrow('no way to say')
})

it('of two values of one name the first is written, and what text has no place for is told', () => {
  const findings: Finding[] = []
  const root = rootOf([dwordValue('a', 1), dwordValue('A', 2)])
  const detailed = { ...root, subkeys: root.subkeys.map((key) => ({ ...key, security: Uint8Array.of(1) })) }
  const bytes = writeReg(detailed, { report: (finding) => findings.push(finding) })
  expect(plainTextKey(readReg(bytes).root)).toEqual(plainTextKey(rootOf([dwordValue('a', 1)])))
  expect(findings.map((finding) => finding.code)).toEqual(['REG_NAME_REPEATED', 'REG_KEY_DETAILS_NOT_WRITTEN'])
})
