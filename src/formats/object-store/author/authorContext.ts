import type { Guid } from '../../../base/guid.ts'

/** What authoring needs from outside: new ids, the time, and where the objects lie. */
export interface AuthorContext {
  readonly newId: () => Guid
  /** Seconds since 1970-01-01 UTC, written to changed objects. */
  readonly whenChanged: number
  /** Of the area, as in ObjectStore: key names from below SOFTWARE, or the container's DN as one element. */
  readonly keyPath: readonly string[]
}
