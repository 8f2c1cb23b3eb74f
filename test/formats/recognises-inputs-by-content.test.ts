import { describe, expect, test } from 'vitest'
import { PolagentError } from '../../src/base/errors.ts'
import { encodeUtf16 } from '../../src/base/utf16.ts'
import { ldifOfStores } from '../../src/formats/ldif/index.ts'
import { convertArea, registryRootOf, regRootOf, storeToRegistryKey } from '../../src/formats/object-store/index.ts'
import { writePolicyDocument } from '../../src/formats/policy-document/index.ts'
import { recognise } from '../../src/formats/recognise.ts'
import { writeReg } from '../../src/formats/reg/index.ts'
import { writeHive } from '../../src/formats/regf/index.ts'
import { sampleStore } from '../support/samplePolicies.ts'
import { SeededRandom } from '../support/seededRandom.ts'

const silent = (): void => {}
const store = sampleStore()
const directory = convertArea(store, { area: 'directory', containerDn: 'CN=IP Security,CN=System,DC=x' }, silent)
const text = (content: string): Uint8Array => new TextEncoder().encode(content)

describe('what we write ourselves', () => {
  test.each([
    ['hive', writeHive(registryRootOf([store]), { fileName: 'SOFTWARE' })],
    ['hive', writeHive(storeToRegistryKey(store), { fileName: 'x.ipsec' })],
    ['reg', writeReg(regRootOf([store]))],
    ['reg', writeReg(regRootOf([store]), { version: 4 })],
    ['policy-document-yaml', writePolicyDocument([store], { format: 'yaml' }, silent)],
    ['policy-document-json', writePolicyDocument([store], { format: 'json' }, silent)],
    ['ldif', ldifOfStores([directory])],
  ])('%s', (format, bytes) => {
    expect(recognise(bytes)).toBe(format)
    expect(recognise(bytes.subarray(0, 65_536))).toBe(format)
  })
})

describe('what others write', () => {
  const header = 'Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE]\r\n'
  test.each([
    ['reg', Uint8Array.from([0xff, 0xfe, ...encodeUtf16(header)])],
    ['reg', text(header)],
    ['reg', text(`\uFEFF${header}`)],
    ['reg', text('REGEDIT4\n\n[HKLM\\SOFTWARE]\n')],
    ['reg-batch', text('@echo off\r\nreg add "HKLM\\SOFTWARE\\Policies" /v x /t REG_SZ /d y /f\r\n')],
    ['ldif', text('version: 1\n\ndn: CN=x,DC=y\nobjectClass: top\n')],
    ['ldif', text('# extended LDIF\n#\ndn: DC=y\n')],
    ['policy-document-yaml', text('# our policy\n---\npolagent: 1\npolicies: []\n')],
    ['policy-document-json', text('\n{ "$schema": "x", "polagent": 1 }')],
    ['netsh', text('netsh ipsec static add policy name=x\r\n')],
    ['netsh', text('rem allow list\nnetsh -c ipsec static\n'.replace('-c ipsec static', 'ipsec static show all'))],
    ['netsh', text('pushd ipsec static\nadd policy name=x\n')],
    ['netsh', text('ipsecpol -w REG -p "x" -r "y" -f 0+*\n')],
  ])('%s', (format, bytes) => {
    expect(recognise(bytes)).toBe(format)
  })
})

describe('what is nothing of this is refused with what was seen', () => {
  test.each([
    [new Uint8Array(0), 'it is empty'],
    [new Uint8Array(65_536), 'zero bytes only'],
    [text('   \n'), 'only blanks'],
    [text('Hello\nworld'), 'begins with "Hello"'],
    [text('[1, 2]'), 'JSON, but no policy document'],
    [text('name: x\nversion: 1\n'), 'begins with "name: x"'],
    [text(`a\u001B[31mred${'.'.repeat(100)}`), 'begins with "a?[31mred...'],
    [Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0]), 'gzip'],
    [Uint8Array.from(Buffer.from('CREG\0\0\u0001\0')), 'Windows 95'],
    [Uint8Array.from([1, 2, 3]), '01 02 03'],
  ])('%#', (bytes, what) => {
    expect(() => recognise(bytes)).toThrow(
      expect.objectContaining({ code: 'INPUT_UNRECOGNISED', what: expect.stringContaining(what) }),
    )
  })

  test('random bytes never fail in another way (seed 7)', () => {
    const random = new SeededRandom(7)
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = Uint8Array.from({ length: random.below(40) }, () => random.below(256))
      try {
        recognise(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(PolagentError)
      }
    }
  })
})
