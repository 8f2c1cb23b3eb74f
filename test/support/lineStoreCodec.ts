import type { StoreCodec } from '../../src/stores/storeCodec.ts'
import { PolagentError } from '../../src/base/errors.ts'
import type { ObjectStore } from '../../src/policy/storedObject.ts'
import { stringValue, textOfValue } from '../../src/policy/registryValue.ts'

/**
 * A store file that is quick to read and write, for tests of what happens around it: one line a value of the local area,
 * closed by a last line, so that a file cut short is damaged. `damaged` in a line marks damage.
 */
export const lineCodec: StoreCodec = {
  read: (bytes) => {
    const text = Buffer.from(bytes).toString('utf8')
    if (!text.endsWith('.\n')) throw new PolagentError('BLOB_TRUNCATED', { what: 'the last line is missing' })
    const names = text.split('\n').slice(0, -2)
    const isDamaged = names.includes('damaged')
    return {
      stores: [storeOf(names)],
      findings: [],
      ...(isDamaged ? { damage: { severity: 'error', code: 'TEST_DAMAGE', message: 'it says so' } } : {}),
    }
  },
  write: (stores) => Buffer.from(`${namesOf(stores).join('\n')}\n.\n`),
}

function storeOf(names: readonly string[]): ObjectStore {
  return {
    area: 'local',
    keyPath: ['Policies', 'Local'],
    values: names.map((name) => stringValue('', name)),
    objects: [],
    otherKeys: [],
  }
}

export function namesOf(stores: readonly ObjectStore[]): string[] {
  return (stores[0]?.values ?? []).map((value) => textOfValue(value) ?? '')
}

/** `stores` with one more name. */
export function withName(stores: readonly ObjectStore[], name: string): readonly ObjectStore[] {
  return [storeOf([...namesOf(stores), name])]
}
