import { randomUUID } from 'node:crypto'
import type { Guid } from '../base/guid.ts'
import { type AuthorContext, standardKeyPath } from '../formats/object-store/index.ts'

/** New ids and the present time for objects made from a document. */
export function authorContext(): AuthorContext {
  return {
    newId: freshId,
    whenChanged: Math.floor(Date.now() / 1000),
    keyPath: standardKeyPath('local'),
  }
}

/** In the spelling of `guid`, which need not look at it: scripts make ids by the hundred thousand. */
function freshId(): Guid {
  return `{${randomUUID()}}` as Guid
}
