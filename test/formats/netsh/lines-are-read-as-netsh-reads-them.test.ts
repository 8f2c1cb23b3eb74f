import { describe, expect, test } from 'vitest'
import { commandTable, interpretLine, type LineResult, startState } from '../../../src/formats/netsh/index.ts'
import { formatIp } from '../../../src/policy/ip.ts'

function read(line: string, context = 'ipsec static'): LineResult {
  return interpretLine(interpretLine(startState, context).state, line).result
}

function commandOf(line: string, context?: string) {
  const result = read(line, context)
  if (result.kind !== 'command') throw new Error(`${line}: ${JSON.stringify(result)}`)
  const { kind, args } = result.command
  return { kind, args: args as Record<string, unknown> }
}

function faultOf(line: string, context?: string) {
  const result = read(line, context)
  if (result.kind !== 'fault') throw new Error(`${line}: ${JSON.stringify(result)}`)
  return result.fault
}

function address(text: string) {
  const { args } = commandOf(`add filter L "${text}" any`)
  return args['srcaddr']
}

const protocol = (text: string) => commandOf(`add filter L any me protocol=${text}`).args['protocol']

const authority = (text: string) => {
  const result = read(`add rule R P L A rootca="${text}"`)
  return result.kind === 'command' ? (result.command as { authentication?: unknown }).authentication : result
}

describe('tags and words', () => {
  test.each([
    'add filterlist name=Web description=x',
    'add filterlist name= Web description =x',
    'add filterlist name = Web description = x',
    'add filterlist "name=Web" description="x"',
    '  ADD   FilterList\tName="Web"   DESC=x  ',
    'add filterlist Web x',
    'a filterl Web d=x',
    'add filterlist description=x Web',
  ])('%s', (line) => {
    expect(commandOf(line)).toEqual({ kind: 'static add filterlist', args: { name: 'Web', description: 'x' } })
  })

  test('an equals sign within quotes, or after the first, belongs to the value', () => {
    expect(commandOf('add filterlist name="a=" description=b==').args).toEqual({ name: 'a=', description: 'b==' })
    expect(commandOf('add filterlist description="" Web').args).toEqual({ name: 'Web', description: '' })
  })

  test('the value after an equals sign may be anything, a word with an equals sign too', () => {
    expect(commandOf('add filterlist name= a=b').args).toEqual({ name: 'a=b' })
  })

  test('an empty value counts as given', () => {
    expect(commandOf('add filterlist name=Web description=""').args).toEqual({ name: 'Web', description: '' })
    expect(faultOf('add filterlist name=').message).toBe('TAG_MISSING')
  })

  test('a bare word fills the first tag that is not given', () => {
    expect(commandOf('add filter filterlist=F 192.0.2.1 192.0.2.2 srcmask=24 dstmask=32').args).toMatchObject({
      filterlist: 'F',
      srcaddr: { kind: 'address' },
      dstaddr: { kind: 'address' },
    })
    expect(commandOf('add filter filterlist=F any srcmask=32 protocol=tcp dstaddr=me').args).toMatchObject({
      srcaddr: { kind: 'any' },
      dstaddr: { kind: 'me' },
    })
    expect(commandOf('add filter filterlist=F srcaddr=any dstaddr=me proto=TCP dstport=80 remark').args).toMatchObject({
      description: 'remark',
    })
    expect(commandOf('show filterlist name=F verbose').args).toEqual({ name: 'F', level: 'verbose' })
  })

  test('filter means filterlist, and filteraction in full is an exact match', () => {
    expect(commandOf('add rule name=R policy=P filter=X filteraction=Y').args).toMatchObject({
      filterlist: 'X',
      filteraction: 'Y',
    })
    expect(commandOf('add rule name=R policy=P filter=X filter=Y').args).toMatchObject({
      filterlist: 'X',
      filteraction: 'Y',
    })
  })

  test('all and default stand in the place of the first tag, unless it is named', () => {
    expect(read('delete rule all policy=P')).toMatchObject({ kind: 'command', command: { keyword: 'all' } })
    expect(read('del policy ALL')).toMatchObject({ kind: 'command', command: { keyword: 'all' } })
    expect(read('show rule default policy=P')).toMatchObject({ kind: 'command', command: { keyword: 'default' } })
    expect(commandOf('delete policy name=all').args).toEqual({ name: 'all' })
    expect(commandOf('delete rule all P').args).toEqual({ policy: 'P' })
  })

  test('authentication tags repeat and keep their order; kerberos=no adds nothing', () => {
    const result = read('add rule R P L A psk=one rootca="CN=x certmap:y" kerberos=yes psk=two kerberos=no')
    expect(result).toMatchObject({
      kind: 'command',
      command: {
        authentication: [
          { kind: 'preshared-key' },
          { kind: 'certificate', authority: 'CN=x', certificateMapping: true, excludeAuthorityName: false },
          { kind: 'kerberos' },
          { kind: 'preshared-key' },
        ],
      },
    })
  })
})

