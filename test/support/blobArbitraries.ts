import * as fc from 'fast-check'
import { type Guid, guidFromBytes } from '../../src/base/guid.ts'
import {
  type AuthMethodRecord,
  type BlobString,
  blobString,
  type FilterBlob,
  type FilterRecord1,
  type FilterRecord2,
  type IsakmpBlob,
  type NegotiationBlob,
  type NfaBlob,
  newFilterBlob,
  type PolicyBlob,
  type SecurityMethod,
} from '../../src/formats/ipsec-data/index.ts'

/** Arbitrary decoded blobs whose encoding is unambiguous: what a careful writer could produce. */
const u8 = fc.integer({ min: 0, max: 0xff })
const u16 = fc.integer({ min: 0, max: 0xffff })
export const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
const bytesOf = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length })
export const anyGuid: fc.Arbitrary<Guid> = bytesOf(16).map((bytes) => guidFromBytes(bytes))

/** Text without U+0000, unpaired surrogates left out: they decode to U+FFFD. */
export const anyText = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replaceAll('\0', ''))

const anyString: fc.Arbitrary<BlobString> = anyText.map(blobString)

export const policyBlob: fc.Arbitrary<PolicyBlob> = fc.record({
  dataLength: u32,
  pollingIntervalSeconds: u32,
  trailing: fc.uint8Array({ maxLength: 3 }),
})

const securityMethod: fc.Arbitrary<SecurityMethod> = bytesOf(64).map((record) => {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength)
  return {
    encryption: view.getUint32(4, true),
    hash: view.getUint32(16, true),
    randomFunction: view.getUint8(36),
    oakleyGroup: view.getUint32(44, true),
    quickModeLimit: view.getUint32(48, true),
    lifetimeKilobytes: view.getUint32(52, true),
    lifetimeSeconds: view.getUint32(56, true),
    pfsIdentityRequired: (view.getUint32(60, true) & 1) === 1,
    record,
  }
})

export const isakmpBlob: fc.Arbitrary<IsakmpBlob> = fc.record({
  dataLength: u32,
  instance: anyGuid,
  zero1: u32,
  masterPfs: u32,
  options: u32,
  newDh: fc.tuple(u8, u8, u8, u8),
  quickModeLimit: u32,
  lifetimeSeconds: u32,
  zero2: bytesOf(20),
  methods: fc.array(securityMethod, { maxLength: 5 }),
  trailing: fc.uint8Array({ maxLength: 3 }),
})

const authMethod: fc.Arbitrary<AuthMethodRecord> = fc.record({ type: u32, value: fc.uint8Array({ maxLength: 40 }) })

export const nfaBlob: fc.Arbitrary<NfaBlob> = fc.array(authMethod, { maxLength: 4 }).chain((methods) =>
  fc.record({
    dataLength: u32,
    methods: fc.constant(methods),
    interfaceType: u32,
    interfaceName: anyString,
    tunnelAddress: u32,
    isTunnel: u32,
    isActive: u32,
    tunnelEndpointName: anyString,
    tail: fc.record({
      sections: fc.array(
        fc.oneof(
          fc.record({
            kind: fc.constant('alternate-methods' as const),
            methods: fc.array(authMethod, { minLength: methods.length, maxLength: methods.length }),
          }),
          fc.record({
            kind: fc.constant('alternate-flags' as const),
            zero1: u32,
            flags: fc.array(u32, { minLength: methods.length, maxLength: methods.length }),
          }),
          fc.record({ kind: fc.constant('ipv6-tunnel' as const), address: fc.bigInt(0n, (1n << 128n) - 1n) }),
        ),
        { maxLength: 3 },
      ),
      // Fewer than 16 bytes: more could announce a section.
      rest: fc.uint8Array({ maxLength: 3 }),
    }),
  }),
)

export const negotiationBlob: fc.Arbitrary<NegotiationBlob> = fc.record({
  dataLength: u32,
  offers: fc.array(
    fc
      .array(fc.record({ id: u32, integrity: u32, type: u32, zero: bytesOf(8) }), { maxLength: 3 })
      .chain((algorithms) =>
        fc.record({
          lifetimeSeconds: u32,
          lifetimeKilobytes: u32,
          options: u32,
          pfs: u32,
          algorithms: fc.constant(algorithms),
          unused: bytesOf((3 - algorithms.length) * 20),
        }),
      ),
    { maxLength: 5 },
  ),
  trailing: fc.uint8Array({ maxLength: 3 }),
})

const filterRecord1: fc.Arbitrary<FilterRecord1> = fc.record({
  version: fc.constant(1 as const),
  sourceName: anyString,
  destinationName: anyString,
  description: anyString,
  id: anyGuid,
  mirror: u32,
  sourceAddress: u32,
  sourceMask: u32,
  destinationAddress: u32,
  destinationMask: u32,
  tunnelAddress: u32,
  protocol: u32,
  sourcePort: u16,
  destinationPort: u16,
  isTunnel: u8,
  special: u8,
  options: u16,
})

const addressData = fc.record({ type: u32, version: u32, address: bytesOf(16), secondary: bytesOf(16) })
const portData = fc.record({ type: u32, first: u16, last: u16 })

const filterRecord2: fc.Arbitrary<FilterRecord2> = fc.record({
  version: fc.constant(2 as const),
  sourceName: anyString,
  destinationName: anyString,
  description: anyString,
  id: anyGuid,
  mirror: u32,
  source: addressData,
  destination: addressData,
  sourcePort: portData,
  destinationPort: portData,
  protocol: u32,
  flags: u32,
})

export const filterBlob: fc.Arbitrary<FilterBlob> = fc
  .tuple(fc.array(filterRecord1, { maxLength: 5 }), fc.array(filterRecord2, { maxLength: 5 }))
  .map(([records1, records2]) => newFilterBlob(records1, records2))

/** As Windows 2000 wrote it: the count is part of Data-Length1, and a zero byte follows. */
export const oldFilterBlob: fc.Arbitrary<FilterBlob> = filterBlob.map((blob) => ({
  ...blob,
  ...(blob.part1 === undefined
    ? {}
    : { part1: { ...blob.part1, dataLength: blob.part1.dataLength + 4, gap: new Uint8Array(1) } }),
}))
