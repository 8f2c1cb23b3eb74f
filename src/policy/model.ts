import type { Finding } from '../base/finding.ts'
import type { Guid } from '../base/guid.ts'
import type { Secret } from '../base/secret.ts'
import type { Filter } from './filter.ts'
import type { Ip } from './ip.ts'
import type { RegistryKey } from './registryValue.ts'
import type { ObjectStore, StoredObject, StoreArea } from './storedObject.ts'

/**
 * The policy as people and the engine see it: a read-only view over stored objects. The stored objects are the truth;
 * every model object points at its own, and every change is made there (formats/object-store/edit) and read again.
 */
export interface PolicySet {
  /** Name of the source for messages: a file path, `local`, an LDAP URL. */
  readonly source: string
  readonly format: SourceFormat
  /** One per area found, in the order persistent, local, cache, directory. */
  readonly areas: readonly PolicyArea[]
  /** The key GPTIPSECPolicy beside the areas: which directory policy Group Policy assigned (registry-store.md 1). */
  readonly groupPolicyPointer?: RegistryKey
  readonly findings: readonly Finding[]
}

export type SourceFormat =
  | 'hive'
  | 'reg'
  | 'reg-batch'
  | 'ldif'
  | 'policy-document-json'
  | 'policy-document-yaml'
  | 'netsh'
  | 'directory'

/** All policies, shared lists and shared actions of one area, and which policy is assigned in it. */
export interface PolicyArea {
  readonly area: StoreArea
  readonly store: ObjectStore
  readonly policies: readonly Policy[]
  readonly filterLists: readonly FilterList[]
  readonly filterActions: readonly FilterAction[]
  /**
   * The assigned policy; absent when none is assigned, the assignment dangles (then there is a finding), or the GPOs of
   * a directory assign several.
   */
  readonly assigned?: Policy
  /** The reference in ActivePolicy (or the GPO's ipsecOwnersReference) as written, whether it resolves or not. */
  readonly assignment?: string
}

export interface Policy {
  readonly id: Guid
  readonly name: string
  readonly description?: string
  readonly area: StoreArea
  readonly isAssigned: boolean
  /** Seconds; never 0 (0 in the blob means 10 800). */
  readonly pollingIntervalSeconds: number
  /** Absent when the ISAKMP object is missing or unreadable; the policy is then unusable. */
  readonly mainMode?: MainMode
  readonly rules: readonly Rule[]
  /** Rule references that resolve to nothing, as written. They count as failed rules. */
  readonly missingRules: readonly string[]
  /** Seconds since 1970-01-01 UTC. */
  readonly whenChanged?: number
  readonly object: StoredObject
  /** Why the whole policy cannot be used; empty when it can. */
  readonly problems: readonly Finding[]
}

export interface MainMode {
  readonly id: Guid
  /** One quick mode per main mode. */
  readonly perfectForwardSecrecy: boolean
  readonly certificateMapping: boolean
  readonly noCertificateRequest: boolean
  /** Quick modes per main mode; 0 = no limit. */
  readonly quickModeLimit: number
  /** Seconds; never 0 (0 in the blob means 28 800). */
  readonly lifetimeSeconds: number
  /** In order of preference. */
  readonly offers: readonly MainModeOffer[]
  readonly object: StoredObject
}

export interface MainModeOffer {
  readonly encryption: 'none' | 'des' | '3des'
  readonly integrity: 'none' | 'md5' | 'sha1'
  readonly group: 'group1' | 'group2' | 'group14'
  readonly lifetimeSeconds: number
  readonly lifetimeKilobytes: number
  readonly quickModeLimit: number
  readonly perfectForwardSecrecy: boolean
}

/** A rule (NFA, negotiation filter association). */
export interface Rule {
  readonly id: Guid
  readonly name?: string
  readonly description?: string
  readonly isActive: boolean
  /** A rule without filter list whose action is of the default-response type; read, reported, never enforced. */
  readonly isDefaultResponse: boolean
  /** One in practice; every value of ipsecFilterReference is used. */
  readonly filterLists: readonly FilterList[]
  /** Absent when missing or unreadable; then `problems` says why. */
  readonly filterAction?: FilterAction
  /** In order of preference. */
  readonly authentication: readonly AuthenticationMethod[]
  /** Outer destination address of the direction this rule's filters name. */
  readonly tunnelEndpoint?: Ip
  readonly tunnelEndpointName?: string
  /** The tunnel flag is set; true even when the endpoint is given by name only. */
  readonly isTunnel: boolean
  readonly connectionType: ConnectionType
  readonly interfaceName?: string
  readonly object: StoredObject
  /** Why the rule cannot be used; empty when it can. A rule with problems has failed, it is never absent. */
  readonly problems: readonly Finding[]
}

export type ConnectionType = 'all' | 'lan' | 'dialup'

export type AuthenticationMethod =
  | { readonly kind: 'kerberos' }
  | { readonly kind: 'preshared-key'; readonly key: Secret }
  | {
      readonly kind: 'certificate'
      /** Issuing authority, most general part first. */
      readonly authority: string
      readonly certificateMapping: boolean
      readonly excludeAuthorityName: boolean
    }

export interface FilterList {
  readonly id: Guid
  readonly name?: string
  readonly description?: string
  readonly filters: readonly Filter[]
  readonly object: StoredObject
  /** Not empty when the blob could not be read; `filters` is then empty and every rule using it has failed. */
  readonly problems: readonly Finding[]
}

export type FilterAction = FilterActionBase &
  (
    | { readonly action: 'block' }
    | { readonly action: 'permit' }
    | {
        readonly action: 'negotiate'
        /** Usable offers in order of preference. */
        readonly offers: readonly Offer[]
        /** Quick mode uses its own key exchange: true when any offer requires it. */
        readonly perfectForwardSecrecy: boolean
        /** Accept unprotected inbound traffic, but answer with IPsec (`inpass`). */
        readonly acceptUnsecuredInbound: boolean
        /** Talk in clear to peers that do not answer IKE (`soft`). */
        readonly fallBackToClear: boolean
      }
  )

export interface FilterActionBase {
  readonly id: Guid
  readonly name?: string
  readonly description?: string
  readonly isDefaultResponse: boolean
  readonly object: StoredObject
  readonly problems: readonly Finding[]
}

/** Algorithms applied together; offers are alternatives. */
export interface Offer {
  readonly algorithms: readonly Algorithm[]
  /** 0 = default of the IKE component. */
  readonly lifetimeSeconds: number
  readonly lifetimeKilobytes: number
  readonly perfectForwardSecrecy: boolean
}

export type Algorithm =
  | { readonly protocol: 'ah'; readonly integrity: 'md5' | 'sha1' }
  | { readonly protocol: 'esp'; readonly cipher: 'none' | 'des' | '3des'; readonly integrity: 'none' | 'md5' | 'sha1' }
