import { existsSync, readdirSync, readFileSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { equalBytes } from '../base/bytes.ts'
import { PolagentError } from '../base/errors.ts'
import type { ObjectStore } from '../policy/storedObject.ts'
import { removeQuietly, type StagedFile, stageFile, temporarySuffix } from './atomicFile.ts'
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
  removeCutOff,
  removeForgotten,
  stageGeneration,
  stageIndex,
} from './generations.ts'
import { readHiveLogs, readInputFile } from './inputFile.ts'
import { acquireLock } from './lockFile.ts'
import { ensureStateDirectory, type StateDirectory } from './stateDirectory.ts'
import type { StoreCodec, StoreContent } from './storeCodec.ts'
import { fileError, isSystemError } from './storeErrors.ts'

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
    // A file that is no store at all is seen by its first bytes, however large it is.
    const bytes = this.#readBytes((prefix) => codec.check?.(prefix))
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
    return await this.#locked(() => {
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
    return await this.#locked(() => {
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

  async #locked<T>(work: () => T): Promise<T> {
    const { directory, waitSeconds } = this.#options
    ensureStateDirectory(directory)
    try {
      const answer = await acquireLock(directory.storeLock, waitSeconds ?? 10)
      if (answer.kind === 'busy') {
        const by = answer.pid === undefined ? {} : { what: `process ${answer.pid}` }
        throw new PolagentError('STORE_BUSY', { file: directory.hive, ...by })
      }
      try {
        this.#removeRemains()
        return work()
      } finally {
        answer.lock.release()
      }
    } catch (error) {
      throw isSystemError(error) ? fileError('STORE_NOT_WRITTEN', directory.hive, error) : error
    }
  }

  /** The present state, refused when it is damaged: what cannot be read would be lost by writing. */
  #readForChange(): LocalStoreReading | undefined {
    const bytes = this.#readBytes()
    if (bytes === undefined) return undefined
    this.#adopt(bytes)
    const reading = this.#readWhole()
    const { damage } = reading
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
    const { generations } = this.#options.directory
    const sha256 = digestOf(bytes)
    const recorded = readGenerations(generations)
    if (recorded.at(-1)?.sha256 !== sha256) {
      const newest = recorded.at(-1)?.number ?? 0
      const cutOff = generationFiles(generations).find(
        (number) => number > newest && digestOfFile(generationPath(generations, number)) === sha256,
      )
      const number = cutOff ?? nextGenerationNumber(generations)
      if (cutOff === undefined) stageGeneration(generations, number, bytes).commit()
      const reason = cutOff === undefined ? 'changed outside polagent' : 'change that was cut off after writing'
      recordGeneration(generations, this.#generation(number, bytes, reason), this.#generationsKept)
    }
    removeCutOff(generations)
  }

  /**
   * Makes `bytes` the store: generation file, hive, index, in this order, all of them on disk in full before the first
   * takes effect, so that a full disk changes nothing. `undefined` when the hive is no longer `expected`.
   */
  #commit(expected: Uint8Array | undefined, bytes: Uint8Array, reason: string): Generation | undefined {
    const { directory, codec } = this.#options
    const number = nextGenerationNumber(directory.generations)
    const generation = this.#generation(number, bytes, reason)
    const staged: StagedFile[] = []
    const stage = (file: StagedFile): StagedFile => {
      staged.push(file)
      return file
    }
    let isWritten = false
    try {
      const file = stage(stageGeneration(directory.generations, number, bytes))
      const hive = stage(stageFile(directory.hive, bytes))
      const index = stage(stageIndex(directory.generations, generation, this.#generationsKept))
      codec.read(readFileSync(hive.temporary), [])
      if (this.#isOvertaken(expected)) return undefined
      file.commit()
      hive.commit()
      isWritten = true
      try {
        this.#emptyLogs()
        index.commit()
        removeForgotten(directory.generations, this.#generationsKept)
      } catch {
        // The store is changed; the next change adds what the history lacks.
      }
      return generation
    } finally {
      for (const file of staged) file.discard()
      if (!isWritten) removeQuietly(generationPath(directory.generations, number))
    }
  }

  /** Someone who does not know our lock has written the hive since it was read. */
  #isOvertaken(expected: Uint8Array | undefined): boolean {
    const present = this.#readBytes()
    if (present === undefined || expected === undefined) return present !== expected
    return !equalBytes(present, expected)
  }

  #generation(number: number, bytes: Uint8Array, reason: string): Generation {
    return { number, time: this.#options.now(), reason, sha256: digestOf(bytes), bytes: bytes.length }
  }

  get #generationsKept(): number {
    return Math.max(1, this.#options.generationsKept ?? defaultGenerationsKept)
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

  /** `undefined` when there is no store. Never waits, whatever lies in the hive's place. */
  #readBytes(check: (prefix: Uint8Array) => void = () => {}): Uint8Array | undefined {
    const { hive } = this.#options.directory
    try {
      return readInputFile(hive, (prefix) => {
        check(prefix)
        return Number.MAX_SAFE_INTEGER
      })
    } catch (error) {
      if (!(error instanceof PolagentError)) throw error
      if (error.code === 'INPUT_NOT_A_FILE') throw notAStore(hive, error)
      if (error.code === 'INPUT_UNREADABLE' && isMissing(hive)) return undefined
      throw error
    }
  }

  /** Transaction logs that another tool left beside the hive. */
  #readLogs(): Uint8Array[] {
    return readHiveLogs(this.#options.directory.hive, Number.MAX_SAFE_INTEGER)
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

/** There is nothing, as opposed to something that may not be seen. */
function isMissing(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined
  } catch {
    return false
  }
}

/** Windows answers "access denied" to opening a directory as a file; anything else is no registry database. */
function notAStore(hive: string, error: PolagentError): PolagentError {
  const isDirectory = statSync(hive, { throwIfNoEntry: false })?.isDirectory() === true
  return new PolagentError('INPUT_NOT_A_FILE', {
    file: hive,
    ...(error.what === undefined ? {} : { what: error.what }),
    win32: isDirectory ? 5 : 1009,
    cause: error,
  })
}

function digestOfFile(path: string): string | undefined {
  try {
    return digestOf(readFileSync(path))
  } catch {
    return undefined
  }
}
