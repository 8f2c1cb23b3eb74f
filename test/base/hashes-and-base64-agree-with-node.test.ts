import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromBase64, toBase64 } from '../../src/base/base64.ts'
import { guid } from '../../src/base/guid.ts'
import { nameGuid } from '../../src/base/nameGuid.ts'
import { sha1 } from '../../src/base/sha1.ts'

test('SHA-1 agrees with Node, across block borders', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(Buffer.from(sha1(bytes)).toString('hex')).toBe(createHash('sha1').update(bytes).digest('hex'))
    }),
  )
  for (let length = 0; length < 200; length += 1) {
    const bytes = new Uint8Array(length).fill(length)
    expect(Buffer.from(sha1(bytes)).toString('hex')).toBe(createHash('sha1').update(bytes).digest('hex'))
  }
})

test('the name GUID of the RFC 9562 example is right', () => {
  expect(nameGuid(guid('{6ba7b810-9dad-11d1-80b4-00c04fd430c8}'), 'www.example.com')).toBe(
    '{2ed6657d-e927-568b-95e1-2665a8aea6a2}',
  )
})

test('base64 agrees with Node and reads back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = toBase64(bytes)
      expect(text).toBe(Buffer.from(bytes).toString('base64'))
      expect(fromBase64(text)).toEqual(bytes)
      expect(fromBase64(text.replaceAll(/(.{7})/g, '$1\n  '))).toEqual(bytes)
    }),
  )
  const large = new Uint8Array(100_000).map((_, index) => index)
  expect(toBase64(large)).toBe(Buffer.from(large).toString('base64'))
})

test.each(['A', 'AA', 'AAA', 'AA=A', 'A===', '====', 'AB==', 'AAB=', 'AA-A', 'AAAé'])('base64 refuses %s', (text) => {
  expect(fromBase64(text)).toBeUndefined()
})
