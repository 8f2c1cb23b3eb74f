import { describe, expect, test } from 'vitest'
import { blobString } from '../../../src/formats/ipsec-data/index.ts'
import { isVersion1, record1OfFilter } from '../../../src/formats/object-store/author/filterRecords.ts'
import { filterOfRecord1 } from '../../../src/formats/object-store/filterMeaning.ts'
import type { Address } from '../../../src/policy/filter.ts'
import { ipv4 } from '../../../src/policy/ip.ts'
import { webFilter } from '../../support/sampleStore.ts'

const all: Address = { kind: 'any', families: 'ipv4' }
const record = { ...record1OfFilter({ ...webFilter, source: all }), sourceName: blobString('srv.example') }

/** policy-objects.md 2.6.2: "reading it as Me or any would be wrong in a dangerous way". */
describe('a version 1 record with a name', () => {
  test.each([
    ['no address and no mask', 0, 0],
    ['no address and all mask bits', 0, 0xffff_ffff],
  ])('and %s is for the host of that name', (_, sourceAddress, sourceMask) => {
    const filter = filterOfRecord1({ ...record, sourceAddress, sourceMask }, 0)
    expect(filter.source).toEqual({ kind: 'name', name: 'srv.example' })
    expect(filter.sourceName).toBeUndefined()
  })

  test('and an address is for that address', () => {
    const filter = filterOfRecord1({ ...record, sourceAddress: 0xc000_0201, sourceMask: 0xffff_ffff }, 0)
    expect(filter.source).toEqual({ kind: 'host', address: ipv4(0xc000_0201) })
    expect(filter.sourceName).toBe('srv.example')
  })

  test.each<Address>([all, { kind: 'me', families: 'ipv4' }])(
    'is not written for $kind with a display name',
    (source) => {
      expect(isVersion1({ ...webFilter, source })).toBe(true)
      expect(isVersion1({ ...webFilter, source, sourceName: 'srv.example' })).toBe(false)
    },
  )
})
