import { expect, test } from 'vitest'
import { PolagentError } from '../../src/base/errors.ts'
import { reportFailure } from '../../src/cli/failure.ts'
import type { Io } from '../../src/cli/io.ts'
import { runCommand } from '../support/fakeIo.ts'

function told(error: unknown, isJson = false, env: Io['env'] = {}): { out: string; err: string; status: number } {
  const result = { out: '', err: '', status: 0 }
  const io: Partial<Io> = {
    out: (text) => void (result.out += text),
    err: (text) => void (result.err += text),
    env,
    setStatus: (status) => {
      result.status = status
    },
  }
  reportFailure(error, io as Io, isJson)
  return result
}

test('a failure is a sentence with its place and code, and what to do', () => {
  const failure = new PolagentError('INPUT_UNRECOGNISED', { file: 'x.bin', offset: 0, what: 'it is empty' })
  const { err, status } = told(failure)
  expect(err.split('\n')[0]).toBe(
    'polagent: x.bin, byte 0: The input is of no known format: it is empty [INPUT_UNRECOGNISED]',
  )
  expect(err.split('\n')[1]).toMatch(/^ {2}polagent reads /)
  expect(status).toBe(3)
})

test('as a document it is one finding', () => {
  const failure = new PolagentError('STORE_MISSING', { file: '/x/policy.hive' })
  expect(JSON.parse(told(failure, true).out)).toEqual({
    version: 1,
    findings: [
      {
        severity: 'error',
        code: 'STORE_MISSING',
        object: null,
        message: 'There is no local store',
        place: '/x/policy.hive',
        advice: expect.stringContaining('polagent import'),
        file: '/x/policy.hive',
        win32: 2,
      },
    ],
  })
})

test('an unforeseen exception has no trace unless it is asked for', () => {
  const error = new TypeError('cannot read x\nof undefined')
  expect(told(error).err).toBe(
    'polagent: polagent failed in a way it should not: cannot read x [INTERNAL]\n' +
      '  Please report this with the input that caused it.\n',
  )
  expect(told(error, false, { POLAGENT_DEBUG: '1' }).err).toMatch(/\n\s+at /)
  expect(told(error).status).toBe(4)
})

test('too little memory is said as such', () => {
  expect(told(new RangeError('Array buffer allocation failed')).err).toContain('OUT_OF_MEMORY')
})

test('names from outside cannot play with the terminal', () => {
  const failure = new PolagentError('NOT_FOUND', { what: 'policy "\u001B[2Jx"' })
  expect(told(failure).err).not.toContain('\u001B')
})

test('a command that is mistyped is told which one is near', async () => {
  const run = await runCommand(['shwo', 'x'])
  expect(run.status).toBe(2)
  expect(run.err).toContain("unknown command 'shwo' (Did you mean show?)")
})

test.each([['--help'], ['help'], [], ['help', 'show'], ['show', '--help']])(
  'help is no failure: %j',
  async (...args) => {
    const run = await runCommand(args.filter((arg) => arg !== undefined))
    expect(run).toMatchObject({ status: 0, err: '' })
    expect(run.out).toContain('Usage: polagent')
  },
)
