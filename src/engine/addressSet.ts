import type { ServerKind } from '../policy/filter.ts'
import { formatIp, type Ip } from '../policy/ip.ts'

/** The addresses one side of a processed filter stands for, all of the filter's family. */
export type AddressSet =
  | { readonly kind: 'any' }
  | { readonly kind: 'prefix'; readonly address: Ip; readonly length: number }
  /** A mask with gaps: an address matches when it agrees with `address` in the ones of `mask`. */
  | { readonly kind: 'mask'; readonly address: Ip; readonly mask: Ip }
  /** Inclusive, and no prefix. */
  | { readonly kind: 'range'; readonly first: Ip; readonly last: Ip }
  /** What a special address or a name stands for on this host; may be empty, then nothing matches. */
  | {
      readonly kind: 'addresses'
      readonly of: 'me' | ServerKind | 'name'
      readonly name?: string
      readonly addresses: readonly Ip[]
    }

const mostNamed = 3

/** `any`, `192.0.2.0/24`, `me (192.0.2.10, 192.0.2.11)`, `dns-servers (none)` */
export function addressSetText(set: AddressSet): string {
  switch (set.kind) {
    case 'any':
      return 'any'
    case 'prefix': {
      const text = formatIp(set.address)
      return set.length === (set.address.family === 'ipv4' ? 32 : 128) ? text : `${text}/${set.length}`
    }
    case 'mask':
      return `${formatIp(set.address)} mask ${formatIp(set.mask)}`
    case 'range':
      return `${formatIp(set.first)}-${formatIp(set.last)}`
    case 'addresses': {
      const word = set.of === 'name' ? (set.name ?? '') : set.of
      const shown = set.addresses.slice(0, mostNamed).map(formatIp)
      const more = set.addresses.length - shown.length
      if (more > 0) shown.push(`${more} more`)
      return `${word} (${shown.length === 0 ? 'none' : shown.join(', ')})`
    }
  }
}
