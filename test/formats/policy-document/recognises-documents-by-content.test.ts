import { expect, test } from 'vitest'
import { isPolicyDocument } from '../../../src/formats/policy-document/index.ts'

test.each([
  'polagent: 1',
  '# comment\n\npolagent: 1\n',
  '---\npolagent: 1\n',
  '%YAML 1.2\n---\npolagent: 1\n',
  'assigned: X\npolicies:\n- name: X\n  rules:\n    - x\npolagent: 1\n',
  '"polagent": 1\n',
  "'polagent' : 1\n",
  '\ufeffpolagent: 1',
  'polagent: 1\r\npolicies: []\r\n',
  '{"polagent":1}',
  ' \n{ "$schema": "x", "a": {"polagent": [1]}, "polagent" : 1, broken',
  'polagent:\nthis is broken: [',
])('a document: %j', (text) => {
  expect(isPolicyDocument(text)).toBe(true)
})

test.each([
  '',
  'polagent',
  'polagents: 1',
  ' polagent: 1',
  'x:\n  polagent: 1\n',
  '- polagent: 1',
  'Windows Registry Editor Version 5.00\n\npolagent: 1',
  'dn: CN=x\nobjectClass: top\n\nversion 1',
  '{"a": {"polagent": 1}}',
  '{"a": "polagent"}',
  '["polagent"]',
  '{}',
  '{"polagent"}',
  '\0'.repeat(1000),
])('none: %j', (text) => {
  expect(isPolicyDocument(text)).toBe(false)
})

test('recognition takes no longer for a hostile text than for another', () => {
  for (const text of [
    '{"a":'.repeat(20_000),
    `{${'"'.repeat(60_000)}`,
    'a:\n'.repeat(20_000),
    '"'.repeat(60_000),
    'a'.repeat(60_000),
  ]) {
    const start = performance.now()
    isPolicyDocument(text)
    expect(performance.now() - start).toBeLessThan(500)
  }
})
