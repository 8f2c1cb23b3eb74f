import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { writeReg } from '../../src/formats/reg/index.ts'
import { regRootOf } from '../../src/formats/object-store/index.ts'
import { type Schema, schemaFaults } from '../support/jsonSchema.ts'
import { checkout, polagent, type PolagentRun } from '../support/polagent.ts'
import { sampleStore } from '../support/samplePolicies.ts'

let directory = ''
let reg = ''
let state = ''
let count = 0
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'polagent-store-'))
  reg = join(directory, 'export.reg')
  writeFileSync(reg, writeReg(regRootOf([sampleStore()])))
})
afterAll(() => rmSync(directory, { recursive: true }))
beforeEach(() => {
  count += 1
  state = join(directory, `state-${count}`)
})

function run(...args: readonly string[]): Promise<PolagentRun> {
  return polagent(args, { env: { POLAGENT_STATE_DIR: state } })
}

async function done(...args: readonly string[]): Promise<PolagentRun> {
  const result = await run(...args)
  expect(result.status, `${args.join(' ')}: ${result.err}`).toBe(0)
  return result
}

async function assignedHere(): Promise<readonly string[]> {
  const shown = JSON.parse((await done('show', 'local', '--json')).out) as {
    policies: { name: string; assigned: boolean }[]
  }
  return shown.policies.filter((policy) => policy.assigned).map((policy) => policy.name)
}

test('a policy is imported, assigned, unassigned, deleted and restored', async () => {
  expect((await done('import', reg)).out).toContain('Imported "Sample policy"')
  expect(await assignedHere(), 'importing assigns nothing').toEqual([])
  expect((await done('assign', 'sample policy')).out).toContain('Assigned "Sample policy"')
  expect(await assignedHere()).toEqual(['Sample policy'])
  expect((await done('assign', 'sample policy')).out).toContain('Nothing has changed')

  const refused = await run('delete', 'Sample policy')
  expect(refused.status).toBe(4)
  expect(refused.err).toContain('POLICY_ASSIGNED')

  await done('unassign')
  expect(await assignedHere()).toEqual([])
  expect((await done('delete', 'Sample policy')).out).toContain('Deleted "Sample policy"')
  expect((JSON.parse((await done('show', 'local', '--json')).out) as { policies: unknown[] }).policies).toEqual([])

  await done('restore', '--last')
  expect((await done('show', 'local')).out).toContain('Policy "Sample policy"')
  const history = JSON.parse((await done('history', '--json')).out) as { generations: { reason: string }[] }
  expect(history.generations.map((generation) => generation.reason)).toEqual([
    'import export.reg',
    'assign "sample policy"',
    'unassign',
    'delete "Sample policy"',
    expect.stringMatching(/^restore generation \d+$/),
  ])
  const schema = JSON.parse(readFileSync(join(checkout, 'docs/schema/history.schema.json'), 'utf8')) as Schema
  expect(schemaFaults(history, schema)).toEqual([])
})

describe('import', () => {
  test('--assign assigns in the same change', async () => {
    expect((await done('import', reg, '--assign')).out).toContain('assigned "Sample policy"')
    expect(await assignedHere()).toEqual(['Sample policy'])
    expect((await done('history')).out.trim().split('\n')).toHaveLength(1)
  })

  test('twice changes nothing; a changed policy replaces the old one, is left out, or comes as a new one', async () => {
    await done('import', reg)
    expect((await done('import', reg)).out).toContain('Nothing has changed')
    const changed = join(directory, 'changed.reg')
    const text = readFileSync(reg, 'utf16le').replace('"For tests"', '"Changed"')
    writeFileSync(changed, text, 'utf16le')
    const descriptions = async (): Promise<readonly string[]> => {
      const shown = JSON.parse((await done('show', 'local', '--json')).out) as { policies: { description: string }[] }
      return shown.policies.map((policy) => policy.description).toSorted()
    }
    await done('import', changed, '--on-conflict', 'keep')
    expect(await descriptions()).toEqual(['For tests'])
    await done('import', changed, '--on-conflict', 'new-ids')
    expect(await descriptions()).toEqual(['Changed', 'For tests'])
    await done('restore', '--last')
    await done('import', changed)
    expect(await descriptions()).toEqual(['Changed'])
  })

  test('into the persistent area, beside the local one', async () => {
    await done('import', reg, '--area', 'persistent', '--assign')
    await done('import', reg)
    const shown = JSON.parse((await done('show', 'local', '--json')).out) as {
      policies: { area: string; assigned: boolean }[]
    }
    expect(shown.policies).toMatchObject([
      { area: 'persistent', assigned: true },
      { area: 'local', assigned: false },
    ])
    await done('unassign', '--area', 'persistent')
    expect(await assignedHere()).toEqual([])
  })
})

test('what was exported is what was imported', async () => {
  await done('import', reg, '--assign')
  const file = join(directory, 'out.reg')
  await done('export', '-o', file)
  const shown = async (source: string): Promise<unknown> =>
    (JSON.parse((await done('show', source, '--json')).out) as { policies: unknown }).policies
  expect(await shown(file)).toEqual(await shown(reg))
})

test('commands on a store that is not there say so', async () => {
  for (const args of [['assign', 'x'], ['unassign'], ['delete', 'x'], ['export'], ['show', 'local']]) {
    const result = await run(...args)
    expect(result.status, args.join(' ')).toBe(3)
    expect(result.err).toContain('STORE_MISSING')
  }
  expect((await done('history')).err).toContain('never changed')
})

test('changes of many commands at once are all kept', async () => {
  const names = ['One', 'Two', 'Three', 'Four', 'Five', 'Six']
  const runs = await Promise.all(
    names.map((name) => {
      const file = join(directory, `${name}.yaml`)
      writeFileSync(file, `polagent: 1\npolicies:\n  - name: ${name}\n    defaultResponse: none\n`)
      return run('import', file, '--wait', '60')
    }),
  )
  expect(runs.map((result) => result.status)).toEqual(names.map(() => 0))
  const shown = JSON.parse((await done('show', 'local', '--json')).out) as { policies: { name: string }[] }
  expect(shown.policies.map((policy) => policy.name).toSorted()).toEqual(names.toSorted())
  const history = JSON.parse((await done('history', '--json')).out) as { generations: unknown[] }
  expect(history.generations).toHaveLength(names.length)
})
