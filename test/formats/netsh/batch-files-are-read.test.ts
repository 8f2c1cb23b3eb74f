import { describe, expect, test } from 'vitest'
import { hasNetshCalls, isNetshScript } from '../../../src/formats/netsh/index.ts'
import { portText } from '../../../src/policy/filterWords.ts'
import { readScript, setOfScript } from '../../support/netshRuns.ts'

function portsOf(script: string): string[] {
  const [area] = setOfScript(script).areas
  return area?.filterLists[0]?.filters.map((filter) => portText(filter.destinationPort)) ?? []
}

function codesOf(script: string): (readonly [number | undefined, string])[] {
  return readScript(script).findings.map((finding) => [finding.line, finding.code])
}

const add = (port: string): string => `netsh ipsec static add filter L any me protocol=tcp dstport=${port}`

describe('calls', () => {
  test.each([
    add('80'),
    `@${add('80')} >nul 2>&1`,
    add('80').toUpperCase().replace('L ANY', 'L any'),
    `  C:\\Windows\\System32\\${add('80').replace('netsh', 'netsh.exe')}`,
    `"C:\\Program Files\\x\\netsh.exe" ${add('80').slice(6)} >> "log file.txt"`,
    `echo y | ${add('80')}`,
    `netsh -c "ipsec static" add filter L any me protocol=tcp dstport=80`,
    `call ${add('80')} && echo done`,
    `netsh ipsec static add filter L any ^\r\n  me protocol=tcp ^\r\n dstport=80`,
    `set P=80\n${add('%P%')}`,
    `set "P=80"\r\n${add('%p%')}`,
    `for %%p in (80) do ${add('%%p')}`,
    `for %%p in (80) do @${add('%%p')} > nul`,
    `for /L %%p in (80,1,80) do (\n  echo %%p\n  ${add('%%p')}\n)`,
    `rem ${add('1')}\n:: ${add('2')}\n:label\n${add('80')}`,
  ])('%s', (script) => {
    expect(portsOf(script)).toEqual(['80'])
  })

  test('loops over lists and numbers', () => {
    expect(portsOf(`for %%p in (135 139,445) do ${add('%%p')}`)).toEqual(['135', '139', '445'])
    expect(portsOf(`for /l %%p in (1,2,7) do ${add('%%p')}`)).toEqual(['1', '3', '5', '7'])
    expect(portsOf(`for /l %%p in (5,-2,1) do ${add('%%p')}`)).toEqual(['5', '3', '1'])
    expect(portsOf(`for %%p in (1 2) do (\n${add('%%p')}\n)\n${add('9')}`)).toEqual(['1', '2', '9'])
  })

  test('a doubled percent sign is one', () => {
    const [area] = setOfScript('netsh ipsec static add filterlist "100%%"').areas
    expect(area?.filterLists[0]?.name).toBe('100%')
  })

  test('each call is a process of its own: set store does not outlast it', () => {
    const { stores } = readScript('netsh ipsec static set store persistent\nnetsh ipsec static add filterlist L')
    expect(stores.map((store) => store.area)).toEqual(['local'])
  })
})

describe('what only a run decides is told and left out', () => {
  test.each([
    [`if exist x ${add('80')}`, [[1, 'NETSH_CONDITION']]],
    [`if "%1"=="" (\n${add('80')}\n)`, [[2, 'NETSH_CONDITION']]],
    [`for /f %%p in (ports.txt) do ${add('%%p')}`, [[1, 'NETSH_CONDITION']]],
    [`for %%p in (*.txt) do ${add('80')}`, [[1, 'NETSH_CONDITION']]],
    [`for %%p in (1 2) do if exist x ${add('%%p')}`, ['1', '2'].map(() => [1, 'NETSH_CONDITION'])],
    [`dir || ${add('80')}`, [[1, 'NETSH_CONDITION']]],
    [`netsh -f other.txt\nnetsh ipsec static show all`, [[1, 'NETSH_EXEC']]],
    [`netsh -r server ipsec static show all`, [[1, 'NETSH_NOT_DONE']]],
    [`for /l %%p in (1,1,9999999) do ${add('%%p')}`, [[1, 'NETSH_TOO_MANY']]],
  ])('%s', (script, codes) => {
    expect(codesOf(script)).toEqual(codes)
    expect(portsOf(script)).toEqual([])
  })

  test.each([
    [`if a==b (\necho a\n) else ${add('80')}`, ['80']],
    [`if a==b ${add('80')}`, []],
    [`for %%p in (1 2) do if a==b ${add('%%p')}`, []],
    [`for %%p in (1 2) do if %%p==2 ${add('%%p')}`, ['2']],
    [`for %%p in (1 2) do (\n  for %%q in (3 4) do (\n    ${add('%%p%%q')}\n  )\n)`, ['13', '14', '23', '24']],
    [`goto end\n${add('80')}\n:end\n${add('81')}`, ['81']],
  ])('what the text itself decides is followed: %s', (script, ports) => {
    expect(codesOf(script)).toEqual([])
    expect(portsOf(script)).toEqual(ports)
  })

  test('a variable that is not known is taken as it stands and told', () => {
    const { findings, stores } = readScript(
      'netsh ipsec static add filterlist %1\nnetsh ipsec static add filterlist %NAME%',
    )
    expect(findings.map((finding) => finding.code)).toEqual(['NETSH_VARIABLE', 'NETSH_VARIABLE'])
    expect(stores[0]?.objects).toHaveLength(2)
  })

  test('other contexts of netsh are passed over', () => {
    expect(codesOf('netsh ipsec static add filterlist L\nnetsh advfirewall reset\nnetsh int ip reset')).toEqual([
      [2, 'NETSH_NOT_DONE'],
      [3, 'NETSH_NOT_DONE'],
    ])
  })
})

