import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { regRootOf } from '../../src/formats/object-store/index.ts'
import { writeReg } from '../../src/formats/reg/index.ts'
import { checkout, polagent } from '../support/polagent.ts'
import { sampleStore } from '../support/samplePolicies.ts'

let directory = ''
let env: Record<string, string> = {}
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'polagent-completion-'))
  writeFileSync(join(directory, 'export one.reg'), writeReg(regRootOf([sampleStore()])))
  env = { PATH: `${checkout}:/usr/bin:/bin`, HOME: directory, POLAGENT_STATE_DIR: join(directory, 'state') }
  const run = await polagent(['import', join(directory, 'export one.reg')], { env })
  expect(run.status, run.err).toBe(0)
})
afterAll(() => rmSync(directory, { recursive: true }))

/** Each shell is asked what it would offer for these words, the last of which is being typed. */
type Ask = (words: readonly string[]) => readonly string[]

function output(program: string, args: readonly string[]): string[] {
  const run = spawnSync(program, args, { cwd: directory, env, encoding: 'utf8', timeout: 30_000 })
  expect(run.status, `${program}: ${run.stderr}${String(run.error ?? '')}`).toBe(0)
  return run.stdout.split('\n').filter((line) => line !== '')
}

const bash: Ask = (words) =>
  output('bash', [
    '--norc',
    '-c',
    `source <(polagent completion bash)
     COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _polagent; printf '%s\\n' "\${COMPREPLY[@]}"`,
    'bash',
    ...words,
  ])

/** The functions of zsh's completion system are stood in for, so that no terminal is needed. */
const zsh: Ask = (words) =>
  output('zsh', [
    '-f',
    '-c',
    `compdef() { }
     _describe() { print -rl -- "\${(@)\${(@P)2}%%:*}" }
     _files() { print -rl -- *(N) }
     source <(polagent completion zsh)
     words=("$@"); CURRENT=$#; _polagent`,
    'zsh',
    ...words,
  ])

const fish: Ask = (words) =>
  output('fish', ['--no-config', '-c', `polagent completion fish | source; complete -C "${words.join(' ')}"`]).map(
    (line) => line.split('\t')[0] as string,
  )

describe.each([
  ['bash', bash],
  ['zsh', zsh],
  ['fish', fish],
] as const)('%s completes', (shell, ask) => {
  test('commands', () => {
    expect(ask(['polagent', 'hist'])).toEqual(['history'])
    expect(ask(['polagent', ''])).toEqual(expect.arrayContaining(['show', 'check', 'assign', 'help']))
  })

  test('options and their values', () => {
    expect(ask(['polagent', 'assign', '--are'])).toEqual(['--area'])
    expect(ask(['polagent', 'assign', '--area', 'per'])).toEqual(['persistent'])
  })

  test('names of policies in the local store', () => {
    const [name] = ask(['polagent', 'assign', 'samp'])
    expect(name?.replaceAll('\\', '')).toBe('Sample policy')
  })

  test('files where a source is wanted', () => {
    const found = ask(['polagent', 'show', '']).map((name) => name.replaceAll('\\', ''))
    expect(found).toEqual(expect.arrayContaining(['local', 'export one.reg']))
    expect(shell).toMatch(/bash|zsh|fish/)
  })
})
