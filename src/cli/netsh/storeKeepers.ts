import { existsSync } from 'node:fs'
import { PolagentError } from '../../base/errors.ts'
import { recognise } from '../../formats/recognise.ts'
import { replaceFile } from '../../stores/atomicFile.ts'
import { digestOf } from '../../stores/generations.ts'
import { readHiveLogs, readInputFile } from '../../stores/inputFile.ts'
import { hiveCodec, type StoreContent } from '../../stores/storeCodec.ts'
import type { Io } from '../io.ts'
import { localStoreOf, type StoreOptions } from '../localStoreOf.ts'
import { stateDirectoryFor } from '../options.ts'
import { StoreChanged, type StoreKeeper, type StoreSnapshot } from './openStore.ts'

const largestHive = 2 ** 31 - 1

/** This computer's store: a commit is a generation of its history. */
export function localKeeper(options: StoreOptions, io: Io): StoreKeeper {
  const { hive } = stateDirectoryFor(options, io)
  const store = localStoreOf(options, io)
  return {
    file: hive,
    read: () => (existsSync(hive) ? snapshotOf(store.read()) : { stores: [] }),
    write: async (before, change, reason) => {
      const update = await store.update((stores) => {
        if (digestOfFile(hive) !== before.sha256) throw new StoreChanged(hive)
        return change(stores)
      }, reason)
      const sha256 = update.generation?.sha256 ?? before.sha256
      return { stores: update.stores, ...(sha256 === undefined ? {} : { sha256 }) }
    },
  }
}

/** A hive of the user's; it is made when it is not there, and other keys in it stay. */
export function fileKeeper(file: string): StoreKeeper {
  const read = (): { readonly content: StoreContent; readonly sha256: string } | undefined => {
    if (!existsSync(file)) return undefined
    const bytes = readInputFile(file, (prefix) => {
      const format = recognise(prefix)
      if (format === 'hive') return largestHive
      throw new PolagentError('USAGE', {
        what: `the store ${file} is no registry hive; make one of it with: polagent convert ${file} --to hive`,
      })
    })
    const logs = readHiveLogs(file, largestHive)
    return { content: hiveCodec.read(bytes, logs), sha256: digestOf(bytes) }
  }
  return {
    file,
    read: () => {
      const found = read()
      return found === undefined ? { stores: [] } : snapshotOf({ ...found.content, sha256: found.sha256 })
    },
    write: (before, change) => {
      const found = read()
      if (found?.sha256 !== before.sha256) throw new StoreChanged(file)
      const damage = found?.content.damage
      if (damage !== undefined) throw new PolagentError('STORE_DAMAGED', { file, what: damage.message })
      const stores = change(found?.content.stores ?? [])
      const bytes = hiveCodec.write(stores, found?.content)
      try {
        replaceFile(file, bytes)
      } catch (error) {
        throw new PolagentError('OUTPUT_FAILED', { file, what: (error as Error).message, cause: error })
      }
      return Promise.resolve({ stores, sha256: digestOf(bytes) })
    },
  }
}

function snapshotOf({ stores, sha256 }: Required<StoreSnapshot>): StoreSnapshot {
  return { stores, sha256 }
}

function digestOfFile(file: string): string | undefined {
  return existsSync(file) ? digestOf(readInputFile(file, () => largestHive)) : undefined
}
