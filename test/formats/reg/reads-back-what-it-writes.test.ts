import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PolagentError } from '../../../src/base/errors.ts'
import { encodeUtf16 } from '../../../src/base/utf16.ts'
import { readReg, writeReg } from '../../../src/formats/reg/index.ts'
import type { TextEncodingName } from '../../../src/formats/text/index.ts'
import type { RegistryKey, RegistryValue } from '../../../src/policy/registryValue.ts'
import { plainTextKey } from '../../support/textTrees.ts'

/** Any unit but the ones key names cannot have: the separator and line breaks. */
const nameUnit = fc.integer({ min: 1, max: 0xffff }).filter((unit) => ![0x5c, 10, 13].includes(unit))
const valueUnit = fc.integer({ min: 1, max: 0xffff })
const asciiUnit = fc.integer({ min: 0x20, max: 0x7e }).filter((unit) => unit !== 0x5c)

function nameOf(unit: fc.Arbitrary<number>, minLength: number): fc.Arbitrary<string> {
  return fc.array(unit, { minLength, maxLength: 12 }).map((units) => String.fromCharCode(...units))
}

const keyName = fc.oneof(nameOf(asciiUnit, 1), nameOf(nameUnit, 1))
const textData = fc
  .tuple(fc.oneof(nameOf(asciiUnit, 0), nameOf(valueUnit, 0)), fc.constantFrom('', '\0', '\0\0'))
  .map(([text, end]) => encodeUtf16(text + end))

const value: fc.Arbitrary<RegistryValue> = fc.record({
  name: fc.oneof(fc.constant(''), nameOf(asciiUnit, 0), nameOf(valueUnit, 0)),
  type: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.nat(0xffff_ffff)),
  data: fc.oneof(fc.uint8Array({ maxLength: 120 }), textData, fc.uint8Array({ minLength: 4, maxLength: 4 })),
})

function lower(item: { readonly name: string }): string {
  return item.name.toLowerCase()
}

function tree(depth: number): fc.Arbitrary<RegistryKey> {
  return fc.record({
    name: keyName,
    values: fc.uniqueArray(value, { maxLength: 4, selector: lower }),
    subkeys: depth === 0 ? fc.constant([]) : fc.uniqueArray(tree(depth - 1), { maxLength: 3, selector: lower }),
  })
}

const root: fc.Arbitrary<RegistryKey> = fc.uniqueArray(tree(3), { maxLength: 3, selector: lower }).map((subkeys) => ({
  name: '',
  values: [],
  subkeys: [{ name: 'HKEY_LOCAL_MACHINE', values: [], subkeys }],
}))

describe.each<TextEncodingName>(['utf-16le', 'utf-16be', 'utf-8', 'windows-1252', 'windows-936', 'ibm850'])(
  'in %s',
  (encoding) => {
    it.each([5, 4] as const)('version %d, or says that it cannot', (version) => {
      let written = 0
      fc.assert(
        fc.property(root, (key) => {
          let bytes: Uint8Array
          try {
            bytes = writeReg(key, { version, encoding })
          } catch (error) {
            if (!(error instanceof PolagentError)) throw error
            // UTF-16 of version 5 can say everything.
            expect(error.code).toBe('FORMAT_CANNOT_SAY')
            expect(version === 5 && encoding.startsWith('utf-16')).toBe(false)
            return
          }
          written += 1
          const reading = readReg(bytes, { codePage: encoding.startsWith('utf') ? 'windows-1252' : encoding })
          expect(plainTextKey(reading.root)).toEqual(plainTextKey(key))
          expect(reading.findings.filter((finding) => finding.severity === 'error')).toEqual([])
          expect(reading.version).toBe(version)
        }),
        { numRuns: 300 },
      )
      expect(written).toBeGreaterThan(20)
    })
  },
)

it('what was read is written byte for byte once it has the form regedit gives it', () => {
  fc.assert(
    fc.property(root, (key) => {
      const bytes = writeReg(key)
      expect(writeReg(readReg(bytes).root)).toEqual(bytes)
    }),
  )
})
