import { describe, expect, test } from 'vitest'
import { isNetshScript } from '../../../src/formats/netsh/index.ts'
import { filterText } from '../../../src/policy/filterWords.ts'
import type { PolicyArea } from '../../../src/policy/model.ts'
import { readScript, setOfScript } from '../../support/netshRuns.ts'

function areaOf(script: string): PolicyArea {
  const [area] = setOfScript(script).areas
  if (area === undefined) throw new Error(JSON.stringify(readScript(script).findings))
  return area
}

function filtersOf(specs: string): string[] {
  const area = areaOf(`ipseccmd -f ${specs} -n BLOCK -w REG -p P -r R`)
  return area.filterLists.flatMap((list) => list.filters.map(filterText))
}

describe('filters', () => {
  test.each([
    ['*+0:445:TCP', 'from any to me, tcp to port 445, mirrored'],
    ['*=0:1434:UDP', 'from any to me, udp to port 1434'],
    ['0:80+*::TCP', 'from me to any, tcp from port 80, mirrored'],
    ['0+10.1.*.*', 'from me to 10.1.0.0/16, any protocol, mirrored'],
    ['192.0.2.0/255.255.255.0=0', 'from 192.0.2.0/24 to me, any protocol'],
    ['192.0.2.0/24:1024+0:80:6', 'from 192.0.2.0/24 to me, tcp from port 1024 to port 80, mirrored'],
    ['server.example.com+0::ICMP', 'from server.example.com to me, icmp, mirrored'],
    ['0+DNS:53:UDP', 'from me to dns-servers, udp to port 53, mirrored'],
  ])('%s', (spec, text) => {
    expect(filtersOf(spec)).toEqual([text])
  })

  test('several filters, and brackets that permit and block by themselves', () => {
    const area = areaOf(
      'ipseccmd -w REG -p P -r R -f [*+0:445:TCP *+0:139:TCP] (0:80+*::TCP) 0+192.0.2.1 -n ESP[3DES,SHA]',
    )
    expect(
      area.policies[0]?.rules
        .filter((rule) => !rule.isDefaultResponse)
        .map((rule) => [rule.name, rule.filterAction?.action, rule.filterLists[0]?.filters.length]),
    ).toEqual([
      ['R', 'negotiate', 1],
      ['R (pass)', 'permit', 1],
      ['R (block)', 'block', 2],
    ])
  })
})

test('offers, lifetimes, PFS, authentication, tunnel, main mode', () => {
  const area = areaOf(
    'ipsecpol.exe \\\\server -w REG -p "Branch:30" -r R -f 10.1.*.*=10.2.*.* -t 203.0.113.2 -n ESP[3DES,SHA]3600S/50000KP1 AH[MD5]+ESP[DES,NONE] INPASS -a PRESHARE:"open sesame" KERBEROS CERT:"CN=Root, East" -1s 3DES-SHA-3 -1k 10Q/3601S -lan -soft -x',
  )
  expect(area.assigned).toMatchObject({
    name: 'Branch',
    pollingIntervalSeconds: 1800,
    mainMode: {
      quickModeLimit: 10,
      lifetimeSeconds: 3601,
      offers: [{ encryption: '3des', integrity: 'sha1', group: 'group14' }],
    },
  })
  const rule = area.policies[0]?.rules.find((candidate) => candidate.name === 'R')
  expect(rule).toMatchObject({
    isTunnel: true,
    connectionType: 'lan',
    authentication: [
      { kind: 'preshared-key' },
      { kind: 'kerberos' },
      { kind: 'certificate', authority: 'CN=Root, East' },
    ],
    filterAction: {
      perfectForwardSecrecy: true,
      acceptUnsecuredInbound: true,
      fallBackToClear: true,
      offers: [
        { lifetimeSeconds: 3600, lifetimeKilobytes: 50_000 },
        { algorithms: [{ protocol: 'ah' }, { protocol: 'esp', cipher: 'des', integrity: 'none' }] },
      ],
    },
  })
})

