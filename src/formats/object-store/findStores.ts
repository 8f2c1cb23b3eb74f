import type { Report } from '../../base/finding.ts'
import { integrityFinding } from '../../policy/integrityFinding.ts'
import { findSubkey, type RegistryKey } from '../../policy/registryValue.ts'
import type { ObjectStore } from '../../policy/storedObject.ts'
import { holdsObjects, storeOfKey } from './areaOfKey.ts'
import { looksLikeIpsecKey, storesOfIpsecKey } from './ipsecKey.ts'
import { areaOfKeyName, ipsecKeyDepth, ipsecKeyPath, isUsualPlace, samePath } from './keyPaths.ts'

/** Bounds of the search through a hive that has nothing at the usual place. */
const searchDepth = 32
const searchKeys = 1_000_000
/** Below SOFTWARE this key has tens of thousands of subkeys and never a policy. */
const skippedInProbe = 'classes'

/**
 * The policy areas below any root: a SOFTWARE hive, a hive of the IPSec, Policy or area key alone, registry text with
 * its HKEY_… keys, loaded hives and WOW6432Node among them. All areas found are given, the ones at the usual place
 * first; a hive is searched through only when the usual places are empty, so that a large one is not read whole.
 */
export function findStores(root: RegistryKey, report: Report): ObjectStore[] {
  const isText = root.subkeys.some((subkey) => isPredefinedKey(subkey.name))
  let stores = isText ? [] : probe(root)
  if (stores.length === 0) stores = search(root, report)
  if (isText) stores = stores.map(relativeToHive)
  const ordered = [...stores.filter(isAtUsualRoot), ...stores.filter((store) => !isAtUsualRoot(store))]
  reportPlaces(ordered, report)
  return ordered
}

function isPredefinedKey(name: string): boolean {
  return /^HKEY_/i.test(name)
}

/** The usual path below the root and below each key of the root. */
function probe(root: RegistryKey): ObjectStore[] {
  const stores = probeAt(root, [])
  for (const key of root.subkeys) {
    if (key.name.toLowerCase() !== skippedInProbe) stores.push(...probeAt(key, [key.name]))
  }
  return stores
}

function probeAt(start: RegistryKey, startPath: readonly string[]): ObjectStore[] {
  let key = start
  const path = [...startPath]
  for (const name of ipsecKeyPath) {
    const next = findSubkey(key, name)
    if (next === undefined) return []
    path.push(next.name)
    key = next
  }
  return storesOfIpsecKey(key, path)
}

/** A key and the key it lies in; paths are told only of the few keys that hold a store. */
interface Node {
  readonly key: RegistryKey
  readonly parent: Node | undefined
}

/** Breadth first through all keys, not below a key that holds a store. */
function search(root: RegistryKey, report: Report): ObjectStore[] {
  const stores: ObjectStore[] = []
  let seen = 1
  let level: Node[] = [{ key: root, parent: undefined }]
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: Node[] = []
    for (const node of level) {
      const found = storesAt(node)
      if (found !== undefined) {
        stores.push(...found)
        continue
      }
      for (const key of node.key.subkeys) {
        if (depth >= searchDepth || seen >= searchKeys) {
          report(integrityFinding('STORE_SEARCH_ENDED', undefined, `${seen} keys seen, ${depth} levels deep`))
          return stores
        }
        seen += 1
        next.push({ key, parent: node })
      }
    }
    level = next
  }
  return stores
}

function storesAt(node: Node): ObjectStore[] | undefined {
  const { key } = node
  if (isNamedIpsecKey(node) || looksLikeIpsecKey(key)) {
    const stores = storesOfIpsecKey(key, pathOf(node))
    if (stores.length > 0) return stores
  }
  if (!holdsObjects(key)) return undefined
  return [storeOfKey(key, areaOfKeyName(key.name) ?? 'local', pathOf(node))]
}

function isNamedIpsecKey(node: Node): boolean {
  return node.key.name.toLowerCase() === 'ipsec' && samePath(pathOf(node).slice(-ipsecKeyPath.length), ipsecKeyPath)
}

/** Names from below the root down to the key. */
function pathOf(node: Node): string[] {
  const path: string[] = []
  for (let at: Node = node; at.parent !== undefined; at = at.parent) path.unshift(at.key.name)
  return path
}

/** Splits a path of registry text into the hive's root and the path below it. */
function relativeToHive(store: ObjectStore): ObjectStore {
  const path = store.keyPath
  if (samePath(path.slice(0, 2), ['HKEY_LOCAL_MACHINE', 'SOFTWARE'])) return { ...store, keyPath: path.slice(2) }
  const ipsecDepth = ipsecKeyDepth(path)
  const depth = ipsecDepth === undefined ? Math.min(2, path.length - 1) : ipsecDepth - ipsecKeyPath.length
  return { ...store, rootPath: path.slice(0, depth), keyPath: path.slice(depth) }
}

function isAtUsualRoot(store: ObjectStore): boolean {
  return store.rootPath === undefined && isUsualPlace(store) && ipsecKeyDepth(store.keyPath) === ipsecKeyPath.length
}

function reportPlaces(stores: readonly ObjectStore[], report: Report): void {
  const areas = new Set<string>()
  for (const store of stores) {
    const place = { object: [...(store.rootPath ?? []), ...store.keyPath].join('\\') }
    if (!isAtUsualRoot(store)) report(integrityFinding('STORE_UNUSUAL_PLACE', undefined, undefined, place))
    if (areas.has(store.area)) report(integrityFinding('STORE_REPEATED', undefined, store.area, place))
    areas.add(store.area)
  }
}
