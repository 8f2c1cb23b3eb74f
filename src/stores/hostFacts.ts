import { lookup } from 'node:dns/promises'
import { readdirSync, readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { HostFacts } from '../engine/hostFacts.ts'
import { type Ip, ipv4, ipv6, parseIp, sameIp } from '../policy/ip.ts'

/** Longest wait for all names of a policy together. Seconds. */
const resolveSeconds = 5

/** Addresses, servers and routes of this computer, without names. `root` stands in for `/` in tests. */
export function hostFactsWithoutNames(root = '/'): HostFacts {
  return {
    addresses: ownAddresses(),
    servers: {
      'dns-servers': resolvers(readText(join(root, 'etc/resolv.conf'))),
      // Linux has no common place for WINS servers; Samba's is the one that exists.
      'wins-servers': winsServers(readText(join(root, 'etc/samba/smb.conf'))),
      dhcp: dhcpServers(root),
      gateway: gateways(readText(join(root, 'proc/net/route')), readText(join(root, 'proc/net/ipv6_route'))),
    },
    names: new Map(),
  }
}

/** Facts of this computer with the addresses of `names`. A name that does not resolve in time is left out. */
export async function hostFactsOf(names: Iterable<string>, root = '/'): Promise<HostFacts> {
  return { ...hostFactsWithoutNames(root), names: await resolveNames(names, resolveSeconds) }
}

/** Looks names up side by side; `look` stands in for the resolver in tests. */
export async function resolveNames(
  names: Iterable<string>,
  seconds: number,
  look: (name: string) => Promise<readonly Ip[]> = lookUp,
): Promise<ReadonlyMap<string, readonly Ip[]>> {
  const resolved = new Map<string, readonly Ip[]>()
  const wanted = [...new Set([...names].map((name) => name.toLowerCase()))]
  let isLate = false
  const all = Promise.all(
    wanted.map(async (name) => {
      try {
        const addresses = await look(name)
        if (!isLate && addresses.length > 0) resolved.set(name, addresses)
      } catch {
        // The name does not resolve: it is missing from the map, and processing reports it.
      }
    }),
  )
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<void>((done) => {
    timer = setTimeout(done, seconds * 1000)
  })
  await Promise.race([all, deadline])
  clearTimeout(timer)
  isLate = true
  return resolved
}

/** Changes whenever the facts without names change: what the agent watches. */
export function hostFingerprint(root = '/'): string {
  return JSON.stringify(hostFactsWithoutNames(root), (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString(16) : value,
  )
}

async function lookUp(name: string): Promise<readonly Ip[]> {
  const found = await lookup(name, { all: true })
  return unique(found.map((entry) => parseIp(entry.address)))
}

function ownAddresses(): Ip[] {
  const entries = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return unique(entries.map((entry) => parseIp(withoutZone(entry.address))))
}

/** `nameserver` lines of resolv.conf. */
export function resolvers(text: string): Ip[] {
  return unique([...text.matchAll(/^\s*nameserver\s+(\S+)/gm)].map((match) => parseIp(withoutZone(match[1] as string))))
}

/** `wins server = [name:]address …` of smb.conf. */
export function winsServers(text: string): Ip[] {
  const line = /^\s*wins server\s*=\s*(.+)$/im.exec(text)?.[1] ?? ''
  return unique(line.split(/[\s,]+/).map((word) => parseIp(word) ?? parseIp(word.slice(word.indexOf(':') + 1))))
}

/** Default gateways of /proc/net/route (hexadecimal in host order) and /proc/net/ipv6_route. */
export function gateways(route4: string, route6: string): Ip[] {
  const found: (Ip | undefined)[] = []
  for (const line of route4.split('\n').slice(1)) {
    const [, destination, gateway, , , , , mask] = line.split('\t')
    if (destination !== '00000000' || mask?.trim() !== '00000000' || gateway === undefined) continue
    // The kernel prints the four bytes as one number of this machine's byte order, which is little-endian here.
    const number = Number.parseInt(gateway, 16)
    const bits = ((number & 0xff) << 24) | ((number & 0xff00) << 8) | ((number >>> 8) & 0xff00) | (number >>> 24)
    if (bits !== 0) found.push(ipv4(bits))
  }
  for (const line of route6.split('\n')) {
    const [destination, length, , , gateway] = line.trim().split(/\s+/)
    const isDefault = /^0{32}$/.test(destination ?? '') && length === '00'
    if (isDefault && gateway !== undefined && /^[0-9a-f]{32}$/.test(gateway) && !/^0+$/.test(gateway)) {
      found.push(ipv6(BigInt(`0x${gateway}`)))
    }
  }
  return unique(found)
}

/** Servers named in the lease files of the usual DHCP clients; best effort, none when there are no leases. */
function dhcpServers(root: string): Ip[] {
  const found: (Ip | undefined)[] = []
  for (const directory of leaseDirectories) {
    for (const name of namesIn(join(root, directory))) {
      const text = readText(join(root, directory, name))
      for (const match of text.matchAll(leaseServer)) found.push(parseIp(match[1] as string))
    }
  }
  return unique(found)
}

const leaseDirectories = [
  'run/systemd/netif/leases',
  'var/lib/dhcp',
  'var/lib/dhclient',
  'var/lib/NetworkManager',
  'var/lib/dhcpcd',
]
/** systemd-networkd writes SERVER_ADDRESS=, dhclient and NetworkManager's leases `option dhcp-server-identifier`. */
const leaseServer = /(?:^SERVER_ADDRESS=|dhcp[-_]server[-_]identifier[ =])\s*([0-9.]+)/gm

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).slice(0, 100)
  } catch {
    return []
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function withoutZone(address: string): string {
  const percent = address.indexOf('%')
  return percent < 0 ? address : address.slice(0, percent)
}

function unique(ips: readonly (Ip | undefined)[]): Ip[] {
  const kept: Ip[] = []
  for (const ip of ips) if (ip !== undefined && !kept.some((other) => sameIp(other, ip))) kept.push(ip)
  return kept
}
