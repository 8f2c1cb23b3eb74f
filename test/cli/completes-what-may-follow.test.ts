import { Command, Option } from 'commander'
import { describe, expect, test } from 'vitest'
import { commandCompletions, type Completions, wordCompletions } from '../../src/cli/completions.ts'

const sources = {
  policyNames: () => ['Server hardening', 'Domain isolation'],
  generations: () => [{ value: '3', description: 'import x.reg' }],
}

function values(completions: Completions): string[] {
  return completions.candidates.map((one) => one.value)
}

function command(): Command {
  return new Command('x')
    .argument('<source>')
    .argument('[policy]')
    .addOption(new Option('--area <area>').choices(['local', 'persistent']))
    .option('-o, --output <file>')
    .option('--json', 'one document')
}

test('the first word is a command', () => {
  expect(values(commandCompletions('hi'))).toEqual(['history'])
  expect(values(commandCompletions(''))).toContain('help')
  expect(values(commandCompletions('')), 'hidden commands stay hidden').not.toContain('complete')
})

describe('after the command', () => {
  test.each([
    { words: [''], expected: ['local'], files: true },
    { words: ['x.reg', ''], expected: ['Server hardening', 'Domain isolation'], files: false },
    { words: ['x.reg', 'dom'], expected: ['Domain isolation'], files: false },
    { words: ['x.reg', 'p', ''], expected: [], files: false },
    { words: ['--area', ''], expected: ['local', 'persistent'], files: false },
    { words: ['--area', 'p'], expected: ['persistent'], files: false },
    { words: ['--area=p'], expected: ['--area=persistent'], files: false },
    { words: ['--area', '=', 'p'], expected: ['persistent'], files: false },
    { words: ['--area', '='], expected: ['local', 'persistent'], files: false },
    { words: ['-o', ''], expected: [], files: true },
    { words: ['--area', 'local', 'loc'], expected: ['local'], files: true },
    { words: ['--json', '--'], expected: ['--area', '--output', '--help'], files: false },
  ])('$words', ({ words, expected, files }) => {
    const found = wordCompletions(command(), words, sources)
    expect(values(found)).toEqual(expected)
    expect(found.allowsFiles).toBe(files)
  })
})
