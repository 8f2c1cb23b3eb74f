import type { Address } from '../../policy/filter.ts'
import type { Families } from '../../policy/ip.ts'

/** Families an address can stand for; a name that is yet to be resolved may be of either. */
export function familiesOfAddress(address: Address): Families {
  switch (address.kind) {
    case 'any':
    case 'me':
    case 'dns-servers':
    case 'wins-servers':
    case 'dhcp':
    case 'gateway':
      return address.families
    case 'host':
    case 'subnet':
      return address.address.family
    case 'range':
      return address.first.family
    case 'name':
      return 'both'
  }
}
