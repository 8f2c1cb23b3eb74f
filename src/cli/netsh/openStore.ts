import { statSync } from 'node:fs'
import { PolagentError } from '../../base/errors.ts'
import { emptyStore } from '../../formats/object-store/index.ts'
import { type SessionContext, StaticSession } from '../../formats/netsh/index.ts'
import type { ObjectStore } from '../../policy/storedObject.ts'
import type { StoreAreaOfComputer } from '../localStoreOf.ts'

/** Areas of a store at one moment. `sha256` is absent when there is no store yet. */
export interface StoreSnapshot {
  readonly stores: readonly ObjectStore[]
  readonly sha256?: string
}

/** Where the areas are kept: this computer's store, or a hive of the user's. */
export interface StoreKeeper {
  /** File whose change means that the store has changed. */
  readonly file: string
  readonly read: () => StoreSnapshot
  /** Writes when the store is still `before`, else throws StoreChanged; answers what is there now. */
  readonly write: (
    before: StoreSnapshot,
    change: (stores: readonly ObjectStore[]) => readonly ObjectStore[],
    reason: string,
  ) => Promise<StoreSnapshot>
}

/** Someone else changed the store after it was read. */
export class StoreChanged extends PolagentError {
  constructor(file: string) {
    super('STORE_BUSY', { file, what: 'it was changed after this command had read it; nothing was written' })
  }
}

/** A store that commands work on. Changes are held until `commit`; all areas are one change. */
export class OpenStore {
  readonly #keeper: StoreKeeper
  readonly #context: SessionContext
  readonly #sessions = new Map<StoreAreaOfComputer, StaticSession>()
  #snapshot: StoreSnapshot | undefined
  #identity = ''

  constructor(keeper: StoreKeeper, context: SessionContext) {
    this.#keeper = keeper
    this.#context = context
  }

  /** Throws what reading the store throws. */
  session(area: StoreAreaOfComputer): StaticSession {
    const known = this.#sessions.get(area)
    if (known !== undefined) return known
    const made = new StaticSession(this.#stored(area), this.#context)
    this.#sessions.set(area, made)
    return made
  }

  /** Puts another content in the place of an area, as an import does; held until `commit` too. */
  replace(area: StoreAreaOfComputer, store: ObjectStore): void {
    this.#stored(area)
    this.#sessions.set(area, new StaticSession(store, this.#context))
  }

  /** Forgets what was read when the file is another one now. Held changes must have been committed. */
  refresh(): void {
    if (this.#snapshot !== undefined && this.#identity !== identityOf(this.#keeper.file)) this.drop()
  }

  /** Forgets what was read, and held changes with it. */
  drop(): void {
    this.#snapshot = undefined
    this.#sessions.clear()
  }

  async commit(reason: string): Promise<void> {
    const before = this.#snapshot
    if (before === undefined) return
    const changed = [...this.#sessions].flatMap(([area, session]) => {
      const store = session.store()
      return store === this.#storedIn(before, area) || isNewAndEmpty(before, store) ? [] : [store]
    })
    if (changed.length === 0) return
    const after = await this.#keeper.write(before, (stores) => withStores(stores, changed), reason)
    this.#snapshot = { ...after, stores: withStores(before.stores, changed) }
    this.#identity = identityOf(this.#keeper.file)
  }

  #stored(area: StoreAreaOfComputer): ObjectStore {
    if (this.#snapshot === undefined) {
      // Before reading: a change in between is then seen as one.
      this.#identity = identityOf(this.#keeper.file)
      this.#snapshot = this.#keeper.read()
    }
    return this.#storedIn(this.#snapshot, area) ?? emptyStore(area)
  }

  #storedIn(snapshot: StoreSnapshot, area: StoreAreaOfComputer): ObjectStore | undefined {
    return snapshot.stores.find((store) => store.area === area)
  }
}

/** Looking at an area that is not there does not make it. */
function isNewAndEmpty(before: StoreSnapshot, store: ObjectStore): boolean {
  return store.objects.length === 0 && !before.stores.some((known) => known.area === store.area)
}

function withStores(stores: readonly ObjectStore[], changed: readonly ObjectStore[]): readonly ObjectStore[] {
  const areas = new Set(changed.map((store) => store.area))
  return [...stores.filter((store) => !areas.has(store.area)), ...changed]
}

function identityOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false })
  return stat === undefined ? '' : `${stat.dev} ${stat.ino} ${stat.size} ${stat.mtimeNs}`
}
