import { describe, expect, test } from 'vitest'
import { embeddedCommands } from '../../../src/formats/embedded-commands/index.ts'
import { isInProportion } from '../../support/growth.ts'
import { SeededRandom } from '../../support/seededRandom.ts'

function found(text: string): string[] {
  return embeddedCommands(text).map(
    (command) =>
      `${command.line}:${command.column} ${command.text}${command.builtFrom.length === 0 ? '' : ` <- ${command.builtFrom.join(' ')}`}`,
  )
}

describe('PowerShell', () => {
  test.each([
    ['netsh ipsec static add policy name=P', '1:1 netsh ipsec static add policy name=P'],
    ['& netsh ipsec static show all | Out-Null', '1:3 netsh ipsec static show all'],
    ['& "C:\\Windows\\System32\\netsh.exe" ipsec static show all; exit', '1:24 netsh ipsec static show all'],
    [
      'netsh ipsec static add policy `\r\n  name="a b" assign=y',
      '1:1 netsh ipsec static add policy   name="a b" assign=y',
    ],
    ["Start-Process netsh -ArgumentList 'ipsec static add policy P' -Wait", '1:15 netsh ipsec static add policy P'],
    [
      "Start-Process -FilePath 'netsh.exe' -ArgumentList @('ipsec', 'static', 'add', 'policy', 'a b')",
      '1:26 netsh ipsec static add policy "a b"',
    ],
    ['cmd /c "netsh ipsec static delete all"', '1:9 netsh ipsec static delete all'],
    ['$o = netsh ipsec static show all', '1:6 netsh ipsec static show all'],
    ['netsh ipsec static add policy name=$name', '1:1 netsh ipsec static add policy name=$name <- $name'],
    ['$s = @"\nnetsh ipsec static add policy "name=${x}"\n"@', '2:1 netsh ipsec static add policy "name=${x}" <- ${x}'],
    [
      'netsh ipsec static set rule guid={11111111-2222-3333-4444-555555555555}',
      '1:1 netsh ipsec static set rule guid={11111111-2222-3333-4444-555555555555}',
    ],
  ])('%s', (text, line) => {
    expect(found(text)).toEqual([line])
  })
})

describe('VBScript', () => {
  test.each([
    ['sh.Run "netsh ipsec static show all", 0, True', '1:9 netsh ipsec static show all'],
    [
      'shell.Run "%comspec% /c x"\nWShell.Run "cmd /c netsh ipsec static add policy name=""a b""", 0',
      '2:20 netsh ipsec static add policy name="a b"',
    ],
    [
      'sh.Run "netsh ipsec static add filterlist name=" & n, 0',
      '1:9 netsh ipsec static add filterlist name= <- concatenation',
    ],
    ['x.Run "ipseccmd -w REG -p P -r R -f *+0 -n BLOCK -x"', '1:8 ipseccmd -w REG -p P -r R -f *+0 -n BLOCK -x'],
  ])('%s', (text, line) => {
    expect(found(text)).toEqual([line])
  })

  test('a remark is none', () => {
    expect(
      found("' netsh ipsec static show all\n'netsh ipsec static show all\nRem netsh ipsec static delete all"),
    ).toEqual([])
  })
})

describe('Python', () => {
  test.each([
    ['os.system("netsh ipsec static show all")', '1:12 netsh ipsec static show all'],
    ['os.system(\'netsh ipsec static add policy name="a b"\')', '1:12 netsh ipsec static add policy name="a b"'],
    ['os.system("netsh ipsec static add policy name=\\"a b\\"")', '1:12 netsh ipsec static add policy name="a b"'],
    ['subprocess.run(["netsh", "ipsec", "static", "show", "all"])', '1:18 netsh ipsec static show all'],
    [
      "run(['netsh',\n     'ipsec', 'static', 'add',\n 'policy', 'name=' + name, port])",
      '1:7 netsh ipsec static add policy name= <name> <port> <- <name> <port> concatenation',
    ],
    [
      'os.system(f"netsh ipsec static add policy name={name}")',
      '1:13 netsh ipsec static add policy name={name} <- {name}',
    ],
    [
      'os.system("netsh ipsec static delete policy %s" % n)',
      '1:12 netsh ipsec static delete policy %s <- %s concatenation',
    ],
    ['cmd = """\nnetsh ipsec static delete all\n"""', '2:1 netsh ipsec static delete all'],
  ])('%s', (text, line) => {
    expect(found(text)).toEqual([line])
  })
})

