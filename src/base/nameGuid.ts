import { type Guid, guidToBytes } from './guid.ts'
import { paddedLength, sha1InPlace } from './sha1.ts'

const encoder = new TextEncoder()
/** Namespace, name and room for padding; grows with the longest name. */
let buffer = new Uint8Array(1024)
const hexDigit = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))
/** Character codes of the text being built: one flat string a GUID, as in guid.ts. */
const codes: number[] = Array.from('{00000000-0000-0000-0000-000000000000}', (char) => char.charCodeAt(0))
/** Where each of the 32 digits stands in the text. */
const places = codes.flatMap((code, at) => (code === '0'.charCodeAt(0) ? [at] : []))

/** A version 5 GUID (RFC 9562 section 5.5): the same namespace and name give the same GUID everywhere. */
export function nameGuid(namespace: Guid, name: string): Guid {
  return nameGuids(namespace)(name)
}

/** GUIDs of many names in one namespace. */
export function nameGuids(namespace: Guid): (name: string) => Guid {
  const start = inNetworkOrder(guidToBytes(namespace))
  return (name) => {
    const room = paddedLength(16 + name.length * 3)
    if (room > buffer.length) buffer = new Uint8Array(room)
    buffer.set(start)
    const { written } = encoder.encodeInto(name, buffer.subarray(16))
    return guidOfDigest(sha1InPlace(buffer, 16 + written))
  }
}

/** The digest's bytes in the order of the text, with the bits of version 5 and of the variant set. */
function guidOfDigest(words: Int32Array): Guid {
  for (let digit = 0; digit < 32; digit += 1) {
    const word = words[digit >>> 3] as number
    let value = (word >>> (28 - 4 * (digit & 7))) & 15
    if (digit === 12) value = 5
    else if (digit === 16) value = (value & 3) | 8
    codes[places[digit] as number] = hexDigit[value] as number
  }
  return String.fromCharCode.apply(null, codes) as Guid
}

/** From stored order (first three groups little-endian) to network order. */
function inNetworkOrder(bytes: Uint8Array): Uint8Array {
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
  return Uint8Array.from(order, (index) => bytes[index] as number)
}
