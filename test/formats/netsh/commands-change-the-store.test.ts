import { describe, expect, test } from 'vitest'
import { addressText } from '../../../src/policy/filterWords.ts'
import type { Filter } from '../../../src/policy/filter.ts'
import { netshContext, StaticPrompt } from '../../support/netshRuns.ts'

const shortFilter = (filter: Filter): string => `${addressText(filter.source)} > ${addressText(filter.destination)}`

function filtersAfter(...lines: readonly string[]): string[] {
  const prompt = new StaticPrompt().do(...lines)
  return prompt.area().filterLists[0]?.filters.map(shortFilter) ?? []
}

/** The code netsh prints, for example `05010`. */
function codeOf(output: string): string | undefined {
  return /ERR IPsec\[(\d{5})\]/.exec(output)?.[1]
}

const onePolicy = [
  'add filter filterlist=L srcaddr=any dstaddr=me protocol=tcp dstport=80',
  'add filteraction A action=block',
  'add policy P activatedefaultrule=no',
  'add rule R P L A',
] as const

const action = (...lines: readonly string[]) => new StaticPrompt().do(...lines).area().filterActions[0]

const ruleAfter = (...lines: readonly string[]) => {
  const rules = new StaticPrompt().do(...onePolicy, ...lines).area().policies[0]?.rules ?? []
  return rules.find((candidate) => candidate.name === 'R')
}

const names = (...lines: readonly string[]) =>
  new StaticPrompt()
    .do(...onePolicy, 'add rule R2 P L A', 'add rule R3 P L A', ...lines)
    .area()
    .policies[0]?.rules.map((candidate) => candidate.name ?? '-')

describe('filters', () => {
  test('masks, prefixes and words become addresses', () => {
    expect(
      filtersAfter(
        'add filter L 10.1.2.3 me srcmask=16',
        'add filter L 10.1.2.3 me srcmask=255.0.0.0',
        'add filter L 10.1.2.3/12 me',
        'add filter L 10.1.2.3 me srcmask=32',
        'add filter L any me srcmask=32',
        'add filter L 0.0.0.0 192.0.2.1 srcmask=0.0.0.0',
        'add filter L 10.0.0.1-10.0.0.9 me',
        'add filter L me host.example.com',
        'add filter L me gateway',
      ),
    ).toEqual([
      '10.1.2.3/16 > me',
      '10.1.2.3/8 > me',
      '10.1.2.3/12 > me',
      '10.1.2.3 > me',
      'any > me',
      'any > 192.0.2.1',
      'me > host.example.com',
      'me > gateway',
      // Records of version 2 come after those of version 1.
      '10.0.0.1-10.0.0.9 > me',
    ])
  })

  test('words take the family of an IPv6 address beside them', () => {
    expect(filtersAfter('add filter L any 2001:db8::/32', 'add filter L 2001:db8::1 me srcmask=64')).toEqual([
      'any (IPv6) > 2001:db8::/32',
      '2001:db8::1/64 > me (IPv6)',
    ])
  })

  test.each([
    ['add filter L 10.0.0.0/8 me srcmask=8', 'prefix length of its own'],
    ['add filter L 10.0.0.0 me srcmask=33', 'too long a prefix'],
    ['add filter L 10.0.0.0 me srcmask=255.0.255.0', 'do not all come first'],
    ['add filter L 10.0.0.1 me srcmask=0', 'any'],
    ['add filter L 0.0.0.0 me', 'no address of a computer'],
    ['add filter L dns any', 'must be me'],
    ['add filter L dns dns', 'must be me'],
    ['add filter L 10.0.0.1 2001:db8::1', 'IPv4'],
    ['add filter L any me dstport=80', 'TCP or UDP'],
    ['add filter L any me protocol=icmp srcport=1', 'TCP or UDP'],
  ])('%s is refused, and makes no list', (line, why) => {
    const prompt = new StaticPrompt()
    const result = prompt.result(line)
    if (result.kind === 'command') {
      const answer = prompt.session.run(result.command as Parameters<typeof prompt.session.run>[0])
      expect(answer.fault?.what).toContain(why)
    } else {
      expect(result).toMatchObject({ kind: 'fault', fault: { what: expect.stringContaining(why) as string } })
    }
    expect(prompt.area().filterLists).toEqual([])
  })

  test('the same filter is refused, whatever its description', () => {
    const prompt = new StaticPrompt().do('add filter L any me protocol=tcp dstport=80')
    expect(codeOf(prompt.run('add filter l ANY Me "again" proto=6 dstport=80'))).toBe('05918')
    expect(prompt.run('add filter L any me protocol=tcp dstport=80 mirrored=no')).toBe('\n')
    expect(prompt.area().filterLists[0]?.filters).toHaveLength(2)
  })

  test('delete filter takes every filter that agrees with the tags given', () => {
    const lines = [
      'add filter L any me protocol=tcp dstport=80',
      'add filter L any me protocol=tcp dstport=443',
      'add filter L any me protocol=udp dstport=443',
      'add filter L 10.0.0.0 me srcmask=8',
      'add filter L 10.0.0.0 me srcmask=16',
    ]
    const left = (line: string): number =>
      new StaticPrompt().do(...lines, line).area().filterLists[0]?.filters.length ?? -1
    expect(left('delete filter L any me')).toBe(2)
    expect(left('delete filter L any me protocol=tcp')).toBe(3)
    expect(left('delete filter L any me dstport=443')).toBe(3)
    expect(left('delete filter L any me tcp dstport=443')).toBe(4)
    expect(left('delete filter L 10.0.0.0 me')).toBe(3)
    expect(left('delete filter L 10.0.0.0/16 me')).toBe(4)
    expect(left('delete filter L 10.0.0.0 me srcmask=255.0.0.0')).toBe(4)
    const prompt = new StaticPrompt().do(...lines)
    expect(codeOf(prompt.run('delete filter L me any'))).toBe('05917')
    prompt.do('delete filter L any me')
    expect(codeOf(prompt.run('delete filter L any me'))).toBe('05917')
    prompt.do('delete filter L 10.0.0.0 me', 'show filterlist L')
    expect(prompt.area().filterLists[0]?.filters).toEqual([])
  })

  test('changes go on after the store was read', () => {
    const prompt = new StaticPrompt().do('add filter L any me')
    expect(prompt.area().filterLists[0]?.filters).toHaveLength(1)
    prompt.do('add filter L any 192.0.2.1')
    expect(codeOf(prompt.run('add filter L any me'))).toBe('05918')
    expect(prompt.area().filterLists[0]?.filters).toHaveLength(2)
    const again = new StaticPrompt(prompt.session.store(), netshContext(0x9000)).do('delete filter L any me')
    expect(again.area().filterLists[0]?.filters.map(shortFilter)).toEqual(['any > 192.0.2.1'])
  })
})

