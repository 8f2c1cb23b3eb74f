import type { Mark } from './marks.ts'

/** How much of an address a side of a filter says: one address, a part of the addresses, or any (filter-order.md). */
export type AddressClass = 'one' | 'some' | 'any'

export interface AddressRank {
  readonly rank: number
  readonly source: AddressClass
  readonly destination: AddressClass
  readonly mark: Mark
}

/** "Order of specificity", addresses: the lower rank is the more specific. The destination counts before the source. */
export const addressRanks: readonly AddressRank[] = [
  { rank: 1, source: 'one', destination: 'one', mark: 'D' },
  { rank: 2, source: 'some', destination: 'one', mark: 'D' },
  { rank: 3, source: 'one', destination: 'some', mark: 'D' },
  { rank: 4, source: 'some', destination: 'some', mark: 'D' },
  { rank: 5, source: 'any', destination: 'one', mark: 'D' },
  { rank: 6, source: 'one', destination: 'any', mark: 'D' },
  { rank: 7, source: 'any', destination: 'some', mark: 'D' },
  { rank: 8, source: 'some', destination: 'any', mark: 'D' },
  { rank: 9, source: 'any', destination: 'any', mark: 'D' },
]

export interface ProtocolRank {
  readonly rank: number
  readonly protocol: 'given' | 'any'
  readonly sourcePort: 'given' | 'any'
  readonly destinationPort: 'given' | 'any'
  readonly mark: Mark
}

/** "Order of specificity", protocol and ports within the same addresses. */
export const protocolRanks: readonly ProtocolRank[] = [
  { rank: 1, protocol: 'given', sourcePort: 'given', destinationPort: 'given', mark: 'D' },
  { rank: 2, protocol: 'given', sourcePort: 'any', destinationPort: 'given', mark: 'D' },
  { rank: 3, protocol: 'given', sourcePort: 'given', destinationPort: 'any', mark: 'D' },
  { rank: 4, protocol: 'given', sourcePort: 'any', destinationPort: 'any', mark: 'D' },
  { rank: 5, protocol: 'any', sourcePort: 'any', destinationPort: 'any', mark: 'D' },
  // Tools refuse ports without a protocol; bytes can say it. The documented table ends with "any protocol".
  { rank: 5, protocol: 'any', sourcePort: 'any', destinationPort: 'given', mark: 'R' },
  { rank: 5, protocol: 'any', sourcePort: 'given', destinationPort: 'any', mark: 'R' },
  { rank: 5, protocol: 'any', sourcePort: 'given', destinationPort: 'given', mark: 'R' },
]

/** What a filter does with its packets, as far as weight goes. */
export type WeighedAction = 'block' | 'negotiate' | 'negotiate-or-clear' | 'permit'

/** Of two filters of the same specificity the more restrictive action wins [D]; the numbers are ours. */
export const actionWeights: Readonly<Record<WeighedAction, { readonly weight: number; readonly mark: Mark }>> = {
  block: { weight: 3, mark: 'D' },
  negotiate: { weight: 2, mark: 'D' },
  // Between the two: it may end in clear, and permit always does.
  'negotiate-or-clear': { weight: 1, mark: 'R' },
  permit: { weight: 0, mark: 'D' },
}

/** The readings weight rests on, in words; docs/processing.md gives them to users and a test compares the two. */
export const weightReadings: readonly { readonly says: string; readonly mark: Mark }[] = [
  { says: 'Rules and filters have no order of their own; the most specific filter that matches decides.', mark: 'D' },
  { says: 'Filters of the persistent policy come before those of any other policy.', mark: 'R' },
  { says: 'A filter of a tunnel rule is more specific than one without tunnel.', mark: 'D' },
  { says: 'Addresses count before protocol and ports.', mark: 'D' },
  { says: 'Within one rank of addresses more mask bits are more specific.', mark: 'D' },
  { says: 'Destination bits are compared before source bits.', mark: 'R' },
  {
    says: '`me`, a kind of server and a DNS name count as one address, however many addresses they stand for.',
    mark: 'R',
  },
  { says: 'A mask with gaps counts by its number of ones.', mark: 'R' },
  {
    says: 'An address range counts as the smallest prefix that covers it, and as "some" unless it is exactly a prefix.',
    mark: 'R',
  },
  { says: 'A range of all ports counts, and matches, as any port.', mark: 'R' },
  { says: 'A range of ports is as specific as one port.', mark: 'R' },
  { says: 'Of two filters of the same specificity the more restrictive action wins.', mark: 'D' },
  {
    says: 'Filters that are still equal are ordered by the ids of policy, rule and filter list, then by position.',
    mark: 'R',
  },
]
