import type { Guid } from '../../../base/guid.ts'
import type { Address, Filter } from '../../../policy/filter.ts'
import type { Family } from '../../../policy/ip.ts'
import { familiesOfAddress } from '../addressFamilies.ts'

/**
 * A record has no form for "any address of both families" (policy-objects.md 2.6.3): such a filter becomes one for
 * IPv4, which keeps the id, and one for IPv6. When the other side names one family, one filter is enough.
 */
export function splitFamilies(filter: Filter, newId: () => Guid): Filter[] {
  if (!isAnyOfBoth(filter.source) && !isAnyOfBoth(filter.destination)) return [filter]
  const other = isAnyOfBoth(filter.source) ? filter.destination : filter.source
  const families = familiesOfAddress(other)
  if (families !== 'both') return [ofFamily(filter, families)]
  // A name may resolve to either family; it is stored as an IPv4 name in version 1 records.
  return [ofFamily(filter, 'ipv4'), { ...ofFamily(filter, 'ipv6'), id: newId() }]
}

function isAnyOfBoth(address: Address): boolean {
  return address.kind === 'any' && address.families === 'both'
}

function ofFamily(filter: Filter, family: Family): Filter {
  return {
    ...filter,
    source: addressOfFamily(filter.source, family),
    destination: addressOfFamily(filter.destination, family),
  }
}

function addressOfFamily(address: Address, family: Family): Address {
  return 'families' in address && address.families === 'both' ? { ...address, families: family } : address
}
