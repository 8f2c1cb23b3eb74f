import type { Report } from '../../base/finding.ts'
import type { ObjectStore, StoredObject } from '../../policy/storedObject.ts'
import { AreaWords } from './areaWords.ts'
import type { AreaContent } from './document.ts'
import { StoredWords } from './storedWords.ts'

/**
 * A store in words, and beside them whatever the words do not give back exactly. An object is put in words only when
 * all of it is understood: words must not claim more than is known.
 */
export function areaOfStore(store: ObjectStore, report: Report): AreaContent {
  const unsayable = new Set<StoredObject>()
  for (;;) {
    const words = new AreaWords(store, unsayable)
    const content = words.content()
    const stored = new StoredWords(store, words, content, report)
    const refused = stored.refused()
    if (refused.length === 0) return stored.content()
    for (const object of refused) unsayable.add(object)
  }
}
