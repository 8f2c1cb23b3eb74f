import { PolagentError } from '../base/errors.ts'
import type { HostFacts } from '../engine/hostFacts.ts'
import type { ServerKind } from '../policy/filter.ts'
import { type Ip, parseIp } from '../policy/ip.ts'
import { readInputFile } from '../stores/inputFile.ts'

/** A few addresses and names; anything larger is another file. Bytes. */
const largestHostFile = 16 * 1_048_576

const serverKeys: Record<ServerKind, string> = {
  'dns-servers': 'dnsServers',
  'wins-servers': 'winsServers',
  dhcp: 'dhcpServers',
  gateway: 'gateways',
}

/**
 * Reads the facts of a host from JSON (docs/schema/host.schema.json). Only `addresses` must be there.
 *
 * { "version": 1, "addresses": ["192.0.2.10"], "dnsServers": ["192.0.2.53"], "names": { "www.example.com": ["192.0.2.80"] } }
 */
export function readHostFile(path: string): HostFacts {
  const bytes = readInputFile(path, () => largestHostFile)
  try {
    return hostFactsOfJson(parsed(bytes))
  } catch (error) {
    throw error instanceof PolagentError ? error.at({ file: path }) : error
  }
}

function parsed(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw wrong('it is no JSON', cause)
  }
  if (!isObject(value)) throw wrong('it is no JSON object')
  return value
}

function hostFactsOfJson(value: Readonly<Record<string, unknown>>): HostFacts {
  const known = new Set(['$schema', 'version', 'addresses', 'names', 'connectionTypes', ...Object.values(serverKeys)])
  const unknown = Object.keys(value).find((key) => !known.has(key))
  if (unknown !== undefined) throw wrong(`"${unknown}" is not known; there are ${[...known].join(', ')}`)
  if (value['version'] !== undefined && value['version'] !== 1) throw wrong('"version" is not 1')
  if (value['addresses'] === undefined) throw wrong('"addresses" is missing')
  const servers = Object.fromEntries(
    Object.entries(serverKeys).map(([kind, key]) => [kind, addressesOf(value[key], key)]),
  ) as Record<ServerKind, readonly Ip[]>
  const types = connectionTypesOf(value['connectionTypes'])
  return {
    addresses: addressesOf(value['addresses'], 'addresses'),
    servers,
    names: namesOf(value['names']),
    ...(types === undefined ? {} : { connectionTypes: types }),
  }
}

function addressesOf(value: unknown, key: string): readonly Ip[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw wrong(`"${key}" is no list of addresses`)
  return value.map((item: unknown) => {
    const address = typeof item === 'string' ? parseIp(item) : undefined
    if (address === undefined) throw wrong(`"${key}" has ${JSON.stringify(item)}, which is no IP address`)
    return address
  })
}

function namesOf(value: unknown): ReadonlyMap<string, readonly Ip[]> {
  if (value === undefined) return new Map()
  if (!isObject(value)) throw wrong('"names" is no object of lists of addresses')
  return new Map(Object.entries(value).map(([name, list]) => [name.toLowerCase(), addressesOf(list, `names.${name}`)]))
}

function connectionTypesOf(value: unknown): readonly ('lan' | 'dialup')[] | undefined {
  if (value === undefined) return undefined
  const isList = Array.isArray(value) && value.every((item) => item === 'lan' || item === 'dialup')
  if (!isList) throw wrong('"connectionTypes" is no list of "lan" and "dialup"')
  return value as ('lan' | 'dialup')[]
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wrong(what: string, cause?: unknown): PolagentError {
  return new PolagentError('HOST_FILE_WRONG', { what, ...(cause === undefined ? {} : { cause }) })
}
