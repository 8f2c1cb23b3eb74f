import { describe, expect, test } from 'vitest'
import { PolagentError } from '../../../src/base/errors.ts'
import { documentProblems, readPolicyDocument } from '../../../src/formats/policy-document/index.ts'
import { documentContext, documentWithRule } from '../../support/policyDocuments.ts'

function problemsOf(text: string | Uint8Array): string[] {
  try {
    readPolicyDocument(text, documentContext)
  } catch (error) {
    if (!(error instanceof PolagentError)) throw error
    expect(error.exitStatus).toBe(3)
    const problems = documentProblems(error)
    expect(problems[0]?.line).toBe(error.place.line)
    expect(error.message).toContain(problems[0]?.message)
    return problems.map((problem) => `${problem.line}:${problem.message.replace('column ', '')}`)
  }
  return []
}

const rule = (lines: string): string => documentWithRule(lines)
const filters = (line: string): string => rule(`filterAction: block\nfilters:\n  - ${line}`)

describe('one problem, at its line and column', () => {
  test.each([
    ['', '1:1: the document is empty'],
    ['# nothing', '1:1: the document is empty'],
    ['[]', '1:1: fields (polagent'],
    ['polagent: 2', '1:11: the version of the format'],
    ['polagent: "1"', '1:11: the version of the format'],
    ['assigned: x', '1:1: the field "polagent" is missing'],
    ['polagent: 1\npolicys: []', '2:1: the field "policys" is not known here, did you mean "policies"?'],
    [
      'polagent: 1\npolicies:\n  - nmae: x\n    id: "{00000000-0000-0000-0000-000000000001}"',
      '3:5: the field "nmae" is not known here, did you mean "name"?',
    ],
    ['polagent: 1\npolagent: 1', '2:1: the field "polagent" is given twice'],
    ['polagent: 1\npolicies: {}', '2:11: a list is expected, not fields'],
    ['polagent: 1\npolicies:', '2:10: a list is expected, not nothing'],
    ['polagent: 1\npolicies: [{}]', '2:12: a name is needed'],
    ['polagent: 1\npolicies:\n  - name: 2024', '3:11: a text with a name is expected, not a number; put it in quotes'],
    ['polagent: 1\npolicies:\n  - name: ""', '3:12: a name is expected'],
    [
      'polagent: 1\npolicies:\n  - name: x\n    pollingInterval: 180',
      '4:22: a time with its unit (8h) is expected, not a number',
    ],
    [
      'polagent: 1\npolicies:\n  - name: x\n    mainMode: { methods: [AES-SHA2-14] }',
      '4:27: a main mode method looks like',
    ],
    ['polagent: 1\npolicies:\n  - name: x\n  - name: X', '4:5: there is another policy called "X"'],
    [
      'polagent: 1\nassigned: Foo\npolicies:\n  - name: Fooo',
      '2:11: there is no policy called "Foo", did you mean "Fooo"?',
    ],
    ['polagent: 1\nfilterLists:\n  - name: L\n  - name: l', '4:5: there is another filter list called "l"'],
    [
      'polagent: 1\nfilterLists:\n  - { name: a, id: "{00000000-0000-0000-0000-000000000001}" }\n  - { name: b, id: "{00000000-0000-0000-0000-000000000001}" }',
      '4:5: the id {00000000-0000-0000-0000-000000000001} belongs to another filter list',
    ],
    ['polagent: 1\nfilterLists: [{ name: a, id: 7 }]', '2:30: a text with a GUID in braces is expected, not a number'],
    [rule('filterAction: block'), '5:9: a rule needs filters'],
    [rule('filters: []'), '5:9: the field "filterAction" is missing'],
    [rule('filterAction: blok\nfilters: []'), '6:23: there is no filter action called "blok", did you mean "block"?'],
    [rule('filterAction: block\nfilterList: x'), '7:21: there is no filter list called "x"'],
    [
      rule('filterAction: block\nfilterList: x\nfilters: []'),
      '5:9: a rule has one of filterList, filterLists and filters',
    ],
    [rule('filterAction: { action: block, pfs: true }\nfilters: []'), '6:40: pfs goes with negotiate, not with block'],
    [rule('filterAction: { action: deny }\nfilters: []'), '6:33: one of block, permit, negotiate is expected'],
    [rule('filterAction: { action: negotiate, methods: [ESP-AES-SHA1] }\nfilters: []'), '6:54: ESP takes a cipher'],
    [rule('filterAction: block\nfilters: []\nactive: yes'), '8:17: true or false is expected, not a text'],
    [rule('filterAction: block\nfilters: []\nauthentication: kerberos'), '8:25: a list is expected, not a text'],
    [rule('filterAction: block\nfilters: []\nauthentication: [kerbros]'), '8:26: one of kerberos or fields'],
    [
      rule('filterAction: block\nfilters: []\nauthentication: [{ certmap: true }]'),
      '8:26: either psk or rootca is needed',
    ],
    [rule('filterAction: block\nfilters: []\ntunnel: 1.2.3'), '8:17: an IP address or a host name is expected'],
    [filters('any <-> me :443'), '8:13: ports go with a protocol'],
    [filters('"any <-> mee"'), '8:22: "mee" is no address, did you mean "me"?'],
    [
      filters('{ source: any, destination: me, proto: tcp }'),
      '8:45: the field "proto" is not known here, did you mean "protocol"?',
    ],
    [filters('{ source: any }'), '8:13: the field "destination" is missing'],
    [
      rule('filterAction: block\nfilters: |\n  any <-> me\n\n  # note\n  any <-> 10.0.0.256'),
      '11:11: "10.0.0.256" is no IP address',
    ],
    [
      'polagent: 1\nareas: [{ area: locale }]',
      '2:17: one of local, persistent, cache, directory is expected, did you mean "local"?',
    ],
    [
      'polagent: 1\nareas: [{ area: directory, assigned: x, policies: [{ name: x }] }]',
      '2:38: in a directory a policy is assigned by group policy',
    ],
    ['polagent: 1\nstored: { objects: [{ object: nothing }] }', '2:21: the field "object" names no policy object'],
    [
      'polagent: 1\nstored: { otherKeys: [{ name: k, values: [{ name: x, type: REG_SZ }] }] }',
      '2:43: exactly one of text, texts, number and data',
    ],
    ['polagent: 1\nfilterLists: [{ name: "a\\0b" }]', '2:23: the character U+0000 cannot be stored'],
  ])('%j', (text, expected) => {
    const problems = problemsOf(text)
    expect(problems[0]?.slice(0, expected.length)).toBe(expected)
    expect(problems).toHaveLength(1)
  })
})

