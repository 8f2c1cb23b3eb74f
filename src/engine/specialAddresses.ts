import type { Address } from '../policy/filter.ts'
import { type Families, type Family, type Ip, sameIp } from '../policy/ip.ts'
import type { HostFacts } from './hostFacts.ts'

/** What a special address or a DNS name stands for on one host, by family; each address once. */
export interface ResolvedSet {
  /** Equal keys mean the same set. */
  readonly key: string
  readonly ipv4: readonly Ip[]
  readonly ipv6: readonly Ip[]
}

export type SpecialAddress = Exclude<Address, { kind: 'any' | 'host' | 'subnet' | 'range' }>

export function isSpecial(address: Address): address is SpecialAddress {
  switch (address.kind) {
    case 'any':
    case 'host':
    case 'subnet':
    case 'range':
      return false
    default:
      return true
  }
}

/** Looks special addresses up in the facts, each once. */
export class SpecialAddresses {
  readonly #facts: HostFacts
  readonly #sets = new Map<string, ResolvedSet>()

  constructor(facts: HostFacts) {
    this.#facts = facts
  }

  of(address: SpecialAddress): ResolvedSet {
    const key = address.kind === 'name' ? `name ${address.name.toLowerCase()}` : address.kind
    const known = this.#sets.get(key)
    if (known !== undefined) return known
    const all = distinct(this.#addresses(address))
    const set = {
      key,
      ipv4: all.filter((ip) => ip.family === 'ipv4'),
      ipv6: all.filter((ip) => ip.family === 'ipv6'),
    }
    this.#sets.set(key, set)
    return set
  }

  /** What a DNS name stands for; empty when it does not resolve. */
  named(name: string): readonly Ip[] {
    return this.#facts.names.get(name.toLowerCase()) ?? []
  }

  #addresses(address: SpecialAddress): readonly Ip[] {
    switch (address.kind) {
      case 'me':
        return this.#facts.addresses
      case 'name':
        return this.named(address.name)
      default:
        return this.#facts.servers[address.kind]
    }
  }

  /** The families a side can match; a special address that stands for nothing has those it was written for. */
  families(address: Address): Families | undefined {
    switch (address.kind) {
      case 'any':
        return address.families
      case 'host':
      case 'subnet':
        return address.address.family
      case 'range':
        return address.first.family
      case 'name': {
        const set = this.of(address)
        return familiesOf(set.ipv4.length > 0, set.ipv6.length > 0)
      }
      default: {
        const set = this.of(address)
        const has4 = address.families !== 'ipv6' && set.ipv4.length > 0
        const has6 = address.families !== 'ipv4' && set.ipv6.length > 0
        return familiesOf(has4, has6) ?? address.families
      }
    }
  }
}

function familiesOf(has4: boolean, has6: boolean): Families | undefined {
  if (has4 && has6) return 'both'
  return has4 ? 'ipv4' : has6 ? 'ipv6' : undefined
}

/** Families common to both sides; `undefined` when there is none. */
export function commonFamilies(a: Families, b: Families): Families | undefined {
  if (a === b || b === 'both') return a
  return a === 'both' ? b : undefined
}

export function hasFamily(families: Families, family: Family): boolean {
  return families === 'both' || families === family
}

function distinct(ips: readonly Ip[]): readonly Ip[] {
  if (ips.length < 2) return ips
  if (ips.length === 2) return sameIp(ips[0] as Ip, ips[1] as Ip) ? ips.slice(0, 1) : ips
  const seen = new Set<number | bigint>()
  return ips.filter((ip) => {
    // An IPv4 and an IPv6 address of the same number are told apart by the type of the number.
    if (seen.has(ip.bits)) return false
    seen.add(ip.bits)
    return true
  })
}
