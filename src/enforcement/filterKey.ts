import { createHash } from 'node:crypto'
import type { AddressSet, ExpandedFilter } from '../engine/index.ts'
import { attributeBytes } from '../policy/attributes.ts'
import { portText } from '../policy/filterWords.ts'
import { formatIp, type Ip } from '../policy/ip.ts'
import type { Policy, Rule } from '../policy/model.ts'

/**
 * Makes the keys by which filters of two processings are told apart: the same key is the same treatment of the same
 * packets at the same place in the order. What is long or secret goes in as a digest, made once.
 */
export class FilterKeys {
  readonly #sets = new Map<readonly Ip[], string>()
  readonly #treatments = new Map<Rule, string>()

  keyOf(filter: ExpandedFilter): string {
    return [
      filter.weight,
      filter.family,
      filter.direction,
      filter.connectionType,
      this.#side(filter.source),
      this.#side(filter.destination),
      filter.protocol,
      portText(filter.sourcePort),
      portText(filter.destinationPort),
      this.#treatment(filter),
    ].join('|')
  }

  #side(set: AddressSet): string {
    switch (set.kind) {
      case 'any':
        return 'any'
      case 'prefix':
        return `${formatIp(set.address)}/${set.length}`
      case 'mask':
        return `${formatIp(set.address)}&${formatIp(set.mask)}`
      case 'range':
        return `${formatIp(set.first)}-${formatIp(set.last)}`
      case 'addresses':
        return this.#set(set.addresses)
    }
  }

  #set(addresses: readonly Ip[]): string {
    const known = this.#sets.get(addresses)
    if (known !== undefined) return known
    const texts = addresses.map(formatIp).toSorted()
    const text = texts.length < 3 ? texts.join(',') : digest(texts)
    this.#sets.set(addresses, text)
    return text
  }

  #treatment(filter: ExpandedFilter): string {
    if (filter.action !== 'negotiate') return filter.action
    const tunnel = filter.tunnel === undefined ? 'transport' : formatIp(filter.tunnel.endpoint)
    return `protect ${tunnel} ${this.#negotiation(filter.policy, filter.rule)}`
  }

  /** Everything a negotiation depends on: main mode, offers and authentication as stored, keys included. */
  #negotiation({ mainMode }: Policy, rule: Rule): string {
    const known = this.#treatments.get(rule)
    if (known !== undefined) return known
    const none = new Uint8Array(0)
    const text = digest([
      rule.filterAction?.action === 'negotiate'
        ? `${rule.filterAction.acceptUnsecuredInbound} ${rule.filterAction.fallBackToClear}`
        : '',
      ...[rule.object, rule.filterAction?.object, mainMode?.object].map((object) =>
        object === undefined ? none : (attributeBytes(object, 'ipsecData') ?? none),
      ),
    ])
    this.#treatments.set(rule, text)
    return text
  }
}

function digest(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) {
    hash.update(`${part.length}:`)
    hash.update(part)
  }
  return hash.digest('base64')
}
