import * as fc from 'fast-check'
import { compareUpper, upperName } from '../../src/formats/regf/nameOrder.ts'
import type { RegistryKey, RegistryValue } from '../../src/policy/registryValue.ts'

/** A key as plain data, for comparisons: keys sorted as hives sort them. */
export interface PlainKey {
  readonly name: string
  readonly values: readonly RegistryValue[]
  readonly subkeys: readonly PlainKey[]
  readonly lastWritten?: bigint
  readonly className?: Uint8Array
  readonly security?: Uint8Array
  readonly flags?: number
}

/** Everything of a key but where it was read. Recursive: for trees of tests, which are not deep. */
export function plainKey(key: RegistryKey): PlainKey {
  return {
    name: key.name,
    values: key.values.map(({ name, type, data }) => ({ name, type, data: Uint8Array.from(data) })),
    subkeys: key.subkeys.map(plainKey).toSorted((a, b) => compareUpper(upperName(a.name), upperName(b.name))),
    ...(key.lastWritten === undefined ? {} : { lastWritten: key.lastWritten }),
    ...(key.className === undefined ? {} : { className: Uint8Array.from(key.className) }),
    ...(key.security === undefined ? {} : { security: Uint8Array.from(key.security) }),
    ...(key.flags === undefined ? {} : { flags: key.flags }),
  }
}

/** Any UTF-16 unit may stand in a name, also unpaired surrogates; a backslash may not. */
const anyUnit = fc.integer({ min: 1, max: 0xffff }).filter((unit) => unit !== 0x5c)
const latinUnit = fc.integer({ min: 0x20, max: 0xff }).filter((unit) => unit !== 0x5c)

function nameOf(unit: fc.Arbitrary<number>, maxLength: number): fc.Arbitrary<string> {
  return fc.array(unit, { minLength: 1, maxLength }).map((units) => String.fromCharCode(...units))
}

const keyNames: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: nameOf(fc.integer({ min: 0x61, max: 0x66 }), 8) },
  { weight: 2, arbitrary: nameOf(latinUnit, 40) },
  { weight: 2, arbitrary: nameOf(anyUnit, 20) },
  { weight: 1, arbitrary: nameOf(anyUnit, 255) },
)

const registryValues: fc.Arbitrary<RegistryValue> = fc.record({
  name: fc.oneof(fc.constant(''), keyNames, nameOf(anyUnit, 300)),
  type: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.nat(0xffff_ffff)),
  data: fc.oneof(
    { weight: 8, arbitrary: fc.uint8Array({ maxLength: 12 }) },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 400 }) },
    { weight: 1, arbitrary: fc.integer({ min: 4000, max: 50_000 }).map(patterned) },
  ),
})

/** Bytes that differ from place to place, so that a shifted segment shows. */
export function patterned(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >>> 8) * 7) & 0xff)
}

const descriptors = fc.uint8Array({ minLength: 19, maxLength: 60 }).map((bytes) => Uint8Array.from([1, ...bytes]))

/** Trees with everything a hive can hold; names of siblings differ. */
export function registryTrees(depth: number): fc.Arbitrary<RegistryKey> {
  const subkeys: fc.Arbitrary<RegistryKey[]> =
    depth === 0
      ? fc.constant([])
      : fc
          .array(registryTrees(depth - 1), { maxLength: 4 })
          .map((keys) => [...new Map(keys.map((key) => [upperName(key.name), key])).values()])
  return fc
    .record(
      {
        name: keyNames,
        values: fc.uniqueArray(registryValues, { maxLength: 5, selector: (value) => upperName(value.name) }),
        subkeys,
        lastWritten: fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }),
        className: fc.uint8Array({ minLength: 1, maxLength: 40 }),
        security: descriptors,
        flags: fc.constantFrom(0, 0x08, 0x10, 0x40, 0x0280, 0x0012_0010, 0xff00_0000),
      },
      { requiredKeys: ['name', 'values', 'subkeys'] },
    )
    .map((key): RegistryKey => key)
}
