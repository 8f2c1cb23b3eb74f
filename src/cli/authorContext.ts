import { type AuthorContext, standardKeyPath } from '../formats/object-store/index.ts'
import { freshId } from './freshId.ts'

/** New ids and the present time for objects made from a document. */
export function authorContext(): AuthorContext {
  return {
    newId: freshId,
    whenChanged: Math.floor(Date.now() / 1000),
    keyPath: standardKeyPath('local'),
  }
}
