import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { faultText, redactLine } from '../../../src/formats/netsh/index.ts'
import { readScript, StaticPrompt } from '../../support/netshRuns.ts'

const key = 'k3y-Material-9'

test.each([
  `add rule R P L A psk="${key}"`,
  `add rule R P L A psk= ${key}`,
  `add rule R P L A psk ${key}`,
  `add rule R P L A psk psk ${key} psk ${key}`,
  `add rule R P L A pks=${key}`,
  `add rule R P L A preshared=${key}`,
  `add rule R P L A psk=one ${key} ${key} ${key} ${key} ${key} ${key} ${key}`,
  `add rule R P L A psk=one ${key}=x`,
  `add rule R P L A psk=one conntype=${key}`,
  `add rule R P L A psk=one tunnel="${key} x"`,
  `add rule R P L A kerberos=${key}`,
  `add rule R P L A rootca="certmap:${key}"`,
  `psk=${key}`,
  `psk = "${key}"`,
  `add psk=${key}`,
  `add rule psk=${key} psk="${key}`,
  `set rule R P psk="${key}"`,
  `set defaultrule P psk=${key} nothing=x`,
])('%s tells no key', (line) => {
  const prompt = new StaticPrompt()
  const result = prompt.result(line)
  const told = [prompt.run(line)]
  if (result.kind === 'fault') told.push(faultText(result.fault), JSON.stringify(result.fault))
  if (result.kind === 'command') told.push(JSON.stringify(result.command))
  const script = readScript(`pushd ipsec static\n${line}`)
  told.push(...script.findings.map((finding) => finding.message))
  // A key that was put where a name belongs is a name; it is not told as a key, and here nothing was made of it.
  expect(told.join('\n')).not.toContain(key)
})

test('lines lose their keys for histories', () => {
  expect(redactLine('add rule R1 P L A psk="open sesame" desc=x')).toBe('add rule R1 P L A psk=[secret] desc=x')
  expect(redactLine('add rule R1 P L A PSK = open sesame kerberos=yes')).toBe(
    'add rule R1 P L A PSK = [secret] kerberos=yes',
  )
  expect(redactLine('add rule R1 P L A psk=a psk="b c"')).toBe('add rule R1 P L A psk=[secret] psk=[secret]')
  expect(redactLine('add policy P description="psk"')).toBe('add policy P description="psk"')
  expect(redactLine('set policy P assign=y')).toBe('set policy P assign=y')
})

test('no line that names a key keeps it', () => {
  const blank = fc.constantFrom(' ', '  ', '')
  fc.assert(
    fc.property(
      blank,
      blank,
      fc.boolean(),
      fc.constantFrom('psk', 'PSK', 'ps', 'pks'),
      (before, after, isQuoted, tag) => {
        const value = isQuoted ? `"${key} x"` : key
        expect(redactLine(`add rule R P L A ${tag}${before}=${after}${value} activate=no`)).not.toContain(key)
      },
    ),
  )
})

test.each([
  ['add rule R P L A none all yes words yes hush', 'add rule R P L A none all yes words yes [secret]'],
  [
    'ipsec static a r name=R P L A none all yes words yes hush',
    'ipsec static a r name=R P L A none all yes words yes [secret]',
  ],
  ['set defaultrule P no yes ESP[3DES,SHA1] yes hush', 'set defaultrule P no yes ESP[3DES,SHA1] yes [secret]'],
  ['add rule R P L A none lan', 'add rule R P L A none lan'],
])('a key without its tag is hidden too: %s', (line, hidden) => {
  expect(redactLine(line)).toBe(hidden)
})
