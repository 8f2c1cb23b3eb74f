import type { ByteReader } from '../../base/byteReader.ts'
import type { ByteWriter } from '../../base/byteWriter.ts'
import { PolagentError } from '../../base/errors.ts'
import { guidFromBytes } from '../../base/guid.ts'
import { ipv6FromBytes, ipv6ToBytes } from '../../policy/ip.ts'
import { nfaAlternateFlags, nfaAlternateMethods, nfaIpv6Tunnel } from '../../policy/wellKnown.ts'
import { type AuthMethodRecord, readAuthMethod, writeAuthMethod } from './authMethod.ts'

/** What Vista and later append to an NFA blob, in stored order, and the bytes after it. */
export interface NfaTail {
  readonly sections: readonly NfaTailSection[]
  /** The trailing byte and whatever else follows; kept as it is. */
  readonly rest: Uint8Array
  /** Why reading stopped before a section that announced itself; then `rest` begins with that section. */
  readonly ignored?: string
}

export type NfaTailSection =
  | { readonly kind: 'alternate-methods'; readonly methods: readonly AuthMethodRecord[] }
  /** One entry a method: bit 0 certificate-to-account mapping, bit 1 leave out the authority's name. */
  | { readonly kind: 'alternate-flags'; readonly zero1: number; readonly flags: readonly number[] }
  | { readonly kind: 'ipv6-tunnel'; readonly address: bigint }

export function readNfaTail(reader: ByteReader, methodCount: number): NfaTail {
  const sections: NfaTailSection[] = []
  let ignored: string | undefined
  while (reader.remaining >= 16) {
    const start = reader.position
    try {
      const section = readSection(reader, methodCount)
      if (section === undefined) break
      sections.push(section)
    } catch (error) {
      if (!(error instanceof PolagentError)) throw error
      reader.position = start
      ignored = error.message
      break
    }
  }
  const rest = reader.take(reader.remaining, 'tail')
  return ignored === undefined ? { sections, rest } : { sections, rest, ignored }
}

function readSection(reader: ByteReader, methodCount: number): NfaTailSection | undefined {
  const id = guidFromBytes(reader.bytes, reader.position)
  if (id !== nfaAlternateMethods && id !== nfaAlternateFlags && id !== nfaIpv6Tunnel) return undefined
  reader.position += 16
  if (id === nfaAlternateMethods) return readAlternateMethods(reader, methodCount)
  if (id === nfaAlternateFlags) {
    const zero1 = reader.u32('Zero1')
    reader.need(methodCount * 4, 'Alt-Auth-Method-Flags')
    const flags: number[] = []
    for (let i = 0; i < methodCount; i += 1) flags.push(reader.u32('Alt-Auth-Method-Flags'))
    return { kind: 'alternate-flags', zero1, flags }
  }
  return { kind: 'ipv6-tunnel', address: ipv6FromBytes(reader.take(16, 'IPv6-Tunnel-Mode-Address')) }
}

function readAlternateMethods(reader: ByteReader, methodCount: number): NfaTailSection {
  const start = reader.position
  const count = reader.u32('Alt-Auth-Num-Methods-Count')
  if (count !== methodCount) {
    throw new PolagentError('BLOB_MALFORMED', {
      field: 'Alt-Auth-Num-Methods-Count',
      offset: start,
      what: `${count} alternate methods beside ${methodCount} methods`,
    })
  }
  const methods: AuthMethodRecord[] = []
  for (let i = 0; i < count; i += 1) methods.push(readAuthMethod(reader, `Alt-Auth-Method-Data[${i}]`))
  return { kind: 'alternate-methods', methods }
}

export function writeNfaTail(writer: ByteWriter, tail: NfaTail): void {
  for (const section of tail.sections) {
    switch (section.kind) {
      case 'alternate-methods':
        writer.guid(nfaAlternateMethods).u32(section.methods.length)
        for (const method of section.methods) writeAuthMethod(writer, method)
        break
      case 'alternate-flags':
        writer.guid(nfaAlternateFlags).u32(section.zero1)
        for (const value of section.flags) writer.u32(value)
        break
      case 'ipv6-tunnel':
        writer.guid(nfaIpv6Tunnel).put(ipv6ToBytes(section.address))
        break
    }
  }
  writer.put(tail.rest)
}
