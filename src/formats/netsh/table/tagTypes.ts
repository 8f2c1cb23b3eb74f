import type { Guid } from '../../../base/guid.ts'
import type { ServerKind } from '../../../policy/filter.ts'
import type { Ip } from '../../../policy/ip.ts'
import type { AuthenticationMethod, MainModeOffer, Offer } from '../../../policy/model.ts'

/** How sure a fact about the tool is (netsh-ipsec.md): documented, evidenced, remembered, unknown and decided here. */
export type Mark = 'D' | 'E' | 'R' | '?'

/** What `srcaddr` and `dstaddr` say before a mask is applied (netsh-ipsec.md 3.2). */
export type AddressValue =
  | { readonly kind: 'any' }
  | { readonly kind: 'me' }
  | { readonly kind: ServerKind }
  | { readonly kind: 'address'; readonly ip: Ip; readonly mask?: MaskValue }
  | { readonly kind: 'range'; readonly first: Ip; readonly last: Ip }
  | { readonly kind: 'name'; readonly name: string }

/** A prefix length, or a dotted IPv4 mask with all leading ones (3.4). */
export type MaskValue =
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'dotted'; readonly bits: number }

export type EndpointValue =
  | { readonly kind: 'none' }
  | { readonly kind: 'address'; readonly ip: Ip }
  | { readonly kind: 'name'; readonly name: string }

/** One method of `mmsecmethods`. */
export type MainModeSuite = Pick<MainModeOffer, 'encryption' | 'integrity' | 'group'>
/** One offer of `qmsecmethods`; lifetimes that are not said are 0. */
export type QuickModeSuite = Omit<Offer, 'perfectForwardSecrecy'>

/** What a tag of each type holds once it is read. */
export interface TagValues {
  readonly name: string
  readonly text: string
  readonly file: string
  readonly 'yes-no': boolean
  readonly number: number
  readonly port: number
  readonly guid: Guid
  readonly protocol: number
  readonly address: AddressValue
  readonly mask: MaskValue
  readonly endpoint: EndpointValue
  readonly 'main-mode-methods': readonly MainModeSuite[]
  readonly 'quick-mode-methods': readonly QuickModeSuite[]
  readonly word: string
  /** `kerberos=no` adds nothing. */
  readonly kerberos: AuthenticationMethod | undefined
  readonly psk: AuthenticationMethod
  readonly rootca: AuthenticationMethod
}

export type TagType = keyof TagValues

export interface TagRow {
  readonly name: string
  readonly type: TagType
  readonly help: string
  readonly required?: true
  /** May stand several times; their order is kept. */
  readonly repeatable?: true
  /** Stands in place of that tag; a bare word never fills it. */
  readonly insteadOf?: string
  /** Type `word`: what may be said. */
  readonly words?: readonly string[]
  /** Types `number`: what is allowed. */
  readonly least?: number
  readonly most?: number
  /** What counts when the tag is not given, as text. */
  readonly default?: string
  readonly mark?: Mark
}

export interface CommandRow {
  /** Context, verb and object, for example `static add filter`. */
  readonly kind: string
  readonly help: string
  readonly tags: readonly TagRow[]
  /** Words without value that stand where the first tag stands. */
  readonly keywords?: readonly string[]
  /** At least one of these tags, or a keyword, must be given. */
  readonly needsOne?: readonly string[]
  readonly remarks?: readonly string[]
  readonly examples: readonly string[]
  readonly mark?: Mark
}
