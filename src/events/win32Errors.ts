import { type ErrorGuidance, familyGuidance, guidanceOfCode } from './errorGuidance.ts'
import table from './win32Errors.json' with { type: 'json' }

/** A system error code of Windows. */
export interface Win32Error {
  readonly code: number
  /** Symbolic name, as `ERROR_BADDB`; a few messages have none. */
  readonly name?: string
  /** Other names of the same code. */
  readonly aliases: readonly string[]
  /** English system text; `%1` and the like stand as they are. Absent when it is not known. */
  readonly text?: string
}

/** An HRESULT with a meaning of its own; `value` is unsigned. */
export interface NamedHresult {
  readonly value: number
  readonly name: string
  readonly text: string
}

/** A result of an LDAP operation, and the Win32 code Windows makes of it. */
export interface LdapResult {
  readonly code: number
  /** `LDAP_NO_SUCH_OBJECT`, then the name of RFC 4511. */
  readonly names: readonly string[]
  readonly win32?: number
}

type Win32Row = readonly [code: number, name: string | null, text: string | null, ...aliases: string[]]
type HresultRow = readonly [value: number, name: string, text: string]
type LdapRow = readonly [code: number, win32: number, ...names: string[]]
/** Codes, or first and last of a range. */
type GroupRow = readonly (number | readonly [number, number])[]

const win32Rows = table.win32 as unknown as readonly Win32Row[]
const groupRows = table.groups as unknown as Readonly<Record<string, GroupRow>>

let win32ByCode: ReadonlyMap<number, Win32Row> | undefined

/** The error a code stands for, as `net helpmsg` knows it. */
export function win32Error(code: number): Win32Error | undefined {
  win32ByCode ??= new Map(win32Rows.map((row) => [row[0], row]))
  const row = win32ByCode.get(code)
  return row === undefined ? undefined : win32ErrorOf(row)
}

export function win32Errors(): readonly Win32Error[] {
  return win32Rows.map(win32ErrorOf)
}

function win32ErrorOf([code, name, text, ...aliases]: Win32Row): Win32Error {
  return { code, ...(name === null ? {} : { name }), aliases, ...(text === null ? {} : { text }) }
}

export function namedHresults(): readonly NamedHresult[] {
  return (table.hresult as unknown as readonly HresultRow[]).map(([value, name, text]) => ({ value, name, text }))
}

export function ldapResults(): readonly LdapResult[] {
  return (table.ldap as unknown as readonly LdapRow[]).map(([code, win32, ...names]) => ({
    code,
    names,
    ...(win32 < 0 ? {} : { win32 }),
  }))
}

/** The families of codes a policy agent can meet. */
export const errorFamilies: readonly string[] = Object.keys(familyGuidance)

/** The family a code belongs to; the first that has it. */
export function errorFamily(code: number): string | undefined {
  return errorFamilies.find((family) =>
    (groupRows[family] ?? []).some((item) =>
      typeof item === 'number' ? item === code : code >= item[0] && code <= item[1],
    ),
  )
}

/** Cause, fix and check for a Win32 code: its own, or those of its family. */
export function errorGuidanceOf(code: number): ErrorGuidance | undefined {
  const own = guidanceOfCode(code)
  if (own !== undefined) return own
  const family = errorFamily(code)
  return family === undefined ? undefined : familyGuidance[family]
}

/** HRESULT_FROM_WIN32, unsigned: facility 7, severity error. */
export function hresultOfWin32(code: number): number {
  return code === 0 ? 0 : 0x80070000 + (code & 0xffff)
}

/** What the system itself says of a number it does not know (message 3871 of the net command). */
export function unknownMessageText(number: string): string {
  return table.netCommandMessages['3871'].replace('%1', () => number)
}
