import type { Guid } from '../../../base/guid.ts'
import type { Filter } from '../../../policy/filter.ts'
import type { Ip } from '../../../policy/ip.ts'
import type { AuthenticationMethod, ConnectionType, MainModeOffer, Offer } from '../../../policy/model.ts'

/** What an author says about objects; the files beside this one make stored objects out of it. Ids are chosen by the caller. */
export interface PolicyDraft {
  readonly id: Guid
  readonly name: string
  readonly description?: string
  readonly pollingIntervalSeconds: number
  readonly mainModeId: Guid
  readonly ruleIds: readonly Guid[]
}

export interface MainModeDraft {
  readonly id: Guid
  readonly policyId: Guid
  readonly perfectForwardSecrecy: boolean
  readonly certificateMapping: boolean
  readonly noCertificateRequest: boolean
  readonly quickModeLimit: number
  readonly lifetimeSeconds: number
  readonly offers: readonly MainModeOffer[]
}

export interface RuleDraft {
  readonly id: Guid
  readonly policyId: Guid
  readonly name?: string
  readonly description?: string
  readonly isActive: boolean
  /** Empty only for the default response rule. */
  readonly filterListIds: readonly Guid[]
  readonly filterActionId: Guid
  readonly authentication: readonly AuthenticationMethod[]
  readonly isTunnel: boolean
  readonly tunnelEndpoint?: Ip
  readonly tunnelEndpointName?: string
  readonly connectionType: ConnectionType
  readonly interfaceName?: string
}

export interface FilterListDraft {
  readonly id: Guid
  readonly name?: string
  readonly description?: string
  readonly filters: readonly Filter[]
  /** Rules that use it. */
  readonly ownerRuleIds: readonly Guid[]
}

export type FilterActionDraft = {
  readonly id: Guid
  readonly name?: string
  readonly description?: string
  readonly isDefaultResponse: boolean
  readonly ownerRuleIds: readonly Guid[]
} & (
  | { readonly action: 'block' }
  | { readonly action: 'permit' }
  | {
      readonly action: 'negotiate'
      readonly offers: readonly Offer[]
      readonly acceptUnsecuredInbound: boolean
      readonly fallBackToClear: boolean
    }
)