describe('values', () => {
  test.each([
    ['me', { kind: 'me' }],
    ['ANY', { kind: 'any' }],
    ['Dns', { kind: 'dns-servers' }],
    ['wins', { kind: 'wins-servers' }],
    ['dhcp', { kind: 'dhcp' }],
    ['gateway', { kind: 'gateway' }],
    ['server.example.com', { kind: 'name', name: 'server.example.com' }],
    ['localhost', { kind: 'name', name: 'localhost' }],
    ['my-host', { kind: 'name', name: 'my-host' }],
    ['bücher.example', { kind: 'name', name: 'bücher.example' }],
  ])('the address %s', (text, expected) => {
    expect(address(text)).toEqual(expected)
  })

  test('hosts, prefixes and ranges of both families', () => {
    expect(address('192.0.2.1')).toMatchObject({ kind: 'address', ip: { family: 'ipv4' } })
    expect(address('2001:db8::1')).toMatchObject({ kind: 'address', ip: { family: 'ipv6' } })
    expect(address('10.0.0.0/8')).toMatchObject({ kind: 'address', mask: { kind: 'length', length: 8 } })
    expect(address('10.0.0.1-10.0.0.9')).toMatchObject({ kind: 'range' })
    const range = address('2001:db8::1-2001:db8::9') as { last: Parameters<typeof formatIp>[0] }
    expect(formatIp(range.last)).toBe('2001:db8::9')
  })

  test.each(['1.2.3', '256.1.1.1', '1.2.3.4-1.2.3.3', '1.2.3.4-x', '10.0.0.0/33x', '::g', 'a b', '-x', 'a..b', ''])(
    '"%s" is no address',
    (text) => {
      expect(['ADDRESS_INVALID', 'MASK_MISMATCH', 'TAG_MISSING']).toContain(
        faultOf(`add filter L "${text}" any`).message,
      )
    },
  )

  test('protocols by name, abbreviation and number', () => {
    expect(['any', 'icmp', 'TCP', 'u', 'raw', '47', '0'].map(protocol)).toEqual([0, 1, 6, 17, 255, 47, 0])
    expect(faultOf('add filter L any me protocol=256').message).toBe('VALUE_INVALID')
    expect(faultOf('add filter L any me protocol=tpc').nearest).toBe('TCP')
  })

  test('ports by number and any', () => {
    expect(commandOf('add filter L any me protocol=tcp dstport=any').args).toMatchObject({ dstport: 0 })
    expect(faultOf('add filter L any me protocol=tcp dstport=65536').message).toBe('VALUE_INVALID')
  })

  test('yes and no may be abbreviated', () => {
    expect(commandOf('set policy P assign=y').args).toEqual({ name: 'P', assign: true })
    expect(commandOf('set policy P assign=N').args).toEqual({ name: 'P', assign: false })
    expect(faultOf('set policy P assign=maybe').message).toBe('VALUE_INVALID')
  })

  test('main mode methods', () => {
    expect(commandOf('add policy P mmsec="3des-sha1-3 DES-MD5-1"').args['mmsecmethods']).toEqual([
      { encryption: '3des', integrity: 'sha1', group: 'group14' },
      { encryption: 'des', integrity: 'md5', group: 'group1' },
    ])
    expect(faultOf('add policy P mmsec="3DES-SHA1-4"').message).toBe('GROUP_INVALID')
    expect(faultOf('add policy P mmsec="AES128-SHA1-2"').what).toContain('AES128 cannot be said')
    expect(faultOf('add policy P mmsec="AES128-SHA256"').message).toBe('METHOD_INVALID')
    expect(faultOf('add policy P mmsec="3DES-SHA-2"').what).toContain('ipsecpol')
    expect(faultOf(`add policy P mmsec="${'3DES-SHA1-2 '.repeat(21)}"`).what).toContain('at most 20')
  })

  test('quick mode offers with and without lifetimes', () => {
    const offers = commandOf(
      'add filteraction A qmsec="AH[MD5]+ESP[3DES,None]:100000K/3600S ESP[none,sha1] AH[SHA1]:300s ESP[DES, MD5]:20480k"',
    ).args['qmsecmethods']
    expect(offers).toEqual([
      {
        algorithms: [
          { protocol: 'ah', integrity: 'md5' },
          { protocol: 'esp', cipher: '3des', integrity: 'none' },
        ],
        lifetimeKilobytes: 100_000,
        lifetimeSeconds: 3600,
      },
      {
        algorithms: [{ protocol: 'esp', cipher: 'none', integrity: 'sha1' }],
        lifetimeKilobytes: 0,
        lifetimeSeconds: 0,
      },
      { algorithms: [{ protocol: 'ah', integrity: 'sha1' }], lifetimeKilobytes: 0, lifetimeSeconds: 300 },
      {
        algorithms: [{ protocol: 'esp', cipher: 'des', integrity: 'md5' }],
        lifetimeKilobytes: 20_480,
        lifetimeSeconds: 0,
      },
    ])
  })

  test.each([
    'ESP[None,None]',
    'ESP[3DES]',
    'AH[None]',
    'ESP[3DES,SHA1]:5s',
    'ESP[3DES,SHA1]:1k',
    'AH[MD5]ESP[DES,MD5]',
    'ESP[3DES,SHA1]:3600',
    'AH[MD5]+',
    '',
  ])('"%s" is no offer', (text) => {
    expect(faultOf(`add filteraction A qmsec="${text}"`).message).toBe('METHOD_INVALID')
  })

  test('flags of certificate authorities are read from the right', () => {
    expect(authority(String.raw`C=US,O=Ex ample (x),CN=\'Root, East\' excludecaname:yes certmap:no`)).toEqual([
      {
        kind: 'certificate',
        authority: 'C=US,O=Ex ample (x),CN="Root, East"',
        certificateMapping: false,
        excludeAuthorityName: true,
      },
    ])
    expect(authority('CN=x certmap:perhaps')).toMatchObject({ kind: 'fault', fault: { message: 'AUTHORITY_INVALID' } })
    expect(authority('certmap:yes')).toMatchObject({ kind: 'fault' })
  })
})

