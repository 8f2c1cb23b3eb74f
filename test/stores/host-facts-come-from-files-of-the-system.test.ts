import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { formatIp, type Ip, parseIp } from '../../src/policy/ip.ts'
import {
  gateways,
  hostFactsWithoutNames,
  hostFingerprint,
  resolveNames,
  resolvers,
  winsServers,
} from '../../src/stores/hostFacts.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'polagent-host-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

function texts(ips: readonly Ip[]): string[] {
  return ips.map(formatIp)
}

function ip(text: string): Ip {
  return parseIp(text) as Ip
}

function look(name: string): Promise<readonly Ip[]> {
  if (name === 'bad.example') return Promise.reject(new Error('no such name'))
  if (name === 'slow.example') return new Promise(() => {})
  return Promise.resolve([ip('192.0.2.1')])
}

const route4 = [
  'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
  'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0',
  'eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
  'ppp0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0',
  'tun0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000080\t0\t0\t0',
].join('\n')
const zeros = '0'.repeat(32)
const route6 = [
  `20010db8${'0'.repeat(24)} 40 ${zeros} 00 ${zeros} 00000100 00000001 00000000 00000001     eth0`,
  `${zeros} 00 ${zeros} 00 fe800000000000000000000000000001 00000400 00000002 00000000 00000003     eth0`,
  `${zeros} 00 ${zeros} 00 ${zeros} ffffffff 00000001 00000000 00200200       lo`,
].join('\n')

test('the default gateways, of both families, and no other routes', () => {
  expect(texts(gateways(route4, route6))).toEqual(['192.0.2.1', 'fe80::1'])
  expect(gateways('', '')).toEqual([])
})

test('a routing table of a router is read in no time', () => {
  const lines = Array.from(
    { length: 200_000 },
    (_, n) =>
      `eth0\t${(n + 1).toString(16).padStart(8, '0').toUpperCase()}\t010200C0\t0003\t0\t0\t0\tFFFFFFFF\t0\t0\t0`,
  )
  const start = performance.now()
  expect(texts(gateways([route4, ...lines].join('\n'), ''))).toEqual(['192.0.2.1'])
  expect(performance.now() - start).toBeLessThan(3000)
})

test('resolvers with zones and comments; repeated ones once', () => {
  const text =
    '# nameserver 9.9.9.9\nnameserver 192.0.2.53\n  nameserver fe80::1%eth0\nnameserver 192.0.2.53\nnameserver junk\n'
  expect(texts(resolvers(text))).toEqual(['192.0.2.53', 'fe80::1'])
})

test('WINS servers of Samba, with names before them', () => {
  expect(texts(winsServers('[global]\n  wins server = mytag:192.0.2.1, 192.0.2.2\n'))).toEqual([
    '192.0.2.1',
    '192.0.2.2',
  ])
  expect(winsServers('')).toEqual([])
})

test('all kinds of servers from the files of a system', () => {
  put('etc/resolv.conf', 'nameserver 192.0.2.53\n')
  put('proc/net/route', route4)
  put('proc/net/ipv6_route', route6)
  put('run/systemd/netif/leases/2', 'ADDRESS=192.0.2.9\nSERVER_ADDRESS=192.0.2.67\n')
  put('var/lib/dhcp/dhclient.leases', 'lease {\n  option dhcp-server-identifier 192.0.2.68;\n}\n')
  const { servers } = hostFactsWithoutNames(root)
  expect(texts(servers['dns-servers'])).toEqual(['192.0.2.53'])
  expect(texts(servers.gateway)).toEqual(['192.0.2.1', 'fe80::1'])
  expect(texts(servers.dhcp)).toEqual(['192.0.2.67', '192.0.2.68'])
  expect(servers['wins-servers']).toEqual([])
})

test('a system without any of these files has no servers, and a FIFO among them holds nobody up', () => {
  mkdirSync(join(root, 'etc'))
  execFileSync('mkfifo', [join(root, 'etc/resolv.conf')])
  const { servers } = hostFactsWithoutNames(root)
  expect(Object.values(servers).flat()).toEqual([])
})

test('the fingerprint changes with the facts', () => {
  put('etc/resolv.conf', 'nameserver 192.0.2.53\n')
  const before = hostFingerprint(root)
  expect(hostFingerprint(root)).toBe(before)
  put('etc/resolv.conf', 'nameserver 192.0.2.54\n')
  expect(hostFingerprint(root)).not.toBe(before)
})

test('names are looked up side by side; what fails or comes too late is left out', async () => {
  const names = await resolveNames(['Good.example', 'good.example', 'bad.example', 'slow.example'], 0.05, look)
  expect([...names.keys()]).toEqual(['good.example'])
})
