import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { PolagentError } from '../../../src/base/errors.ts'
import { policySetOf } from '../../../src/formats/object-store/index.ts'
import {
  documentProblems,
  isPolicyDocument,
  policyDocumentSchema,
  readPolicyDocument,
  writePolicyDocument,
} from '../../../src/formats/policy-document/index.ts'
import { documentContext } from '../../support/policyDocuments.ts'
import { comparable, damagedStore, randomStore } from '../../support/randomStores.ts'
import { SeededRandom } from '../../support/seededRandom.ts'

const root = resolve(import.meta.dirname, '../../..')
const published = readFileSync(join(root, 'docs/schema/policy-document.schema.json'), 'utf8')
const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true })
const isValid = ajv.compile(JSON.parse(published) as object)

test('the published schema is the one the reader is made of', () => {
  expect(JSON.parse(published)).toEqual(policyDocumentSchema())
})

const page = readFileSync(join(root, 'docs/policy-document.md'), 'utf8')
const examples: [string, string][] = [
  ...[...page.matchAll(/```(yaml|json)\n(.*?)```/gs)].map((match, index): [string, string] => [
    `example ${index + 1} of the page`,
    match[2] ?? '',
  ]),
  ...readdirSync(join(root, 'examples'))
    .filter((name) => name.endsWith('.yaml'))
    .map((name): [string, string] => [name, readFileSync(join(root, 'examples', name), 'utf8')]),
]

describe('documents people are shown', () => {
  test('there are some', () => expect(examples.length).toBeGreaterThan(10))

  test.each(examples)('%s is read, fits the schema, has no errors, and comes back in both formats', (_, text) => {
    expect(isPolicyDocument(text)).toBe(true)
    const { stores, format, findings } = readPolicyDocument(text, documentContext)
    expect(isValid(parse(text)), JSON.stringify(isValid.errors)).toBe(true)
    const set = policySetOf({ source: 'example', format, stores, findings })
    expect(set.findings.filter((finding) => finding.severity === 'error')).toEqual([])
    for (const other of ['yaml', 'json'] as const) {
      const bytes = writePolicyDocument(stores, { format: other }, () => undefined)
      expect(readPolicyDocument(bytes, documentContext).stores.map(comparable)).toEqual(stores.map(comparable))
    }
  })

  test('every field of the schema is explained on the page or in the schema itself', () => {
    for (const [name, text] of descriptions(policyDocumentSchema())) expect(text, name).toMatch(/\S/)
    for (const field of [
      'pollingInterval',
      'mainMode',
      'defaultResponse',
      'connectionType',
      'inpass',
      'soft',
      'excludecaname',
      'quickModeLimit',
      'filterLists',
      'areas',
      'stored',
    ]) {
      expect(page).toContain(field)
    }
  })
})

function descriptions(schema: unknown): [string, unknown][] {
  if (typeof schema !== 'object' || schema === null) return []
  const own =
    'properties' in schema ? Object.entries(schema.properties as Record<string, { description?: unknown }>) : []
  return [
    ...own.map(([name, property]): [string, unknown] => [name, property.description]),
    ...Object.values(schema).flatMap(descriptions),
  ]
}

type Tree = { [name: string]: Tree } | Tree[] | string | number | boolean | null

test('what the schema refuses the reader refuses, over thousands of altered documents', () => {
  const seed = 99
  const random = new SeededRandom(seed)
  const samples = [
    ...examples.map(([, text]) => parse(text) as Tree),
    ...Array.from({ length: 20 }, () => {
      const bytes = writePolicyDocument(
        [damagedStore(randomStore(random), random)],
        { format: 'json' },
        () => undefined,
      )
      return JSON.parse(new TextDecoder().decode(bytes)) as Tree
    }),
  ]
  let refused = 0
  for (let count = 0; count < 6000; count += 1) {
    const tree = structuredClone(random.pick(samples))
    alter(tree, random)
    const text = JSON.stringify(tree)
    if (isValid(tree)) continue
    refused += 1
    const reading = refusalOf(text)
    expect(reading, `${text}\n${JSON.stringify(isValid.errors?.slice(0, 2))}`).not.toBe('read')
  }
  expect(refused).toBeGreaterThan(2000)
})

function refusalOf(text: string): string {
  try {
    readPolicyDocument(text, documentContext)
    return 'read'
  } catch (error) {
    if (!(error instanceof PolagentError)) throw error
    return documentProblems(error)[0]?.message ?? error.message
  }
}

/** One change somewhere in the tree: another type, a field more or less, an item more or less. */
function alter(tree: Tree, random: SeededRandom): void {
  let at = tree
  for (;;) {
    if (typeof at !== 'object' || at === null) return
    const keys = Object.keys(at)
    const children = keys.filter((key) => typeof (at as Record<string, Tree>)[key] === 'object')
    if (children.length > 0 && random.below(3) !== 0) {
      at = (at as Record<string, Tree>)[random.pick(children)] as Tree
      continue
    }
    const odd: Tree = random.pick<Tree>([
      '',
      'odd',
      0,
      -1,
      1.5,
      true,
      null,
      [],
      {},
      ['x'],
      { x: 1 },
      'none',
      4_294_967_296,
    ])
    const key = keys.length === 0 ? undefined : random.pick(keys)
    if (Array.isArray(at)) {
      if (key === undefined || random.below(2) === 0) at.push(odd)
      else at[Number(key)] = odd
    } else if (key === undefined || random.below(4) === 0) at[random.pick(['extra', 'name', 'id', 'filters'])] = odd
    else if (random.below(3) === 0) delete at[key]
    else at[key] = odd
    return
  }
}
