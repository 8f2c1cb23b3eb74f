import type { Guid } from '../../base/guid.ts'
import type { Secret } from '../../base/secret.ts'
import type { Ip } from '../../policy/ip.ts'
import type { ConnectionType } from '../../policy/model.ts'
import type { StoreArea } from '../../policy/storedObject.ts'
import type { FilterWords } from './filterLine.ts'
import type { OfferWords, SuiteWords } from './methodWords.ts'
import type { Located } from './shape.ts'
import type { StoredPart } from './storedPart.ts'

/**
 * A policy document as it is written: what is absent takes its default, references are names or ids. `at` is where a
 * part begins in the text, `nowhere` when it was made from stored objects.
 */
export interface PolicyDocument extends AreaContent {
  readonly at: number
  readonly polagent: 1
  readonly $schema?: string
  readonly areas?: readonly DocumentArea[]
}

export interface DocumentArea extends AreaContent {
  readonly at: number
  readonly area: StoreArea
}

/** What one area holds; at the top of a document it is the local area. */
export interface AreaContent {
  /** The assigned policy. */
  readonly assigned?: Reference
  readonly policies?: readonly DocumentPolicy[]
  readonly filterLists?: readonly DocumentFilterList[]
  readonly filterActions?: readonly DocumentFilterAction[]
  readonly stored?: StoredPart
}

/** The name of an object of the same area without regard to case, or its id in braces. */
export type Reference = Located<string>

export const nowhere = -1

interface Described {
  readonly at: number
  readonly name?: string
  readonly id?: Guid
  readonly description?: string
}

export interface DocumentPolicy extends Described {
  /** Seconds. */
  readonly pollingInterval?: number
  /** A reference is to settings that only the stored part has. */
  readonly mainMode?: DocumentMainMode | Reference
  readonly defaultResponse?: DocumentDefaultResponse | boolean | 'none'
  /** A reference is to a rule that only the stored part has, or that another policy says. */
  readonly rules?: readonly (DocumentRule | Reference)[]
}

export interface DocumentMainMode {
  readonly at: number
  readonly id?: Guid
  /** Seconds. */
  readonly lifetime?: number
  readonly pfs?: boolean
  readonly quickModeLimit?: number
  readonly certificateMapping?: boolean
  readonly noCertificateRequest?: boolean
  readonly methods?: readonly (SuiteWords | DocumentSuite)[]
}

/** A main mode method with limits of its own. */
export interface DocumentSuite {
  readonly at: number
  readonly method: SuiteWords
  readonly lifetime?: number
  readonly lifetimeKilobytes?: number
  readonly quickModeLimit?: number
  readonly pfs?: boolean
}

export interface DocumentDefaultResponse {
  readonly at: number
  readonly id?: Guid
  readonly actionId?: Guid
  readonly active?: boolean
  readonly authentication?: readonly DocumentAuthentication[]
  readonly methods?: readonly OfferWords[]
  readonly pfs?: boolean
  readonly soft?: boolean
}

export interface DocumentRule extends Described {
  readonly active?: boolean
  readonly filterList?: Reference
  readonly filterLists?: readonly Reference[]
  readonly filters?: readonly Located<DocumentFilter>[]
  readonly filterAction: InlineAction | Reference
  readonly authentication?: readonly DocumentAuthentication[]
  readonly tunnel?: DocumentTunnel
  readonly connectionType?: ConnectionType
  readonly interface?: string
}

export interface DocumentTunnel {
  readonly address?: Ip
  readonly name?: string
}

export type DocumentAuthentication =
  | 'kerberos'
  | { readonly at: number; readonly psk: Secret }
  | { readonly at: number; readonly rootca: string; readonly certmap?: boolean; readonly excludecaname?: boolean }

export type DocumentFilter = FilterWords & { readonly id?: Guid }

export interface DocumentFilterList extends Described {
  readonly filters?: readonly Located<DocumentFilter>[]
}

/** What a filter action does, wherever it is written. */
export interface ActionWords {
  readonly action: 'block' | 'permit' | 'negotiate'
  readonly methods?: readonly OfferWords[]
  readonly pfs?: boolean
  readonly inpass?: boolean
  readonly soft?: boolean
}

export interface InlineAction extends ActionWords {
  readonly at: number
}

export interface DocumentFilterAction extends Described, ActionWords {
  /** The action of a default response rule. */
  readonly defaultResponse?: boolean
}

export function isReference(value: object): value is Reference {
  return 'value' in value
}
