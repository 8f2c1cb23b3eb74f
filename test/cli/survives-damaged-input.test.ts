import { describe, expect, test } from 'vitest'
import { convertArea, registryRootOf, regRootOf } from '../../src/formats/object-store/index.ts'
import { ldifOfStores } from '../../src/formats/ldif/index.ts'
import { writePolicyDocument } from '../../src/formats/policy-document/index.ts'
import { writeReg } from '../../src/formats/reg/index.ts'
import { writeHive } from '../../src/formats/regf/index.ts'
import { runCommand } from '../support/fakeIo.ts'
import { sampleKey, sampleStore } from '../support/samplePolicies.ts'
import { SeededRandom } from '../support/seededRandom.ts'

const seed = 20_240_607
const silent = (): void => {}
const stores = [sampleStore()]
const directory = [
  convertArea(sampleStore(), { area: 'directory', containerDn: 'CN=IP Security,CN=System,DC=example,DC=com' }, silent),
]

const samples: readonly (readonly [string, Uint8Array])[] = [
  ['hive', writeHive(registryRootOf(stores), { fileName: 'SOFTWARE' })],
  ['registry text', writeReg(regRootOf(stores), { encoding: 'utf-8', report: silent })],
  ['YAML', writePolicyDocument(stores, { format: 'yaml' }, silent)],
  ['JSON', writePolicyDocument(stores, { format: 'json' }, silent)],
  ['LDIF', ldifOfStores(directory)],
]

const commands: readonly (readonly string[])[] = [
  ['check', '-', '--json'],
  ['show', '-'],
  ['show', '-', '--json'],
  ['rules', '-', '--me', '192.0.2.10', '--policy', 'Sample policy'],
  ['convert', '-', '--to', 'json'],
]

/** A few bytes changed, a piece cut out, a piece doubled, or the end cut off. */
function damaged(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  const at = random.below(bytes.length)
  const length = 1 + random.below(64)
  switch (random.below(5)) {
    case 0:
      return bytes.subarray(0, at)
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)])
    case 2:
      return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)])
    case 3: {
      const changed = Uint8Array.from(bytes)
      changed.fill(random.below(2) === 0 ? 0xff : 0, at, at + 4)
      return changed
    }
    default: {
      const changed = Uint8Array.from(bytes)
      for (let count = 0; count < 4; count += 1) changed[random.below(bytes.length)] = random.below(256)
      return changed
    }
  }
}

describe.each(samples)('a damaged %s', (name, bytes) => {
  test('as it was is read by every command', async () => {
    for (const command of commands) {
      const run = await runCommand(command, { stdin: bytes })
      expect([0, 1], `${command.join(' ')}: ${run.err}`).toContain(run.status)
    }
  })

  test(`never fails in a way it should not, whatever the command (seed ${seed})`, async () => {
    const random = new SeededRandom(seed)
    for (let round = 0; round < 150; round += 1) {
      const input = damaged(bytes, random)
      for (const command of commands) {
        const run = await runCommand(command, { stdin: input })
        const context = `${name}, round ${round}, ${command.join(' ')}: ${run.err}`
        expect([0, 1, 3], context).toContain(run.status)
        expect(run.err, context).not.toMatch(/INTERNAL|\n\s+at /)
        if (command[0] !== 'convert') expect(run.err + run.out, context).not.toContain(sampleKey)
        if (command.includes('--json') && run.status !== 2) JSON.parse(run.out)
      }
    }
  })
})
