import { ByteReader } from '../../base/byteReader.ts'
import { ByteWriter } from '../../base/byteWriter.ts'
import { PolagentError } from '../../base/errors.ts'
import { blobSignature } from '../../policy/wellKnown.ts'
import { limits, needAtMost } from './limits.ts'
import { expectSignature } from './signature.ts'

/** ipsecData of an ipsecNegotiationPolicy, 25 + 80·n bytes (MS-GPIPSEC 2.2.1.4.1, policy-objects.md 2.5). */
export interface NegotiationBlob {
  readonly dataLength: number
  readonly offers: readonly OfferRecord[]
  readonly trailing: Uint8Array
}

export interface OfferRecord {
  readonly lifetimeSeconds: number
  readonly lifetimeKilobytes: number
  readonly options: number
  /** PFS-QM-Required as stored; 0 = no, anything else = yes (policy-objects.md 2.5.2). */
  readonly pfs: number
  /** 0 to 3 algorithms applied together; none = the marker for fall-back to clear. */
  readonly algorithms: readonly AlgorithmRecord[]
  /** Unused algorithm slots: may hold junk, meaningless. */
  readonly unused: Uint8Array
}

export interface AlgorithmRecord {
  readonly id: number
  readonly integrity: number
  /** 1 AH, 2 ESP. */
  readonly type: number
  /** 8 ignored bytes. */
  readonly zero: Uint8Array
}

const offerLength = 80
const algorithmLength = 20
const algorithmSlots = 3

export function decodeNegotiationBlob(bytes: Uint8Array): NegotiationBlob {
  const reader = new ByteReader(bytes)
  expectSignature(reader, 'ipsecNegotiationPolicy', 'Negotiation-Policy-ID')
  const dataLength = reader.u32('DataLength')
  const countAt = reader.position
  const count = reader.u32('Security-Offer-Count')
  reader.need(count * offerLength, 'Security-Offer-Data')
  needAtMost(limits.quickModeOffers, count, 'Security-Offer-Count', countAt)
  const offers: OfferRecord[] = []
  for (let i = 0; i < count; i += 1) offers.push(readOffer(reader, `Security-Offer-Data[${i}]`))
  return { dataLength, offers, trailing: reader.take(reader.remaining, 'trailing byte') }
}

function readOffer(reader: ByteReader, field: string): OfferRecord {
  const lifetimeSeconds = reader.u32(`${field}.Lifetime-Seconds`)
  const lifetimeKilobytes = reader.u32(`${field}.Lifetime-KBytes`)
  const options = reader.u32(`${field}.Negotiation-Options`)
  const pfs = reader.u32(`${field}.PFS-QM-Required`)
  const countAt = reader.position
  const count = reader.u32(`${field}.Algorithm-Offer-Count`)
  if (count > algorithmSlots) {
    throw new PolagentError('BLOB_MALFORMED', {
      field: `${field}.Algorithm-Offer-Count`,
      offset: countAt,
      what: `${count} algorithms, at most ${algorithmSlots} are possible`,
    })
  }
  const algorithms: AlgorithmRecord[] = []
  for (let i = 0; i < count; i += 1) {
    const name = `${field}.Algorithm[${i}]`
    algorithms.push({
      id: reader.u32(`${name}.Algorithm-Identifier`),
      integrity: reader.u32(`${name}.ESP-Integrity-Identifier`),
      type: reader.u32(`${name}.Offer-Type`),
      zero: reader.take(8, `${name}.Zero1`),
    })
  }
  const unused = reader.take((algorithmSlots - count) * algorithmLength, `${field}.unused`)
  return { lifetimeSeconds, lifetimeKilobytes, options, pfs, algorithms, unused }
}

export function encodeNegotiationBlob(blob: NegotiationBlob): Uint8Array {
  const writer = new ByteWriter(25 + offerLength * blob.offers.length)
    .guid(blobSignature.ipsecNegotiationPolicy)
    .u32(blob.dataLength)
    .u32(blob.offers.length)
  for (const offer of blob.offers) {
    writer
      .u32(offer.lifetimeSeconds)
      .u32(offer.lifetimeKilobytes)
      .u32(offer.options)
      .u32(offer.pfs)
      .u32(offer.algorithms.length)
    for (const algorithm of offer.algorithms) {
      writer.u32(algorithm.id).u32(algorithm.integrity).u32(algorithm.type).put(algorithm.zero)
    }
    writer.put(offer.unused)
  }
  return writer.put(blob.trailing).finish()
}

/** An offer with its unused slots zeroed, as a writer should leave them. */
export function newOfferRecord(fields: Omit<OfferRecord, 'unused'>): OfferRecord {
  return { ...fields, unused: new Uint8Array((algorithmSlots - fields.algorithms.length) * algorithmLength) }
}

export function newNegotiationBlob(offers: readonly OfferRecord[]): NegotiationBlob {
  return { dataLength: 4 + offerLength * offers.length, offers, trailing: new Uint8Array(1) }
}
