import { decodeUtf16Terminated } from '../../base/utf16.ts'
import { baseSectorLength, magic } from './layout.ts'

/** The first sector of a hive or of its log (5.1). Offsets of fields in comments. */
export interface BaseBlock {
  /** 4, 8: unequal while a write is under way or was broken off. */
  readonly primarySequence: number
  readonly secondarySequence: number
  /** 12: FILETIME. */
  readonly lastWritten: bigint
  /** 20, 24 */
  readonly majorVersion: number
  readonly minorVersion: number
  /** 28: 0 hive, 1 or 2 old log, 6 new log. */
  readonly fileType: number
  /** 36: from the start of the hive bins data. */
  readonly rootOffset: number
  /** 40 */
  readonly binsSize: number
  /** 44: sectors of the disk in units of 512 bytes. */
  readonly clusteringFactor: number
  /** 48: last part of the path. */
  readonly fileName: string
  /** 144: bit 0 transactions pending. */
  readonly flags: number
  /** `regf` at 0. */
  readonly isSigned: boolean
  readonly isChecksumRight: boolean
}

export const emptyBaseBlock: BaseBlock = {
  primarySequence: 0,
  secondarySequence: 0,
  lastWritten: 0n,
  majorVersion: 1,
  minorVersion: 5,
  fileType: 0,
  rootOffset: 0,
  binsSize: 0,
  clusteringFactor: 1,
  fileName: '',
  flags: 0,
  isSigned: false,
  isChecksumRight: false,
}

/** The fields as they are, or `undefined` when there is not even a sector. */
export function readBaseBlock(bytes: Uint8Array): BaseBlock | undefined {
  if (bytes.length < baseSectorLength) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, baseSectorLength)
  return {
    primarySequence: view.getUint32(4, true),
    secondarySequence: view.getUint32(8, true),
    lastWritten: view.getBigUint64(12, true),
    majorVersion: view.getUint32(20, true),
    minorVersion: view.getUint32(24, true),
    fileType: view.getUint32(28, true),
    rootOffset: view.getUint32(36, true),
    binsSize: view.getUint32(40, true),
    clusteringFactor: view.getUint32(44, true),
    fileName: decodeUtf16Terminated(bytes.subarray(48, 112)),
    flags: view.getUint32(144, true),
    isSigned: view.getUint32(0, true) === magic.regf,
    isChecksumRight: view.getUint32(508, true) === baseChecksum(bytes),
  }
}

/** XOR of the 127 dwords before it; 0 and 0xFFFFFFFF are replaced (5.1). */
export function baseChecksum(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, baseSectorLength)
  let sum = 0
  for (let at = 0; at < 508; at += 4) sum ^= view.getUint32(at, true)
  sum >>>= 0
  if (sum === 0) return 1
  return sum === 0xffff_ffff ? 0xffff_fffe : sum
}

/** Whether a clean hive begins so: signature, checksum, and no write under way. */
export function isCleanBase(base: BaseBlock): boolean {
  return base.isSigned && base.isChecksumRight && base.primarySequence === base.secondarySequence
}
