import { cellAt, fileOffset, type HiveContext } from './hiveContext.ts'
import { nowhere, signature } from './layout.ts'

/** Fields of an sk record (5.7); offsets count from its start. */
export const securityField = { next: 4, previous: 8, users: 12, length: 16, descriptor: 20 } as const

/** Shortest self-relative descriptor: its header (MS-DTYP 2.4.6). */
const shortestDescriptor = 20

/** The descriptor in the sk cell at `offset`; keys share them, so each is read once. */
export function securityAt(hive: HiveContext, offset: number, path: () => string): Uint8Array | undefined {
  if (hive.security.has(offset)) {
    const known = hive.security.get(offset)
    if (known === undefined) reportLost(hive, offset, path(), 'its descriptor is damaged')
    return known
  }
  const found = readSecurity(hive, offset)
  const descriptor = typeof found === 'string' ? undefined : found
  hive.security.set(offset, descriptor)
  if (typeof found === 'string') reportLost(hive, offset, path(), found)
  return descriptor
}

function reportLost(hive: HiveContext, offset: number, path: string, what: string): void {
  hive.findings.add('HIVE_SECURITY', { offset: offset === nowhere ? 0 : fileOffset(offset), path, what })
}

function readSecurity(hive: HiveContext, offset: number): Uint8Array | string {
  const cell = cellAt(hive, offset)
  if (typeof cell === 'string') return cell
  const { view } = hive
  if (cell.length < securityField.descriptor || view.getUint16(cell.start, true) !== signature.sk) {
    return 'no security record is there'
  }
  const length = view.getUint32(cell.start + securityField.length, true)
  const start = cell.start + securityField.descriptor
  if (length > cell.length - securityField.descriptor) return 'it is longer than its cell'
  if (length < shortestDescriptor || view.getUint8(start) !== 1) return 'it is no security descriptor'
  return hive.bytes.subarray(start, start + length)
}
