import { describe, expect, test } from 'vitest'
import { decodeFilterBlob, decodeIsakmpBlob } from '../../../src/formats/ipsec-data/index.ts'
import { policySetOf, storeToRegistryKey } from '../../../src/formats/object-store/index.ts'
import { readPolicyDocument, writePolicyDocument } from '../../../src/formats/policy-document/index.ts'
import type { ObjectClass } from '../../../src/policy/objectClass.ts'
import { binaryValue, dwordValue, findValue, stringValue } from '../../../src/policy/registryValue.ts'
import type { ObjectStore, StoredObject } from '../../../src/policy/storedObject.ts'
import { documentContext, documentWithRule, storeOfText } from '../../support/policyDocuments.ts'
import { comparable } from '../../support/randomStores.ts'

/** A store as another tool left it: junk in the main mode data, ids of its own in the list, a value nobody knows. */
function foreignStore(): ObjectStore {
  const text = documentWithRule('filterAction: Careful\nfilterList: L').concat(
    'filterActions:\n  - { name: Careful, action: negotiate, description: asks }\n',
    'filterLists:\n  - name: L\n    filters:\n      - any <-> me tcp :1\n      - any <-> me tcp :2\n      - any <-> me tcp :3\n',
    'assigned: P\n',
  )
  const store = storeOfText(text)
  const objects = store.objects.map((object): StoredObject => {
    const values = [...object.values, stringValue('vendorNote', 'keep me')]
    const data = findValue(values, 'ipsecData')?.data.slice() ?? new Uint8Array(0)
    if (object.class === 'ipsecISAKMPPolicy') data[92] = 0x40
    if (object.class === 'ipsecFilter') {
      // The ids of the three records: the last 52 bytes of each begin with one.
      for (const index of [0, 1, 2]) data.fill(0x11 * (index + 1), 24 + 70 * index + 18, 24 + 70 * index + 34)
    }
    return {
      ...object,
      values: values.map((value) => (value.name === 'ipsecData' ? binaryValue('ipsecData', data) : value)),
    }
  })
  return { ...store, objects }
}

function objectOf(store: ObjectStore, objectClass: ObjectClass): StoredObject {
  const object = store.objects.find((one) => one.class === objectClass)
  if (object === undefined) throw new Error(`no ${objectClass}`)
  return object
}

const foreign = foreignStore()
const written = new TextDecoder().decode(writePolicyDocument([foreign], { format: 'yaml' }, () => undefined))
const later = { ...documentContext, whenChanged: 1_800_000_000 }

function editedStore(change: (text: string) => string): ObjectStore {
  const text = change(written)
  expect(text).not.toBe(written)
  const [store] = readPolicyDocument(text, later).stores
  if (store === undefined) throw new Error('nothing read')
  return store
}

const dataOf = (object: StoredObject): Uint8Array => findValue(object.values, 'ipsecData')?.data ?? new Uint8Array(0)
const changedOf = (object: StoredObject): number =>
  new DataView(findValue(object.values, 'whenChanged')?.data.slice().buffer ?? new ArrayBuffer(4)).getUint32(0, true)

test('without an edit the stored bytes are taken', () => {
  expect(written).toContain('stored:')
  expect(written).toContain('filterIds:')
  expect(readPolicyDocument(written, later).stores.map(comparable)).toEqual([comparable(foreign)])
})

test('comments, layout, order of fields and spelling of words are no edit', () => {
  const relaid = written
    .replace('any <-> me tcp :1', "'ANY   <->   me/ipv4 6 *:1'  # first")
    .replace('polagent: 1\n', '# hello\npolagent: 1\n')
  expect(relaid).not.toBe(written)
  expect(readPolicyDocument(relaid, later).stores.map(comparable)).toEqual([comparable(foreign)])
})

describe('an edit', () => {
  test('of the main mode changes what it says, and junk nobody understands stays', () => {
    const store = editedStore((text) =>
      text.replace('    rules:', '    mainMode: { certificateMapping: true }\n    rules:'),
    )
    const object = objectOf(store, 'ipsecISAKMPPolicy')
    const blob = decodeIsakmpBlob(dataOf(object))
    expect(blob.options).toBe(1)
    expect(blob.methods[0]?.record[8]).toBe(0x40)
    expect(findValue(object.values, 'vendorNote')).toBeDefined()
    expect(changedOf(object)).toBe(later.whenChanged)
    expect(changedOf(objectOf(store, 'ipsecPolicy'))).toBe(documentContext.whenChanged)
  })

  test('of a filter leaves the ids of the others', () => {
    const store = editedStore((text) =>
      text.replace('any <-> me tcp :2', 'any <-> me udp :2').replace('      - any <-> me tcp :1\n', ''),
    )
    const object = objectOf(store, 'ipsecFilter')
    const records = decodeFilterBlob(dataOf(object)).part1?.records ?? []
    expect(records.map((record) => [record.protocol, record.destinationPort])).toEqual([
      [17, 2],
      [6, 3],
    ])
    expect(records[1]?.id).toBe('{33333333-3333-3333-3333-333333333333}')
    expect(records[0]?.id).not.toBe('{22222222-2222-2222-2222-222222222222}')
    expect(findValue(object.values, 'vendorNote')).toBeDefined()
  })

  test('of a name, with the id kept, renames the object', () => {
    const store = editedStore((text) =>
      text
        .replace('  - name: L\n', '  - name: List\n    id: "ID"\n')
        .replace('filterList: L\n', 'filterList: List\n')
        .replace('ID', objectOf(foreign, 'ipsecFilter').id),
    )
    const object = objectOf(store, 'ipsecFilter')
    expect(object.id).toBe(objectOf(foreign, 'ipsecFilter').id)
    expect(findValue(object.values, 'ipsecName')).toEqual(stringValue('ipsecName', 'List'))
    expect(findValue(object.values, 'vendorNote')).toBeDefined()
  })

  test('that takes a rule out leaves lists and actions without that owner, and says nothing is lost', () => {
    const text = written.replace(/ {4}rules:\n(?: {6}.*\n)+/, '')
    const { stores, findings } = readPolicyDocument(text, later)
    expect(findings.map((finding) => finding.code)).toEqual(['DOCUMENT_STORED_UNUSED'])
    const [store] = stores
    expect(store?.objects).toHaveLength(foreign.objects.length - 1)
    const set = policySetOf({ source: 'x', format: 'policy-document-yaml', stores: [...stores] })
    expect(set.findings.filter((finding) => finding.severity === 'error')).toEqual([])
    expect(store && findValue(objectOf(store, 'ipsecFilter').values, 'ipsecOwnersReference')).toBeUndefined()
  })

  test('of the assignment wins over the stored value', () => {
    const odd = {
      ...foreign,
      values: [
        { ...stringValue('ActivePolicy', 'SOFTWARE\\odd\\ipsecPolicy' + objectOf(foreign, 'ipsecPolicy').id) },
        dwordValue('other', 1),
      ],
    }
    const text = new TextDecoder().decode(writePolicyDocument([odd], { format: 'yaml' }, () => undefined))
    const [same] = readPolicyDocument(text, later).stores
    expect(same && comparable(same)).toEqual(comparable(odd))
    const [store] = readPolicyDocument(text.replace('assigned: P\n', ''), later).stores
    expect(store && storeToRegistryKey(store).values.map((value) => value.name)).toEqual(['other'])
  })
})
