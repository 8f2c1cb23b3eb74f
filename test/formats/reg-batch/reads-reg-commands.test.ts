import { describe, expect, it } from 'vitest'
import { isRegBatch, readRegBatch } from '../../../src/formats/reg-batch/index.ts'
import type { RegReading } from '../../../src/formats/reg/index.ts'
import { type RegistryKey, type RegistryValue, textOfValue, textsOfValue } from '../../../src/policy/registryValue.ts'
import { keyAt, latin1Bytes } from '../../support/textTrees.ts'

const utf8 = new TextEncoder()
const policyKey = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\IPSec\\Policy\\Local\\ipsecPolicy{x}'

function read(text: string): RegReading {
  return readRegBatch(utf8.encode(text))
}

/** The one value that the commands leave in HKLM\A. */
function value(text: string): RegistryValue {
  const reading = read(text)
  expect(reading.findings).toEqual([])
  const [only, ...others] = keyAt(reading.root, 'HKEY_LOCAL_MACHINE', 'A').values
  expect(others).toEqual([])
  return only as RegistryValue
}

function keyNames(root: RegistryKey): string[] {
  return keyAt(root, 'HKEY_LOCAL_MACHINE').subkeys.map((key) => key.name)
}

function told(text: string): string[] {
  return read(text).findings.map(({ severity, code, line }) => `${severity} ${code} ${line}`)
}

describe('a command', () => {
  it.each([
    'reg add HKLM\\A /v n /t REG_SZ /d x /f',
    'REG ADD HKEY_LOCAL_MACHINE\\A /D x /V n',
    '@reg.exe add "HKLM\\A" /f /v "n" /d "x" >nul 2>&1',
    '%SystemRoot%\\System32\\reg.exe add HKLM\\A /v n /d x',
    '"%windir%\\system32\\reg.exe" add HKLM\\A /v n /d x',
    'C:\\Windows\\System32\\reg add HKLM\\A\\ /v n /d x 1> out.txt',
    'call reg add HKLM\\A /v n /d x',
    'echo y| reg add HKLM\\A /v n /d x',
    '  ( reg add HKLM\\A /v n /d x )',
    'reg add HKLM\\A ^\r\n  /v n ^\n  /d x',
    'r^eg a^dd HKLM\\A /v n /d x',
    'cls & reg add HKLM\\A /v n /d x',
    'set K=HKLM\\A\r\nset "D=x"\r\nreg add %K% /v n /d %d%',
    'reg add HKLM\\A /v n /t REG_SZ /d old && reg add HKLM\\A /v N /d x && reg add HKLM\\A /v n /d x',
  ])('%j', (text) => {
    // Carets inside the words are for people who hide what they do.
    expect(isRegBatch(utf8.encode(text))).toBe(!text.startsWith('r^eg'))
    const found = value(text)
    expect([found.name, found.type, textOfValue(found)]).toEqual(['n', 1, 'x'])
  })

  it.each([
    ['/v n /t REG_DWORD /d 256', 4, [0, 1, 0, 0]],
    ['/v n /t reg_dword /d 0x1F', 4, [0x1f, 0, 0, 0]],
    ['/v n /t REG_DWORD', 4, [0, 0, 0, 0]],
    ['/v n /t REG_QWORD /d 4294967296', 11, [0, 0, 0, 0, 1, 0, 0, 0]],
    ['/v n /t REG_BINARY /d 6321FF', 3, [0x63, 0x21, 0xff]],
    ['/v n /t REG_BINARY', 3, []],
    ['/v n /t REG_NONE', 0, []],
    ['/v n', 1, [0, 0]],
    ['/v n /t REG_EXPAND_SZ /d %%a', 2, [0x25, 0, 0x61, 0, 0, 0]],
    ['/v n /d ""', 1, [0, 0]],
    ['/v n /d "a""b"', 1, [0x61, 0, 0x22, 0, 0x62, 0, 0, 0]],
    ['/v n /d a\\"b', 1, [0x61, 0, 0x22, 0, 0x62, 0, 0, 0]],
    ['/v n /d "a^&b"', 1, [0x61, 0, 0x5e, 0, 0x26, 0, 0x62, 0, 0, 0]],
    ['/v n /d a^&b', 1, [0x61, 0, 0x26, 0, 0x62, 0, 0, 0]],
    ['/ve /d x', 1, [0x78, 0, 0, 0]],
    ['/d x', 1, [0x78, 0, 0, 0]],
  ])('with %s', (switches, type, data) => {
    const found = value(`reg add HKLM\\A ${switches} /f`)
    expect([found.type, [...found.data]]).toEqual([type, data])
  })

  it('has lists separated by \\0, or as said', () => {
    const path = 'SOFTWARE\\Policies\\ipsecNFA{1}'
    expect(textsOfValue(value(`reg add HKLM\\A /v n /t REG_MULTI_SZ /d "${path}\\0${path}\\0"`))).toEqual([path, path])
    expect(textsOfValue(value('reg add HKLM\\A /v n /t REG_MULTI_SZ /s ; /d a;b\\0c'))).toEqual(['a', 'b\\0c'])
    expect([...value('reg add HKLM\\A /v n /t REG_MULTI_SZ').data]).toEqual([0, 0])
  })

  it('makes keys without values, and deletes keys and values in order', () => {
    const reading = read(
      'reg add HKLM\\A\\B\r\nreg add HKLM\\C /v x /d 1\r\nreg add HKLM\\C /v y /d 1\r\nreg add HKLM\\C /ve /d 1\r\n' +
        'reg delete HKLM\\C /v X /f\r\nreg delete HKLM\\C /ve /f\r\nreg add HKLM\\D /v x\r\nreg delete HKLM\\D /va /f\r\n' +
        'reg add HKLM\\E\\F\r\nreg delete HKLM\\e /f\r\nreg delete HKLM\\Missing /f\r\n',
    )
    expect(keyNames(reading.root)).toEqual(['A', 'C', 'D'])
    expect(keyAt(reading.root, 'HKEY_LOCAL_MACHINE', 'C').values.map(({ name }) => name)).toEqual(['y'])
    expect(keyAt(reading.root, 'HKEY_LOCAL_MACHINE', 'D').values).toEqual([])
    expect(reading.findings.map(({ code, line }) => [code, line])).toEqual([['BATCH_NOTHING_TO_DELETE', 11]])
  })

  it('in the 32-bit view goes there, except where both views are one', () => {
    const reading = read(
      'reg add HKLM\\SOFTWARE\\A /reg:32\r\nreg add HKLM\\SOFTWARE\\Policies\\A /reg:32\r\nreg add HKLM\\SOFTWARE\\B /reg:64',
    )
    const software = keyAt(reading.root, 'HKEY_LOCAL_MACHINE', 'SOFTWARE')
    expect(software.subkeys.map((key) => key.name)).toEqual(['WOW6432Node', 'Policies', 'B'])
  })
})

