import { type Guid, guidFromBytes, guidToBytes } from './guid.ts'
import { sha1 } from './sha1.ts'

const encoder = new TextEncoder()

/** A version 5 GUID (RFC 9562 section 5.5): the same namespace and name give the same GUID everywhere. */
export function nameGuid(namespace: Guid, name: string): Guid {
  const text = encoder.encode(name)
  const bytes = new Uint8Array(16 + text.length)
  bytes.set(networkOrder(guidToBytes(namespace)))
  bytes.set(text, 16)
  const digest = sha1(bytes).subarray(0, 16)
  digest[6] = ((digest[6] as number) & 0x0f) | 0x50
  digest[8] = ((digest[8] as number) & 0x3f) | 0x80
  return guidFromBytes(networkOrder(digest))
}

/** Swaps the first three groups between stored (little-endian) and network order; its own reverse. */
function networkOrder(bytes: Uint8Array): Uint8Array {
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
  return Uint8Array.from(order, (index) => bytes[index] as number)
}
