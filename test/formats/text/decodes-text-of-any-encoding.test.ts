import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PolagentError } from '../../../src/base/errors.ts'
import {
  canEncode,
  type CodePageName,
  codePageTable,
  decodeCodePage,
  decodeText,
  encodeCodePage,
  encodeText,
  encodeTextFile,
  parseEncodingName,
} from '../../../src/formats/text/index.ts'

const pages = Object.keys(codePageTable) as CodePageName[]
const utf8 = new TextEncoder()

describe('without being told', () => {
  it.each(['utf-16le', 'utf-16be', 'utf-8'] as const)('%s is known by its mark', (encoding) => {
    const mark = encoding === 'utf-8' ? [0xef, 0xbb, 0xbf] : []
    const bytes = Uint8Array.from([...mark, ...(encodeTextFile('Ünï 防', encoding) ?? [])])
    expect(decodeText(bytes)).toEqual({ text: 'Ünï 防', encoding, isAssumed: false, isDamaged: false })
  })

  it.each(['utf-16le', 'utf-16be'] as const)('%s is known by its zeros', (encoding) => {
    expect(decodeText(encodeText('REGEDIT4 ä', encoding) ?? new Uint8Array())).toMatchObject({
      text: 'REGEDIT4 ä',
      encoding,
    })
  })

  it('UTF-8 is known by being valid, and everything else is taken for windows-1252 and said to be', () => {
    expect(decodeText(utf8.encode('naïve'))).toMatchObject({ text: 'naïve', encoding: 'utf-8', isAssumed: false })
    expect(decodeText(Uint8Array.of(0x80, 0x41))).toEqual({
      text: '€A',
      encoding: 'windows-1252',
      isAssumed: true,
      isDamaged: false,
    })
  })

  it('a lost half of a UTF-16 unit is told', () => {
    expect(decodeText(Uint8Array.of(0xff, 0xfe, 0x41, 0, 0x42))).toMatchObject({ text: 'A', isDamaged: true })
  })

  it('unpaired surrogates survive', () => {
    const text = 'a\ud800b\udfff'.repeat(20_000)
    for (const encoding of ['utf-16le', 'utf-16be'] as const) {
      const bytes = encodeTextFile(text, encoding)
      expect(bytes !== undefined && decodeText(bytes).text === text).toBe(true)
    }
  })
})

describe('a code page', () => {
  it('is used when it is named, whatever the spelling', () => {
    const bytes = Uint8Array.of(0xcf, 0xf0, 0xe8)
    for (const name of ['windows-1251', 'cp1251', '1251', 'CP-1251', ' Windows-1251 ']) {
      expect(decodeText(bytes, name)).toMatchObject({ text: 'При', encoding: 'windows-1251', isAssumed: false })
    }
  })

  it('with one-byte characters gives way to valid UTF-8; with two-byte ones it does not', () => {
    const both = Uint8Array.of(0xc1, 0xaa, 0xcd, 0xa8) // 联通, and by chance valid in form but not in UTF-8's own rules
    expect(decodeText(both, 'gbk')).toMatchObject({ text: '联通', encoding: 'windows-936' })
    expect(decodeText(utf8.encode('ä'), '1251')).toMatchObject({ text: 'ä', encoding: 'utf-8' })
  })

  it('that is unknown is wrong usage, and the message lists the known ones', () => {
    expect(() => parseEncodingName('klingon')).toThrow(PolagentError)
    try {
      decodeText(utf8.encode('x'), 'klingon')
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ code: 'USAGE', exitStatus: 2 })
      expect((error as Error).message).toMatch(/klingon.*windows-1250.*windows-949.*ibm437.*ibm850.*ibm866/)
    }
  })

  it('has a number and a name that lead to it', () => {
    for (const name of pages) expect(parseEncodingName(name)).toBe(name)
    const numbers = [1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258, 932, 936, 949, 950, 866, 850, 437]
    expect(numbers.map((number) => parseEncodingName(`${number}`))).toHaveLength(16)
    expect(parseEncodingName('latin1')).toBe('windows-1252')
  })

  it.each([
    ['ibm437', [0x81, 0x9b, 0xe1, 0xff], 'ü¢ß\u00a0'],
    ['ibm850', [0x81, 0x9b, 0xe1, 0xd5], 'üøßı'],
    ['ibm852', [0x81, 0x9b, 0xe1, 0xd5], 'üŤßŇ'],
    ['ibm866', [0x8f, 0xe0], 'Пр'],
    ['windows-932', [0x93, 0xfa, 0x96, 0x7b], '日本'],
    ['windows-949', [0xc7, 0xd1], '한'],
    ['windows-950', [0xa4, 0xa4], '中'],
  ] as const)('%s has its characters', (name, bytes, text) => {
    expect(decodeCodePage(Uint8Array.from(bytes), name)).toBe(text)
    expect(encodeCodePage(text, name)).toEqual(Uint8Array.from(bytes))
  })

  it.each(pages)('%s writes what it reads', (name) => {
    const single = Array.from({ length: 256 }, (_, byte) => decodeCodePage(Uint8Array.of(byte), name)).filter(
      (text) => text !== '\ufffd',
    )
    expect(single.length).toBeGreaterThan(127)
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...single, '漢', '字', '한', '繁')), (texts) => {
        const text = texts.join('')
        const bytes = encodeCodePage(text, name)
        expect(bytes === undefined).toBe(!canEncode(text, name))
        if (bytes !== undefined) expect(decodeCodePage(bytes, name)).toBe(text)
      }),
    )
  })

  it('of one-byte characters refuses what it has not', () => {
    expect(encodeCodePage('€', 'windows-1252')).toEqual(Uint8Array.of(0x80))
    expect(encodeCodePage('€', 'ibm850')).toBeUndefined()
    expect(encodeCodePage('😀', 'windows-1252')).toBeUndefined()
    expect(encodeText('\ud800', 'utf-8')).toBeUndefined()
  })
})

it('any bytes give some text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.option(fc.constantFrom(...pages)), (bytes, page) => {
      const decoded = decodeText(bytes, page ?? undefined)
      expect(decoded.text.length).toBeLessThanOrEqual(bytes.length)
    }),
    { numRuns: 2000 },
  )
})
