import vectors from '../data/policy-vectors.json' with { type: 'json' }
import { fromHex } from '../../src/base/bytes.ts'
import type { ObjectClass } from '../../src/policy/objectClass.ts'

/** One blob of policy-vectors.json: what it must decode to, or `valid: false`. */
export interface BlobVector {
  readonly id: string
  readonly class: ObjectClass
  readonly valid: boolean
  readonly note: string
  readonly length: number
  readonly bytes: Uint8Array
  readonly decoded: Readonly<Record<string, unknown>>
}

export const blobVectors: readonly BlobVector[] = vectors.blobs.map((vector) => {
  const bytes = fromHex(vector.hex)
  if (bytes === undefined) throw new Error(`${vector.id}: bad hex`)
  return {
    id: vector.id,
    class: vector.class as ObjectClass,
    valid: vector.valid,
    note: vector.note,
    length: vector.length,
    bytes,
    decoded: vector.decoded ?? {},
  }
})

export const guidConstants: readonly { readonly name: string; readonly string: string; readonly bytes: string }[] =
  vectors.guidConstants.items
