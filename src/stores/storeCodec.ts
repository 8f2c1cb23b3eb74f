import type { Finding } from '../base/finding.ts'
import { findStores, registryRootOf, storeToRegistryKey } from '../formats/object-store/index.ts'
import { isHive, readHive, writeHive } from '../formats/regf/index.ts'
import type { RegistryKey } from '../policy/registryValue.ts'
import type { ObjectStore } from '../policy/storedObject.ts'

/** The local store's content: the policy areas, and the whole tree they lie in. */
export interface StoreContent {
  readonly stores: readonly ObjectStore[]
  readonly root?: RegistryKey
  readonly findings: readonly Finding[]
  /** The file is damaged and something of it may be lost; writing it again would make that final. */
  readonly damage?: Finding
}

/** How the local store's file is read and written; passed in so that tests can watch it fail. */
export interface StoreCodec {
  readonly read: (bytes: Uint8Array, logs: readonly Uint8Array[]) => StoreContent
  readonly write: (stores: readonly ObjectStore[], before: StoreContent | undefined) => Uint8Array
  /** Throws what `read` would throw when the first 64 KiB show that the file is no store. */
  readonly check?: (prefix: Uint8Array) => void
}

/** A registry hive in the form of SOFTWARE, with the policy areas at their usual place. */
export const hiveCodec: StoreCodec = {
  read: (bytes, logs) => {
    const findings: Finding[] = []
    const hive = readHive(bytes, logs)
    const stores = findStores(hive.root, (finding) => findings.push(finding))
    const damage = hive.findings.find((finding) => finding.severity === 'error')
    return {
      stores,
      root: hive.root,
      findings: [...hive.findings, ...findings],
      ...(damage === undefined ? {} : { damage }),
    }
  },
  write: (stores, before) => {
    const root = before?.root === undefined ? registryRootOf(stores) : withAreas(before, stores)
    return writeHive(root, { fileName: 'policy.hive' })
  },
  check: (prefix) => {
    if (!isHive(prefix)) readHive(prefix, [])
  },
}

/** The tree as it was with the areas replaced: keys of others that lie in the same hive stay. */
function withAreas(before: StoreContent, stores: readonly ObjectStore[]): RegistryKey {
  const fresh = registryRootOf(stores)
  let root = before.root ?? fresh
  for (const old of before.stores) {
    if (!stores.some((store) => samePath(store.keyPath, old.keyPath))) root = withoutKey(root, old.keyPath)
  }
  for (const store of stores) root = withKey(root, store.keyPath, storeToRegistryKey(store))
  return root
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.join('\\').toLowerCase() === b.join('\\').toLowerCase()
}

function withKey(key: RegistryKey, path: readonly string[], replacement: RegistryKey): RegistryKey {
  const [name, ...rest] = path
  if (name === undefined) return { ...replacement, name: key.name }
  const wanted = name.toLowerCase()
  const at = key.subkeys.findIndex((subkey) => subkey.name.toLowerCase() === wanted)
  const child = key.subkeys[at] ?? { name, values: [], subkeys: [] }
  const changed = withKey(child, rest, replacement)
  const subkeys =
    at < 0 ? [...key.subkeys, changed] : key.subkeys.map((subkey, index) => (index === at ? changed : subkey))
  return copyOf(key, subkeys)
}

function withoutKey(key: RegistryKey, path: readonly string[]): RegistryKey {
  const [name, ...rest] = path
  if (name === undefined) return key
  const wanted = name.toLowerCase()
  const subkeys = key.subkeys.flatMap((subkey) => {
    if (subkey.name.toLowerCase() !== wanted) return [subkey]
    return rest.length === 0 ? [] : [withoutKey(subkey, rest)]
  })
  return copyOf(key, subkeys)
}

/** Readers may compute properties lazily through getters, which a spread of a class instance would lose. */
function copyOf(key: RegistryKey, subkeys: readonly RegistryKey[]): RegistryKey {
  return {
    name: key.name,
    values: key.values,
    subkeys,
    ...(key.lastWritten === undefined ? {} : { lastWritten: key.lastWritten }),
    ...(key.className === undefined ? {} : { className: key.className }),
    ...(key.security === undefined ? {} : { security: key.security }),
    ...(key.flags === undefined ? {} : { flags: key.flags }),
  }
}
