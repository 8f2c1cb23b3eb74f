import { type DocumentNode, type MapNode, nodeWords } from './documentNode.ts'
import { suggestion } from './nearestWord.ts'
import { isFault, type Parsed } from './parsed.ts'
import type { Problems } from './problems.ts'

export type JsonSchema = Readonly<Record<string, unknown>>

/** What a shape needs while it reads: where to report, and the text for places inside block texts. */
export interface ReadContext {
  readonly text: string
  readonly problems: Problems
}

/**
 * What one part of a document may be: reads it from the tree and describes it as JSON Schema. Reader and published
 * schema are made of the same shapes, so that they agree.
 */
export interface Shape<T> {
  /** In words, for messages: "a text". */
  readonly wants: string
  accepts(node: DocumentNode): boolean
  /** `undefined` after a problem was reported. */
  read(node: DocumentNode, context: ReadContext): T | undefined
  readonly schema: JsonSchema
  /** Fixed words among what it takes, to suggest one. */
  readonly words?: readonly string[]
}

function refuse(node: DocumentNode, wants: string, context: ReadContext, suggested = ''): undefined {
  const hint =
    node.kind === 'plain' && node.value !== null && wants.includes('text') ? '; put it in quotes to make it a text' : ''
  context.problems.add(node.at, `${wants} is expected, not ${nodeWords(node)}${hint}${suggested}`)
}

export function text(about: { readonly wants?: string; readonly pattern?: string } = {}): Shape<string> {
  const wants = about.wants ?? 'a text'
  const pattern = about.pattern === undefined ? undefined : new RegExp(about.pattern, 'u')
  const isSound = (value: string): boolean => pattern === undefined || pattern.test(value)
  return parsed((value) => (isSound(value) ? { value } : { fault: `${wants} is expected`, at: 0 }), {
    ...about,
    wants,
  })
}

/** A name as it is stored, whatever characters it has. */
export const anyText: Shape<string> = {
  wants: 'a text',
  accepts: (node) => node.kind === 'text',
  read: (node, context) => (node.kind === 'text' ? node.value : refuse(node, 'a text', context)),
  schema: { type: 'string' },
}

/** Text in a grammar of its own; `pattern` tells editors the rough form of it. */
export function parsed<T>(
  parse: (value: string) => Parsed<T>,
  about: { readonly wants: string; readonly pattern?: string; readonly examples?: readonly string[] },
): Shape<T> {
  const { wants, ...rest } = about
  return {
    wants,
    accepts: (node) => node.kind === 'text',
    read: (node, context) => {
      if (node.kind !== 'text') return refuse(node, wants, context)
      if (node.value.includes('\0')) {
        context.problems.add(node.at, 'the character U+0000 cannot be stored in a policy')
        return undefined
      }
      const result = parse(node.value)
      if (!isFault(result)) return result.value
      context.problems.add(placeIn(node, result.at), result.fault)
      return undefined
    },
    schema: { type: 'string', ...rest },
  }
}

/** Where a place inside a one-line text is; the beginning of the node for block texts. */
function placeIn(node: DocumentNode & { kind: 'text' }, at: number): number {
  if (node.form === 'block') return node.at
  return node.at + (node.form === 'quoted' ? 1 : 0) + at
}

export function word<const T extends string>(words: readonly T[]): Shape<T> {
  const wants = `one of ${words.join(', ')}`
  return {
    wants,
    accepts: (node) => node.kind === 'text' && words.includes(node.value as T),
    read: (node, context) => {
      const found = node.kind === 'text' ? words.find((known) => known === node.value) : undefined
      if (found !== undefined) return found
      const hint = node.kind === 'text' ? suggestion(node.value, words) : ''
      context.problems.add(node.at, `${wants} is expected${hint}`)
      return undefined
    },
    schema: words.length === 1 ? { const: words[0] } : { enum: words },
    words,
  }
}

export function integer(least: number, most: number): Shape<number> {
  const wants = `a whole number from ${least} to ${most}`
  return {
    wants,
    accepts: (node) => node.kind === 'plain' && typeof node.value === 'number',
    read: (node, context) => {
      if (node.kind !== 'plain' || typeof node.value !== 'number') return refuse(node, wants, context)
      if (Number.isInteger(node.value) && node.value >= least && node.value <= most) return node.value
      context.problems.add(node.at, `${wants} is expected`)
      return undefined
    },
    schema: { type: 'integer', minimum: least, maximum: most },
  }
}

/** The one word `false`, for what is not there. */
export const no: Shape<false> = {
  wants: 'false',
  accepts: (node) => node.kind === 'plain' && node.value === false,
  read: (node, context) => {
    if (node.kind === 'plain' && node.value === false) return false
    context.problems.add(node.at, `false is expected, not ${nodeWords(node)}`)
    return undefined
  },
  schema: { const: false },
}

export const yesNo: Shape<boolean> = {
  wants: 'true or false',
  accepts: (node) => node.kind === 'plain' && typeof node.value === 'boolean',
  read: (node, context) => {
    if (node.kind === 'plain' && typeof node.value === 'boolean') return node.value
    context.problems.add(node.at, `true or false is expected, not ${nodeWords(node)}`)
    return undefined
  },
  schema: { type: 'boolean' },
}

export function list<T>(item: Shape<T>, least = 0): Shape<readonly T[]> {
  return {
    wants: 'a list',
    accepts: (node) => node.kind === 'list',
    read: (node, context) => {
      if (node.kind !== 'list') return refuse(node, 'a list', context)
      if (node.items.length < least) {
        context.problems.add(node.at, `at least ${least} of them ${least === 1 ? 'is' : 'are'} needed`)
        return undefined
      }
      const items: T[] = []
      for (const child of node.items) {
        const value = item.read(child, context)
        if (value !== undefined) items.push(value)
      }
      return items.length === node.items.length ? items : undefined
    },
    schema: { type: 'array', items: item.schema, ...(least === 0 ? {} : { minItems: least }) },
  }
}

