import { expect, test } from 'vitest'
import { showStatic } from '../../../src/formats/netsh/index.ts'
import { netshContext, StaticPrompt } from '../../support/netshRuns.ts'

const prompt = new StaticPrompt().do(
  'add policy netbc activatedefaultrule=no assign=yes',
  'add filter block any me "445" protocol=tcp dstport=445',
  'add filteraction Secure qmpfs=yes qmsec="ESP[3DES,SHA1]:100000k/3600s AH[MD5]"',
  'add filteraction Drop action=block',
  'add rule name="Block SMB" policy=netbc filterlist=block filteraction=Secure conntype=lan psk="very secret"',
)

test('policies in list form, as Microsoft printed them', () => {
  expect(prompt.run('show policy all')).toBe(
    [
      '',
      'Policy Name             : netbc',
      'Description             : NONE',
      'Last Modified           : time 1700000000',
      'Assigned                : YES',
      'Master PFS              : NO',
      'Polling Interval        : 180 minutes',
      '',
      'No. of policies : 1',
      '',
      '',
    ].join('\n'),
  )
})

test('a filter list in verbose list form, as Microsoft printed it', () => {
  const text = prompt.run('show filterlist block level=verbose')
  expect(text.replace(/\{[^}]*\}/, '{…}')).toBe(
    [
      '',
      'FilterList Name         : block',
      'Description             : NONE',
      'Store                   : Local Store <WIN>',
      'Last Modified           : time 1700000000',
      'GUID                    : {…}',
      'No. of Filters          : 1',
      'Filter(s)',
      '---------',
      'Description             : 445',
      'Mirrored                : YES',
      'Source IP Address       : <Any IP Address>',
      'Source Mask             : 0.0.0.0',
      'Source DNS Name         : <Any IP Address>',
      'Destination IP Address  : <My IP Address>',
      'Destination DNS Name    : <My IP Address>',
      'Protocol                : TCP',
      'Source Port             : ANY',
      'Destination Port        : 445',
      '',
      'No. of FilterLists : 1',
      '',
      '',
    ].join('\n'),
  )
})

test('the table of policies has four lines before its rows and five after them', () => {
  const lines = prompt.run('show policy all format=table').split('\n')
  expect(lines).toHaveLength(4 + 1 + 5)
  expect(lines[4]?.split('\t').map((cell) => cell.trim())).toEqual(['netbc', '2', 'time 1700000000', 'YES'])
})

test('the table of filter lists has two lines before its rows', () => {
  const lines = prompt.run('show filterlist all format=table').split('\n')
  expect(lines[2]?.split('\t').map((cell) => cell.trim())).toEqual(['block', '1'])
})

test('a verbose table tells each filter in two lines, or in one when wide', () => {
  const narrow = prompt.run('show filterlist all verbose format=table').split('\n')
  const dashes = narrow.findIndex((line) => /^-{40,}$/.test(line))
  expect(narrow[dashes + 1]?.split('\t')[1]?.trim()).toBe('<Any IP Address>')
  expect(narrow.slice(dashes + 1).filter((line) => line.includes('\t'))).toHaveLength(2)
  const wide = prompt.run('show filterlist all verbose format=table wide=yes').split('\n')
  const wideDashes = wide.findIndex((line) => /^-{40,}$/.test(line))
  expect(wide.slice(wideDashes + 1).filter((line) => line.includes('\t'))).toHaveLength(1)
})

test('filter actions tell offers when verbose, and block has nothing to negotiate', () => {
  const text = prompt.run('show filteraction name=Secure level=verbose')
  expect(text).toContain('Action                      : NEGOTIATE SECURITY\n')
  expect(text).toContain('QMPFS                       : YES\n')
  expect(text).toContain('[NONE]      [SHA1 , 3DES]    3600           100000\n')
  expect(text).toContain('[MD5]       [NONE]           0              0\n')
  expect(prompt.run('show filteraction Drop')).not.toContain('QMPFS')
  const rows = prompt.run('show filteraction all format=table').split('\n')
  expect(rows.slice(2, 4).map((line) => line.split('\t').map((cell) => cell.trim()))).toEqual([
    ['Secure', 'NEGOTIATE SECURITY'],
    ['Drop', 'BLOCK'],
  ])
})

test('rules are numbered, the default response rule last; keys are hidden unless they are asked for', () => {
  const text = prompt.run('show rule all policy=netbc')
  expect(text).toContain('Rule ID                  : 1, GUID = ')
  expect(text).toContain('Rule Name                : Block SMB\n')
  expect(text).toContain('Connection Type          : LAN\n')
  expect(text).not.toContain('very secret')
  expect(text.indexOf('Block SMB')).toBeLessThan(text.indexOf('Rule ID                  : 2'))
  expect(prompt.run('show rule default policy=netbc')).toContain('Rule ID                  : 2')
  expect(prompt.run('show rule id=1 policy=netbc level=verbose')).toContain('FilterList Details\n------------------\n')
  const result = prompt.result('show rule id=1 policy=netbc')
  if (result.kind !== 'command' || result.command.kind !== 'static show rule') throw new Error('no command')
  const context = { ...netshContext(), showsKeys: true }
  expect(showStatic(result.command, prompt.area(), context)).toContain('very secret')
})

test('rule= selects what the rule of that name uses; type= selects tunnels', () => {
  expect(prompt.run('show filterlist rule="block smb"')).toContain('FilterList Name         : block\n')
  expect(prompt.run('show filteraction rule="block smb"')).toContain('Secure')
  expect(prompt.run('show filterlist rule=nothing')).toContain('ERR IPsec[05915]')
  expect(prompt.run('show rule all netbc type=tunnel')).toContain('No. of Rules : 0')
})

test('show all tells what no rule uses on its own; show store names the store', () => {
  const text = prompt.run('show all')
  expect(text.indexOf('Standalone FilterAction(s)')).toBeGreaterThan(text.indexOf('No. of policies'))
  expect(text.slice(text.indexOf('Standalone FilterAction(s)'))).toContain('Drop')
  expect(prompt.run('show store')).toBe('\nLocal Store <WIN>\n\n')
})

test('each line holds one label and one value, whatever names hold', () => {
  const odd = new StaticPrompt().do('add policy name="a : b" description="c: d"')
  const line = odd
    .run('show policy all')
    .split('\n')
    .find((candidate) => candidate.startsWith('Policy Name'))
  const [label, ...value] = line?.split(':') ?? []
  expect([label?.trim(), value.join(':').trim()]).toEqual(['Policy Name', 'a : b'])
})

test('long names are cut to 80 columns unless wide is said', () => {
  const name = 'n'.repeat(120)
  const long = new StaticPrompt().do(`add policy ${name}`)
  expect(
    Math.max(
      ...long
        .run('show policy all')
        .split('\n')
        .map((line) => line.length),
    ),
  ).toBe(80)
  expect(long.run('show policy all wide=yes')).toContain(name)
})
