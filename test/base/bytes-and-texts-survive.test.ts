import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteReader } from '../../src/base/byteReader.ts'
import { ByteWriter } from '../../src/base/byteWriter.ts'
import { fromHex, toHex } from '../../src/base/bytes.ts'
import { PolagentError } from '../../src/base/errors.ts'
import { guidFromBytes, guidToBytes, parseGuid, upperGuid } from '../../src/base/guid.ts'
import { decodeUtf16, decodeUtf16Terminated, encodeUtf16, encodeUtf16Terminated } from '../../src/base/utf16.ts'

const anyBytes = fc.uint8Array({ maxLength: 600 })

describe('UTF-16', () => {
  it('is decoded as the platform decoder does it, short and long, surrogates unpaired or not', () => {
    const platform = new TextDecoder('utf-16le', { ignoreBOM: true })
    const units = fc.array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd7ff, max: 0xe000 })), {
      maxLength: 300,
    })
    fc.assert(
      fc.property(units, (codes) => {
        const bytes = encodeUtf16(String.fromCharCode(...codes))
        expect(decodeUtf16(bytes)).toBe(platform.decode(bytes))
      }),
    )
  })

  it('keeps a leading U+FEFF, which in a stored string is a character', () => {
    expect(decodeUtf16(encodeUtf16('\ufeffkey'))).toBe('\ufeffkey')
    expect(decodeUtf16(encodeUtf16(`\ufeff${'x'.repeat(300)}`))).toHaveLength(301)
  })

  it('ends at the first U+0000, and an odd last byte is ignored', () => {
    expect(decodeUtf16Terminated(encodeUtf16('one\0two\0'))).toBe('one')
    expect(decodeUtf16Terminated(encodeUtf16Terminated(''))).toBe('')
    expect(decodeUtf16(new Uint8Array([0x41, 0, 0x42]))).toBe('A')
  })
})

describe('bytes', () => {
  it('written field by field are read back, however often the writer grows', () => {
    const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
    fc.assert(
      fc.property(fc.array(u32, { maxLength: 200 }), (numbers) => {
        const writer = new ByteWriter(1)
        for (const number of numbers)
          writer
            .u8(number & 255)
            .u16(number & 0xffff)
            .u32(number)
            .ipv4(number)
        const reader = new ByteReader(writer.finish())
        for (const number of numbers) {
          expect([reader.u8('a'), reader.u16('b'), reader.u32('c'), reader.ipv4('d')]).toEqual([
            number & 255,
            number & 0xffff,
            number,
            number,
          ])
        }
        expect(reader.remaining).toBe(0)
      }),
    )
  })

  it('that are missing are told with field and offset, and the position stays', () => {
    const reader = new ByteReader(new Uint8Array(10))
    reader.u32('first')
    const fields = [
      { name: 'one', length: 4 },
      { name: 'two', length: 4 },
    ]
    expect(() => reader.needFields(fields, 8)).toThrow(/two, byte 8: .*4 bytes expected, 2 present/)
    expect(reader.position).toBe(4)
    expect(() => reader.take(7, 'rest')).toThrow(PolagentError)
    expect(reader.position).toBe(4)
  })

  it('as hexadecimal are the same bytes', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes)
      }),
    )
    expect(fromHex('abc')).toBeUndefined()
    expect(fromHex('zz')).toBeUndefined()
  })
})

describe('GUIDs', () => {
  it('survive in text of any form', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const id = guidFromBytes(bytes)
        expect(guidToBytes(id)).toEqual(bytes)
        for (const text of [id, upperGuid(id), id.slice(1, -1), ` { ${id.slice(1, -1)} } `]) {
          expect(parseGuid(text)).toBe(id)
        }
      }),
    )
  })

  it('are refused when they are none', () => {
    for (const text of [
      '',
      '{}',
      '{0fac0000-0000-4000-8000-00000000000g}',
      '{0fac0000-0000-4000-8000-0000000000000}',
    ]) {
      expect(parseGuid(text)).toBeUndefined()
    }
  })
})

describe('an error', () => {
  it('tells the outer field before the inner one and keeps the rest of its place', () => {
    const inner = new PolagentError('BLOB_MALFORMED', { field: 'Protocol', offset: 9, what: '300 is too large' })
    const outer = inner.inside('Filter-Spec1[3]')
    expect(outer.place).toEqual({ field: 'Filter-Spec1[3].Protocol', offset: 9 })
    expect(outer.what).toBe('300 is too large')
    expect(new PolagentError('BLOB_MALFORMED').inside('X').place).toEqual({ field: 'X' })
  })
})
