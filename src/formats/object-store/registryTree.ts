import { findSubkey, findValue, type RegistryKey } from '../../policy/registryValue.ts'
import type { ObjectStore } from '../../policy/storedObject.ts'
import { storeToRegistryKey } from './areaOfKey.ts'
import { bareKey } from './ipsecKey.ts'
import { ipsecKeyDepth, isRegistryArea, keyInfoOf, standardKeyPath } from './keyPaths.ts'

/**
 * A hive root in the form of SOFTWARE: each area at its own path when that is a usual one, else at the usual path of
 * its area. Of several stores that want one path the later ones go below a key named after their own root.
 */
export function registryRootOf(stores: readonly ObjectStore[]): RegistryKey {
  return treeOf('ROOT', stores, hivePath)
}

/** The same below HKEY_LOCAL_MACHINE\SOFTWARE, or below the root the store was found at, for registry text. */
export function regRootOf(stores: readonly ObjectStore[]): RegistryKey {
  return treeOf('', stores, (store) => [...(store.rootPath ?? ['HKEY_LOCAL_MACHINE', 'SOFTWARE']), ...hivePath(store)])
}

function treeOf(
  name: string,
  stores: readonly ObjectStore[],
  pathOf: (store: ObjectStore) => readonly string[],
): RegistryKey {
  let root: RegistryKey = { name, values: [], subkeys: [] }
  const taken = new Set<string>()
  for (const store of stores) {
    const path = freePath(pathOf(store), store, taken)
    const ipsecDepth = ipsecKeyDepth(path)
    if (store.surroundings !== undefined && ipsecDepth !== undefined) {
      root = mergedAt(root, path.slice(0, ipsecDepth), 0, store.surroundings)
    }
    root = mergedAt(root, path, 0, storeToRegistryKey(store))
  }
  return root
}

function hivePath(store: ObjectStore): readonly string[] {
  if (!isRegistryArea(store.area)) {
    throw new TypeError('objects of a directory have no registry path; convertArea makes a registry area of them')
  }
  return ipsecKeyDepth(store.keyPath) === undefined ? standardKeyPath(store.area) : store.keyPath
}

function freePath(wanted: readonly string[], store: ObjectStore, taken: Set<string>): readonly string[] {
  let path = wanted
  const extra = store.rootPath?.at(-1) ?? 'Store'
  const start = /^HKEY_/i.test(wanted[0] ?? '') ? 2 : 0
  for (let number = 1; taken.has(pathKey(path)); number += 1) {
    const name = number === 1 ? extra : `${extra} ${number}`
    path = [...wanted.slice(0, start), name, ...wanted.slice(start)]
  }
  taken.add(pathKey(path))
  return path
}

function pathKey(path: readonly string[]): string {
  return path.join('\\').toLowerCase()
}

/** Recursion is as deep as `path` is long, which is the path of an area. */
function mergedAt(at: RegistryKey, path: readonly string[], index: number, key: RegistryKey): RegistryKey {
  const name = path[index]
  if (name === undefined) return mergedKeys(at, key)
  const child = findSubkey(at, name)
  const changed = mergedAt(child ?? { name, values: [], subkeys: [] }, path, index + 1, key)
  if (child === undefined) return bareKey(at, [...at.subkeys, changed])
  return bareKey(
    at,
    at.subkeys.map((subkey) => (subkey === child ? changed : subkey)),
  )
}

/** Values and keys of both; one level of `key`'s subkeys is joined with those of the same name. */
function mergedKeys(at: RegistryKey, key: RegistryKey): RegistryKey {
  const subkeys = at.subkeys.filter((subkey) => findSubkey(key, subkey.name) === undefined)
  for (const subkey of key.subkeys) {
    const present = at.subkeys.length === 0 ? undefined : findSubkey(at, subkey.name)
    subkeys.push(present === undefined ? subkey : bareKey(subkey, [...present.subkeys, ...subkey.subkeys]))
  }
  const values = at.values.filter((value) => findValue(key.values, value.name) === undefined)
  return { name: at.name, values: [...values, ...key.values], subkeys, ...keyInfoOf(at), ...keyInfoOf(key) }
}
