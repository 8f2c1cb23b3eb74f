import type { Finding } from '../../src/base/finding.ts'
import { type HiveReading, readHive } from '../../src/formats/regf/index.ts'
import type { RegistryKey } from '../../src/policy/registryValue.ts'

/** Reads a hive and visits everything in it. */
export function readWhole(bytes: Uint8Array, logs: readonly Uint8Array[] = []): HiveReading {
  const reading = readHive(bytes, logs)
  reading.walk()
  return reading
}

export function codesOf(findings: readonly Finding[]): string[] {
  return findings.map((finding) => finding.code)
}

export function namesOf(keys: readonly RegistryKey[]): string[] {
  return keys.map((key) => key.name)
}

/** Codes that every hive of the builder has, which makes no descriptors. */
const builderCodes = new Set(['HIVE_SECURITY'])

/** The codes of a hive from the builder. */
export function codesOfBuilt(reading: HiveReading): string[] {
  return codesOf(reading.findings).filter((code) => !builderCodes.has(code))
}

export function setU32(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice()
  new DataView(copy.buffer).setUint32(at, value, true)
  return copy
}

export function setU16(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice()
  new DataView(copy.buffer).setUint16(at, value, true)
  return copy
}
