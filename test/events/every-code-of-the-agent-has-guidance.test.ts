import { describe, expect, test } from 'vitest'
import { failureCode, failureCodeOf } from '../../src/agent/failureCodes.ts'
import { errorTable, type ErrorRow } from '../../src/base/errorTable.ts'
import { commandTable } from '../../src/cli/commandTable.ts'
import { errorGuidance, familyGuidance, guidanceOfCode } from '../../src/events/errorGuidance.ts'
import { errorFamilies, errorFamily, errorGuidanceOf, ldapResults, win32Error } from '../../src/events/win32Errors.ts'
import table from '../../src/events/win32Errors.json' with { type: 'json' }
import { type IntegrityRow, integrityTable } from '../../src/policy/integrityTable.ts'

const errnos = [
  'ENOENT',
  'ENOTDIR',
  'EACCES',
  'EPERM',
  'EISDIR',
  'ENOMEM',
  'EROFS',
  'ENOSPC',
  'EDQUOT',
  'EMFILE',
  'ENFILE',
  'EIO',
]

describe('guidance', () => {
  test('exists for each code the agent logs', () => {
    const codes = new Set<number>([
      ...Object.values(failureCode),
      ...Object.values<ErrorRow>(errorTable).flatMap((row) => row.win32 ?? []),
      ...Object.values<IntegrityRow>(integrityTable).flatMap((row) => row.win32 ?? []),
      ...errnos.map((code) => failureCodeOf(Object.assign(new Error(code), { code }))),
    ])
    expect(codes.size).toBeGreaterThan(15)
    for (const code of codes) {
      expect(win32Error(code), `code ${code}`).toBeDefined()
      expect(guidanceOfCode(code), `code ${code}`).toBeDefined()
    }
  })

  test('exists for each code of the families an agent can meet', () => {
    expect(Object.keys(table.groups).toSorted()).toEqual([...errorFamilies].toSorted())
    for (const [family, items] of Object.entries(table.groups)) {
      for (const item of items as (number | [number, number])[]) {
        for (const code of typeof item === 'number' ? [item] : item) {
          expect(errorFamily(code), `code ${code} of ${family}`).toBeDefined()
          expect(errorGuidanceOf(code), `code ${code} of ${family}`).toBeDefined()
        }
      }
    }
    expect(errorGuidanceOf(1733)).toBe(familyGuidance['rpc'])
    expect(errorGuidanceOf(13_900)).toBe(familyGuidance['ipsec-ike-negotiation'])
    expect(errorGuidanceOf(16_000)).toBeUndefined()
  })

  test('exists for each LDAP result that Windows maps', () => {
    for (const { win32, names } of ldapResults()) {
      if (win32 !== undefined) expect(errorGuidanceOf(win32), names[0]).toBeDefined()
    }
  })

  test('is written once for a code, about codes that exist', () => {
    const codes = errorGuidance.flatMap((row) => row.codes)
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([])
    for (const code of codes) expect(win32Error(code), `code ${code}`).toBeDefined()
  })

  test('is made of whole sentences with at least one fix and check', () => {
    for (const row of [...errorGuidance, ...Object.values(familyGuidance)]) {
      expect(row.fix.length).toBeGreaterThan(0)
      expect(row.check.length).toBeGreaterThan(0)
      for (const text of [row.cause, ...row.fix]) expect(text).toMatch(/[.`)]$/)
      for (const text of [row.cause, ...row.fix, ...row.check]) expect(text.split('`').length % 2, text).toBe(1)
    }
  })

  test('names only commands of polagent that there are or that issue 2 brings', () => {
    const known = new Set([
      ...commandTable.map((row) => row.name),
      'show',
      'check',
      'rules',
      'explain',
      'import',
      'assign',
      'history',
      'restore',
      'run',
      'status',
      'reload',
      'events',
      '--version',
    ])
    const texts = [...errorGuidance, ...Object.values(familyGuidance)].flatMap((row) => [...row.fix, ...row.check])
    const named = texts.flatMap((text) => [...text.matchAll(/`polagent ([a-z-]+)/g)].map((match) => match[1] as string))
    expect(named.length).toBeGreaterThan(50)
    for (const name of named) expect(known, name).toContain(name)
  })
})
