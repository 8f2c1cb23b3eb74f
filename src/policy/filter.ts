import type { Guid } from '../base/guid.ts'
import type { Families, Ip } from './ip.ts'

/**
 * One side of a filter. `any` and `me` of a version 1 record are IPv4 only (policy-objects.md 2.6.2). A subnet's mask
 * need not be contiguous. `name` is a DNS name whose address was never stored: it is resolved when the policy is
 * processed and matches nothing while it does not resolve.
 */
export type Address =
  | { readonly kind: 'any'; readonly families: Families }
  | { readonly kind: 'me'; readonly families: Families }
  | { readonly kind: 'host'; readonly address: Ip }
  | { readonly kind: 'subnet'; readonly address: Ip; readonly mask: Ip }
  | { readonly kind: 'range'; readonly first: Ip; readonly last: Ip }
  | { readonly kind: ServerKind; readonly families: Families }
  | { readonly kind: 'name'; readonly name: string }

/** Servers this computer is configured with, looked up when the policy is processed. */
export type ServerKind = 'dns-servers' | 'wins-servers' | 'dhcp' | 'gateway'

/** Port numbers 0–65535; `range` is inclusive. */
export type Port =
  | { readonly kind: 'any' }
  | { readonly kind: 'single'; readonly port: number }
  | { readonly kind: 'range'; readonly first: number; readonly last: number }

export const anyPort: Port = { kind: 'any' }

/** One record of a filter list. */
export interface Filter {
  /** Filter-Specification-ID. */
  readonly id: Guid
  readonly description?: string
  /** Also matches with source and destination (and ports) exchanged. */
  readonly mirrored: boolean
  readonly source: Address
  readonly destination: Address
  /** DNS name from which the stored source address came; for display. */
  readonly sourceName?: string
  readonly destinationName?: string
  /** IP protocol number, 0 = any. */
  readonly protocol: number
  readonly sourcePort: Port
  readonly destinationPort: Port
  /** Tunnel endpoint inside a version 1 record (Windows 2000 form). */
  readonly legacyTunnel?: Ip
}
