import { existsSync, readdirSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { equalBytes } from '../base/bytes.ts'
import { PolagentError } from '../base/errors.ts'
import type { ObjectStore } from '../policy/storedObject.ts'
import { replaceFile, temporarySuffix } from './atomicFile.ts'
import {
  defaultGenerationsKept,
  digestOf,
  type Generation,
  generationFiles,
  generationPath,
  nextGenerationNumber,
  readGeneration,
  readGenerations,
  recordGeneration,
  removeQuietly,
  writeGenerationFile,
} from './generations.ts'
import { acquireLock } from './lockFile.ts'
import { ensureStateDirectory, type StateDirectory } from './stateDirectory.ts'
import type { StoreCodec, StoreContent } from './storeCodec.ts'
import { fileError } from './storeErrors.ts'

export interface LocalStoreOptions {
  readonly directory: StateDirectory
  readonly codec: StoreCodec
  /** ISO 8601 time for the history. */
  readonly now: () => string
  /** How long a change waits for another one; 10 unless given. Seconds. */
  readonly waitSeconds?: number
  readonly generationsKept?: number
}

/** The bytes of the store at one moment, and what they say. */
export interface LocalStoreReading extends StoreContent {
  readonly bytes: Uint8Array
  readonly sha256: string
}

/** What an update did. `generation` is absent when the change came to nothing. */
export interface LocalStoreUpdate {
  readonly generation?: Generation
  readonly stores: readonly ObjectStore[]
}

/**
 * This computer's policy store: a registry hive in the state directory, and the last generations of it. Every change is
 * atomic: whatever happens to the process, the store is what it was before or what it is after, on disk as well. Changes
 * of several processes come one after the other; none is lost.
 */
export class LocalStore {
  readonly #options: LocalStoreOptions

  constructor(options: LocalStoreOptions) {
    this.#options = options
  }

  /** Throws STORE_MISSING, an INPUT error, or what the reader of hives throws. */
  read(): LocalStoreReading {
    const { directory, codec } = this.#options
    const bytes = this.#readBytes()
    if (bytes === undefined) throw new PolagentError('STORE_MISSING', { file: directory.hive })
    try {
      return { ...codec.read(bytes, this.#readLogs()), bytes, sha256: digestOf(bytes) }
    } catch (error) {
      throw error instanceof PolagentError ? error.at({ file: directory.hive }) : error
    }
  }

  /**
   * Changes the store: `change` gets the areas as they are now and returns them as they shall be. `reason` goes into the
   * history. Errors: STORE_BUSY, STORE_DAMAGED (nothing is built on a store that cannot be read whole),
   * STORE_NOT_WRITTEN; in every such case the store is unchanged.
   */
  async update(
    change: (stores: readonly ObjectStore[]) => readonly ObjectStore[],
    reason: string,
  ): Promise<LocalStoreUpdate> {
    const { codec } = this.#options
    return await this.#locked(reason, () => {
      for (let tries = 0; ; tries += 1) {
        const before = this.#readForChange()
        const stores = change(before?.stores ?? [])
        if (before !== undefined && stores === before.stores) return { stores }
        const bytes = codec.write(stores, before)
        if (before !== undefined && equalBytes(bytes, before.bytes)) return { stores }
        const generation = this.#commit(before?.bytes, bytes, reason)
        if (generation !== undefined) return { generation, stores }
        // Someone who knows nothing of our lock wrote the hive in this moment: begin again with what is there now.
        if (tries === 5) throw new PolagentError('STORE_BUSY', { what: 'the hive is being written by another program' })
      }
    })
  }

  /** Makes the content of an older generation the newest one. `undefined` = the one before the present state. */
  async restore(number: number | undefined): Promise<{ readonly from: Generation; readonly generation?: Generation }> {
    const { directory, codec } = this.#options
    return await this.#locked('restore', () => {
      const present = this.#readBytes()
      this.#adopt(present)
      const from = this.#generationToRestore(number, present)
      const bytes = readGeneration(directory.generations, from)
      if (bytes === undefined) {
        throw new PolagentError('GENERATION_NOT_FOUND', {
          what: `the file of generation ${from.number} is gone or altered`,
        })
      }
      codec.read(bytes, [])
      if (present !== undefined && equalBytes(bytes, present)) return { from }
      const generation = this.#commit(present, bytes, `restore generation ${from.number}`)
      if (generation === undefined) {
        throw new PolagentError('STORE_BUSY', { what: 'the hive is being written by another program' })
      }
      return { from, generation }
    })
  }

  /** Recorded generations, oldest first, and whether the store is what the newest says. */
  history(): { readonly generations: readonly Generation[]; readonly isChangedOutside: boolean } {
    const generations = readGenerations(this.#options.directory.generations)
    const bytes = this.#readBytes()
    const newest = generations.at(-1)
    return { generations, isChangedOutside: bytes !== undefined && digestOf(bytes) !== newest?.sha256 }
  }

  async #locked<T>(purpose: string, work: () => T): Promise<T> {
    const { directory, waitSeconds } = this.#options
    ensureStateDirectory(directory)
    try {
      const answer = await acquireLock(directory.storeLock, purpose, waitSeconds ?? 10)
      if (answer.kind === 'busy') {
        const by = answer.pid === 0 ? '' : `process ${answer.pid} (${answer.purpose})`
        throw new PolagentError('STORE_BUSY', { file: directory.hive, what: by })
      }
      try {
        this.#removeRemains()
        return work()
      } finally {
        answer.lock.release()
      }
    } catch (error) {
      throw error instanceof PolagentError ? error : fileError('STORE_NOT_WRITTEN', directory.hive, error)
    }
  }

  /** The present state, refused when it is damaged: what cannot be read would be lost by writing. */
  #readForChange(): LocalStoreReading | undefined {
    const bytes = this.#readBytes()
    if (bytes === undefined) return undefined
    this.#adopt(bytes)
    const reading = this.#readWhole()
    const damage = reading.findings.find((finding) => finding.severity === 'error')
    if (damage === undefined) return reading
    throw new PolagentError('STORE_DAMAGED', { file: this.#options.directory.hive, what: damage.message })
  }

  #readWhole(): LocalStoreReading {
    try {
      return this.read()
    } catch (error) {
      if (error instanceof PolagentError && error.code.startsWith('INPUT_')) throw error
      throw new PolagentError('STORE_DAMAGED', {
        file: this.#options.directory.hive,
        what: (error as Error).message,
        cause: error,
      })
    }
  }

  /** Makes a state that is not in the history a generation: an edit by another tool, or a change cut off before its record. */
  #adopt(bytes: Uint8Array | undefined): void {
    if (bytes === undefined) return
    const { directory, now, generationsKept } = this.#options
    const sha256 = digestOf(bytes)
    if (readGenerations(directory.generations).at(-1)?.sha256 === sha256) return
    const recorded = new Set(readGenerations(directory.generations).map((generation) => generation.number))
    const unrecorded = generationFiles(directory.generations)
      .filter((number) => !recorded.has(number))
      .find((number) => digestOf(readFileSync(generationPath(directory.generations, number))) === sha256)
    const number = unrecorded ?? nextGenerationNumber(directory.generations)
    if (unrecorded === undefined) writeGenerationFile(directory.generations, number, bytes)
    const reason = unrecorded === undefined ? 'changed outside polagent' : 'change that was cut off after writing'
    const generation = { number, time: now(), reason, sha256, bytes: bytes.length }
    recordGeneration(directory.generations, generation, generationsKept ?? defaultGenerationsKept)
  }

  /** Generation file, hive, record, in this order; `undefined` when the hive is no longer `expected`. */
  #commit(expected: Uint8Array | undefined, bytes: Uint8Array, reason: string): Generation | undefined {
    const { directory, codec, now, generationsKept } = this.#options
    const number = nextGenerationNumber(directory.generations)
    writeGenerationFile(directory.generations, number, bytes)
    let isOvertaken = false
    replaceFileUnless(directory.hive, bytes, (temporary) => {
      codec.read(readFileSync(temporary), [])
      const present = this.#readBytes()
      isOvertaken =
        present === undefined ? expected !== undefined : expected === undefined || !equalBytes(present, expected)
      return isOvertaken
    })
    if (isOvertaken) {
      removeQuietly(generationPath(directory.generations, number))
      return undefined
    }
    this.#emptyLogs()
    const generation = { number, time: now(), reason, sha256: digestOf(bytes), bytes: bytes.length }
    recordGeneration(directory.generations, generation, generationsKept ?? defaultGenerationsKept)
    return generation
  }

  #generationToRestore(number: number | undefined, present: Uint8Array | undefined): Generation {
    const generations = readGenerations(this.#options.directory.generations)
    const presentDigest = present === undefined ? undefined : digestOf(present)
    const wanted =
      number === undefined
        ? generations.findLast((generation) => generation.sha256 !== presentDigest)
        : generations.find((generation) => generation.number === number)
    if (wanted === undefined) {
      throw new PolagentError('GENERATION_NOT_FOUND', {
        what: number === undefined ? 'there is no earlier one' : `${number}`,
      })
    }
    return wanted
  }

  /** `undefined` when there is no store. */
  #readBytes(): Uint8Array | undefined {
    const { hive } = this.#options.directory
    try {
      return readFileSync(hive)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw fileError('INPUT_UNREADABLE', hive, error)
    }
  }

  /** Transaction logs that another tool left beside the hive. */
  #readLogs(): Uint8Array[] {
    return this.#logPaths().map((path) => readFileSync(path))
  }

  /** What the logs held is in the hive now; replaying them again would undo later changes. */
  #emptyLogs(): void {
    for (const path of this.#logPaths()) truncateSync(path)
  }

  #logPaths(): string[] {
    const { hive } = this.#options.directory
    return ['.LOG', '.LOG1', '.LOG2'].map((suffix) => `${hive}${suffix}`).filter((path) => existsSync(path))
  }

  /** Half-written files of processes that died; nobody else writes while we hold the lock. */
  #removeRemains(): void {
    const { store, generations } = this.#options.directory
    for (const directory of [store, generations]) {
      for (const name of readdirSync(directory)) {
        if (name.endsWith(temporarySuffix)) removeQuietly(join(directory, name))
      }
    }
  }
}

/** Thrown through replaceFile to leave the target alone. */
class LeaveIt extends Error {}

function replaceFileUnless(path: string, bytes: Uint8Array, isObstacle: (temporary: string) => boolean): void {
  try {
    replaceFile(path, bytes, (temporary) => {
      if (isObstacle(temporary)) throw new LeaveIt()
    })
  } catch (error) {
    if (!(error instanceof LeaveIt)) throw error
  }
}
