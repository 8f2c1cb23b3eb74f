import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeHive } from '../../src/formats/regf/index.ts'
import { writeReg } from '../../src/formats/reg/index.ts'
import { registryRootOf, regRootOf } from '../../src/formats/object-store/index.ts'
import { type Schema, schemaFaults } from '../support/jsonSchema.ts'
import { checkout, polagent } from '../support/polagent.ts'
import { sampleKey, sampleStore } from '../support/samplePolicies.ts'

let directory = ''
let hive = ''
let reg = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'polagent-formats-'))
  hive = path('SOFTWARE')
  reg = path('export.reg')
  writeFileSync(hive, writeHive(registryRootOf([sampleStore()]), { fileName: 'SOFTWARE' }))
  writeFileSync(reg, writeReg(regRootOf([sampleStore()])))
})
afterAll(() => rmSync(directory, { recursive: true }))

function path(name: string): string {
  return join(directory, name)
}

interface Shown {
  readonly policies: readonly { readonly name: string }[]
  readonly areas: unknown
}

async function shown(source: string): Promise<Shown> {
  const run = await polagent(['show', source, '--json'])
  expect(run.status, run.err).toBe(0)
  return JSON.parse(run.out) as Shown
}

async function converted(from: string, to: string, name: string): Promise<string> {
  const run = await polagent(['convert', from, '--to', to, '-o', path(name)])
  expect(run.status, run.err).toBe(0)
  return path(name)
}

/** The keys of registry text with their values, in sorted order. */
function keyBlocks(file: string): string[] {
  return readFileSync(file, 'utf16le').split('\r\n\r\n').toSorted()
}

function schema(name: string): Schema {
  return JSON.parse(readFileSync(join(checkout, `docs/schema/${name}.schema.json`), 'utf8')) as Schema
}

describe('show and check', () => {
  test('a hive, registry text and standard input say the same', async () => {
    const fromHive = await shown(hive)
    const fromReg = await shown(reg)
    const fromInput = await polagent(['show', '-', '--json'], { stdin: readFileSync(hive) })
    expect(fromReg.policies).toEqual(fromHive.policies)
    expect((JSON.parse(fromInput.out) as Shown).policies).toEqual(fromHive.policies)
    expect(schemaFaults(fromHive, schema('show'))).toEqual([])
  })

  test('people get a tree, and never a key', async () => {
    const run = await polagent(['show', hive])
    expect(run).toMatchObject({ status: 0 })
    expect(run.out).toContain('Policy "Sample policy", assigned')
    expect(run.out).toContain('from any to me, tcp to port 445, mirrored')
    expect(run.out).toContain('preshared key')
    expect(run.out).not.toContain(sampleKey)
  })

  test('--policy takes a name in any case, and says what there is when there is no such policy', async () => {
    expect((await polagent(['show', hive, '--policy', 'SAMPLE policy'])).status).toBe(0)
    const missing = await polagent(['show', hive, '--policy', 'Simple policy'])
    expect(missing.status).toBe(3)
    expect(missing.err).toContain('there are "Sample policy"')
  })

  test('check tells remarks from findings by its status', async () => {
    const clean = await polagent(['check', hive, '--json'])
    const document = JSON.parse(clean.out) as { counts: { error: number } }
    expect(schemaFaults(document, schema('check'))).toEqual([])
    expect(document.counts.error).toBe(0)

    const store = sampleStore()
    const broken = { ...store, objects: store.objects.filter((object) => object.class !== 'ipsecFilter') }
    writeFileSync(path('broken'), writeHive(registryRootOf([broken]), { fileName: 'SOFTWARE' }))
    const run = await polagent(['check', path('broken'), '--json'])
    expect(run.status).toBe(1)
    expect(schemaFaults(JSON.parse(run.out), schema('check'))).toEqual([])
    expect(run.out).toContain('REFERENCE_DANGLING')
    const text = await polagent(['check', path('broken')])
    expect(text).toMatchObject({ status: 1, err: '' })
    expect(text.out).toMatch(/error {2}REFERENCE_DANGLING: /)
  })
})

describe('convert', () => {
  test('registry text to a hive and back is equal by value, and byte for byte once keys are sorted as in a hive', async () => {
    const asHive = await converted(reg, 'hive', 'a.hive')
    const back = await converted(asHive, 'reg', 'a.reg')
    expect(keyBlocks(back)).toEqual(keyBlocks(reg))
    const again = await converted(await converted(back, 'hive', 'b.hive'), 'reg', 'b.reg')
    expect(Buffer.compare(readFileSync(again), readFileSync(back))).toBe(0)
  })

  test.each(['yaml', 'json', 'ipsec', 'hive'])('by way of %s nothing of the policy is lost', async (format) => {
    const there = await converted(reg, format, `way.${format}`)
    const back = await converted(there, 'reg', `way-${format}.reg`)
    const [before, after] = [await shown(reg), await shown(back)]
    expect(after.policies).toEqual(before.policies)
  })

  // The time of change is the directory server's to write.
  test('LDIF has no place for the assignment, which is said; all else comes back', async () => {
    const run = await polagent(['convert', reg, '--to', 'ldif', '-o', path('way.ldif')])
    expect(run.status).toBe(1)
    expect(run.err).toContain('ASSIGNMENT_LEFT_OUT')
    const back = await converted(path('way.ldif'), 'reg', 'way-ldif.reg')
    const [before, after] = [await shown(reg), await shown(back)]
    expect(after.policies).toEqual(before.policies.map((policy) => ({ ...policy, assigned: false, whenChanged: null })))
  })

  test('the result has its key in it and is readable by its owner only', async () => {
    const file = await converted(hive, 'yaml', 'secret.yaml')
    expect(readFileSync(file, 'utf8')).toContain(sampleKey)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('a failed conversion leaves the file that is there as it is', async () => {
    writeFileSync(path('kept'), 'as it was')
    const run = await polagent(['convert', path('missing'), '--to', 'hive', '-o', path('kept')])
    expect(run.status).toBe(3)
    expect(readFileSync(path('kept'), 'utf8')).toBe('as it was')
    const full = await polagent(['convert', hive, '--to', 'hive', '-o', '/dev/full'])
    expect(full.status).toBe(4)
    expect(full.err).toContain('OUTPUT_FAILED')
  })

  test('the readable formats go to standard output', async () => {
    const run = await polagent(['convert', hive, '--to', 'yaml'])
    expect(run).toMatchObject({ status: 0 })
    expect(run.err, 'that keys are in it is said').toContain('DOCUMENT_KEYS_IN_CLEAR')
    const back = await polagent(['show', '-', '--json'], { stdin: run.bytes })
    expect((JSON.parse(back.out) as Shown).policies).toEqual((await shown(hive)).policies)
  })
})
