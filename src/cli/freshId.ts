import { randomFillSync } from 'node:crypto'
import { type Guid, guidFromBytes } from '../base/guid.ts'

/** Random bytes, taken from the system for many ids at once. */
const pool = new Uint8Array(16 * 256)
let at = pool.length

/** A new random id (RFC 9562, version 4). Scripts make them by the hundred thousand, so it is quick and makes no garbage. */
export function freshId(): Guid {
  if (at === pool.length) {
    randomFillSync(pool)
    at = 0
  }
  // As stored, the third group is little-endian: the version is in its second byte.
  pool[at + 7] = ((pool[at + 7] as number) & 0x0f) | 0x40
  pool[at + 8] = ((pool[at + 8] as number) & 0x3f) | 0x80
  const id = guidFromBytes(pool, at)
  at += 16
  return id
}
