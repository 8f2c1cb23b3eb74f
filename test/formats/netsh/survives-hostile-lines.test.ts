import { expect, test } from 'vitest'
import {
  commandTable,
  completionsOf,
  faultOutput,
  faultText,
  interpretLine,
  isNetshScript,
  redactLine,
  startState,
} from '../../../src/formats/netsh/index.ts'
import { exampleScript, netshContext, readScript, StaticPrompt } from '../../support/netshRuns.ts'
import { SeededRandom } from '../../support/seededRandom.ts'
import { emptyStore } from '../../../src/formats/object-store/index.ts'

const words = [
  ...new Set(commandTable.flatMap((row) => [...row.kind.split(' '), ...row.tags.map((tag) => tag.name)])),
  ...commandTable.flatMap((row) => row.examples.flatMap((example) => example.split(' '))),
  '=',
  '"',
  '""',
  '= ',
  ' =',
  "\\'",
  '#',
  '?',
  '/?',
  '..',
  'pushd',
  'popd',
  'all',
  'default',
  'exit',
  'dump',
  '\u0000',
  '\u202e',
  '\ud800',
  '%%',
  '^',
  '&',
  '|',
  '>',
  '(',
  ')',
  ':',
  '[',
  ']',
  '{',
  '}',
  '-',
  '+',
  '/',
  ',',
  '0',
  '65536',
  '99999999999999999999',
  '-1',
  '255.255.255.255',
  '::',
  '::1/129',
  '1.2.3.4-1.2.3.5',
  'certmap:yes',
  'psk="x',
  'rootca=',
  'name=',
  'policy=P',
  'filterlist=L',
  'filteraction=A',
  'id=1',
  'guid={',
]

function hostileLine(random: SeededRandom): string {
  const parts: string[] = []
  const count = 1 + random.below(12)
  for (let index = 0; index < count; index += 1) {
    const word = random.pick(words)
    const cut = random.below(8) === 0 ? word.slice(0, random.below(word.length + 1)) : word
    parts.push(cut, random.below(6) === 0 ? '' : random.below(10) === 0 ? '\t' : ' ')
    if (random.below(10) === 0) parts.push(String.fromCharCode(random.below(0x1_0000)))
  }
  return parts.join('')
}

/** An example of the table with a few words put in, taken out or changed. */
function mutatedExample(random: SeededRandom): string {
  const row = random.pick(commandTable)
  const parts = random.pick(row.examples).split(' ')
  for (let change = random.below(4); change > 0; change -= 1) {
    const at = random.below(parts.length + 1)
    const kind = random.below(3)
    parts.splice(at, kind === 0 ? 0 : 1, ...(kind === 2 ? [] : [random.pick(words)]))
  }
  return `ipsec ${row.kind.split(' ')[0]} ${parts.join(' ')}`
}

const script = (count: number): string => {
  const lines = ['pushd ipsec static']
  for (let index = 0; index < count; index += 1) {
    lines.push(`add filter L any me protocol=tcp dstport=${index + 1}`)
  }
  for (let index = 0; index < count; index += 1) lines.push(`delete filter L any me dstport=${index + 1}`)
  return lines.join('\n')
}

test('100,000 hostile lines are run, refused or ignored, and leave a store that reads', () => {
  const random = new SeededRandom(20_261_125)
  let prompt = new StaticPrompt(emptyStore('local'), netshContext())
  let state = startState
  let commands = 0
  for (let count = 0; count < 100_000; count += 1) {
    const line = random.below(2) === 0 ? mutatedExample(random) : `ipsec static ${hostileLine(random)}`
    const step = interpretLine(state, line)
    state = step.state.isEnded || step.state.saved.length > 20 ? startState : step.state
    if (step.result.kind === 'fault') {
      expect(faultOutput(step.result.fault).length).toBeLessThan(8000)
      expect(faultText(step.result.fault).length).toBeLessThan(1000)
      expect(step.result.fault.column).toBeGreaterThan(0)
    } else if (step.result.kind === 'command') {
      commands += 1
      const { command } = step.result
      if (command.kind.startsWith('static ') && !command.kind.startsWith('static show ')) {
        prompt.session.run(command as Parameters<typeof prompt.session.run>[0])
      }
    }
    if (count % 97 === 0) redactLine(line)
    if (count % 97 === 1) completionsOf(state.context, line)
    if (count % 5000 === 4999) {
      const area = prompt.area()
      expect(area.policies.flatMap((policy) => policy.problems)).toEqual([])
      expect(area.filterLists.flatMap((list) => list.problems)).toEqual([])
      prompt = new StaticPrompt(prompt.session.store(), netshContext(0x1_0000 + count))
    }
  }
  expect(commands).toBeGreaterThan(10_000)
}, 120_000)

