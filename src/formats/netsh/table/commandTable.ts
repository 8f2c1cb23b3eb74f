import type { AuthenticationMethod } from '../../../policy/model.ts'
import { dynamicTable } from './dynamicTable.ts'
import { staticTable } from './staticTable.ts'
import type { CommandRow, TagRow, TagValues } from './tagTypes.ts'

/** Every command of the ipsec contexts: parser, usage texts, completion, reference page and tests come from it. */
export const commandTable: readonly CommandRow[] = [...staticTable, ...dynamicTable]

type Row = (typeof staticTable)[number] | (typeof dynamicTable)[number]
type AuthenticationType = 'kerberos' | 'psk' | 'rootca'

type ValueOf<T extends TagRow> = T extends { readonly words: readonly (infer W)[] } ? W : TagValues[T['type']]
type Plain<T extends TagRow> = T extends { readonly type: AuthenticationType } ? never : T
type Required<T extends TagRow> = T extends { readonly required: true } ? T : never
type NotRequired<T extends TagRow> = T extends { readonly required: true } ? never : T

type Arguments<T extends TagRow> = { readonly [K in Required<T> as K['name']]: ValueOf<K> } & {
  readonly [K in NotRequired<T> as K['name']]?: ValueOf<K>
}
type KeywordOf<R> = R extends { readonly keywords: readonly (infer W)[] } ? { readonly keyword?: W } : object
type AuthenticationOf<T extends TagRow> =
  Extract<T, { readonly type: AuthenticationType }> extends never
    ? object
    : {
        /** In order of preference; absent when none is given. */
        readonly authentication?: readonly AuthenticationMethod[]
      }

/** A column of the line, counted in UTF-16 units from 1, for each tag that was given. */
export type Columns = Readonly<Record<string, number>>

type CommandOf<R> = R extends { readonly kind: infer K; readonly tags: readonly (infer T extends TagRow)[] }
  ? { readonly kind: K; readonly args: Arguments<Plain<T>>; readonly columns: Columns } & KeywordOf<R> &
      AuthenticationOf<T>
  : never

/** A command that was read: one member for each row of the table. */
export type NetshCommand = CommandOf<Row>
export type StaticCommand = CommandOf<(typeof staticTable)[number]>
export type DynamicCommand = CommandOf<(typeof dynamicTable)[number]>
export type CommandKind = NetshCommand['kind']
export type CommandOfKind<K extends CommandKind> = Extract<NetshCommand, { readonly kind: K }>

const rowByKind = new Map<string, CommandRow>(commandTable.map((row) => [row.kind, row]))

/** The row of that kind; a kind that is not in the table is a mistake in the program. */
export function rowOf(kind: string): CommandRow {
  const row = rowByKind.get(kind)
  if (row === undefined) throw new TypeError(`no such command: ${kind}`)
  return row
}
