import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { filterLine, parseFilterLine } from '../../../src/formats/policy-document/filterLine.ts'
import { offerWord, parseOffer, parseSuite, suiteWord } from '../../../src/formats/policy-document/methodWords.ts'
import { durationWord, parseDuration } from '../../../src/formats/policy-document/durationWords.ts'
import {
  fileTimeWord,
  parseFileTime,
  parseSeconds,
  secondsWord,
} from '../../../src/formats/policy-document/timeWords.ts'
import { randomFilter } from '../../support/randomStores.ts'
import { SeededRandom } from '../../support/seededRandom.ts'

function parsedFilter(line: string): unknown {
  const parsed = parseFilterLine(line)
  return 'value' in parsed ? parsed.value : `${parsed.at}: ${parsed.fault}`
}

const anyIpv4 = { kind: 'any', families: 'ipv4' }
const meIpv4 = { kind: 'me', families: 'ipv4' }

test('every filter that has a line is read from it again', () => {
  let said = 0
  const random = new SeededRandom(1)
  for (let count = 0; count < 20_000; count += 1) {
    const { id: _id, ...filter } = randomFilter(random)
    const line = filterLine(filter)
    if (line === undefined) continue
    said += 1
    const expected = {
      ...filter,
      ...(filter.source.kind === 'name' ? { sourceName: filter.source.name } : {}),
      ...(filter.destination.kind === 'name' ? { destinationName: filter.destination.name } : {}),
    }
    expect(parsedFilter(line), line).toEqual(expected)
    expect(filterLine(expected), line).toBe(line)
  }
  expect(said).toBeGreaterThan(19_000)
})

describe('lines people write', () => {
  test.each([
    ['any <-> me', { source: anyIpv4, destination: meIpv4, mirrored: true, protocol: 0 }],
    [
      '  ANY   ->   Me  TCP  :3389  ',
      { mirrored: false, protocol: 6, destinationPort: { kind: 'single', port: 3389 } },
    ],
    ['* -> me 6 1024-65535:80', { sourcePort: { kind: 'range', first: 1024, last: 65_535 } }],
    ['any -> me udp 53:any', { sourcePort: { kind: 'single', port: 53 }, destinationPort: { kind: 'any' } }],
    ['any -> me udp *:*', { sourcePort: { kind: 'any' }, destinationPort: { kind: 'any' } }],
    ['me -> 2001:db8::/32', { source: { kind: 'me', families: 'ipv6' } }],
    ['any/ipv6 -> me', { destination: { kind: 'me', families: 'ipv6' } }],
    ['me/ipv4 -> any/ipv6', { source: meIpv4, destination: { kind: 'any', families: 'ipv6' } }],
    ['dns -> me udp :53', { source: { kind: 'dns-servers', families: 'ipv4' } }],
    ['0.0.0.0/0 -> me', { source: anyIpv4 }],
    [
      '10.0.0.0/255.0.255.0 -> me',
      {
        source: {
          kind: 'subnet',
          address: { family: 'ipv4', bits: 0x0a00_0000 },
          mask: { family: 'ipv4', bits: 0xff00_ff00 },
        },
      },
    ],
    ['host.example.com -> me', { source: { kind: 'name', name: 'host.example.com' }, sourceName: 'host.example.com' }],
    [
      '192.0.2.1(www) -> me',
      { sourceName: 'www', source: { kind: 'host', address: { family: 'ipv4', bits: 0xc000_0201 } } },
    ],
    ['name("a b") -> me gre', { source: { kind: 'name', name: 'a b' }, protocol: 47 }],
    [
      '10.0.0.1 -> me tcp :1 tunnel=10.0.0.9 "a \\"b\\""',
      { legacyTunnel: { family: 'ipv4', bits: 0x0a00_0009 }, description: 'a "b"' },
    ],
  ])('%s', (line, expected) => {
    expect(parsedFilter(line)).toMatchObject(expected)
  })
})

