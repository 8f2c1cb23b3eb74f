import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Finding } from '../../../src/base/finding.ts'
import { emptyStore } from '../../../src/formats/object-store/index.ts'
import { readPolicyDocument, writePolicyDocument } from '../../../src/formats/policy-document/index.ts'
import { stringValue } from '../../../src/policy/registryValue.ts'
import type { ObjectStore } from '../../../src/policy/storedObject.ts'
import { documentContext } from '../../support/policyDocuments.ts'
import { comparable, damagedStore, randomStore } from '../../support/randomStores.ts'
import { SeededRandom } from '../../support/seededRandom.ts'

const schemaFile = resolve(import.meta.dirname, '../../../docs/schema/policy-document.schema.json')
const isValid = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(schemaFile, 'utf8')) as object,
)

/** Sources: every area, whole and damaged; a directory's objects have entries of their own. */
function storesOf(seed: number): ObjectStore[] {
  const random = new SeededRandom(seed)
  const area = random.pick(['local', 'local', 'persistent', 'cache', 'directory'] as const)
  const whole = randomStore(random, area)
  if (area === 'directory') {
    const objects = whole.objects.map((object) => ({
      ...object,
      directory: {
        dn: `CN=${object.key},${random.pick([whole.keyPath[0] ?? '', 'CN=Elsewhere'])}`,
        attributes: [
          { name: 'objectClass', values: [new TextEncoder().encode('top'), Uint8Array.of(0, 255)] },
          { name: 'cn', values: [] },
        ],
      },
    }))
    const entry = { dn: 'CN=IPSEC,CN=Windows', attributes: [] }
    return [{ ...whole, objects, gpoAssignments: [{ entry, references: ['CN=ipsecPolicy{x}'] }] }]
  }
  const store = seed % 2 === 0 ? whole : damagedStore(whole, random)
  return seed % 5 === 0 ? [store, randomStore(random, 'persistent'), randomStore(random, 'local')] : [store]
}

const formats = ['yaml', 'json'] as const
const rounds = 200

/** The local area stands first in a document. */
function inDocumentOrder(stores: readonly ObjectStore[]): ObjectStore[] {
  const top = stores.find((store) => store.area === 'local')
  return top === undefined ? [...stores] : [top, ...stores.filter((store) => store !== top)]
}

describe.each(formats)('as %s', (format) => {
  test(`${rounds} random stores, whole and damaged, come back equal by value, and the schema holds`, () => {
    for (let seed = 1; seed <= rounds; seed += 1) {
      const stores = storesOf(seed * 7919)
      const bytes = writePolicyDocument(stores, { format }, () => undefined)
      const back = readPolicyDocument(bytes, documentContext)
      expect(back.format).toBe(`policy-document-${format}`)
      const [found, expected] = [back.stores.map(comparable), inDocumentOrder(stores).map(comparable)]
      if (!isDeepStrictEqual(found, expected)) expect(found, `seed ${seed}`).toEqual(expected)
      const text = new TextDecoder().decode(bytes)
      const tree: unknown = format === 'json' ? JSON.parse(text) : parse(text, { schema: 'core', maxAliasCount: 0 })
      expect(isValid(tree), `seed ${seed}: ${JSON.stringify(isValid.errors?.slice(0, 3))}`).toBe(true)
    }
  })

  test('what was read is written the same again, byte for byte', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const first = writePolicyDocument(storesOf(seed * 104_729), { format }, () => undefined)
      const text = (bytes: Uint8Array): string =>
        new TextDecoder().decode(
          writePolicyDocument(readPolicyDocument(bytes, documentContext).stores, { format }, () => undefined),
        )
      const again = text(first)
      expect(text(new TextEncoder().encode(again)), `seed ${seed}`).toBe(again)
    }
  })
})

/** An undamaged store with a good many objects. */
function richStore(): ObjectStore {
  for (let seed = 1; ; seed += 1) {
    const store = randomStore(new SeededRandom(seed * 31))
    if (new Set(store.objects.map((object) => object.class)).size === 5 && store.objects.length > 12) return store
  }
}

test('most objects of an undamaged store are in words and need nothing beside them', () => {
  const store = richStore()
  const text = new TextDecoder().decode(writePolicyDocument([store], { format: 'yaml' }, () => undefined))
  expect(store.objects.length).toBeGreaterThan(4)
  expect(text).not.toContain('data:')
  expect(text).toContain('filterLists:')
})

test('objects that are not understood are told and kept', () => {
  const store = richStore()
  const broken = store.objects.map((object) =>
    object.class === 'ipsecNFA'
      ? {
          ...object,
          values: object.values.map((value) =>
            value.name === 'ipsecData' ? { ...value, data: value.data.subarray(0, 30) } : value,
          ),
        }
      : object,
  )
  const findings: Finding[] = []
  const damaged = { ...store, objects: broken }
  const bytes = writePolicyDocument([damaged], { format: 'json' }, (finding) => findings.push(finding))
  expect(findings.map((finding) => finding.code)).toContain('DOCUMENT_STORED_ONLY')
  expect(readPolicyDocument(bytes, documentContext).stores.map(comparable)).toEqual([comparable(damaged)])
})

test('an empty store, and one with values only, come back', () => {
  for (const format of formats) {
    for (const store of [emptyStore('local'), { ...emptyStore('local'), values: [stringValue('', '')] }]) {
      const back = readPolicyDocument(
        writePolicyDocument([store], { format }, () => undefined),
        documentContext,
      )
      expect(back.stores.map(comparable)).toEqual([comparable(store)])
    }
    expect(
      readPolicyDocument(
        writePolicyDocument([], { format }, () => undefined),
        documentContext,
      ).stores,
    ).toEqual([])
  }
})

test('keys in clear are counted, and nested keys that do not fit are told', () => {
  const findings: Finding[] = []
  let nested = { name: 'k', values: [], subkeys: [] as object[] }
  for (let depth = 0; depth < 40; depth += 1) nested = { name: 'k', values: [], subkeys: [nested] }
  const store = { ...emptyStore('local'), otherKeys: [nested as ObjectStore['otherKeys'][number]] }
  const bytes = writePolicyDocument([store], { format: 'yaml' }, (finding) => findings.push(finding))
  expect(findings.map((finding) => finding.code)).toEqual(['DOCUMENT_KEY_LOST'])
  expect(readPolicyDocument(bytes, documentContext).stores).toHaveLength(1)
})