test('YAML, Markdown, logs', () => {
  const text = [
    '# netsh ipsec static add policy heading',
    '  - win_command: netsh ipsec static add policy name={{ name }}',
    '    run: "netsh ipsec static delete all"',
    "  - 'netsh ipsec static show all'",
    "Don't use netsh ipsec static add policy in prose, nor netsh or netsh ipsec.",
    'Run `netsh ipsec static show policy all` instead.',
    '```cmd',
    'C:\\> netsh ipsec static add policy ^',
    '   <name>',
    '```',
    '2024-05-01 10:00:00 INFO cmd: netsh ipsec static set policy P assign=y',
    'netsh advfirewall show all',
    'netsh -c "ipsec static" show all',
  ].join('\n')
  expect(found(text)).toEqual([
    '2:18 netsh ipsec static add policy name={{ name }} <- {{ name }}',
    '3:11 netsh ipsec static delete all',
    '4:6 netsh ipsec static show all',
    '6:6 netsh ipsec static show policy all',
    '8:6 netsh ipsec static add policy    <name> <- <name>',
    '11:31 netsh ipsec static set policy P assign=y',
    '13:1 netsh -c "ipsec static" show all',
  ])
})

const pieces = [
  'netsh',
  'netsh ',
  'ipsec ',
  'static ',
  'add ',
  'ipseccmd',
  ' -w',
  '"',
  "'",
  '"""',
  ',',
  '[',
  ']',
  '(',
  ')',
  '\n',
  '`',
  '^',
  '\\',
  '& ',
  ' + ',
  '%',
  '$x',
  '${',
  '}',
  '{',
  '<a>',
  'Start-Process ',
  ' -ArgumentList ',
  '@(',
  '#',
  '|',
  ';',
  '>',
  'é',
  '\0',
  '\ud800',
  '.exe',
]

test('a hundred thousand odd texts', () => {
  const random = new SeededRandom(0x5eed_e3b1)
  for (let round = 0; round < 100_000; round += 1) {
    let text = ''
    for (let count = 1 + random.below(20); count > 0; count -= 1) text += random.pick(pieces)
    for (const command of embeddedCommands(text)) {
      expect(text.toLowerCase()).toContain(command.text.slice(0, 5).toLowerCase())
    }
  }
}, 60_000)

describe('work is in proportion to the text', () => {
  test.each<[string, (count: number) => string]>([
    ['names', (count) => 'netsh '.repeat(count / 6)],
    ['commands on one line', (count) => 'netsh ipsec s '.repeat(count / 14)],
    ['open literals', (count) => '"netsh '.repeat(count / 7)],
    ['lists that do not end', (count) => '"netsh", "a" '.repeat(count / 13)],
    ['one long list', (count) => `["netsh", ${'"a", '.repeat(count / 5)}`],
    ['unclosed literals of lists', (count) => `"netsh", 'a `.repeat(count / 12)],
    ['literals with no end', (count) => `"netsh ipsec ${'a'.repeat(count)}`],
    ['variables', (count) => `netsh ipsec ${'${'.repeat(count / 2)}`],
    ['placeholders', (count) => `netsh ipsec ${'<a'.repeat(count / 2)}`],
    ['continuations', (count) => `netsh ipsec ${'`\n'.repeat(count / 2)}`],
    ['blanks', (count) => `netsh${' '.repeat(count)}`],
    ['remarks', (count) => `#${' netsh'.repeat(count / 6)}`],
    ['options', (count) => `netsh ${'-c x '.repeat(count / 5)}`],
  ])(
    '%s',
    (_, bomb) => {
      expect(isInProportion(embeddedCommands, bomb)).toBe(true)
    },
    60_000,
  )
})
