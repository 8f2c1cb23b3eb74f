import { describe, expect, it } from 'vitest'
import { isReg, readReg, type RegReading } from '../../../src/formats/reg/index.ts'
import { encodeTextFile } from '../../../src/formats/text/index.ts'
import { type RegistryKey, type RegistryValue, textOfValue, textsOfValue } from '../../../src/policy/registryValue.ts'
import { keyAt, latin1Bytes, plainTextKey } from '../../support/textTrees.ts'

const utf8 = new TextEncoder()
const head = 'Windows Registry Editor Version 5.00\r\n\r\n'

function read(body: string, header = head): RegReading {
  return readReg(utf8.encode(header + body))
}

/** The values of [HKLM\A] in a text that has only that key. */
function valuesOf(lines: string, header = head): readonly RegistryValue[] {
  return keyAt(read(`[HKEY_LOCAL_MACHINE\\A]\r\n${lines}\r\n`, header).root, 'HKEY_LOCAL_MACHINE', 'A').values
}

function onlyValue(line: string, header = head): RegistryValue {
  const [value, ...others] = valuesOf(line, header)
  if (value === undefined || others.length > 0) throw new Error(`not one value: ${line}`)
  return value
}

function codes(reading: RegReading): string[] {
  return reading.findings.map((finding) => finding.code)
}

function names(key: RegistryKey): string[] {
  return key.subkeys.map((subkey) => subkey.name)
}

describe('data', () => {
  it.each([
    ['"n"="text"', 1, [0x74, 0, 0x65, 0, 0x78, 0, 0x74, 0, 0, 0]],
    ['"n"=""', 1, [0, 0]],
    ['"n"=dword:0000012f', 4, [0x2f, 1, 0, 0]],
    ['"n"=DWORD:1', 4, [1, 0, 0, 0]],
    ['"n"=qword:0102030405060708', 11, [8, 7, 6, 5, 4, 3, 2, 1]],
    ['"n"=hex:01,FF,a', 3, [1, 255, 10]],
    ['"n"=hex:', 3, []],
    ['"n"=hex(3):01', 3, [1]],
    ['"n"=hex(0):', 0, []],
    ['"n"=hex(b):01,00,00,00,00,00,00,00', 11, [1, 0, 0, 0, 0, 0, 0, 0]],
    ['"n"=hex(FFFF0010):07', 0xffff_0010, [7]],
    ['"n"=hex(2):41,00', 2, [0x41, 0]],
    ['"n" = hex: 01 , 02 ,\\\r\n  03,\\ \r\n04', 3, [1, 2, 3, 4]],
    ['"n"=hex:01,\\\r\n  ; a comment\r\n\r\n  02', 3, [1, 2]],
    ['"n"=hex:01,\\ ; a comment\r\n  02 ; another', 3, [1, 2]],
    ['  "n"=dword:2 ; a comment', 4, [2, 0, 0, 0]],
    ['@=dword:3', 4, [3, 0, 0, 0]],
  ])('%s', (line, type, data) => {
    const value = onlyValue(line)
    expect([value.type, [...value.data]]).toEqual([type, data])
  })

  it('strings have escapes and line breaks in them', () => {
    expect(textOfValue(onlyValue('"n"="a\\\\b\\"c\\"" ; comment'))).toBe('a\\b"c"')
    expect(textOfValue(onlyValue('"n"="one\r\ntwo\nthree"'))).toBe('one\r\ntwo\nthree')
    expect(onlyValue('"a\\\\b\\"c"=dword:0').name).toBe('a\\b"c')
    expect(valuesOf('@="the default"').map((value) => value.name)).toEqual([''])
  })

  it('single backslashes are kept as they are meant, and told', () => {
    const reading = read('[HKLM\\A]\r\n"n"="SOFTWARE\\Policies"\r\n')
    expect(textOfValue(keyAt(reading.root, 'HKEY_LOCAL_MACHINE', 'A').values[0] as RegistryValue)).toBe(
      'SOFTWARE\\Policies',
    )
    expect(codes(reading)).toEqual(['REG_VALUE_UNUSUAL'])
  })

  it('a comma at the end of complete data is told, and of data that goes on without a backslash refused', () => {
    const complete = read('[HKLM\\A]\r\n"n"=hex:01,02,\r\n"m"=dword:1\r\n')
    expect(codes(complete)).toEqual(['REG_VALUE_UNUSUAL'])
    const cut = read('[HKLM\\A]\r\n"n"=hex:01,02,\r\n  03,04\r\n"m"=dword:1\r\n')
    expect(codes(cut)).toEqual(['REG_VALUE_MALFORMED'])
    expect(keyAt(cut.root, 'HKEY_LOCAL_MACHINE', 'A').values.map((value) => value.name)).toEqual(['m'])
  })

  it('strings given in hex are single bytes in version 4, in the code page of the text or the one that is named', () => {
    const text = 'REGEDIT4\r\n\r\n[HKEY_LOCAL_MACHINE\\A]\r\n"n"=hex(7):61,e4,00,62,00,00\r\n'
    const found = (codePage?: string): string[] => {
      const reading = readReg(latin1Bytes(text), codePage === undefined ? {} : { codePage })
      return textsOfValue(keyAt(reading.root, 'HKEY_LOCAL_MACHINE', 'A').values[0] as RegistryValue)
    }
    expect(found()).toEqual(['aä', 'b'])
    expect(found('1251')).toEqual(['aд', 'b'])
    const reading = readReg(latin1Bytes(text))
    expect(reading).toMatchObject({ version: 4, encoding: 'utf-8' })
    expect(codes(reading)).toEqual(['TEXT_CODE_PAGE_ASSUMED'])
  })

  it('strings in version 4 that look like UTF-16 are told', () => {
    const reading = read('[HKLM\\A]\r\n"n"=hex(2):41,00,42,00,43,00,00,00\r\n', 'REGEDIT4\r\n')
    expect(codes(reading)).toEqual(['REG_STRING_LOOKS_LIKE_UTF16'])
  })
})