describe('contexts', () => {
  test('a context alone enters it, with a command it runs there and comes back', () => {
    const entered = interpretLine(startState, 'ipsec static').state
    expect(entered.context).toBe('ipsec static')
    expect(interpretLine(startState, 'ipsec').state.context).toBe('ipsec')
    const ran = interpretLine(startState, 'ipsec static show all')
    expect(ran.result.kind).toBe('command')
    expect(ran.state.context).toBe('')
    expect(interpretLine(entered, '..').state.context).toBe('ipsec')
    expect(interpretLine(entered, 'dynamic show stats').result).toMatchObject({
      command: { kind: 'dynamic show stats' },
    })
  })

  test('pushd and popd keep contexts on a stack', () => {
    const pushed = interpretLine(interpretLine(startState, 'ipsec').state, 'pushd static').state
    expect(pushed).toMatchObject({ context: 'ipsec static', saved: ['ipsec'] })
    expect(interpretLine(pushed, 'popd').state).toMatchObject({ context: 'ipsec', saved: [] })
    expect(interpretLine(startState, 'popd').result).toMatchObject({ fault: { message: 'STACK_EMPTY' } })
    let state = startState
    for (let count = 0; count < 1000; count += 1) state = interpretLine(state, 'pushd').state
    expect(interpretLine(state, 'pushd').result).toMatchObject({ fault: { message: 'STACK_FULL' } })
  })

  test('comments and blank lines are nothing; exit ends', () => {
    expect(read('   # add policy P')).toEqual({ kind: 'nothing' })
    expect(read('\t \r')).toEqual({ kind: 'nothing' })
    for (const word of ['exit', 'quit', 'bye', 'qui']) expect(interpretLine(startState, word).state.isEnded).toBe(true)
  })

  test('commands of the shell are there in every context', () => {
    expect(read('set file open x.txt')).toMatchObject({
      kind: 'shell',
      row: { verb: 'set', object: 'file' },
      words: ['open', 'x.txt'],
    })
    expect(read('exec "a b.txt"')).toMatchObject({ kind: 'shell', words: ['a b.txt'] })
    expect(read('show mode')).toMatchObject({ kind: 'shell' })
  })

  test('help is asked for by ?, /? and help, anywhere', () => {
    expect(read('?')).toEqual({ kind: 'help', of: { kind: 'context', context: 'ipsec static' } })
    expect(read('add')).toMatchObject({ kind: 'help', of: { kind: 'verb', verb: 'add' } })
    expect(read('add ?')).toMatchObject({ kind: 'help', of: { kind: 'verb', verb: 'add' } })
    expect(read('add filter /?')).toMatchObject({ kind: 'help', of: { kind: 'command', command: 'static add filter' } })
    expect(read('dynamic help', 'ipsec')).toMatchObject({ kind: 'help', of: { context: 'ipsec dynamic' } })
  })

  test('too few letters are ambiguous, wrong ones unknown', () => {
    expect(faultOf('add filt x').message).toBe('COMMAND_AMBIGUOUS')
    expect(faultOf('netsh ipsec static')).toMatchObject({ message: 'COMMAND_UNKNOWN', column: 1 })
    expect(faultOf('add polizy x')).toMatchObject({ message: 'COMMAND_UNKNOWN', column: 5, nearest: 'policy' })
  })
})

test('every example of the command table is read as its command', () => {
  for (const row of commandTable) {
    const [context = ''] = row.kind.split(' ')
    expect(row.examples.length, row.kind).toBeGreaterThan(0)
    for (const example of row.examples) expect(commandOf(example, `ipsec ${context}`).kind).toBe(row.kind)
  }
})