describe('what is not read', () => {
  it('comments, labels and text that is only printed', () => {
    const text =
      'rem reg add HKLM\\A & reg add HKLM\\A\r\n@REM reg add HKLM\\A\r\n:: reg add HKLM\\A\r\n:label\r\necho reg add HKLM\\A\r\nreg query HKLM\\A\r\ncls & rem reg add HKLM\\A\r\n'
    expect(read(text)).toMatchObject({ root: { subkeys: [] }, findings: [] })
    expect(isRegBatch(utf8.encode('rem reg add HKLM\\A\r\n:: reg add HKLM\\A\r\n'))).toBe(false)
  })

  it.each([
    [`if exist x reg add ${policyKey} /v n`, ['error BATCH_CONDITIONAL 1']],
    ['if exist x reg add HKLM\\A', ['warning BATCH_CONDITIONAL 1']],
    ['for %%i in (a b) do reg add HKLM\\%%i', ['warning BATCH_CONDITIONAL 1']],
    ['if 1==1 (\r\n  echo x\r\n  reg add HKLM\\A\r\n)', ['warning BATCH_CONDITIONAL 3']],
    ['if 1==1 (\r\necho x\r\n) else (\r\nreg add HKLM\\A\r\n)', ['warning BATCH_CONDITIONAL 4']],
    ['if a==b echo x & reg add HKLM\\A', ['warning BATCH_CONDITIONAL 1']],
    ['net session || reg add HKLM\\A', ['warning BATCH_CONDITIONAL 1']],
    ['find "x" y && reg add HKLM\\A', ['warning BATCH_CONDITIONAL 1']],
    ['reg add HKLM\\%1', ['warning BATCH_UNKNOWN_VARIABLE 1']],
    ['reg add HKLM\\A /v n /d %~dp0', ['warning BATCH_UNKNOWN_VARIABLE 1']],
    ['reg add HKLM\\%COMPUTERNAME%', ['warning BATCH_UNKNOWN_VARIABLE 1']],
    ['set K=HKLM\\A\r\nreg add %K:~0,4%\\B', ['warning BATCH_UNKNOWN_VARIABLE 2']],
    ['set K=HKLM\\A\r\nif x==y set K=HKLM\\B\r\nreg add %K%', ['warning BATCH_UNKNOWN_VARIABLE 3']],
    ['set K=HKLM\\A\r\nfor /f %%i in (x) do set K=%%i\r\nreg add %K%', ['warning BATCH_UNKNOWN_VARIABLE 3']],
    ['set /p K=Key?\r\nreg add %K%', ['warning BATCH_UNKNOWN_VARIABLE 2']],
    ['setlocal\r\nset K=HKLM\\A\r\nendlocal\r\nreg add %K%', ['warning BATCH_UNKNOWN_VARIABLE 4']],
    ['setlocal EnableDelayedExpansion\r\nreg add HKLM\\!K!', ['warning BATCH_UNKNOWN_VARIABLE 2']],
    ['reg import x.reg', ['warning BATCH_NOT_FOLLOWED 1']],
    ['regedit /s x.reg', ['warning BATCH_NOT_FOLLOWED 1']],
    ['cmd /c "reg add HKLM\\A"', ['warning BATCH_NOT_FOLLOWED 1']],
    ['powershell -c reg add HKLM\\A', ['warning BATCH_NOT_FOLLOWED 1']],
    ['reg add HKLM\\A /v n /t REG_BINARY /d 6', ['error BATCH_MALFORMED 1']],
    ['reg add HKLM\\A /v n /t REG_BINARY /d 6g', ['error BATCH_MALFORMED 1']],
    ['reg add HKLM\\A /v n /t REG_DWORD /d 4294967296', ['error BATCH_MALFORMED 1']],
    ['reg add HKLM\\A /v n /t REG_DWORD /d x', ['error BATCH_MALFORMED 1']],
    ['reg add HKLM\\A /v n /t REG_ODD /d x', ['error BATCH_MALFORMED 1']],
    ['reg add HKLM\\A /v n /d x y', ['error BATCH_MALFORMED 1']],
    ['reg add HKLM\\A /v n /v m', ['error BATCH_MALFORMED 1']],
    ['reg add HKLM\\A /v', ['error BATCH_MALFORMED 1']],
    ['reg add \\\\server\\HKLM\\A', ['error BATCH_MALFORMED 1']],
    ['reg add HKXX\\A', ['error BATCH_MALFORMED 1']],
    ['reg add HKLM\\A /v n /t REG_MULTI_SZ /d a\\0\\0b', ['error BATCH_MALFORMED 1']],
    ['reg add', ['error BATCH_MALFORMED 1']],
  ])('%j is told', (text, expected) => {
    const reading = read(text)
    expect(told(text)).toEqual(expected)
    const key = reading.root.subkeys[0]?.subkeys.flatMap(({ values, subkeys }) => [...values, ...subkeys]) ?? []
    expect(key).toEqual([])
  })

  it('takes an earlier value of the same name with it', () => {
    for (const line of [
      'reg add HKLM\\A /v n /t REG_BINARY /d 6',
      'if a==b reg add HKLM\\A /v n /d 2',
      'reg add HKLM\\A /v n /d %x%',
    ]) {
      const reading = read(`reg add HKLM\\A /v N /d 1\r\n${line}\r\n`)
      expect(keyAt(reading.root, 'HKEY_LOCAL_MACHINE', 'A').values).toEqual([])
    }
  })

  it('jumps are told when commands follow', () => {
    expect(told('if a==b goto x\r\nexit /b\r\n')).toEqual([])
    expect(told('if a==b goto x\r\ngoto y\r\nreg add HKLM\\A\r\n')).toEqual(['warning BATCH_JUMPS 2'])
    expect(told('call :sub\r\nreg add HKLM\\A\r\n')).toEqual(['warning BATCH_JUMPS 1'])
  })

  it('no data is quoted', () => {
    const text =
      'reg add HKLM\\A /v n /d my secret\r\nreg add HKLM\\A /v n /t REG_BINARY /d 5ec4e7x\r\nreg add HKLM\\A /t secret\r\n'
    expect(JSON.stringify(read(text).findings)).not.toMatch(/secret|5ec4/)
  })
})