describe('names', () => {
  test.each([
    ['add filterlist L', '05010'],
    ['add filteraction a', '05014'],
    ['add policy p', '05005'],
    ['add rule r P L A', '05020'],
    ['add rule R2 P nolist A', '05049'],
    ['add rule R2 P L noaction', '05916'],
    ['add rule R2 nopolicy L A', '05914'],
    ['set filterlist nolist newname=x', '05049'],
    ['delete filterlist L', '05919'],
    ['delete filteraction A', '05919'],
    ['delete rule nothing P', '05915'],
    ['delete rule id=3 policy=P', '05915'],
    ['delete rule id=2 policy=P', '05920'],
    ['set rule id=9 policy=P activate=no', '05915'],
    ['add rule R2 P', '05901'],
    ['add filterlist L2 description=x descr=y', '05902'],
    ['add filterlist L2 nam=x', '05902'],
    ['add filterlist L2 foo=x', '05903'],
    ['add filterlist L2 x y', '05904'],
    ['set filterlist name=L guid={00000000-0000-0000-0000-000000000000} newname=x', '05905'],
  ])('%s gives ERR IPsec[%s] and changes nothing', (line, code) => {
    const prompt = new StaticPrompt().do(...onePolicy)
    const before = prompt.session.store()
    expect(codeOf(prompt.run(line))).toBe(code)
    expect(prompt.session.store()).toBe(before)
  })

  test('show of an empty store', () => {
    const prompt = new StaticPrompt()
    expect(prompt.run('show policy all')).toBe('\nERR IPsec[05072] : No Policies in Policy Store\n\n')
    expect(prompt.run('show filterlist all')).toBe('\nERR IPsec[05067] : No FilterLists in Policy Store\n\n')
    expect(prompt.run('show filteraction all')).toBe('\nERR IPsec[05068] : No FilterActions in Policy Store\n\n')
  })

  test('newname renames, and the new name is the one that counts', () => {
    const prompt = new StaticPrompt().do(
      ...onePolicy,
      'set filterlist L newname=Lists desc=told',
      'set filteraction A newname=Act',
      'set policy P newname=Pol',
      'set rule R policy=Pol newname=Rul',
      'add filterlist L',
      'set rule rul policy=pol filterlist=lists',
    )
    const [policy] = prompt.area().policies
    expect(policy?.name).toBe('Pol')
    expect(policy?.rules.map((rule) => [rule.name, rule.filterLists[0]?.name, rule.filterAction?.name])).toEqual([
      [undefined, undefined, undefined],
      ['Rul', 'Lists', 'Act'],
    ])
    expect(codeOf(prompt.run('set filterlist L newname=LISTS'))).toBe('05010')
    expect(prompt.run('set filterlist Lists newname=LISTS')).toBe('\n')
  })
})

