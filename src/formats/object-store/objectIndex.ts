import type { Report } from '../../base/finding.ts'
import type { ReferenceAttribute } from '../../policy/attributes.ts'
import { integrityFinding } from '../../policy/integrityFinding.ts'
import { type ObjectClass, objectClassTitle } from '../../policy/objectClass.ts'
import { type ObjectReference, parseReference, referenceKey } from '../../policy/reference.ts'
import { findValue, type RegistryValue, textsOfValue } from '../../policy/registryValue.ts'
import type { ObjectStore, StoredObject } from '../../policy/storedObject.ts'

/** A reference as written, what it names, and that as text for maps (empty when it names nothing). */
export interface WrittenReference {
  readonly text: string
  readonly reference: ObjectReference | undefined
  readonly key: string
}

function writtenReference(text: string): WrittenReference {
  const reference = parseReference(text)
  return { text, reference, key: reference === undefined ? '' : referenceKey(reference) }
}

/** Finds the objects of one area by reference; of two with the same id the first counts. */
export class ObjectIndex {
  readonly #byReference = new Map<string, StoredObject>()
  readonly #parsed = new Map<RegistryValue, readonly WrittenReference[]>()

  constructor(store: Pick<ObjectStore, 'objects'>) {
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

  /** The references of an attribute as written and what they name; each value is taken apart once. */
  references(object: StoredObject, field: ReferenceAttribute): readonly WrittenReference[] {
    const value = findValue(object.values, field)
    if (value === undefined) return []
    const known = this.#parsed.get(value)
    if (known !== undefined) return known
    const parsed = textsOfValue(value).map(writtenReference)
    this.#parsed.set(value, parsed)
    return parsed
  }

  /** What one reference leads to, when it must be of class `wanted`; reports why it leads nowhere. */
  follow(
    from: StoredObject,
    { text, reference, key }: WrittenReference,
    wanted: ObjectClass,
    field: string,
    report: Report,
  ): StoredObject | undefined {
    if (reference === undefined) {
      report(integrityFinding('REFERENCE_MALFORMED', from, text, { field }))
      return undefined
    }
    if (reference.class !== wanted) {
      const what = `${text} is a ${objectClassTitle[reference.class]}, a ${objectClassTitle[wanted]} is wanted`
      report(integrityFinding('REFERENCE_WRONG_CLASS', from, what, { field }))
      return undefined
    }
    const target = this.#byReference.get(key)
    if (target === undefined) report(integrityFinding('REFERENCE_DANGLING', from, text, { field }))
    return target
  }

  /** The object an attribute leads to that should have one value; of several the first counts. */
  followOne(
    from: StoredObject,
    field: ReferenceAttribute,
    wanted: ObjectClass,
    report: Report,
  ): StoredObject | undefined {
    const written = this.references(from, field)
    if (written.length > 1) {
      const what = written.map((one) => one.text).join(', ')
      report(integrityFinding('REFERENCE_SEVERAL', from, what, { field }))
    }
    const [first] = written
    return first === undefined ? undefined : this.follow(from, first, wanted, field, report)
  }

  /** All objects an attribute leads to, each once, in written order. */
  followAll(from: StoredObject, field: ReferenceAttribute, wanted: ObjectClass, report: Report): StoredObject[] {
    const targets = new Set<StoredObject>()
    for (const written of this.references(from, field)) {
      const target = this.follow(from, written, wanted, field, report)
      if (target === undefined) continue
      if (targets.has(target)) report(integrityFinding('REFERENCE_REPEATED', from, written.text, { field }))
      targets.add(target)
    }
    return [...targets]
  }
}