describe('keys', () => {
  it('of any spelling of the root are one, and so are names in any case; later values win', () => {
    const reading = read(
      '[HKLM\\Software\\A]\r\n"x"=dword:1\r\n"y"=dword:1\r\n[hkey_local_machine\\SOFTWARE\\a]\r\n"X"=dword:2\r\n[HKCU]\r\n[HKCR]\r\n[HKU]\r\n[HKCC]\r\n',
    )
    expect(names(reading.root)).toEqual([
      'HKEY_LOCAL_MACHINE',
      'HKEY_CURRENT_USER',
      'HKEY_CLASSES_ROOT',
      'HKEY_USERS',
      'HKEY_CURRENT_CONFIG',
    ])
    const key = keyAt(reading.root, 'HKEY_LOCAL_MACHINE', 'Software', 'A')
    expect(key.values.map(({ name, data }) => [name, data[0]])).toEqual([
      ['X', 2],
      ['y', 1],
    ])
    expect(key.line).toBe(3)
    expect(reading.findings).toEqual([])
  })

  it('may have brackets and semicolons in their names, and comments behind them', () => {
    const reading = read('[HKLM\\a]b;c]\r\n[HKLM\\d] ; see e\r\n[HKLM\\f] ; see [g] too\r\n')
    expect(names(keyAt(reading.root, 'HKEY_LOCAL_MACHINE'))).toEqual(['a]b;c', 'd', 'f'])
  })

  it('and values are deleted in the order of the text', () => {
    const reading = read(
      '[HKLM\\A]\r\n"x"=dword:1\r\n"x"=-\r\n"y"=dword:1\r\n[HKLM\\B\\C]\r\n[-HKLM\\B]\r\n[HKLM\\B]\r\n[-HKLM\\Missing]\r\n[HKLM\\A]\r\n"z"=-\r\n',
    )
    expect(keyAt(reading.root, 'HKEY_LOCAL_MACHINE', 'A').values.map((value) => value.name)).toEqual(['y'])
    expect(names(keyAt(reading.root, 'HKEY_LOCAL_MACHINE', 'B'))).toEqual([])
    expect(reading.findings.map(({ code, severity, line }) => [code, severity, line])).toEqual([
      ['REG_NOTHING_TO_DELETE', 'info', 10],
      ['REG_NOTHING_TO_DELETE', 'info', 12],
    ])
  })

  it('below a hive of its own are read as hivexregedit writes them', () => {
    const reading = read('[\\]\r\n[\\Policies]\r\n"a"=hex(1):61,00,00,00\r\n')
    expect(plainTextKey(reading.root).subkeys.map((key) => key.name)).toEqual(['Policies'])
    expect(reading.findings).toEqual([])
  })

  it('with an unknown root, doubled backslashes, or too deep are told', () => {
    const deep = `[HKLM\\${'k\\'.repeat(600)}x]\r\n"lost"=dword:1\r\n`
    const reading = read(
      `[HKEY_OTHER\\A]\r\n[HKLM\\\\B\\\\C]\r\n${deep}[HKLM\\${'n'.repeat(256)}]\r\n[HKLM\\D\r\n"lost"=dword:1\r\n`,
    )
    expect(reading.findings.map(({ code, severity, line }) => [code, severity, line])).toEqual([
      ['REG_KEY_UNUSUAL', 'warning', 3],
      ['REG_KEY_UNUSUAL', 'warning', 4],
      ['REG_KEY_MALFORMED', 'error', 5],
      ['REG_KEY_MALFORMED', 'error', 7],
      ['REG_KEY_MALFORMED', 'error', 8],
    ])
    expect(names(reading.root)).toEqual(['HKEY_OTHER', 'HKEY_LOCAL_MACHINE'])
    expect(names(keyAt(reading.root, 'HKEY_LOCAL_MACHINE'))).toEqual(['B'])
  })
})

