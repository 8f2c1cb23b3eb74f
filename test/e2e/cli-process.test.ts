import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkout, launcher, polagent } from '../support/polagent.ts'

let directory = ''
let large = ''
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'polagent-process-'))
  const filters = Array.from(
    { length: 30_000 },
    (_, index) => `  10.${index >> 16}.${(index >> 8) & 255}.${index & 255} <-> me`,
  )
  const text = `polagent: 1\npolicies:\n  - name: Large\n    rules:\n      - filterAction: block\n        filters: |\n${filters.map((line) => `        ${line}`).join('\n')}\n`
  writeFileSync(join(directory, 'large.yaml'), text)
  large = join(directory, 'large.hive')
  const run = await polagent(['convert', join(directory, 'large.yaml'), '--to', 'hive', '-o', large])
  expect(run.status, run.err).toBe(0)
})
afterAll(() => rmSync(directory, { recursive: true }))

test('a reader that goes away ends the program quietly', () => {
  const run = spawnSync(
    'bash',
    ['-c', `set -o pipefail; "$0" show "$1" | head -1; echo "status $?"`, launcher, large],
    {
      encoding: 'utf8',
    },
  )
  expect(run.stderr).toBe('')
  expect(run.stdout).toMatch(/^Policy "Large".*\nstatus 0\n$/)
})

test('Ctrl-C ends it at once', async () => {
  const child = spawn(launcher, ['show', '-'], { stdio: ['pipe', 'ignore', 'ignore'] })
  await once(child, 'spawn')
  const gone = once(child, 'exit')
  child.kill('SIGINT')
  expect(await gone).toEqual([null, 'SIGINT'])
})

describe('the launcher', () => {
  test('works through a symbolic link, from any directory, and from PATH', () => {
    const link = join(directory, 'polagent')
    symlinkSync(launcher, link)
    const version = /^\d+\.\d+\.\d+\n$/
    const env = { PATH: `${directory}:/usr/bin:/bin` }
    for (const command of [link, './polagent', 'polagent']) {
      const run = spawnSync('sh', ['-c', `${command} --version`], { cwd: directory, env, encoding: 'utf8' })
      expect(run.stdout, command).toMatch(version)
    }
  })

  test('builds when a source is newer, says so on standard error, and is quiet afterwards', () => {
    const copy = join(directory, 'checkout')
    mkdirSync(copy)
    for (const name of ['src', 'script', 'polagent', 'package.json', 'package-lock.json']) {
      cpSync(join(checkout, name), join(copy, name), { recursive: true })
    }
    symlinkSync(join(checkout, 'node_modules'), join(copy, 'node_modules'))
    const version = (): { out: string; err: string } => {
      const run = spawnSync(join(copy, 'polagent'), ['--version'], { encoding: 'utf8' })
      return { out: run.stdout, err: run.stderr }
    }
    expect(version()).toMatchObject({ out: expect.stringMatching(/^\d/), err: expect.stringContaining('building') })
    expect(version().err).toBe('')
    spawnSync('touch', ['-d', '+2 seconds', join(copy, 'src/cli/main.ts')])
    expect(version().err).toContain('building')
  })
})
