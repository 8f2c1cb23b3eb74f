/** The part of JSON Schema (2020-12) that docs/schema uses; a keyword it does not know is an error, not ignored. */
export type Schema = Readonly<Record<string, unknown>>

const notes: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  '$defs',
  '$comment',
  'title',
  'description',
  'examples',
  'default',
])

/** What is wrong with `value` by `schema`: one line for each fault, none when it fits. */
export function schemaFaults(value: unknown, schema: Schema, root: Schema = schema, at = '$'): readonly string[] {
  const faults: string[] = []
  for (const [keyword, rule] of Object.entries(schema)) {
    if (notes.has(keyword)) continue
    const check = keywords[keyword]
    if (check === undefined) throw new Error(`keyword ${keyword} of the schema at ${at} is not known to this checker`)
    faults.push(...check({ value, rule, schema, root, at }))
  }
  return faults
}

interface Rule {
  readonly value: unknown
  readonly rule: unknown
  readonly schema: Schema
  readonly root: Schema
  readonly at: string
}

const keywords: Readonly<Record<string, (rule: Rule) => readonly string[]>> = {
  $ref: ({ value, rule, root, at }) => schemaFaults(value, resolved(rule as string, root), root, at),
  type: ({ value, rule, at }) => {
    const types = Array.isArray(rule) ? (rule as string[]) : [rule as string]
    return types.some((type) => hasType(value, type))
      ? []
      : [`${at}: ${typeOf(value)} instead of ${types.join(' or ')}`]
  },
  const: ({ value, rule, at }) => (same(value, rule) ? [] : [`${at}: not ${JSON.stringify(rule)}`]),
  enum: ({ value, rule, at }) =>
    (rule as unknown[]).some((option) => same(value, option))
      ? []
      : [`${at}: ${JSON.stringify(value)} is not an option`],
  pattern: ({ value, rule, at }) =>
    typeof value !== 'string' || new RegExp(rule as string, 'u').test(value)
      ? []
      : [`${at}: "${value}" is not ${rule as string}`],
  format: () => [],
  minLength: ({ value, rule, at }) =>
    typeof value !== 'string' || value.length >= Number(rule) ? [] : [`${at}: shorter than ${String(rule)}`],
  minimum: ({ value, rule, at }) =>
    typeof value !== 'number' || value >= Number(rule) ? [] : [`${at}: less than ${String(rule)}`],
  maximum: ({ value, rule, at }) =>
    typeof value !== 'number' || value <= Number(rule) ? [] : [`${at}: more than ${String(rule)}`],
  minItems: ({ value, rule, at }) =>
    !Array.isArray(value) || value.length >= Number(rule) ? [] : [`${at}: fewer than ${String(rule)} items`],
  maxItems: ({ value, rule, at }) =>
    !Array.isArray(value) || value.length <= Number(rule) ? [] : [`${at}: more than ${String(rule)} items`],
  uniqueItems: ({ value, at }) =>
    !Array.isArray(value) || new Set(value.map((item) => JSON.stringify(item))).size === value.length
      ? []
      : [`${at}: items repeat`],
  required: ({ value, rule, at }) =>
    isObject(value)
      ? (rule as string[]).filter((name) => !Object.hasOwn(value, name)).map((name) => `${at}.${name}: missing`)
      : [],
  properties: ({ value, rule, root, at }) =>
    isObject(value)
      ? Object.entries(rule as Record<string, Schema>).flatMap(([name, schema]) =>
          Object.hasOwn(value, name) ? schemaFaults(value[name], schema, root, `${at}.${name}`) : [],
        )
      : [],
  additionalProperties: ({ value, rule, schema, root, at }) => {
    if (!isObject(value)) return []
    const named = new Set(Object.keys(schema['properties'] ?? {}))
    return Object.entries(value).flatMap(([name, member]) => {
      if (named.has(name) || rule === true) return []
      return rule === false
        ? [`${at}.${name}: not in the schema`]
        : schemaFaults(member, rule as Schema, root, `${at}.${name}`)
    })
  },
  items: ({ value, rule, root, at }) =>
    Array.isArray(value)
      ? value.flatMap((item, index) => schemaFaults(item, rule as Schema, root, `${at}[${index}]`))
      : [],
  oneOf: ({ value, rule, root, at }) => {
    const tried = (rule as Schema[]).map((option) => schemaFaults(value, option, root, at))
    const fitting = tried.filter((faults) => faults.length === 0).length
    return fitting === 1
      ? []
      : [`${at}: fits ${fitting} of ${tried.length} (${tried.map((faults) => faults[0]).join(' | ')})`]
  },
  anyOf: ({ value, rule, root, at }) => {
    const tried = (rule as Schema[]).map((option) => schemaFaults(value, option, root, at))
    return tried.some((faults) => faults.length === 0) ? [] : [`${at}: fits none (${tried.flat().join(' | ')})`]
  },
  allOf: ({ value, rule, root, at }) => (rule as Schema[]).flatMap((part) => schemaFaults(value, part, root, at)),
}

function resolved(reference: string, root: Schema): Schema {
  if (!reference.startsWith('#')) throw new Error(`reference ${reference} leads out of the schema`)
  let found: unknown = root
  for (const step of reference
    .slice(1)
    .split('/')
    .filter((part) => part !== '')) {
    found = (found as Record<string, unknown> | undefined)?.[step]
  }
  if (!isObject(found)) throw new Error(`reference ${reference} leads nowhere`)
  return found
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function hasType(value: unknown, type: string): boolean {
  return type === 'integer' ? Number.isInteger(value) : typeOf(value) === type
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