test('lines that would fail on Windows are told with line and column, and the next one runs', () => {
  const { findings, stores } = readScript(
    [
      'pushd ipsec static',
      'add rule name=R policy=x filterlist=L filteraction=A',
      'add filter filterlist=L srcaddy=any dstaddr=me',
      'add filterlist L',
      'add filteraction A',
      'add policy x-policy',
      'add rule name=R policy=x filterlist=L filteraction=FilteraAtion1',
      'add rule name=R policy=x-policy filterlist=L filteraction=Anetsh ipsec static',
    ].join('\r\n'),
  )
  expect(findings.map((finding) => [finding.line, finding.code])).toEqual([
    [2, 'NETSH_REFUSED'],
    [3, 'NETSH_REFUSED'],
    [7, 'NETSH_REFUSED'],
    [8, 'NETSH_REFUSED'],
  ])
  expect(findings[1]?.message).toContain('column 25: there is no tag "srcaddy"; did you mean "srcaddr"?')
  expect(findings[2]?.message).toContain("ERR IPsec[05914] : Policy with name 'x' does not exist")
  expect(stores[0]?.objects).toHaveLength(6)
})

test('each store a script works on is an area of its own', () => {
  const { stores } = readScript(
    'ipsec static\nadd filterlist L\nset store persistent\nadd filterlist P\nset store domain corp.example\nadd filterlist D',
  )
  expect(stores.map((store) => [store.area, store.keyPath.at(-1)])).toEqual([
    ['local', 'Local'],
    ['persistent', 'Persistent'],
    ['directory', 'CN=IP Security,CN=System,DC=corp,DC=example'],
  ])
})

test('exit ends a script', () => {
  expect(readScript('ipsec static\nadd filterlist L\nexit\nadd filterlist M').stores[0]?.objects).toHaveLength(1)
})

test('text in UTF-16, UTF-8 with mark and code pages', () => {
  const script = 'ipsec static\r\nadd filterlist name="Сеть"\r\n'
  const utf16 = new Uint8Array(2 + script.length * 2)
  new DataView(utf16.buffer).setUint16(0, 0xfffe)
  for (let at = 0; at < script.length; at += 1)
    new DataView(utf16.buffer).setUint16(2 + at * 2, script.charCodeAt(at), true)
  for (const bytes of [utf16, new TextEncoder().encode(`\ufeff${script}`), new TextEncoder().encode(script)]) {
    expect(setOfScript(bytes).areas[0]?.filterLists[0]?.name).toBe('Сеть')
  }
})

test('scripts are recognised by what they call', () => {
  expect(isNetshScript('@echo off\nnetsh ipsec static show all')).toBe(true)
  expect(isNetshScript('for %%a in (1) do netsh.exe -c "ipsec static" show all')).toBe(true)
  expect(isNetshScript('# x\npushd ipsec static\nadd policy P')).toBe(true)
  expect(isNetshScript('ipsec dynamic show stats')).toBe(true)
  expect(isNetshScript('netsh advfirewall reset')).toBe(false)
  expect(isNetshScript('Windows Registry Editor Version 5.00')).toBe(false)
  expect(hasNetshCalls('pushd ipsec static')).toBe(false)
  expect(hasNetshCalls('x\n  @netsh.exe ipsec')).toBe(true)
})
