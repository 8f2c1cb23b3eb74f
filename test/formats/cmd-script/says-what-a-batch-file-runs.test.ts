import { describe, expect, test } from 'vitest'
import { type CmdCommand, runCmdScript } from '../../../src/formats/cmd-script/index.ts'

function run(text: string, files: Record<string, string> = {}) {
  const commands: CmdCommand[] = []
  const told: string[] = []
  runCmdScript(text, {
    run: (command) => commands.push(command),
    tell: (code, what, line) => told.push(`${line} ${code} ${what}`),
    files: new Map(Object.entries(files)),
  })
  return { commands, told, texts: commands.map((command) => command.text) }
}

function textsOf(text: string, files: Record<string, string> = {}): string[] {
  const { texts, told } = run(text, files)
  expect(told).toEqual([])
  return texts
}

describe('lines', () => {
  test('continuations, several commands, remarks, redirections, quotes', () => {
    const script = [
      '@echo off',
      'REM netsh one',
      ':: netsh two',
      'netsh a ^',
      '  b=1 & netsh "c & d" > nul 2>&1',
      'netsh e^&f && (netsh g) || netsh h',
      'echo y| netsh i',
    ].join('\r\n')
    expect(textsOf(script)).toEqual([
      'echo off',
      'netsh a   b=1',
      'netsh "c & d"',
      'netsh e&f',
      'netsh g',
      'netsh h',
      'echo y',
      'netsh i',
    ])
    expect(run(script).commands.map(({ line, joint }) => `${line} ${joint}`)).toEqual([
      '1 start',
      '4 start',
      '5 &',
      '6 start',
      '6 start',
      '6 ||',
      '7 start',
      '7 |',
    ])
  })

  test('columns', () => {
    expect(run('  netsh a & netsh b').commands.map(({ column }) => column)).toEqual([3, 13])
  })

  test('variables, and what is not known', () => {
    const { commands } = run('set P=x y\nset "Q=%P%-1"\nnetsh name="%Q%" %~dp0 %1 %TEMP%\nset /a N=1+1\nnetsh %N%')
    expect(commands.map(({ text, unknownNames }) => [text, unknownNames])).toEqual([
      ['netsh name="x y-1" %~dp0 %1 %TEMP%', ['%~dp0', '%1', '%TEMP%']],
      ['netsh %N%', ['%N%']],
    ])
  })

  test('setlocal hides what it assigned, delayed expansion is read where it is on', () => {
    const script =
      'set A=1\nsetlocal EnableDelayedExpansion\nfor %%i in (5 6) do (set A=%%i\nnetsh !A!)\nendlocal\nnetsh !A!'
    expect(textsOf(script)).toEqual(['netsh 5', 'netsh 6', 'netsh !A!'])
  })
})