describe('what cannot be read', () => {
  it.each([
    ['"ipsecData"=hex:63,2g', 4, 21],
    ['"ipsecData"=hex:63 21', 4, 20],
    ['"ipsecData"=hex:632100', 4, 19],
    ['"ipsecData"=hex:63,\\', undefined, undefined],
    ['"ipsecData"=hex:63,\\\r\n"x"=dword:1', undefined, undefined],
    ['"ipsecData"=hex(:63', 4, 17],
    ['"ipsecData"=hex(123456789):63', 4, 26],
    ['"ipsecData"=text', 4, 13],
    ['"ipsecData" hex:63', 4, 13],
    ['"ipsecData"=dword:123456789', 4, 28],
    ['"ipsecData"=dword:', 4, 19],
    ['"ipsecData"=dword:1 2', 4, 21],
    ['"ipsecData"="text" x', 4, 20],
    ['"ipsecData"="text', undefined, undefined],
    ['"ipsecData"=- x', 4, 15],
  ])('%s leaves out the value and an earlier one of its name', (line, atLine, column) => {
    const reading = read(`[HKLM\\A]\r\n${line}\r\n`)
    const [finding, ...others] = reading.findings
    expect(finding).toMatchObject({ severity: 'error', code: 'REG_VALUE_MALFORMED', line: 4, field: 'ipsecData' })
    expect(finding).toMatchObject({ object: 'HKEY_LOCAL_MACHINE\\A', win32: 13 })
    expect(others).toEqual([])
    if (column !== undefined) expect(finding?.message).toContain(`column ${column}`)
    if (atLine !== undefined) expect(finding?.line).toBe(atLine)
    const after = read(`[HKLM\\A]\r\n"ipsecdata"=hex:01\r\n${line}\r\n`)
    expect(keyAt(after.root, 'HKEY_LOCAL_MACHINE', 'A').values.filter(({ name }) => name !== 'x')).toEqual([])
  })

  it('does not take the lines after it along', () => {
    const reading = read(
      '[HKLM\\A]\r\n"a"="open\r\n"b"=dword:1\r\n"c"=hex:01,\\\r\n"d"=dword:2\r\n"e"=hex:xx,\\\r\n  01,\\\r\n  02\r\n"f"=dword:3\r\njunk \\\r\n more junk\r\n[HKLM\\B]\r\n"open=dword:4\r\n"g"=dword:5\r\n',
    )
    expect(keyAt(reading.root, 'HKEY_LOCAL_MACHINE', 'A').values.map((value) => value.name)).toEqual(['b', 'd', 'f'])
    expect(keyAt(reading.root, 'HKEY_LOCAL_MACHINE', 'B').values.map((value) => value.name)).toEqual(['g'])
    expect(reading.findings.map(({ code, line }) => [code, line])).toEqual([
      ['REG_VALUE_MALFORMED', 4],
      ['REG_VALUE_MALFORMED', 6],
      ['REG_VALUE_MALFORMED', 8],
      ['REG_LINE_MALFORMED', 12],
      ['REG_VALUE_MALFORMED', 15],
    ])
  })

  it('is counted when there is much of it', () => {
    const reading = read(`[HKLM\\A]\r\n${'junk\r\n'.repeat(5000)}`)
    expect(reading.findings).toHaveLength(1001)
    expect(reading.findings.at(-1)).toMatchObject({ severity: 'warning', code: 'REG_MORE_FINDINGS' })
  })

  it('does not quote data', () => {
    const reading = read('[HKLM\\A]\r\n"a"="my secret" x\r\n"b"=secret\r\nsecret\r\n"c"=hex:se,cr,et\r\n')
    expect(JSON.stringify(reading.findings)).not.toMatch(/secret|se,cr/)
  })

  it('values above the first key, or below a deleted one, are told once', () => {
    const reading = read('"a"=dword:1\r\n"b"=dword:1\r\n[HKLM\\A]\r\n[-HKLM\\A]\r\n"c"=dword:1\r\n')
    expect(reading.findings.map(({ code, line }) => [code, line])).toEqual([
      ['REG_VALUE_WITHOUT_KEY', 3],
      ['REG_VALUE_WITHOUT_KEY', 7],
    ])
  })
})

