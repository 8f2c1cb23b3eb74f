import { randomUUID } from 'node:crypto'
import { guid } from '../base/guid.ts'
import { type AuthorContext, standardKeyPath } from '../formats/object-store/index.ts'

/** New ids and the present time for objects made from a document. */
export function authorContext(): AuthorContext {
  return {
    newId: () => guid(randomUUID()),
    whenChanged: Math.floor(Date.now() / 1000),
    keyPath: standardKeyPath('local'),
  }
}