describe('lines that say nothing certain are refused, at the place', () => {
  test.each([
    ['', 0],
    ['any', 3],
    ['any <> me', 4],
    ['any <->', 7],
    ['any <-> mee', 8],
    ['fileserver -> me', 0],
    ['any -> me 443', 10],
    ['any -> me tcp 443', 14],
    ['any -> me :443', 0],
    ['any -> me icmp :443', 0],
    ['any -> me tcp :65536', 15],
    ['any -> me tcp 9-1:', 16],
    ['any -> me tcpp', 10],
    ['any -> me 256', 10],
    ['any -> me tcp :1 :2', 17],
    ['any -> me tcp :1 "x', 17],
    ['any -> me tcp :1 "\\x"', 17],
    ['any -> me tcp "x" :1', 18],
    ['any -> me # tcp', 10],
    ['10.0.0.1-10.0.0.0 -> me', 9],
    ['10.0.0.1-::1 -> me', 9],
    ['010.0.0.1 -> me', 0],
    ['10.0.0 -> me', 0],
    ['1.2.3.4/33 -> me', 8],
    ['::1/129 -> me', 4],
    ['0.0.0.0 -> me', 0],
    ['0.0.0.0/32 -> me', 0],
    ['me/ipv5 -> any', 3],
    ['name() -> me', 5],
    ['1.2.3.4(a b) -> me', 10],
    ['any -> me tunnel=::1', 10],
  ])('%s', (line, at) => {
    expect(parseFilterLine(line)).toMatchObject({ at })
  })
})

test('methods are read in every spelling', () => {
  const one = {
    value: {
      algorithms: [{ protocol: 'esp', cipher: '3des', integrity: 'sha1' }],
      lifetimeKilobytes: 100_000,
      lifetimeSeconds: 3600,
    },
  }
  for (const text of [
    'ESP[3DES,SHA1]:100000k/3600s',
    'esp(3des,sha1):100000K/3600S',
    'esp-3des-sha1:100000k/3600s',
    'ESP[3DES,SHA]:100000k/3600s',
  ]) {
    expect(parseOffer(text)).toEqual(one)
  }
  expect(parseOffer('AH[SHA1]+ESP[DES,NONE]:60s pfs')).toEqual({
    value: {
      algorithms: [
        { protocol: 'ah', integrity: 'sha1' },
        { protocol: 'esp', cipher: 'des', integrity: 'none' },
      ],
      lifetimeKilobytes: 0,
      lifetimeSeconds: 60,
      perfectForwardSecrecy: true,
    },
  })
  for (const text of [
    '',
    'ESP',
    'ESP[3DES]',
    'ESP[NONE,NONE]',
    'ESP[AES,SHA1]',
    'AH[NONE]',
    'AH[SHA256]',
    'ESP[3DES,SHA1]:',
    'ESP[3DES,SHA1]:5',
    'ESP[3DES,SHA1]:/5s',
    'ESP[3DES,SHA1]:5k5s',
    'ESP[3DES,SHA1]:99999999999s',
    'AH[MD5]+AH[MD5]+AH[MD5]+AH[MD5]',
  ]) {
    expect(parseOffer(text), text).toHaveProperty('fault')
  }
})

test('methods, suites and times are read as written', () => {
  const integrity = fc.constantFrom('md5' as const, 'sha1' as const)
  const algorithm = fc.oneof(
    fc.record({ protocol: fc.constant('ah' as const), integrity }),
    fc.record({
      protocol: fc.constant('esp' as const),
      cipher: fc.constantFrom('none' as const, 'des' as const, '3des' as const),
      integrity,
    }),
  )
  const offer = fc.record({
    algorithms: fc.array(algorithm, { minLength: 1, maxLength: 3 }),
    lifetimeSeconds: fc.nat(0xffff_ffff),
    lifetimeKilobytes: fc.nat(0xffff_ffff),
    perfectForwardSecrecy: fc.boolean(),
  })
  fc.assert(
    fc.property(offer, fc.boolean(), (one, pfs) => {
      const parsed = parseOffer(offerWord(one, pfs))
      expect('value' in parsed ? { perfectForwardSecrecy: pfs, ...parsed.value } : parsed).toEqual(one)
    }),
  )
  for (const encryption of ['none', 'des', '3des'] as const) {
    for (const hash of ['none', 'md5', 'sha1'] as const) {
      for (const group of ['group1', 'group2', 'group14'] as const) {
        const suite = { encryption, integrity: hash, group }
        expect(parseSuite(suiteWord(suite))).toEqual({ value: suite })
      }
    }
  }
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 0xffff_ffff }), (seconds) => {
      expect(parseDuration(durationWord(seconds))).toEqual({ value: seconds })
    }),
  )
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), (seconds) => {
      expect(parseSeconds(secondsWord(seconds))).toEqual({ value: seconds })
    }),
  )
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (ticks) => {
      expect(parseFileTime(fileTimeWord(ticks))).toEqual({ value: ticks })
    }),
  )
  for (const text of ['0s', '8', '8 h ', '-1s', '1w', '99999999999s', '4294967296s'])
    expect(parseDuration(text), text).toHaveProperty('fault')
})