/** The value and where it stands, for what can only be checked with the whole document at hand. */
export interface Located<T> {
  readonly value: T
  readonly at: number
}

export function located<T>(shape: Shape<T>): Shape<Located<T>> {
  return {
    ...shape,
    read: (node, context) => {
      const value = shape.read(node, context)
      return value === undefined ? undefined : { value, at: node.at }
    },
  }
}

/** The first alternative that takes what is there. */
export function either<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  const wants = `${first.wants} or ${second.wants}`
  const words = [...(first.words ?? []), ...(second.words ?? [])]
  return {
    wants,
    accepts: (node) => first.accepts(node) || second.accepts(node),
    read: (node, context) => {
      if (first.accepts(node)) return first.read(node, context)
      if (second.accepts(node)) return second.read(node, context)
      const hint = node.kind === 'text' ? suggestion(node.value, words) : ''
      return refuse(node, wants, context, hint)
    },
    words,
    schema: { anyOf: [...alternativesOf(first.schema), ...alternativesOf(second.schema)] },
  }
}

function alternativesOf(schema: JsonSchema): readonly JsonSchema[] {
  const alternatives = schema['anyOf']
  return Array.isArray(alternatives) ? (alternatives as JsonSchema[]) : [schema]
}

/** A further check on what was read; it reports through `fault`. */
export function refined<T>(
  shape: Shape<T>,
  check: (value: T, fault: (message: string, field?: string) => void) => void,
): Shape<T> {
  return {
    ...shape,
    read: (node, context) => {
      const value = shape.read(node, context)
      if (value === undefined) return undefined
      let isSound = true
      check(value, (message, field) => {
        isSound = false
        context.problems.add(placeOfField(node, field), message)
      })
      return isSound ? value : undefined
    },
  }
}

function placeOfField(node: DocumentNode, field: string | undefined): number {
  if (node.kind !== 'map' || field === undefined) return node.at
  return node.entries.find((entry) => entry.key === field)?.keyAt ?? node.at
}

export function mapped<A, B>(shape: Shape<A>, change: (value: A) => B): Shape<B> {
  return {
    ...shape,
    read: (node, context) => {
      const value = shape.read(node, context)
      return value === undefined ? undefined : change(value)
    },
  }
}

/** A shape that is described once in the schema and referred to by name. */
export function named<T>(name: string, shape: Shape<T>, definitions: Map<string, JsonSchema>): Shape<T> {
  definitions.set(name, shape.schema)
  return { ...shape, schema: { $ref: `#/$defs/${name}` } }
}

interface Field<T> {
  readonly shape: Shape<T>
  readonly about: string
  readonly isRequired: boolean
}
export interface RequiredField<T> extends Field<T> {
  readonly isRequired: true
}
export interface OptionalField<T> extends Field<T> {
  readonly isRequired: false
}

export function required<T>(shape: Shape<T>, about: string): RequiredField<T> {
  return { shape, about, isRequired: true }
}

export function optional<T>(shape: Shape<T>, about: string): OptionalField<T> {
  return { shape, about, isRequired: false }
}

/** The fields an object type needs described: required ones as required, optional ones as optional. */
export type FieldsOf<T> = {
  readonly [K in Exclude<keyof T, 'at'>]-?: object extends Pick<T, K>
    ? OptionalField<Exclude<T[K], undefined>>
    : RequiredField<T[K]>
}

/** Fields of known names and nothing else; `at` is where the object begins. */
export function object<T extends { readonly at: number }>(
  fields: FieldsOf<T>,
  about: { readonly wants?: string; readonly description?: string } = {},
): Shape<T> {
  const rows = new Map(Object.entries(fields as Record<string, Field<unknown>>))
  const names = [...rows.keys()]
  const needed = names.filter((name) => rows.get(name)?.isRequired === true)
  const wants = about.wants ?? `fields (${names.join(', ')})`
  const properties: Record<string, JsonSchema> = {}
  for (const [name, field] of rows) properties[name] = { description: field.about, ...field.shape.schema }
  return {
    wants,
    accepts: (node) => node.kind === 'map',
    read: (node, context) => {
      if (node.kind !== 'map') return refuse(node, wants, context)
      const found = fieldsOf(node, rows, names, context)
      for (const name of needed) {
        if (!node.entries.some((entry) => entry.key === name)) {
          context.problems.add(node.at, `the field "${name}" is missing`)
          return undefined
        }
      }
      return found as T | undefined
    },
    schema: {
      type: 'object',
      ...(about.description === undefined ? {} : { description: about.description }),
      properties,
      ...(needed.length === 0 ? {} : { required: needed }),
      additionalProperties: false,
    },
  }
}

function fieldsOf(
  node: MapNode,
  rows: ReadonlyMap<string, Field<unknown>>,
  names: readonly string[],
  context: ReadContext,
): Record<string, unknown> | undefined {
  const found: Record<string, unknown> = { at: node.at }
  let isSound = true
  for (const entry of node.entries) {
    const field = rows.get(entry.key)
    if (field === undefined) {
      context.problems.add(entry.keyAt, context.problems.isFull ? '' : unknownField(entry.key, names))
      isSound = false
      continue
    }
    const value = field.shape.read(entry.value, context)
    if (value === undefined) isSound = false
    else found[entry.key] = value
  }
  return isSound ? found : undefined
}

function unknownField(key: string, names: readonly string[]): string {
  const shown = key.length > 60 ? `${key.slice(0, 60)}…` : key
  return `the field ${JSON.stringify(shown)} is not known here${suggestion(key, names)}`
}