describe('text that is no YAML or JSON of the format', () => {
  test.each([
    ['polagent: &a 1', '1:14: anchors'],
    ['polagent: 1\nx: [&a b, *a]', '2:8: anchors'],
    ['polagent: !!int 1', '1:17: tags'],
    ['!x\npolagent: 1', '2:1: tags'],
    ['polagent: 1\n---\npolagent: 1', '2:1: a second document'],
    ['%YAML 1.1\n---\npolagent: 1', '1:1: only YAML 1.2'],
    ['polagent: 1\n\tx: 1', '2:1: tabs cannot indent'],
    ['polagent: 1\n? [a]\n: b', '2:3: a field name is expected'],
    ['polagent: 1\n1: b', '2:1: a field name is expected'],
    ['polagent: 1\nx: "\\q"', '2:5: an escape that YAML does not know'],
    ['polagent: 1\nx: a\u0007', '2:5: a control character'],
    ['polagent: 1\nx: "a', '2:6: a closing quote'],
    ['{"polagent": 1,}', '1:16: a field name in double quotes'],
    ['{"polagent": 1 // no\n}', '1:16: a comma or } is expected'],
    ['{polagent: 1}', '1:2: a field name in double quotes'],
    ["{'polagent': 1}", '1:2: a field name in double quotes'],
    ['{"polagent": 01}', '1:15: a comma or } is expected'],
    ['{"polagent": &a 1}', '1:14: no JSON value here'],
    ['{"polagent": 1}\n---', '2:1: there is more text'],
    ['{"polagent": 1, "polagent": 1}', '1:17: the field "polagent" is given twice'],
    ['{"polagent": "a\nb"}', '1:16: a line break or control character'],
    ['{"polagent": "\\x"}', '1:15: this escape is not known'],
    ['{"polagent": "', '1:14: the text that begins here has no closing quote'],
  ])('%j', (text, expected) => {
    expect(problemsOf(text)[0]?.slice(0, expected.length)).toBe(expected)
  })

  test('bytes that are no UTF-8 have their place', () => {
    const bytes = Uint8Array.from([...new TextEncoder().encode('polagent: 1\n# é '), 0xff, 0x0a])
    expect(problemsOf(bytes)).toEqual(['2:5: bytes that are no UTF-8 text; save the document as UTF-8'])
  })
})

test('all problems of a document are told, in order, up to a hundred', () => {
  const text = `polagent: 1\nfoo: 1\npolicies:\n${Array.from({ length: 500 }, (_, index) => `  - name: ${index}`).join('\n')}\n`
  const problems = problemsOf(text)
  expect(problems).toHaveLength(100)
  expect(problems[0]).toMatch(/^2:1: the field "foo"/)
  expect(problems[99]).toMatch(/^102:/)
  expect(() => readPolicyDocument(text, documentContext)).toThrow(/\(and 500 more\)/)
})

test('a key is never in a message, whatever is wrong with it', () => {
  const secret = 'Tr0ub4dor&3'
  const shapes = [
    `[{ psk: [${secret}] }]`,
    `[{ psk: { ${secret}: 1 } }]`,
    `[{ pks: '${secret}' }]`,
    `[{ psk: '${secret}', psk: '${secret}' }]`,
    `[{ psk: '${secret}' `,
    `[{ psk: "${secret}\\q" }]`,
    `['${secret}']`,
    `{ psk: '${secret}' }`,
    `'${secret}'`,
    `[{ psk: !t '${secret}' }]`,
    `[{ psk: '${secret}', certmap: true }]`,
  ]
  for (const shape of shapes) {
    const text = rule(`filterAction: block\nfilters: []\nauthentication: ${shape}`)
    const problems = problemsOf(text)
    expect(problems.length, shape).toBeGreaterThan(0)
    // A field name is quoted in messages; a key in the place of one is all that may be seen of it.
    if (!shape.includes(`{ ${secret}: 1`)) expect(problems.join('\n'), shape).not.toContain(secret)
  }
})
