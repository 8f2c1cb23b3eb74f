import { describe, expect, test } from 'vitest'
import schema from '../../docs/schema/helpmsg.schema.json' with { type: 'json' }
import { win32Errors } from '../../src/events/win32Errors.ts'
import { runCommand } from '../support/fakeIo.ts'
import { schemaFaults } from '../support/jsonSchema.ts'

describe('polagent helpmsg', () => {
  test('gives name, number in all forms, text, cause, fix and check', async () => {
    const { out, err, status } = await runCommand(['helpmsg', '1009'])
    expect([err, status]).toEqual(['', 0])
    expect(out).toMatch(/^ERROR_BADDB\n1009 = 0x000003F1, as HRESULT 0x800703F1 = -2147023887\n/)
    expect(out).toContain('\n  The configuration registry database is corrupt.\n')
    for (const part of ['\nCause   ', '\nFix     ', '\nCheck   ', '`polagent restore --last`'])
      expect(out).toContain(part)
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(110)
  })

  test.each(['0x3F1', '0x800703f1', '-2147023887', '2147943409', 'ERROR_BADDB', 'baddb'])(
    'says the same of %s',
    async (code) => {
      expect((await runCommand(['helpmsg', code])).out).toBe((await runCommand(['helpmsg', '1009'])).out)
    },
  )

  test('names other meanings in short', async () => {
    const { out } = await runCommand(['helpmsg', '49'])
    expect(out).toContain('LDAP_INVALID_CREDENTIALS')
    const two = await runCommand(['helpmsg', '2'])
    expect(two.out).toMatch(/^ERROR_FILE_NOT_FOUND\n/)
    expect(two.out).toContain(
      '\nIt can also mean:\n  LDAP result LDAP_PROTOCOL_ERROR, protocolError, for Windows ERROR_INVALID_LEVEL\n',
    )
    expect((await runCommand(['helpmsg', '5461'])).out).toMatch(/^Event 5461\n/)
    expect((await runCommand(['helpmsg', '0x80004005'])).out).toMatch(/^E_FAIL\nHRESULT 0x80004005 = -2147467259\n/)
  })

  test.each([
    ['999999', 3, '999999 is not a valid Windows network message number.\n'],
    ['-5', 3, '-5 is not a valid Windows network message number.\n'],
    ['0x80071234567', 3, '0x80071234567 is not a valid Windows network message number.\n'],
    ['ERROR_NO_SUCH_NAME', 3, 'ERROR_NO_SUCH_NAME is not a valid Windows network message number.\n'],
    ['hello', 2, '"hello" is neither a number nor the name of an error.\n'],
    ['12x', 2, '"12x" is neither a number nor the name of an error.\n'],
    ['\u001b[1m', 2, String.raw`"\x1b[1m" is neither a number nor the name of an error.` + '\n'],
  ])('%j is not known', async (code, status, message) => {
    const result = await runCommand(['helpmsg', code])
    expect(result).toMatchObject({ out: '', status })
    expect(result.err).toBe(message)
  })

  test('offers names like the one given', async () => {
    const { err, status } = await runCommand(['helpmsg', 'registry_corr'])
    expect([status, err]).toEqual([3, expect.stringContaining('Similar names: ERROR_REGISTRY_CORRUPT\n')])
  })

  test('needs exactly one code', async () => {
    expect((await runCommand(['helpmsg'])).status).toBe(2)
    expect((await runCommand(['helpmsg', '1', '2'])).status).toBe(2)
  })

  test('gives documents that fit their schema', async () => {
    const some = win32Errors().filter((_, index) => index % 150 === 0)
    const codes = [
      ...some.map(({ code }) => String(code)),
      '2',
      '49',
      '10',
      '5461',
      '0x80004005',
      'e_fail',
      '2253',
      '342',
      'nonsense',
      '999999',
    ]
    for (const code of codes) {
      const { out } = await runCommand(['helpmsg', code, '--json'])
      expect(schemaFaults(JSON.parse(out), schema), `${code}: ${out}`).toEqual([])
    }
    const { out, status } = await runCommand(['helpmsg', '999999', '--json'])
    expect([JSON.parse(out), status]).toEqual([{ version: 1, query: '999999', meanings: [] }, 3])
  })
})