describe('the first line', () => {
  it.each([
    ['REGEDIT4\n', 4, []],
    ['Windows Registry Editor Version 5.00\r', 5, []],
    ['\r\n; comment\r\nwindows registry editor version 5.00  \r\n', 5, []],
    ['Registry Editor 5\r\n', 5, ['REG_HEADER_MISSING']],
    ['regedit 4\r\n', 4, ['REG_HEADER_MISSING']],
    ['', 5, ['REG_HEADER_MISSING']],
  ])('%j', (header, version, expected) => {
    const bytes = utf8.encode(`${header}[HKEY_LOCAL_MACHINE\\A]\r\n"a"=dword:1\r\n`)
    expect(isReg(bytes)).toBe(true)
    const reading = readReg(bytes)
    expect(reading.version).toBe(version)
    expect(codes(reading)).toEqual(expected)
    expect(keyAt(reading.root, 'HKEY_LOCAL_MACHINE', 'A').values).toHaveLength(1)
  })

  it.each(['', 'text', '{"a": 1}', '[section]\na=1', 'dn: CN=x', '["HKLM"]', '[HKEY]\n', '# [HKLM\\A]'])(
    '%j is none',
    (text) => {
      const bytes = utf8.encode(text)
      expect(isReg(bytes)).toBe(false)
      expect(() => readReg(bytes)).toThrow(expect.objectContaining({ code: 'INPUT_UNRECOGNISED' }))
    },
  )
})

it('line ends of all kinds count as lines', () => {
  const reading = read('[HKLM\\A]\r"a"=x\n"b"=x\r\n\r\n"c"=x', 'REGEDIT4\r\n')
  expect(reading.findings.map((finding) => finding.line)).toEqual([3, 4, 6])
})

it.each(['utf-16le', 'utf-16be', 'utf-8', 'windows-1252'] as const)('text in %s reads the same', (encoding) => {
  const bytes = encodeTextFile(`${head}[HKEY_LOCAL_MACHINE\\Ä]\r\n"ö"="ü"\r\n`, encoding) ?? new Uint8Array()
  expect(isReg(bytes)).toBe(true)
  const reading = readReg(bytes)
  expect(reading.encoding).toBe(encoding)
  expect(textOfValue(keyAt(reading.root, 'HKEY_LOCAL_MACHINE', 'Ä').values[0] as RegistryValue)).toBe('ü')
  expect(codes(reading)).toEqual(encoding === 'windows-1252' ? ['TEXT_CODE_PAGE_ASSUMED'] : [])
})