describe('policies', () => {
  test('main mode settings, minutes as seconds, master key PFS leaves one quick mode', () => {
    const prompt = new StaticPrompt().do(
      'add policy P mmpfs=yes qmpermm=7 mmlifetime=60 pollinginterval=5 mmsec="DES-MD5-1"',
    )
    const [policy] = prompt.area().policies
    expect(policy).toMatchObject({
      pollingIntervalSeconds: 300,
      mainMode: {
        perfectForwardSecrecy: true,
        quickModeLimit: 1,
        lifetimeSeconds: 3600,
        offers: [{ encryption: 'des', lifetimeSeconds: 3600, quickModeLimit: 1, perfectForwardSecrecy: true }],
      },
    })
    prompt.do('set policy P mmpfs=no qmpermm=7 mmlifetime=61')
    expect(prompt.area().policies[0]?.mainMode).toMatchObject({
      perfectForwardSecrecy: false,
      quickModeLimit: 7,
      lifetimeSeconds: 3660,
      offers: [{ encryption: 'des', lifetimeSeconds: 3660, quickModeLimit: 7, perfectForwardSecrecy: false }],
    })
  })

  test('one policy is assigned at a time', () => {
    const prompt = new StaticPrompt().do('add policy A assign=yes', 'add policy B assign=yes')
    expect(prompt.area().assigned?.name).toBe('B')
    prompt.do('set policy A assign=no')
    expect(prompt.area().assigned?.name).toBe('B')
    prompt.do('set policy A assign=y')
    expect(prompt.area().assigned?.name).toBe('A')
    prompt.do('set policy A assign=n')
    expect(prompt.area().assigned).toBeUndefined()
    expect(prompt.session.store().values).toEqual([])
  })

  test('deleting a policy takes what only it used, and unassigns it', () => {
    const prompt = new StaticPrompt().do(...onePolicy, 'add filterlist Spare', 'set policy P assign=y', 'del policy p')
    expect(prompt.session.store().values).toEqual([])
    expect(prompt.area().filterLists.map((list) => list.name)).toEqual(['Spare'])
    expect(prompt.session.store().objects).toHaveLength(1)
    const kept = new StaticPrompt(undefined, { ...netshContext(), keepsShared: true }).do(...onePolicy, 'del policy P')
    expect(
      kept.session
        .store()
        .objects.map((object) => object.class)
        .toSorted(),
    ).toEqual(['ipsecFilter', 'ipsecNegotiationPolicy'])
  })

  test('what another policy uses stays, with its owners right', () => {
    const prompt = new StaticPrompt().do(...onePolicy, 'add policy Q', 'add rule R Q L A', 'delete policy P')
    const { area } = { area: prompt.area() }
    expect(area.policies.map((policy) => policy.name)).toEqual(['Q'])
    expect(area.filterLists.map((list) => list.name)).toEqual(['L'])
  })

  test('delete all empties the store', () => {
    const prompt = new StaticPrompt().do(...onePolicy, 'set policy P assign=yes')
    prompt.session.store()
    prompt.do('add filterlist New', 'delete all')
    expect(prompt.session.store()).toMatchObject({ objects: [], values: [] })
    prompt.do(...onePolicy)
    expect(prompt.area().policies).toHaveLength(1)
  })
})

describe('actions', () => {
  test('block and permit carry no offers', () => {
    expect(action('add filteraction A action=permit qmpfs=yes soft=yes')).toMatchObject({ action: 'permit' })
  })

  test('negotiate without offers gets the usual ones; PFS is in each', () => {
    const made = action('add filteraction A qmpfs=yes inpass=yes soft=yes')
    expect(made).toMatchObject({ acceptUnsecuredInbound: true, fallBackToClear: true, perfectForwardSecrecy: true })
    expect(made?.action === 'negotiate' && made.offers.map((offer) => offer.lifetimeKilobytes)).toEqual([
      100_000, 100_000,
    ])
  })

  test('what set does not say stays', () => {
    const made = action('add filteraction A qmsec="AH[MD5]" soft=yes', 'set filteraction A qmpfs=yes')
    expect(made).toMatchObject({ fallBackToClear: true, perfectForwardSecrecy: true })
    expect(made?.action === 'negotiate' && made.offers.length).toBe(1)
    expect(action('add filteraction A', 'set filteraction A action=block')?.action).toBe('block')
    const back = action('add filteraction A action=block', 'set filteraction A action=negotiate')
    expect(back?.action === 'negotiate' && back.offers.length).toBe(2)
  })
})

