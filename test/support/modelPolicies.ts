import type { Finding } from '../../src/base/finding.ts'
import { type Guid, guid } from '../../src/base/guid.ts'
import { type HostFacts, noHostFacts } from '../../src/engine/index.ts'
import { anyPort, type Filter } from '../../src/policy/filter.ts'
import { type Ip, parseIp } from '../../src/policy/ip.ts'
import type { AuthenticationMethod, FilterAction, FilterList, Policy, Rule } from '../../src/policy/model.ts'
import type { ObjectClass } from '../../src/policy/objectClass.ts'
import type { StoredObject } from '../../src/policy/storedObject.ts'

/** Policies made straight in memory, without stores, for tests of the engine. Ids count up. */
let next = 0
function newId(): Guid {
  next += 1
  return guid(`{7e57ab1e-0000-4000-8000-${next.toString(16).padStart(12, '0')}}`)
}

function stored(objectClass: ObjectClass, id: Guid): StoredObject {
  return { class: objectClass, id, key: `${objectClass}${id}`, values: [], subkeys: [], place: {} }
}

export function anIp(text: string): Ip {
  const ip = parseIp(text)
  if (ip === undefined) throw new TypeError(`${text} is no address`)
  return ip
}

/** From any to any, any protocol, not mirrored, unless said. */
export function aFilter(parts: Partial<Filter> = {}): Filter {
  return {
    id: newId(),
    mirrored: false,
    source: { kind: 'any', families: 'ipv4' },
    destination: { kind: 'any', families: 'ipv4' },
    protocol: 0,
    sourcePort: anyPort,
    destinationPort: anyPort,
    ...parts,
  }
}

export function anAction(
  kind: 'block' | 'permit' | 'negotiate' | 'negotiate-or-clear' | 'negotiate-accept-clear',
): FilterAction {
  const id = newId()
  const base = { id, name: kind, isDefaultResponse: false, object: stored('ipsecNegotiationPolicy', id), problems: [] }
  if (kind === 'block' || kind === 'permit') return { ...base, action: kind }
  return {
    ...base,
    action: 'negotiate',
    offers: [
      {
        algorithms: [{ protocol: 'esp', cipher: '3des', integrity: 'sha1' }],
        lifetimeSeconds: 0,
        lifetimeKilobytes: 0,
        perfectForwardSecrecy: false,
      },
    ],
    perfectForwardSecrecy: false,
    acceptUnsecuredInbound: kind === 'negotiate-accept-clear',
    fallBackToClear: kind === 'negotiate-or-clear',
  }
}

export interface RuleParts extends Partial<Omit<Rule, 'filterLists' | 'filterAction'>> {
  readonly filters?: readonly Filter[]
  /** `undefined` said: the rule has none. */
  readonly action?: FilterAction | undefined
  readonly filterLists?: readonly FilterList[]
}

export function aList(filters: readonly Filter[], name?: string): FilterList {
  const id = newId()
  return { id, ...(name === undefined ? {} : { name }), filters, object: stored('ipsecFilter', id), problems: [] }
}

/** An active rule for all connections; a tunnel rule when an endpoint is given. */
export function aRule({ filters, action, filterLists, ...parts }: RuleParts): Rule {
  const id = newId()
  const authentication: readonly AuthenticationMethod[] = [{ kind: 'kerberos' }]
  return {
    id,
    isActive: true,
    isDefaultResponse: false,
    filterLists: filterLists ?? [aList(filters ?? [])],
    ...(action === undefined ? {} : { filterAction: action }),
    authentication,
    isTunnel: parts.tunnelEndpoint !== undefined || parts.tunnelEndpointName !== undefined,
    connectionType: 'all',
    object: stored('ipsecNFA', id),
    problems: [],
    ...parts,
  }
}

export function rulesOf(count: number, make: (index: number) => RuleParts): Rule[] {
  return Array.from({ length: count }, (_, index) => aRule(make(index)))
}

export function aPolicy(parts: Partial<Policy>): Policy {
  const id = newId()
  return {
    id,
    name: 'Test policy',
    area: 'local',
    isAssigned: true,
    pollingIntervalSeconds: 10_800,
    rules: [],
    missingRules: [],
    object: stored('ipsecPolicy', id),
    problems: [],
    ...parts,
  }
}

export function aProblem(win32?: number): Finding {
  return {
    severity: 'error',
    code: 'DATA_UNREADABLE',
    message: 'The object data (ipsecData) cannot be read',
    ...(win32 === undefined ? {} : { win32 }),
  }
}

/** Facts of a host with one address, one DNS server kind's addresses, and names. */
export function factsOf(
  own?: string | readonly string[],
  more: { readonly servers?: readonly string[]; readonly names?: Readonly<Record<string, readonly string[]>> } = {},
): HostFacts {
  return {
    ...noHostFacts,
    addresses: (typeof own === 'string' ? [own] : (own ?? [])).map(anIp),
    servers: { ...noHostFacts.servers, 'dns-servers': (more.servers ?? []).map(anIp) },
    names: new Map(Object.entries(more.names ?? {}).map(([name, ips]) => [name, ips.map(anIp)])),
  }
}
