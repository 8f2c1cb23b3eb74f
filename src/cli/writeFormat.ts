import { PolagentError } from '../base/errors.ts'
import type { Report } from '../base/finding.ts'
import {
  convertArea,
  registryRootOf,
  policySetOf,
  standardKeyPath,
  regRootOf,
  storeToRegistryKey,
} from '../formats/object-store/index.ts'
import type { ObjectStore } from '../policy/storedObject.ts'

export const outputFormats = ['json', 'yaml', 'reg', 'hive', 'ipsec', 'ldif', 'netsh'] as const
export type OutputFormat = (typeof outputFormats)[number]

/** Formats of design 7 that come with later commands. */
const laterFormats = ['wfas', 'swanctl', 'nft'] as const

export interface WriteOptions {
  /** Name recorded in a hive's base block. */
  readonly fileName: string
  /** DN of the container in LDIF. */
  readonly containerDn: string
}

/** A directory that no one has: LDIF for a real one names its domain with --domain. */
export const exampleContainer = 'CN=IP Security,CN=System,DC=example,DC=com'

/** Checks what follows `--to`. */
export function parseOutputFormat(text: string): OutputFormat {
  const format = outputFormats.find((known) => known === text.toLowerCase())
  if (format !== undefined) return format
  const isLater = laterFormats.some((later) => later === text.toLowerCase())
  const what = isLater
    ? `--to ${text} is not written yet; formats are ${outputFormats.join(', ')}`
    : `--to "${text}" is none of ${outputFormats.join(', ')}`
  throw new PolagentError('USAGE', { what })
}

/** The stores in another format. What the format cannot say is reported. */
export async function writeStores(
  stores: readonly ObjectStore[],
  format: OutputFormat,
  options: WriteOptions,
  report: Report,
): Promise<Uint8Array> {
  switch (format) {
    case 'json':
    case 'yaml': {
      const { writePolicyDocument } = await import('../formats/policy-document/index.ts')
      return writePolicyDocument(stores, { format }, report)
    }
    case 'reg': {
      const { writeReg } = await import('../formats/reg/index.ts')
      return writeReg(regRootOf(registryAreas(stores, report)), { report })
    }
    case 'hive': {
      const { writeHive } = await import('../formats/regf/index.ts')
      return writeHive(registryRootOf(registryAreas(stores, report)), { fileName: options.fileName })
    }
    case 'ipsec': {
      const { writeHive } = await import('../formats/regf/index.ts')
      return writeHive(storeToRegistryKey(onlyArea(registryAreas(stores, report), report)), {
        fileName: options.fileName,
      })
    }
    case 'ldif': {
      const { ldifOfStores } = await import('../formats/ldif/index.ts')
      return ldifOfStores(directoryAreas(stores, options.containerDn, report), report)
    }
    case 'netsh': {
      const { writeNetsh } = await import('../formats/netsh/index.ts')
      const { areas } = policySetOf({ source: '', format: 'netsh', stores })
      return new TextEncoder().encode(writeNetsh(areas, {}, report))
    }
  }
}

/** Registry formats hold registry areas; the objects of a directory go where its cached copy would be made local. */
function registryAreas(stores: readonly ObjectStore[], report: Report): ObjectStore[] {
  return stores.map((store) =>
    store.area === 'directory'
      ? convertArea(store, { area: 'local', keyPath: standardKeyPath('local') }, report)
      : store,
  )
}

/** An .ipsec export is the key of one area. */
function onlyArea(stores: readonly ObjectStore[], report: Report): ObjectStore {
  const [first, ...others] = stores.filter((store) => store.objects.length > 0)
  if (first === undefined) return stores[0] as ObjectStore
  for (const other of others) {
    report({
      severity: 'warning',
      code: 'AREA_LEFT_OUT',
      message: `An .ipsec file holds one area; the ${other.area} area (${other.objects.length} objects) is left out`,
      advice: 'Convert it on its own with --area, or convert to hive, which holds all areas.',
    })
  }
  return first
}

/** A directory has one container; of several areas with the same object, the first counts. */
function directoryAreas(stores: readonly ObjectStore[], containerDn: string, report: Report): ObjectStore[] {
  const [first, ...others] = stores.filter((store) => store.objects.length > 0)
  if (first === undefined) return []
  for (const other of others) {
    report({
      severity: 'warning',
      code: 'AREA_LEFT_OUT',
      message: `A directory has one container; the ${other.area} area (${other.objects.length} objects) is left out`,
      advice: 'Convert it on its own with --area.',
    })
  }
  return [first.area === 'directory' ? first : convertArea(first, { area: 'directory', containerDn }, report)]
}