describe('rules', () => {
  test('authentication that is given takes the place of what was there', () => {
    expect(ruleAfter('set rule R P psk=x kerberos=yes')?.authentication.map((method) => method.kind)).toEqual([
      'preshared-key',
      'kerberos',
    ])
    expect(ruleAfter('set rule R P psk=x', 'set rule R P activate=no')).toMatchObject({
      isActive: false,
      authentication: [{ kind: 'preshared-key' }],
    })
    expect(ruleAfter('set rule R P kerberos=no')?.authentication).toEqual([{ kind: 'kerberos' }])
  })

  test('tunnel endpoints come, change and go', () => {
    expect(ruleAfter('set rule R P tunnel=192.0.2.1')).toMatchObject({
      isTunnel: true,
      tunnelEndpoint: { family: 'ipv4' },
    })
    expect(ruleAfter('set rule R P tunnel=2001:db8::1')).toMatchObject({
      isTunnel: true,
      tunnelEndpoint: { family: 'ipv6' },
    })
    expect(ruleAfter('set rule R P tunnel=gw.example.com')).toMatchObject({ tunnelEndpointName: 'gw.example.com' })
    expect(ruleAfter('set rule R P tunnel=192.0.2.1', 'set rule R P tunnel=no')).toMatchObject({ isTunnel: false })
    expect(ruleAfter('set rule R P conntype=dial')?.connectionType).toBe('dialup')
  })

  test('rules go by name, by number, and all but the default response rule', () => {
    expect(names('delete rule R2 P')).toEqual(['-', 'R', 'R3'])
    expect(names('delete rule id=3 policy=P')).toEqual(['-', 'R', 'R2'])
    expect(names('delete rule all P')).toEqual(['-'])
    expect(names('delete rule all P', 'delete filterlist all', 'delete filteraction all')).toEqual(['-'])
  })

  test('another list or action takes over the ownership', () => {
    const prompt = new StaticPrompt().do(...onePolicy, 'add filterlist M', 'set rule R P filterlist=M')
    expect(prompt.run('delete filterlist L')).toBe('\n')
    expect(codeOf(prompt.run('delete filterlist M'))).toBe('05919')
  })

  test('the default response rule is set by its own command', () => {
    const prompt = new StaticPrompt().do(
      ...onePolicy,
      'set defaultrule policy=P qmpfs=yes activate=yes qmsec="ESP[DES,MD5]" psk=x',
    )
    const defaultRule = prompt.area().policies[0]?.rules[0]
    expect(defaultRule).toMatchObject({
      isActive: true,
      isDefaultResponse: true,
      authentication: [{ kind: 'preshared-key' }],
      filterAction: { perfectForwardSecrecy: true, offers: [{ algorithms: [{ cipher: 'des' }] }] },
    })
    prompt.do('set policy P activatedefaultrule=no')
    expect(prompt.area().policies[0]?.rules[0]?.isActive).toBe(false)
  })
})

test('commands for the caller come back as effects', () => {
  const prompt = new StaticPrompt()
  const effect = (line: string) => {
    const result = prompt.result(line)
    if (result.kind !== 'command') throw new Error(line)
    return prompt.session.run(result.command as Parameters<typeof prompt.session.run>[0]).effect
  }
  expect(effect('set store local')).toEqual({ kind: 'set-store', location: 'local' })
  expect(effect('set store location=domain domain=corp.example')).toMatchObject({ domain: 'corp.example' })
  expect(effect('set batch mode=en')).toEqual({ kind: 'set-batch', isEnabled: true })
  expect(effect('exportpolicy file=c:\\x.y\\backup')).toEqual({ kind: 'export', file: 'c:\\x.y\\backup.ipsec' })
  expect(effect('exportpolicy backup.ipsec')).toEqual({ kind: 'export', file: 'backup.ipsec' })
  expect(effect('importpolicy backup')).toEqual({ kind: 'import', file: 'backup' })
  expect(effect('restore win2003')).toEqual({ kind: 'restore-examples', release: 'win2003' })
  expect(effect('dump')).toEqual({ kind: 'dump' })
  expect(effect('show gpo')).toEqual({ kind: 'show-group-policy' })
})
