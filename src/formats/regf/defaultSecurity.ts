import { ByteWriter } from '../../base/byteWriter.ts'

/** KEY_ALL_ACCESS, KEY_READ (MS-RRP 2.2.4). */
const allAccess = 0x000f_003f
const readAccess = 0x0002_0019
/** SYSTEM, BUILTIN\Administrators, BUILTIN\Users (MS-DTYP 2.4.2.4), as sub-authorities of the NT authority. */
const system = [18]
const administrators = [32, 544]
const users = [32, 545]
/** SE_SELF_RELATIVE, SE_DACL_PRESENT, SE_DACL_PROTECTED. */
const control = 0x9004
const headerLength = 20
const aclHeaderLength = 8
/** Entries are inherited by subkeys. */
const containerInherit = 2

/**
 * The descriptor of keys that bring none: owner and group Administrators, full access for SYSTEM and Administrators,
 * reading for Users. Self-relative (MS-DTYP 2.4.6).
 */
export function defaultSecurity(): Uint8Array {
  const entries = [
    { access: allAccess, sid: sidOf(system) },
    { access: allAccess, sid: sidOf(administrators) },
    { access: readAccess, sid: sidOf(users) },
  ]
  const aclLength = aclHeaderLength + entries.reduce((length, entry) => length + 8 + entry.sid.length, 0)
  const owner = sidOf(administrators)
  const ownerAt = headerLength + aclLength
  const writer = new ByteWriter(ownerAt + 2 * owner.length)
  writer.u8(1).u8(0).u16(control)
  writer
    .u32(ownerAt)
    .u32(ownerAt + owner.length)
    .u32(0)
    .u32(headerLength)
  writer.u8(2).u8(0).u16(aclLength).u16(entries.length).u16(0)
  for (const { access, sid } of entries) {
    writer
      .u8(0)
      .u8(containerInherit)
      .u16(8 + sid.length)
      .u32(access)
      .put(sid)
  }
  return writer.put(owner).put(owner).finish()
}

/** S-1-5-… */
function sidOf(subAuthorities: readonly number[]): Uint8Array {
  const writer = new ByteWriter(28)
  writer.u8(1).u8(subAuthorities.length).zeros(5).u8(5)
  for (const one of subAuthorities) writer.u32(one)
  return writer.finish()
}