it('text is in the code page that the script sets for its console', () => {
  const bytes = latin1Bytes('@chcp 850 >nul\r\nreg add HKLM\\A /v n /d \x81\r\n')
  expect(readRegBatch(bytes)).toMatchObject({ encoding: 'ibm850', findings: [] })
  expect(textOfValue(keyAt(readRegBatch(bytes).root, 'HKEY_LOCAL_MACHINE', 'A').values[0] as RegistryValue)).toBe('ü')
  expect(readRegBatch(bytes, { codePage: '1251' }).encoding).toBe('windows-1251')
})

it.each([
  ['Use reg add HKLM\\A to do it', false],
  ['description: reg add HKLM\\A', false],
  ['reg query HKLM\\A', false],
  ['reg add HKLM\\A', true],
  ['  if not exist x (reg delete "HKCU\\A" /f)', true],
  ['start /wait reg add HKLM\\A', false],
  ['for %%i in (1) do reg add HKLM\\A', true],
  ['cmd /c reg add HKLM\\A', true],
  ['reg add "%K%\\A"', false],
  ['set "K=HKLM\\A"\r\nreg add "%K%\\A"', true],
])('%j is recognised: %s', (text, expected) => {
  expect(isRegBatch(utf8.encode(`@echo off\r\n${text}\r\n`))).toBe(expected)
})