test('scripts with flipped bytes, and cut at each offset, are read to their end', () => {
  const random = new SeededRandom(5)
  for (const name of ['02-allow-list.cmd', '03-require-esp.netsh']) {
    const bytes = exampleScript(name)
    for (let end = 0; end < bytes.length; end += 7) readScript(bytes.subarray(0, end))
    for (let count = 0; count < 1000; count += 1) {
      const changed = new Uint8Array(bytes)
      for (let flip = 0; flip < 3; flip += 1) changed[random.below(changed.length)] = random.below(256)
      for (const finding of readScript(changed).findings) expect(finding.message).not.toContain('not a real key')
    }
  }
})

test('changed lines of ipseccmd are run or refused', () => {
  const random = new SeededRandom(9)
  const line =
    'ipseccmd -w REG -p "P:30" -r R -f [*+0:445:TCP] (0+10.1.*.*) 0/24:80=DNS -n ESP[3DES,SHA]3600S/50000KP1 INPASS -a PRESHARE:"not a real key" -1s 3DES-SHA-3 -1k 10Q/60S -t 1.2.3.4 -x'
  const parts = line.split(' ')
  for (let count = 0; count < 5000; count += 1) {
    const changed = [...parts]
    for (let change = random.below(4); change >= 0; change -= 1) {
      const at = random.below(changed.length)
      const part = changed[at] ?? ''
      const cut = random.below(part.length + 1)
      changed[at] =
        random.below(2) === 0 ? part.slice(0, cut) : part.slice(0, cut) + random.pick(words) + part.slice(cut)
    }
    for (const finding of readScript(changed.join(' ')).findings) expect(finding.message).not.toContain('not a real')
  }
})

const megabyte = 1_000_000
const fill = (text: string): string => text.repeat(Math.floor(megabyte / text.length))

test.each([
  ['one letter', fill('a')],
  ['quotation marks', fill('"')],
  ['quoted blanks', fill('" ')],
  ['equals signs', fill('=')],
  ['open values', fill('a= ')],
  ['words', `ipsec static add filter ${fill('x ')}`],
  ['tags', `ipsec static add filter ${fill('protocol=tcp ')}`],
  ['keys', `ipsec static add rule R P L A ${fill('psk=x ')}`],
  ['flags', `ipsec static add rule R P L A rootca="${fill(' certmap:yes')}"`],
  ['blanks in a name', `ipsec static add rule R P L A rootca="x${fill(' ')}"`],
  ['methods', `ipsec static add policy P mmsec="${fill('3DES-SHA1-2 ')}"`],
  ['offers', `ipsec static add filteraction A qmsec="${fill('ESP[DES,MD5] ')}"`],
  ['brackets', `ipsec static add filteraction A qmsec="${fill('[')}"`],
  ['an address', `ipsec static add filter L ${fill('1.')} me`],
  ['labels', `ipsec static add filter L ${fill('a.')} me`],
  ['a name', `ipsec static add policy "${fill('n')}"`],
  ['a description', `ipsec static add policy P "${fill('n')}"`],
  ['comments', fill('#\n')],
  ['empty lines', fill('\n')],
  ['contexts', fill('pushd ipsec static\n')],
  ['calls', `netsh ipsec static show all\n${fill('netsh ')}`],
  ['carets', `netsh ipsec static show all\n${fill('^')}`],
  ['blocks', `netsh ipsec static show all\n${fill('(')}`],
  ['variables', `set a=${'x'.repeat(8000)}\n${fill('netsh ipsec %a%\n')}`],
  ['doubling', `netsh ipsec static show all\nset a=xx\n${fill('set a=%a%%a%\n')}`],
  ['paths', `netsh ipsec static show all\n${fill('a\\')}`],
  ['zeros', fill('\0')],
  ['filters', `ipseccmd -w REG -p P -r R -n BLOCK -f ${fill('[0+*] ')}`],
  ['colons', `ipseccmd -w REG -p P -r R -n BLOCK -f 0+*${fill(':')}`],
  ['policy names', `ipseccmd -w REG -p ${fill('P:1 ')}`],
  ['bracketed words', `ipseccmd -n ${fill('ESP[ ')}`],
])('a megabyte of %s is done in a moment', (_, text) => {
  const start = performance.now()
  const { findings } = readScript(text)
  isNetshScript(text)
  redactLine(text)
  for (const finding of findings) expect(finding.message.length).toBeLessThan(2000)
  // Linear work takes a fraction of a second; the bound leaves room for a busy machine.
  expect(performance.now() - start).toBeLessThan(10_000)
})

const timeOf = (count: number): number => {
  const start = performance.now()
  expect(readScript(script(count)).findings).toEqual([])
  return performance.now() - start
}

test('time grows in proportion to the lines of a script, additions and deletions alike', () => {
  timeOf(500)
  const small = Math.max(20, timeOf(1000))
  // Twenty times the lines: a quadratic reader would take four hundred times as long.
  expect(timeOf(20_000)).toBeLessThan(small * 120)
}, 120_000)