test('a rule of the same name is replaced, the policy stays; -o deletes it', () => {
  const first = 'ipseccmd -w REG -p P -r R -f *+0:80:TCP -n BLOCK'
  const area = areaOf(`${first}\n${first.replace('80', '81')}\n${first.replace('-r R', '-r Q')} -x`)
  expect(area.policies[0]?.rules.map((rule) => rule.name)).toEqual([undefined, 'R', 'Q'])
  expect(area.filterLists.flatMap((list) => list.filters.map(filterText))).toEqual([
    'from any to me, tcp to port 81, mirrored',
    'from any to me, tcp to port 80, mirrored',
  ])
  expect(area.policies[0]?.mainMode?.offers).toHaveLength(4)
  expect(area.policies[0]?.rules[0]?.isActive).toBe(false)
  expect(readScript(`${first}\nipseccmd -w REG -p P -o`)).toEqual({ stores: [], findings: [] })
})

test('DEFAULT activates the default response rule', () => {
  const area = areaOf('ipsecpol -w REG -p P -f DEFAULT -n ESP[DES,MD5] -a PRESHARE:"x"')
  expect(area.policies[0]?.rules[0]).toMatchObject({
    isDefaultResponse: true,
    isActive: true,
    authentication: [{ kind: 'preshared-key' }],
  })
})

test.each([
  ['ipseccmd -f 0+* -n BLOCK', 'NETSH_NOT_DONE'],
  ['ipseccmd show all', 'NETSH_NOT_DONE'],
  ['ipseccmd -u', 'NETSH_NOT_DONE'],
  ['ipseccmd -file x.txt', 'NETSH_EXEC'],
  ['ipseccmd -w REG -f 0+* -n BLOCK', 'NETSH_REFUSED'],
  ['ipseccmd -w REG -p P -r R -f 0* -n BLOCK', 'NETSH_REFUSED'],
  ['ipseccmd -w REG -p P -r R -f 0+*:99999 -n BLOCK', 'NETSH_REFUSED'],
  ['ipseccmd -w REG -p P -r R -f 0+* -n AES', 'NETSH_REFUSED'],
  ['ipseccmd -w XYZ -p P -r R -f 0+* -n BLOCK', 'NETSH_REFUSED'],
  ['ipseccmd PRESHARE:k3y-Material -w REG', 'NETSH_REFUSED'],
  ['ipseccmd -aPRESHARE:k3y-Material -w REG', 'NETSH_REFUSED'],
  ['ipseccmd -w REG -p P -r R -f 0+* -a PRESHARED:k3y-Material', 'NETSH_REFUSED'],
])('%s', (script, code) => {
  const { stores, findings } = readScript(script)
  expect(findings.map((finding) => finding.code)).toEqual([code])
  expect(findings[0]?.message).not.toContain('k3y-Material')
  expect(stores).toEqual([])
})

test('lines of ipseccmd and ipsecpol are recognised', () => {
  expect(isNetshScript('@echo off\nipseccmd -w REG -p P')).toBe(true)
  expect(isNetshScript('"C:\\Resource Kit\\ipsecpol.exe" -u')).toBe(true)
  expect(isNetshScript('# ipseccmd -w REG')).toBe(false)
})

test.each([
  ['-w REG -p P -r R -f 0+* -n BLOCK ESP[3DES,SHA]', 'BLOCK of -n stands alone'],
  ['-w REG -p P -r R -f 0+* -n ESP[3DES,SHA] PASS', 'PASS of -n stands alone'],
  ['-w REG -p P -x hidden', 'a word stands after -x, which takes none'],
  ['-w REG -p P -o hidden', 'a word stands after -o, which takes none'],
  ['-w REG -p P -x -y', '-x and -y say the opposite of each other'],
  ['-w REG -p P -r R -f 0+* -n BLOCK -lan -dialup', '-lan and -dialup say the opposite of each other'],
  ['-w REG hidden -p P -r R -f 0+* -n BLOCK', '-w takes one value'],
])('%s is refused and builds nothing', (line, what) => {
  const { stores, findings } = readScript(`ipseccmd ${line}`)
  expect(stores).toEqual([])
  expect(findings.map((finding) => finding.code)).toEqual(['NETSH_REFUSED'])
  expect(JSON.stringify(findings)).toContain(what)
  expect(JSON.stringify(findings)).not.toContain('hidden')
})
