/**
 * What readable words do not say exactly: the machine's part of a document, one per area. Written only where making
 * the objects anew from the words would give something else.
 */
export interface StoredPart {
  readonly at: number
  /** Where the area lies, when that is not the usual place. */
  readonly keyPath?: readonly string[]
  readonly rootPath?: readonly string[]
  /** What references begin with, when spelled in another way than the path of the area; a container's DN. */
  readonly references?: string
  /** How GUIDs in keys, ids and references are spelled; usual is lower in a registry, upper in a directory. */
  readonly guids?: 'upper' | 'lower'
  /** How the ids in values are spelled, when in another way than those in keys and references. */
  readonly ids?: 'upper' | 'lower'
  /** Seconds since 1970-01-01 UTC: the whenChanged of most objects; false when most have none. */
  readonly changed?: number | false
  /** Key properties of the area, which all keys have that say nothing else; and those of most objects. */
  readonly key?: KeyProperties
  readonly objectKeys?: KeyProperties
  /** What the values of the area key are beyond the assignment that the words say. */
  readonly area?: StoredDifference
  readonly otherKeys?: readonly StoredKey[]
  readonly surroundings?: StoredKey
  readonly gpoAssignments?: readonly StoredAssignment[]
  readonly objects?: readonly StoredEntry[]
}

/** How stored values differ from those made of the words. */
export interface StoredDifference {
  readonly at: number
  /** Fingerprint of the words the difference belongs to; after an edit it is another. */
  readonly of: string
  readonly values?: readonly StoredValue[]
  readonly absent?: readonly string[]
}

export interface StoredEntry {
  readonly at: number
  /** Key name or RDN value, as written. */
  readonly object: string
  /** Fingerprint of the words this entry completes; absent when there are no words and the entry is the whole object. */
  readonly of?: string
  /** ipsecData. */
  readonly data?: Uint8Array
  /** Ids of filters, each after a check of its filter: 20 bytes a filter. */
  readonly filterIds?: Uint8Array
  readonly changed?: number
  readonly values?: readonly StoredValue[]
  readonly absent?: readonly string[]
  readonly keys?: readonly StoredKey[]
  readonly key?: KeyProperties
  readonly dn?: string
  readonly attributes?: readonly StoredAttribute[]
}

/** A registry value; exactly one of the last four is given. */
export interface StoredValue {
  readonly at: number
  readonly name: string
  readonly type: number
  readonly text?: string
  readonly texts?: readonly string[]
  readonly number?: number
  readonly data?: Uint8Array
}

export interface StoredKey {
  readonly at: number
  readonly name: string
  readonly values?: readonly StoredValue[]
  readonly keys?: readonly StoredKey[]
  readonly key?: KeyProperties
}

/** Properties of a registry key in a hive; false where most objects have it and this one does not. */
export interface KeyProperties {
  readonly at: number
  /** FILETIME. */
  readonly written?: bigint | false
  readonly class?: Uint8Array | false
  readonly security?: Uint8Array | false
  readonly flags?: number | false
}

export interface StoredAttribute {
  readonly at: number
  readonly name: string
  readonly values: readonly Uint8Array[]
}

export interface StoredAssignment {
  readonly at: number
  readonly dn: string
  readonly attributes?: readonly StoredAttribute[]
  readonly references: readonly string[]
}
