import { randomUUID } from 'node:crypto'
import { guid } from '../base/guid.ts'
import type { AuthorContext } from '../formats/object-store/index.ts'

/** Where the objects of an authored policy lie (registry-store.md 1). */
const localArea = ['Policies', 'Microsoft', 'Windows', 'IPSec', 'Policy', 'Local']

/** New ids and the present time for objects made from a document. */
export function authorContext(): AuthorContext {
  return { newId: () => guid(randomUUID()), whenChanged: Math.floor(Date.now() / 1000), keyPath: localArea }
}
