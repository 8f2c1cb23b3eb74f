import type { RegistryKey } from '../../policy/registryValue.ts'
import type { ObjectStore, StoreArea } from '../../policy/storedObject.ts'

export type RegistryArea = Exclude<StoreArea, 'directory'>

/** Key names of the areas below …\IPSec\Policy (registry-store.md 1). */
export const areaKeyName: Record<RegistryArea, string> = {
  persistent: 'Persistent',
  local: 'Local',
  cache: 'Cache',
}

/** From below SOFTWARE to the IPSec key. */
export const ipsecKeyPath = ['Policies', 'Microsoft', 'Windows', 'IPSec'] as const
export const policyKeyName = 'Policy'
/** Beside Policy: which directory policy Group Policy assigned (registry-store.md 1). */
export const groupPolicyPointerName = 'GPTIPSECPolicy'

/** Where Windows keeps an area, from below SOFTWARE. */
export function standardKeyPath(area: RegistryArea): readonly string[] {
  return [...ipsecKeyPath, policyKeyName, areaKeyName[area]]
}

/** The area a key of that name holds; `undefined` when it is none of the three. */
export function areaOfKeyName(name: string): RegistryArea | undefined {
  switch (name.toLowerCase()) {
    case 'local':
      return 'local'
    case 'persistent':
      return 'persistent'
    case 'cache':
      return 'cache'
    default:
      return undefined
  }
}

export function isRegistryArea(area: StoreArea): area is RegistryArea {
  return area !== 'directory'
}

/** Case-insensitive; IPSec and IPSEC are one. */
export function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name.toLowerCase() === b[index]?.toLowerCase())
}

/** How many leading names of `path` end with the IPSec key at its usual place; `undefined` when none do. */
export function ipsecKeyDepth(path: readonly string[]): number | undefined {
  for (let end = ipsecKeyPath.length; end <= path.length; end += 1) {
    if (samePath(path.slice(end - ipsecKeyPath.length, end), ipsecKeyPath)) return end
  }
  return undefined
}

/** Whether the area lies where Windows looks: …\Policies\Microsoft\Windows\IPSec\Policy\<area>. */
export function isUsualPlace(store: ObjectStore): boolean {
  const depth = ipsecKeyDepth(store.keyPath)
  if (depth === undefined || !isRegistryArea(store.area)) return false
  return samePath(store.keyPath.slice(depth), [policyKeyName, areaKeyName[store.area]])
}

/** The properties of a key that are no content. */
export function keyInfoOf(key: RegistryKey): ObjectStore['keyInfo'] {
  const info = {
    ...(key.lastWritten === undefined ? {} : { lastWritten: key.lastWritten }),
    ...(key.className === undefined ? {} : { className: key.className }),
    ...(key.security === undefined ? {} : { security: key.security }),
    ...(key.flags === undefined ? {} : { flags: key.flags }),
  }
  return Object.keys(info).length === 0 ? undefined : info
}
