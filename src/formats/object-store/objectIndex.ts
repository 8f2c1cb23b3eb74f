import type { Report } from '../../base/finding.ts'
import { attributeReferences, type ReferenceAttribute } from '../../policy/attributes.ts'
import { integrityFinding } from '../../policy/integrityFinding.ts'
import { type ObjectClass, objectClassTitle } from '../../policy/objectClass.ts'
import { parseReference, referenceKey } from '../../policy/reference.ts'
import type { ObjectStore, StoredObject } from '../../policy/storedObject.ts'

/** Finds the objects of one area by reference; of two with the same id the first counts. */
export class ObjectIndex {
  readonly #byReference = new Map<string, StoredObject>()

  constructor(store: ObjectStore) {
    for (const object of store.objects) {
      const key = referenceKey(object)
      if (!this.#byReference.has(key)) this.#byReference.set(key, object)
    }
  }

  find(objectClass: ObjectClass, id: string): StoredObject | undefined {
    return this.#byReference.get(`${objectClass}${id}`)
  }

  isFirst(object: StoredObject): boolean {
    return this.#byReference.get(referenceKey(object)) === object
  }

  /** What one reference text leads to, when it must be of class `wanted`; reports why it leads nowhere. */
  follow(
    from: StoredObject | undefined,
    text: string,
    wanted: ObjectClass,
    field: string,
    report: Report,
  ): StoredObject | undefined {
    const reference = parseReference(text)
    if (reference === undefined) {
      report(integrityFinding('REFERENCE_MALFORMED', from, text, { field }))
      return undefined
    }
    if (reference.class !== wanted) {
      const what = `${text} is a ${objectClassTitle[reference.class]}, a ${objectClassTitle[wanted]} is wanted`
      report(integrityFinding('REFERENCE_WRONG_CLASS', from, what, { field }))
      return undefined
    }
    const target = this.#byReference.get(referenceKey(reference))
    if (target === undefined) report(integrityFinding('REFERENCE_DANGLING', from, text, { field }))
    return target
  }

  /** All objects an attribute leads to, each once, in written order. */
  followAll(from: StoredObject, field: ReferenceAttribute, wanted: ObjectClass, report: Report): StoredObject[] {
    const targets = new Set<StoredObject>()
    for (const text of attributeReferences(from, field)) {
      const target = this.follow(from, text, wanted, field, report)
      if (target === undefined) continue
      if (targets.has(target)) report(integrityFinding('REFERENCE_REPEATED', from, text, { field }))
      targets.add(target)
    }
    return [...targets]
  }
}
