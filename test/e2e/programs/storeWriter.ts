import { LocalStore } from '../../../src/stores/localStore.ts'
import { stateDirectoryOf } from '../../../src/stores/stateDirectory.ts'
import { lineCodec, withName } from '../../support/lineStoreCodec.ts'

/**
 * A process that adds names to a store: NAME-1, NAME-2 … Says each number on standard output once it is in the store, so
 * that whoever kills this process knows what must be there. Arguments: state directory, name, how many (0: without end).
 */
const [stateDir, name = '', count = '0'] = process.argv.slice(2)
const store = new LocalStore({
  directory: stateDirectoryOf(stateDir, {}),
  codec: lineCodec,
  now: () => new Date().toISOString(),
  waitSeconds: 30,
})
process.stdout.write('ready\n')
const last = count === '0' ? Number.POSITIVE_INFINITY : Number(count)
for (let n = 1; n <= last; n += 1) {
  await store.update((stores) => withName(stores, `${name}-${n}`), `add ${name}-${n}`)
  process.stdout.write(`${n}\n`)
}
