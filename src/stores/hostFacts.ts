import { lookup } from 'node:dns/promises'
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { HostFacts } from '../engine/hostFacts.ts'
import { type Ip, ipv4, ipv6, parseIp } from '../policy/ip.ts'

/** Most that is read of a file. Bytes. A routing table with a million lines has more than the agent wants to look at every few seconds. */
const mostRead = { forPolicy: 256 * 1_048_576, forLook: 65_536 }
/** Longest wait for all names of a policy together. Seconds. */
const resolveSeconds = 5

/** Addresses, servers and routes of this computer, without names. `root` stands in for `/` in tests. */
export function hostFactsWithoutNames(root = '/', most = mostRead.forPolicy, addresses = ownAddresses): HostFacts {
  const read = (path: string): string => readText(join(root, path), most)
  return {
    addresses: addresses(),
    servers: {
      'dns-servers': resolvers(read('etc/resolv.conf')),
      // Linux has no common place for WINS servers; Samba's is the one that exists.
      'wins-servers': winsServers(read('etc/samba/smb.conf')),
      dhcp: dhcpServers(root),
      gateway: gateways(read('proc/net/route'), read('proc/net/ipv6_route')),
    },
    names: new Map(),
  }
}

/** Facts of this computer with the addresses of `names`. A name that does not resolve in time is left out. */
export async function hostFactsOf(names: Iterable<string>, root = '/'): Promise<HostFacts> {
  return { ...hostFactsWithoutNames(root), names: await resolveNames(names, resolveSeconds) }
}

/** The facts, and whether the system gave all network interfaces. */
export interface HostReading {
  readonly facts: HostFacts
  readonly isComplete: boolean
}

/** The same for the agent, which goes on with what there is when the interfaces cannot be listed (event 5480). */
export async function hostReadingOf(names: Iterable<string>, root = '/'): Promise<HostReading> {
  const isComplete = canListInterfaces()
  const addresses = isComplete ? ownAddresses : (): Ip[] => []
  const facts = hostFactsWithoutNames(root, mostRead.forPolicy, addresses)
  return { facts: { ...facts, names: await resolveNames(names, resolveSeconds) }, isComplete }
}

function canListInterfaces(): boolean {
  try {
    networkInterfaces()
    return true
  } catch {
    return false
  }
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
  return JSON.stringify(hostFactsWithoutNames(root, mostRead.forLook), (_, value: unknown) =>
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
  for (const [, gateway, mask] of route4.matchAll(defaultRoute4)) {
    if (!/^0{8}$/.test(mask as string)) continue
    // The kernel prints the four bytes as one number of this machine's byte order, which is little-endian here.
    const number = Number.parseInt(gateway as string, 16)
    const bits = ((number & 0xff) << 24) | ((number & 0xff00) << 8) | ((number >>> 8) & 0xff00) | (number >>> 24)
    if (bits !== 0) found.push(ipv4(bits))
  }
  for (const [, gateway] of route6.matchAll(defaultRoute6)) {
    if (!/^0+$/.test(gateway as string)) found.push(ipv6(BigInt(`0x${gateway}`)))
  }
  return unique(found)
}

/** Interface, destination, gateway, flags, three counts, mask. */
const defaultRoute4 = /^\S+\t0{8}\t([0-9A-F]{8})\t(?:[^\t\n]*\t){4}([0-9A-F]{8})/gm
/** Destination, its prefix, source, its prefix, gateway. */
const defaultRoute6 = /^0{32} 00 [0-9a-f]{32} [0-9a-f]{2} ([0-9a-f]{32})/gm

/** Servers named in the lease files of the usual DHCP clients; best effort, none when there are no leases. */
function dhcpServers(root: string): Ip[] {
  const found: (Ip | undefined)[] = []
  for (const directory of leaseDirectories) {
    for (const name of namesIn(join(root, directory))) {
      const text = readText(join(root, directory, name), mostRead.forLook)
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

/** The beginning of a regular file; empty when there is none. Does not wait for anything else that may lie there. */
function readText(path: string, most: number): string {
  let descriptor: number | undefined
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    if (!fstatSync(descriptor).isFile()) return ''
    const parts: Buffer[] = []
    // Files of /proc say no size and give a page at a time.
    for (let length = 0; length < most; ) {
      const part = Buffer.allocUnsafe(Math.min(16_384, most - length))
      const read = readSync(descriptor, part, 0, part.length, null)
      if (read === 0) break
      parts.push(part.subarray(0, read))
      length += read
    }
    return Buffer.concat(parts).toString('latin1')
  } catch {
    return ''
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

function withoutZone(address: string): string {
  const percent = address.indexOf('%')
  return percent < 0 ? address : address.slice(0, percent)
}

function unique(ips: readonly (Ip | undefined)[]): Ip[] {
  const kept = new Map<string, Ip>()
  for (const ip of ips) if (ip !== undefined) kept.set(`${ip.family} ${ip.bits}`, ip)
  return [...kept.values()]
}
