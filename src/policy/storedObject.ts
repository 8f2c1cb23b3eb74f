import type { Place } from '../base/errors.ts'
import type { Guid } from '../base/guid.ts'
import type { ObjectClass } from './objectClass.ts'
import type { RegistryKey, RegistryValue } from './registryValue.ts'

/** Where objects lie. `directory` = CN=IP Security,CN=System of a domain; the others are keys below …\IPSec\Policy. */
export type StoreArea = 'persistent' | 'local' | 'cache' | 'directory'

/**
 * One policy object with everything that was stored for it. `values` is the registry form of its attributes and the
 * one that all code reads; objects from a directory are given in the same form (references keep their DN text), and
 * `directory` holds what LDAP had beyond it.
 */
export interface StoredObject {
  readonly class: ObjectClass
  readonly id: Guid
  /** Key name or RDN value as written, for example `ipsecNFA{116CA92D-…}`. */
  readonly key: string
  /** Attributes as registry values in stored order, unknown ones included. */
  readonly values: readonly RegistryValue[]
  /** Subkeys, which no known writer makes; kept for rewriting. */
  readonly subkeys: readonly RegistryKey[]
  /** Registry key times, security and flags; hives only. */
  readonly keyInfo?: Pick<RegistryKey, 'lastWritten' | 'className' | 'security' | 'flags'>
  readonly directory?: DirectoryEntry
  /** Where it was read. */
  readonly place: Place
}

export interface DirectoryEntry {
  readonly dn: string
  /**
   * LDAP attributes in read order, names as written. One without values is said by the registry value of its name and
   * keeps its place; the others have no registry form (objectClass, uSNChanged …) or more than that form says.
   */
  readonly attributes: readonly DirectoryAttribute[]
}

export interface DirectoryAttribute {
  readonly name: string
  readonly values: readonly Uint8Array[]
}

/** All objects of one area, as stored. */
export interface ObjectStore {
  readonly area: StoreArea
  /**
   * Registry: key names from below the hive root (or below HKLM\SOFTWARE in a .reg) down to the area key, spelled as
   * found, e.g. ['Policies','Microsoft','Windows','IPSec','Policy','Local']. Directory: the container's DN as one
   * element.
   */
  readonly keyPath: readonly string[]
  /**
   * Registry text only: the key names above `keyPath` when they are not HKEY_LOCAL_MACHINE\\SOFTWARE, for example
   * ['HKEY_LOCAL_MACHINE', 'MOUNTED'] for a loaded hive.
   */
  readonly rootPath?: readonly string[]
  /**
   * The IPSec key this area lies below, with everything in it but the areas: GPTIPSECPolicy, unknown keys and values.
   * On the first area below that key only; kept for rewriting.
   */
  readonly surroundings?: RegistryKey
  /** Values of the area key itself: ActivePolicy, an empty default value, unknown ones. */
  readonly values: readonly RegistryValue[]
  readonly objects: readonly StoredObject[]
  /** Subkeys of the area key that are no policy objects; kept for rewriting. */
  readonly otherKeys: readonly RegistryKey[]
  readonly keyInfo?: StoredObject['keyInfo']
  /** Assignments by GPO objects found beside the container (directory only). */
  readonly gpoAssignments?: readonly GpoAssignment[]
}

/** CN=IPSEC,CN=Windows,CN=Microsoft,CN=Machine,<GPO DN>: which policy a GPO assigns. */
export interface GpoAssignment {
  readonly entry: DirectoryEntry
  /** DNs in ipsecOwnersReference as written; the first counts. */
  readonly references: readonly string[]
}
