import type { Algorithm, Offer } from '../../policy/model.ts'
import type { AlgorithmRecord, NegotiationBlob, OfferRecord } from '../ipsec-data/index.ts'

/** Identifiers of quick-mode algorithms (policy-objects.md 2.5, 2.5.1). */
export const integrityCodes = { none: 0, md5: 1, sha1: 2 } as const // S
export const offerType = { ah: 1, esp: 2 } as const // S
/** ESP cipher ids as written; 2 is never written (policy-objects.md 2.5.1). */
export const cipherCodes = { none: 0, des: 1, '3des': 3 } as const // O
/** ESP cipher ids as read: the data reading, in which 1 is DES; never map 1 to "no encryption". 2 is DES by the text. [R] */
const cipherById: ReadonlyMap<number, 'none' | 'des' | '3des'> = new Map([
  [0, 'none'],
  [1, 'des'],
  [2, 'des'],
  [3, '3des'],
])

export interface OffersMeaning {
  readonly offers: readonly Offer[]
  /** An offer without algorithms is the marker for fall-back to clear (policy-objects.md 2.5.4). */
  readonly fallBackToClear: boolean
  /** Why offers were left out. */
  readonly skipped: readonly string[]
}

export function offersOfBlob(blob: NegotiationBlob): OffersMeaning {
  const offers: Offer[] = []
  const skipped: string[] = []
  let fallBackToClear = false
  for (const [index, record] of blob.offers.entries()) {
    if (record.algorithms.length === 0) {
      fallBackToClear = true
      continue
    }
    const offer = offerOfRecord(record)
    if (typeof offer === 'string') skipped.push(`method ${index + 1}: ${offer}`)
    else offers.push(offer)
  }
  return { offers, fallBackToClear, skipped }
}

/** What one record offers, or why that is not known. */
export function offerOfRecord(record: OfferRecord): Offer | string {
  const algorithms: Algorithm[] = []
  for (const algorithmRecord of record.algorithms) {
    const algorithm = algorithmOfRecord(algorithmRecord)
    if (typeof algorithm === 'string') return algorithm
    algorithms.push(algorithm)
  }
  return {
    algorithms,
    lifetimeSeconds: record.lifetimeSeconds,
    lifetimeKilobytes: record.lifetimeKilobytes,
    perfectForwardSecrecy: record.pfs !== 0,
  }
}

function algorithmOfRecord(record: AlgorithmRecord): Algorithm | string {
  if (record.type === offerType.ah) {
    const integrity = integrityById(record.id)
    if (integrity === undefined || integrity === 'none') return `AH algorithm ${record.id} is not known`
    return { protocol: 'ah', integrity }
  }
  if (record.type !== offerType.esp) return `protocol ${record.type} is neither AH nor ESP`
  const cipher = cipherById.get(record.id)
  const integrity = integrityById(record.integrity)
  if (cipher === undefined) return `ESP cipher ${record.id} is not known`
  if (integrity === undefined) return `ESP integrity ${record.integrity} is not known`
  if (cipher === 'none' && integrity === 'none') return 'ESP without cipher and without integrity protects nothing'
  return { protocol: 'esp', cipher, integrity }
}

function integrityById(id: number): 'none' | 'md5' | 'sha1' | undefined {
  switch (id) {
    case integrityCodes.none:
      return 'none'
    case integrityCodes.md5:
      return 'md5'
    case integrityCodes.sha1:
      return 'sha1'
    default:
      return undefined
  }
}