describe('loops', () => {
  test('lists, numbers, nested blocks, quotes taken off', () => {
    expect(textsOf('for %%i in (a,b;c) do netsh %%i')).toEqual(['netsh a', 'netsh b', 'netsh c'])
    expect(textsOf('FOR /L %%n IN (3,-1,1) DO netsh %%n')).toEqual(['netsh 3', 'netsh 2', 'netsh 1'])
    expect(textsOf('for %%a in ("x y" z) do (\n  for %%b in (1 2) do (\n netsh %%~a %%b\n)\n)\nnetsh end')).toEqual([
      'netsh x y 1',
      'netsh x y 2',
      'netsh z 1',
      'netsh z 2',
      'netsh end',
    ])
    expect(textsOf('for %%i in (\n a\n b\n) do netsh %%i & netsh -%%i')).toEqual([
      'netsh a',
      'netsh -a',
      'netsh b',
      'netsh -b',
    ])
    expect(textsOf('for /l %%i in (2,1,1) do netsh %%i')).toEqual([])
  })

  test('files that are given, with tokens and delimiters', () => {
    const files = { 'ports.txt': '; remark\r\n135,tcp,RPC mapper\r\n\r\n445,tcp\r\n' }
    const script = String.raw`for /f "tokens=1,2* delims=," %%p in (C:\x\Ports.txt) do netsh %%p %%q "%%r"`
    expect(textsOf(script, files)).toEqual(['netsh 135 tcp "RPC mapper"', 'netsh 445 tcp ""'])
    expect(textsOf('for /f "skip=2 delims=," %%p in (ports.txt) do netsh %%p', files)).toEqual(['netsh 445'])
    expect(textsOf('for /f "usebackq tokens=2 delims=, " %%p in ("ports.txt") do netsh %%p', files)).toEqual(
      ['netsh remark', 'netsh tcp', 'netsh tcp'].slice(1),
    )
    expect(textsOf('for /f "tokens=1-3" %%p in ("1 2 3") do netsh %%r%%q%%p')).toEqual(['netsh 321'])
  })

  test('a file that is not given, a command, a pattern, an argument: the body once, with its condition', () => {
    for (const head of [
      '/f %%i in (list.txt)',
      "/f %%i in ('dir')",
      '%%i in (*.txt)',
      '%%i in (%1)',
      '/r %%i in (x)',
    ]) {
      const { commands } = run(`for ${head} do netsh name=%%i`)
      expect(commands).toHaveLength(1)
      expect(commands[0]).toMatchObject({ text: 'netsh name=%%i', unknownNames: ['%%i'] })
      expect(commands[0]?.conditions[0]).toContain('only a run knows')
    }
    expect(run('\nfor /f %%i in (list.txt) do netsh').told).toEqual(['2 CMD_FILE_NEEDED list.txt'])
  })

  test.each([
    'for /l %%i in (1,1,1000000000) do netsh %%i',
    'for /l %%i in (1,0,1) do netsh %%i',
    `${'for /l %%i in (1,1,1000) do '.repeat(20)} netsh`,
    `for /l %%i in (1,1,200000) do for %%j in (${'x '.repeat(50_000)}) do rem`,
    `for %%i in (${'z'.repeat(30_000)}) do for /l %%j in (1,1,200000) do netsh ${'%%i'.repeat(100)}`,
  ])('a bomb ends early and is told: %.60s', (script) => {
    const before = performance.now()
    const { told, commands } = run(`${script}\nnetsh after`)
    expect(told[0]).toMatch(/^\d+ CMD_TOO_MANY/)
    expect(commands.length).toBeLessThanOrEqual(262_145)
    expect(commands.at(-1)?.text).toBe('netsh after')
    expect(performance.now() - before).toBeLessThan(10_000)
  })
})

