import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../../src/base/finding.ts'
import { deletePolicy, assign } from '../../../src/formats/object-store/index.ts'
import { editPolicyDocument, readPolicyDocument } from '../../../src/formats/policy-document/index.ts'
import { documentContext, storeOfText } from '../../support/policyDocuments.ts'
import { comparable, randomStore } from '../../support/randomStores.ts'
import { SeededRandom } from '../../support/seededRandom.ts'

const original = `# Our servers
polagent: 1   # format
assigned: A

policies:
  # the main one
  - name: A
    pollingInterval: 3h    # as Windows
    rules:
      - name: web          # front
        active: true
        filterAction: permit
        filters:
          # customers
          - any <-> me tcp :80
          - any  <->  me   tcp  :443   # TLS
      # the rest
      - name: rest
        filterAction: block
        filters: |
          any -> me
          # but why?
          any -> me udp

  - name: B
filterActions:
- name: Careful
  action: negotiate
  methods: [esp-3des-sha1]
`

/** The document that differs from `original` by a change of words, as seen from the stores. */
function edit(change: (text: string) => string, report: (finding: Finding) => void = () => undefined): string {
  const wanted = change(original)
  expect(wanted).not.toBe(original)
  const stores = readPolicyDocument(wanted, documentContext).stores
  const result = editPolicyDocument(original, stores, documentContext, report)
  const found = readPolicyDocument(result, documentContext).stores
  expect(found.map(comparable)).toEqual(stores.map(comparable))
  return result
}

describe('a change is made where it is, and all else stays byte for byte', () => {
  test.each<[string, string, string]>([
    ['a scalar', 'pollingInterval: 3h ', 'pollingInterval: 1h '],
    ['a name in use', 'assigned: A', 'assigned: B'],
    ['a field taken out', 'assigned: A\n', ''],
    ['a field put in', '  - name: B\n', '  - name: B\n    description: "second: spare"\n'],
    ['a rule that is off', 'active: true', 'active: false'],
    ['a filter changed', 'any <-> me tcp :80\n', 'any <-> me tcp :8080\n'],
    ['a filter put in', '# TLS\n', '# TLS\n          - any <-> me tcp :8443\n'],
    ['a filter taken out', '          - any <-> me tcp :80\n', ''],
    ['a line of a block put in', 'any -> me udp\n', 'any -> me udp\n          any -> me tcp\n'],
    ['a line of a block taken out', '          any -> me\n', ''],
    [
      'a rule put in',
      'any -> me udp\n',
      'any -> me udp\n      - name: new\n        filters:\n          - me -> any tcp :25\n        filterAction: Careful\n',
    ],
    ['a policy put in', '  - name: B\n', '  - name: B\n  - name: C\n    defaultResponse: none\n'],
    ['a policy taken out', '  - name: B\n', ''],
    ['settings put in', '    rules:\n', '    mainMode:\n      lifetime: 1h\n    rules:\n'],
    [
      'a rule put first',
      '      - name: web',
      '      - name: first\n        filters:\n          - me -> any tcp :25\n        filterAction: Careful\n      - name: web',
    ],
    [
      'a filter put first',
      '          - any <-> me tcp :80\n',
      '          - me -> any tcp :25\n          - any <-> me tcp :80\n',
    ],
    [
      'a filter put between',
      '          - any <-> me tcp :80\n',
      '          - any <-> me tcp :80\n          - me -> any tcp :25\n',
    ],
  ])('%s', (_, from, to) => {
    expect(edit((text) => text.replace(from, to))).toBe(original.replace(from, to))
  })
})

test('nothing to change leaves every byte', () => {
  const stores = readPolicyDocument(original, documentContext).stores
  expect(editPolicyDocument(original, stores, documentContext, () => undefined)).toBe(original)
  const crlf = original.replaceAll('\n', '\r\n')
  expect(editPolicyDocument(crlf, stores, documentContext, () => undefined)).toBe(crlf)
})

