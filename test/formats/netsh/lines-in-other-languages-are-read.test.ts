import { expect, test } from 'vitest'
import { recognise } from '../../../src/formats/recognise.ts'
import { readScript } from '../../support/netshRuns.ts'

const lines: readonly (readonly [string, string])[] = [
  ['PowerShell', '$x = 1\nStart-Process netsh -ArgumentList "ipsec static add filterlist L"\n'],
  ['VBScript', 'Set sh = CreateObject("WScript.Shell")\nsh.Run "netsh ipsec static add filterlist L", 0\n'],
  ['Python', 'import subprocess\nsubprocess.run(["netsh", "ipsec", "static", "add", "filterlist", "L"])\n'],
  ['Markdown', '# Notes\n- `netsh ipsec static add filterlist L`\n'],
]

test.each(lines)('%s', (_language, text) => {
  expect(recognise(new TextEncoder().encode(text))).toBe('netsh')
  const { stores, findings } = readScript(text)
  expect(findings).toEqual([])
  expect(stores[0]?.objects).toHaveLength(1)
})

test('what is built from variables is told and not run', () => {
  const { stores, findings } = readScript('import os\nos.system("netsh ipsec static add filterlist " + name)\n')
  expect(stores).toEqual([])
  expect(findings.map(({ line, code }) => [line, code])).toEqual([[2, 'NETSH_BUILT']])
})

test('a line that netsh refuses is told with its line', () => {
  const { findings } = readScript('sh = 1\nsh.Run "netsh ipsec static add filtrelist L"\n')
  expect(findings.map(({ line, code }) => [line, code])).toEqual([[2, 'NETSH_REFUSED']])
})