test('values that make too much are not put in', () => {
  const value = 'y'.repeat(30_000)
  const { commands } = run(
    `set A=${value}\nsetlocal enabledelayedexpansion\nfor /l %%i in (1,1,9999) do netsh !A!!A!!A!`,
  )
  expect(commands.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThan(10_000_000)
  expect(commands[0]).toMatchObject({ text: `netsh ${value.repeat(3)}`, unknownNames: [] })
  expect(commands.at(-1)?.unknownNames).not.toEqual([])
})

test('a line that variables make too long is told', () => {
  const { told } = run(`netsh a\n${'%%'.repeat(100_000)} netsh b`)
  expect(told).toEqual(['2 CMD_TOO_MANY variables make too much of the line, which is passed over'])
})

describe('conditions', () => {
  test('texts decide', () => {
    expect(textsOf('set M=on\nif "%M%"=="on" (netsh 1) else (netsh 2)\nif /i not "%M%"=="ON" netsh 3')).toEqual([
      'netsh 1',
    ])
    expect(textsOf('if 3 GTR 2 netsh a\nif 10 lss 9 netsh b\nset D=1\nif defined D netsh c')).toEqual([
      'netsh a',
      'netsh c',
    ])
    expect(textsOf('for %%i in (a b) do if %%i==b (netsh b) else netsh not')).toEqual(['netsh not', 'netsh b'])
  })

  test.each(['exist x.txt', 'errorlevel 1', 'defined TEMP', '"%1"==""', 'not exist "a b"', '%ERRORLEVEL% NEQ 0'])(
    'if %s is told with the command, and what it assigns is not known',
    (condition) => {
      const { commands } = run(`set V=1\nif ${condition} (\nnetsh a\nset V=2\n) else netsh b\nnetsh %V%`)
      expect(
        commands.map(({ text, conditions, unknownNames }) => [text, conditions.length, unknownNames.length]),
      ).toEqual([
        ['netsh a', 1, 0],
        ['netsh b', 1, 0],
        ['netsh %V%', 0, 1],
      ])
      expect(commands[0]?.conditions[0]).toContain(condition.slice(0, 4))
    },
  )

  test('whether a name is defined is not known after endlocal', () => {
    const { commands } = run('setlocal\nset A=1\nendlocal\nif defined A netsh a')
    expect(commands.map(({ conditions }) => conditions)).toEqual([['it depends on "if defined A"']])
  })

  test('a condition governs all that stands after it on its line', () => {
    const { commands } = run('if exist x netsh a & netsh b\nnetsh c')
    expect(commands.map(({ conditions }) => conditions.length)).toEqual([1, 1, 0])
  })

  test('what runs only when a command fails is conditional', () => {
    const { commands } = run('netsh a || netsh b\n(netsh c) & netsh d')
    expect(commands.map(({ conditions }) => conditions.length)).toEqual([0, 1, 0, 0])
  })
})

describe('jumps', () => {
  test('forward and to the end', () => {
    expect(textsOf('netsh 1\ngoto next\nnetsh 2\n:next\nnetsh 3\ngoto :eof\nnetsh 4')).toEqual(['netsh 1', 'netsh 3'])
    expect(textsOf('netsh 1\nexit /b 0\nnetsh 2')).toEqual(['netsh 1'])
  })

  test('a jump under a condition makes what it may jump over conditional, up to its label', () => {
    const { commands, told } = run('if exist x goto skip\nnetsh a\n:skip\nnetsh b')
    expect(commands.map(({ conditions }) => conditions)).toEqual([['line 1 may jump over it, to :skip'], []])
    expect(told).toEqual([])
    expect(run('(if exist x goto skip\nnetsh a)\n:skip').commands[0]?.conditions).toHaveLength(1)
  })

  test('back, to nowhere, a possible end, a call', () => {
    expect(run(':top\nnetsh a\ngoto top\nnetsh b')).toMatchObject({
      texts: ['netsh a', 'netsh b'],
      told: ['3 CMD_LOOP goto top, which is in line 1'],
    })
    expect(run('goto nowhere\nnetsh b')).toMatchObject({ texts: [], told: ['1 CMD_LABEL_MISSING :nowhere'] })
    expect(run('net session || exit /b 1\nnetsh b').told).toEqual([
      '1 CMD_MAY_END exit /b 1, it runs only when the command before it fails',
    ])
    expect(run('call :sub 1\ncall other.cmd').told.map((text) => text.slice(0, 10))).toEqual([
      '1 CMD_CALL',
      '2 CMD_CALL',
    ])
  })
})

test.each([
  ['for %%i in (a b', 'CMD_SYNTAX'],
  ['for %%i in (a b) netsh', 'CMD_SYNTAX'],
  ['(\nnetsh', 'CMD_SYNTAX'],
  ['if netsh', 'CMD_SYNTAX'],
  [`${'('.repeat(100_000)}netsh`, 'CMD_TOO_DEEP'],
  ['if a==a '.repeat(100_000), 'CMD_TOO_DEEP'],
  ['for %%i in (a) do '.repeat(1000), 'CMD_TOO_DEEP'],
])('%.40s ends with %s', (script, code) => {
  expect(run(`netsh first\n${script}`)).toMatchObject({ texts: ['netsh first'], told: [expect.stringContaining(code)] })
})
