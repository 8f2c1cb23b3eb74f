import { findSubkey, type RegistryKey } from '../../policy/registryValue.ts'
import type { ObjectStore } from '../../policy/storedObject.ts'
import { holdsObjects, storeOfKey } from './areaOfKey.ts'
import { areaKeyName, areaOfKeyName, groupPolicyPointerName, keyInfoOf, policyKeyName } from './keyPaths.ts'

/**
 * All areas below an IPSec key; the first of them carries what else the key holds. An IPSec key with no area but with
 * a pointer of Group Policy gives one empty local area, so that the pointer is not lost.
 */
export function storesOfIpsecKey(key: RegistryKey, path: readonly string[]): ObjectStore[] {
  const stores: ObjectStore[] = []
  const policyKey = findSubkey(key, policyKeyName)
  const areaKeys = new Set<RegistryKey>()
  for (const subkey of policyKey?.subkeys ?? []) {
    const area = areaOfKeyName(subkey.name)
    if (policyKey === undefined || (area === undefined && !holdsObjects(subkey))) continue
    areaKeys.add(subkey)
    stores.push(storeOfKey(subkey, area ?? 'local', [...path, policyKey.name, subkey.name]))
  }
  const surroundings = withoutAreas(key, policyKey, areaKeys)
  const [first, ...others] = stores
  if (first !== undefined) return surroundings === undefined ? stores : [{ ...first, surroundings }, ...others]
  if (surroundings === undefined) return []
  const keyPath = [...path, policyKey?.name ?? policyKeyName, areaKeyName.local]
  return [{ area: 'local', keyPath, values: [], objects: [], otherKeys: [], surroundings }]
}

/** The IPSec key less its areas; `undefined` when nothing is left worth keeping. */
function withoutAreas(
  key: RegistryKey,
  policyKey: RegistryKey | undefined,
  areaKeys: ReadonlySet<RegistryKey>,
): RegistryKey | undefined {
  const restOfPolicy =
    policyKey === undefined
      ? undefined
      : bareKey(
          policyKey,
          policyKey.subkeys.filter((subkey) => !areaKeys.has(subkey)),
        )
  const others = key.subkeys.filter((subkey) => subkey !== policyKey)
  const rest = bareKey(key, restOfPolicy === undefined ? others : [...others, restOfPolicy])
  const isBare = others.length === 0 && isPlain(rest) && (restOfPolicy === undefined || isEmpty(restOfPolicy))
  return isBare ? undefined : rest
}

function isEmpty(key: RegistryKey): boolean {
  return isPlain(key) && key.subkeys.length === 0
}

function isPlain(key: RegistryKey): boolean {
  return key.values.length === 0 && keyInfoOf(key) === undefined
}

/** A plain copy with other subkeys; readers' keys may compute their properties through getters. */
export function bareKey(key: RegistryKey, subkeys: readonly RegistryKey[]): RegistryKey {
  return { name: key.name, values: key.values, subkeys, ...keyInfoOf(key) }
}

/** The pointer GPTIPSECPolicy among stores of one source. */
export function groupPolicyPointerOf(stores: readonly ObjectStore[]): RegistryKey | undefined {
  for (const store of stores) {
    const pointer = store.surroundings && findSubkey(store.surroundings, groupPolicyPointerName)
    if (pointer !== undefined) return pointer
  }
  return undefined
}

/** Whether a key is an IPSec key by what lies in it, wherever it is. */
export function looksLikeIpsecKey(key: RegistryKey): boolean {
  for (const subkey of key.subkeys) {
    const name = subkey.name.toLowerCase()
    if (name === groupPolicyPointerName.toLowerCase()) return true
    if (name !== policyKeyName.toLowerCase()) continue
    if (subkey.subkeys.some((area) => areaOfKeyName(area.name) !== undefined && holdsObjects(area))) return true
  }
  return false
}
