import { describe, expect, test } from 'vitest'
import { type ErrorExplanation, findErrors, isErrorNumber, similarErrorNames } from '../../src/events/findErrors.ts'
import { hresultOfWin32, namedHresults, win32Error, win32Errors } from '../../src/events/win32Errors.ts'

function names(meanings: readonly ErrorExplanation[]): (string | undefined)[] {
  return meanings.map((meaning) => {
    switch (meaning.kind) {
      case 'win32':
      case 'hresult':
        return meaning.error.name
      case 'ldap':
        return meaning.error.names[0]
      case 'event':
        return `event ${meaning.event.id}`
    }
  })
}

describe('an error code', () => {
  test.each([
    '1009',
    ' 1009 ',
    '+1009',
    '0x3F1',
    '0x000003f1',
    '0x800703F1',
    '2147943409',
    '800703F1',
    '2147943409',
    '-2147023887',
    '0xC00703F1',
    'ERROR_BADDB',
    'error_baddb',
    'BadDb',
  ])('%s is ERROR_BADDB', (text) => {
    const [first] = findErrors(text)
    expect(first).toMatchObject({
      kind: 'win32',
      error: { code: 1009, text: 'The configuration registry database is corrupt.' },
      hresult: 0x800703f1,
      family: 'registry',
    })
  })

  test.each([
    ['5', ['ERROR_ACCESS_DENIED', 'LDAP_COMPARE_FALSE']],
    ['80070005', ['ERROR_ACCESS_DENIED']],
    ['E_ACCESSDENIED', ['ERROR_ACCESS_DENIED']],
    ['0x80004005', ['E_FAIL']],
    ['E_FAIL', ['E_FAIL']],
    ['NO_ERROR', ['ERROR_SUCCESS']],
    ['13801', ['ERROR_IPSEC_IKE_AUTH_FAIL']],
    ['ike_auth_fail', ['ERROR_IPSEC_IKE_AUTH_FAIL']],
    ['2102', ['NERR_NetNotStarted']],
    ['netnotstarted', ['NERR_NetNotStarted']],
    ['10061', ['WSAECONNREFUSED']],
    ['LDAP_INVALID_CREDENTIALS', ['LDAP_INVALID_CREDENTIALS']],
    ['invalidCredentials', ['LDAP_INVALID_CREDENTIALS']],
    ['server_down', ['LDAP_SERVER_DOWN']],
    ['5461', ['event 5461']],
    ['2', ['ERROR_FILE_NOT_FOUND', 'LDAP_PROTOCOL_ERROR']],
    ['4294967296', []],
    ['-1', []],
    ['-99999999999', []],
    ['1e3', []],
    ['0x', []],
    ['', []],
    ['%1', []],
    ['__proto__', []],
    ['constructor', []],
    ['.*', []],
  ])('%s', (text, expected) => {
    expect(names(findErrors(text))).toEqual(expected)
  })

  test('a name that is whole comes before one that lacks a prefix', () => {
    const [first] = findErrors('ERROR_TIMEOUT')
    expect(first).toMatchObject({ kind: 'win32', error: { code: 1460 } })
    expect(names(findErrors('timeout'))).toEqual(['ERROR_TIMEOUT', 'LDAP_TIMEOUT'])
  })

  test('of LDAP gives the code Windows makes of it, and its guidance', () => {
    expect(findErrors('noSuchObject')).toMatchObject([
      { kind: 'ldap', error: { code: 32 }, win32: { code: 2 }, guidance: { basis: 'infer' } },
    ])
    expect(findErrors('referral')).toMatchObject([{ kind: 'ldap', error: { code: 10 } }])
    expect(findErrors('referral')[0]).not.toHaveProperty('win32')
  })

  test('every code of the table is found by number, HRESULT and name', () => {
    expect(win32Errors().length).toBe(3081)
    for (const error of win32Errors()) {
      expect(win32Error(error.code)).toEqual(error)
      const [byNumber] = findErrors(String(error.code))
      expect(byNumber).toMatchObject({ kind: 'win32', error })
      const [byHresult] = findErrors(`0x${hresultOfWin32(error.code).toString(16)}`)
      expect(byHresult).toMatchObject({ kind: 'win32', error })
    }
    for (const error of win32Errors().filter((_, index) => index % 20 === 0)) {
      if (error.name !== undefined) expect(names(findErrors(error.name))).toContain(error.name)
    }
    expect(new Set(win32Errors().map(({ code }) => code)).size).toBe(3081)
  })

  test('every named HRESULT is found', () => {
    for (const { value } of namedHresults()) {
      expect(findErrors(`0x${value.toString(16)}`).length, value.toString(16)).toBeGreaterThan(0)
    }
  })

  test('numbers are told from names', () => {
    for (const text of ['0', '-5', '0xff', '8007000E', '99999999999']) expect(isErrorNumber(text), text).toBe(true)
    for (const text of ['abc', '', '12x', 'deadbee', 'faded']) expect(isErrorNumber(text), text).toBe(false)
  })

  test('names like it are offered', () => {
    expect(similarErrorNames('registry_corr', 5)).toEqual(['ERROR_REGISTRY_CORRUPT'])
    expect(similarErrorNames('xx', 5)).toEqual([])
  })
})