test('the first field of an item gives its place to the next', () => {
  const text = 'polagent: 1\nfilterLists:\n  - description: x\n    name: L # keep\n'
  const [store] = readPolicyDocument('polagent: 1\nfilterLists:\n  - name: L\n', documentContext).stores
  expect(store && editPolicyDocument(text, [store], documentContext, () => undefined)).toBe(
    'polagent: 1\nfilterLists:\n  - name: L # keep\n',
  )
})

test('filters written as fields stay when their list changes', () => {
  const text =
    'polagent: 1\nfilterLists:\n  - name: L\n    filters:\n      - { source: any, destination: me } # all\n      - me -> any\n'
  const wanted = text.replace('      - me -> any\n', '      - me -> any udp\n')
  const { stores } = readPolicyDocument(wanted, documentContext)
  expect(editPolicyDocument(text, stores, documentContext, () => undefined)).toBe(wanted)
})

test('commands on stores are edits of documents', () => {
  const store = storeOfText(original)
  const ids = new Map(
    store.objects.filter((object) => object.class === 'ipsecPolicy').map((object, index) => [index, object.id]),
  )
  const later = { ...documentContext, whenChanged: 1_800_000_000 }
  const unassigned = editPolicyDocument(original, [assign(store, undefined)], later, () => undefined)
  expect(unassigned).toBe(original.replace('assigned: A\n', ''))
  for (const id of ids.values()) {
    const result = editPolicyDocument(original, [deletePolicy(assign(store, undefined), id)], later, () => undefined)
    expect(result).toContain('# Our servers')
    expect(result.match(/ - name: [AB]\b/g)).toHaveLength(1)
  }
})

test('what cannot be changed in place is written anew, and told', () => {
  const text = 'polagent: 1 # gone\npolicies: [{ name: A }, { name: B }]\n'
  const findings: Finding[] = []
  const { stores } = readPolicyDocument(text.replace('name: B', 'name: B, pollingInterval: 1h'), documentContext)
  const result = editPolicyDocument(text, stores, documentContext, (finding) => findings.push(finding))
  expect(readPolicyDocument(result, documentContext).stores.map(comparable)).toEqual(stores.map(comparable))
  expect(findings.map((finding) => finding.code).filter((code) => code !== 'DOCUMENT_WRITTEN_ANEW')).toEqual([])
})

test('any store can be written over any document, and the document then stands for it', () => {
  const examples = ['server-hardening', 'domain-isolation', 'block-list'].map((name) =>
    readFileSync(resolve(import.meta.dirname, `../../../examples/${name}.yaml`), 'utf8'),
  )
  for (let seed = 1; seed <= 40; seed += 1) {
    const random = new SeededRandom(seed * 15_485_863)
    const store = { ...randomStore(random), area: 'local' as const }
    const result = editPolicyDocument(random.pick([...examples, original]), [store], documentContext, () => undefined)
    const [found] = readPolicyDocument(result, { ...documentContext, whenChanged: 1_700_000_000 }).stores
    // Times of change are not written into a document that has none.
    expect(found && timeless(comparable(found)), `seed ${seed}`).toBe(timeless(comparable(store)))
    const again = editPolicyDocument(result, [store], documentContext, () => undefined)
    expect(again, `seed ${seed}`).toBe(result)
  }
})

test('JSON is written anew', () => {
  const json = '{"polagent":1,"policies":[{"name":"A"}]}'
  const { stores } = readPolicyDocument(json, documentContext)
  expect(JSON.parse(editPolicyDocument(json, stores, documentContext, () => undefined))).toEqual({
    polagent: 1,
    policies: [{ name: 'A' }],
  })
})

function timeless(one: unknown): string {
  return JSON.stringify(one, (_, value: unknown) =>
    typeof value === 'string' && value.startsWith('whenChanged|') ? '' : value,
  )
}
