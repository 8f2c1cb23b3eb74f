import { PolagentError } from '../../base/errors.ts'
import type { Report } from '../../base/finding.ts'
import { parseObjectName, referenceKey } from '../../policy/reference.ts'
import { binaryValue, dwordValue, type RegistryValue, stringValue } from '../../policy/registryValue.ts'
import type { ObjectStore, StoreArea, StoredObject } from '../../policy/storedObject.ts'
import { type AuthorContext, activePolicyValue, referenceText, standardKeyPath } from '../object-store/index.ts'
import { readFilterList } from '../object-store/readFilterList.ts'
import { authorObject, fingerprintOf } from './authorObject.ts'
import type { AreaContent } from './document.ts'
import { documentFinding } from './documentFindings.ts'
import { type AreaDrafts, draftArea, type ObjectDraft } from './draftArea.ts'
import { editedObject } from './editedObject.ts'
import { FilterIds } from './filterIds.ts'
import { Fingerprint } from './fingerprint.ts'
import type { LineIndex } from './lineIndex.ts'
import type { Problems } from './problems.ts'
import { type Spelling, spelled, spelledReference, usualSpelling } from './spelling.ts'
import type { KeyProperties, StoredAttribute, StoredEntry, StoredPart } from './storedPart.ts'
import { keyInfoFrom, keyPropertiesOf, registryKeyOf, type ValueDifference, withDifference } from './storedValues.ts'

/** A container of no domain, for a directory area that names none. */
const anyContainer = 'CN=IP Security,CN=System'

export interface AreaInput {
  readonly content: AreaContent
  readonly area: StoreArea
  readonly context: AuthorContext
  readonly problems: Problems
  readonly report: Report
  /** For the places of objects; none when there is no text. */
  readonly lines?: LineIndex
}

/** The objects an area of a document stands for. What is wrong is reported as problems; then the answer is of no use. */
export function storeOfArea(input: AreaInput): ObjectStore {
  return new AreaReader(input).store()
}

/** Path and spelling of an area, as its stored part has them or as usual. */
export function areaPlace(
  area: StoreArea,
  stored: StoredPart | undefined,
): { readonly keyPath: readonly string[]; readonly spelling: Spelling } {
  const keyPath = stored?.keyPath ?? (area === 'directory' ? [anyContainer] : standardKeyPath(area))
  const usual = usualSpelling(area, keyPath)
  const spelling = {
    ...usual,
    ...(stored?.guids === undefined ? {} : { guids: stored.guids, ids: stored.guids }),
    ...(stored?.ids === undefined ? {} : { ids: stored.ids }),
    ...(stored?.references === undefined ? {} : { references: stored.references }),
  }
  return { keyPath, spelling }
}

/** Values of the area key that the words say: the assignment. */
export function areaValues(
  assigned: AreaDrafts['assigned'],
  keyPath: readonly string[],
  spelling: Spelling,
): RegistryValue[] {
  if (assigned === undefined || spelling.isDirectory) return []
  const text = referenceText(keyPath, { class: 'ipsecPolicy', id: assigned })
  return [stringValue(activePolicyValue, spelledReference(text, spelling))]
}

export function assignmentFingerprint(assigned: AreaDrafts['assigned']): string {
  return new Fingerprint().add(assigned ?? '').text
}

/** The object a draft makes in the spelling of its area, with or without the time of change. */
export function madeObject(
  draft: ObjectDraft,
  context: AuthorContext,
  spelling: Spelling,
  isTimed: boolean,
): StoredObject {
  const made = spelled(authorObject(draft, context), spelling)
  return isTimed ? made : { ...made, values: made.values.filter((value) => value.name !== 'whenChanged') }
}

class AreaReader {
  readonly #input: AreaInput
  readonly #stored: StoredPart | undefined
  readonly #keyPath: readonly string[]
  readonly #spelling: Spelling
  readonly #objectKeys: KeyProperties | undefined
  /** Entries that complete objects which have words, by reference key. */
  readonly #completing = new Map<string, StoredEntry>()
  readonly #whole: StoredObject[] = []

  constructor(input: AreaInput) {
    this.#input = input
    this.#stored = input.content.stored
    const { keyPath, spelling } = areaPlace(input.area, this.#stored)
    this.#keyPath = keyPath
    this.#spelling = spelling
    this.#objectKeys = keyPropertiesOf(keyInfoFrom(this.#stored?.objectKeys, this.#stored?.key))
    for (const entry of this.#stored?.objects ?? []) this.#addEntry(entry)
  }

  #addEntry(entry: StoredEntry): void {
    const reference = parseObjectName(entry.object)
    if (reference === undefined) {
      this.#input.problems.add(entry.at, 'the field "object" names no policy object, like ipsecNFA{…}')
      return
    }
    if (entry.of === undefined) {
      const { class: objectClass, id } = reference
      const bare: StoredObject = {
        class: objectClass,
        id,
        key: entry.object,
        values: [],
        subkeys: [],
        place: this.#placeOf(entry.at),
      }
      this.#whole.push(this.#completed(bare, entry, entry.changed))
      return
    }
    const key = referenceKey(reference)
    if (this.#completing.has(key)) this.#input.problems.add(entry.at, 'this object is completed twice')
    this.#completing.set(key, entry)
  }

  store(): ObjectStore {
    const { content, area, problems } = this.#input
    const drafts = draftArea(content, area, (list) => this.#filterIdsOf(`ipsecFilter${list}`), problems)
    if (area === 'directory' && content.assigned !== undefined) {
      problems.add(content.assigned.at, 'in a directory a policy is assigned by group policy objects')
    }
    const objects = [...this.#whole]
    const used = new Set<string>()
    for (const draft of drafts.objects) {
      const key = `${draft.class}${draft.draft.id}`
      used.add(key)
      const object = this.#objectOf(draft, this.#completing.get(key))
      if (object !== undefined) objects.push(object)
    }
    this.#reportUnused(used)
    return {
      area,
      keyPath: this.#keyPath,
      ...(this.#stored?.rootPath === undefined ? {} : { rootPath: this.#stored.rootPath }),
      values: this.#areaValues(drafts),
      objects: inKeyOrder(objects),
      otherKeys: (this.#stored?.otherKeys ?? []).map((key) => registryKeyOf(key, this.#stored?.key)),
      ...this.#surroundings(),
    }
  }

  #surroundings(): Partial<ObjectStore> {
    const stored = this.#stored
    const keyInfo = keyInfoFrom(stored?.key)
    return {
      ...(stored?.surroundings === undefined ? {} : { surroundings: registryKeyOf(stored.surroundings, stored.key) }),
      ...(keyInfo === undefined ? {} : { keyInfo }),
      ...(stored?.gpoAssignments === undefined
        ? {}
        : {
            gpoAssignments: stored.gpoAssignments.map(({ dn, attributes, references }) => ({
              entry: { dn, attributes: attributesOf(attributes) },
              references,
            })),
          }),
    }
  }

  #filterIdsOf(key: string): FilterIds | undefined {
    const entry = this.#completing.get(key)
    if (entry?.filterIds !== undefined) {
      const ids = FilterIds.ofBytes(entry.filterIds)
      if (ids === undefined) this.#input.problems.add(entry.at, 'the field "filterIds" is not as polagent wrote it')
      return ids
    }
    const reference = parseObjectName(entry?.object ?? '')
    if (entry?.data === undefined || reference === undefined) return undefined
    const object: StoredObject = {
      ...reference,
      key: entry.object,
      values: [binaryValue('ipsecData', entry.data)],
      subkeys: [],
      place: {},
    }
    return FilterIds.ofFilters(readFilterList(object, () => undefined).filters)
  }

  #objectOf(draft: ObjectDraft, entry: StoredEntry | undefined): StoredObject | undefined {
    const { context, problems } = this.#input
    const changed = entry?.changed ?? this.#stored?.changed ?? context.whenChanged
    try {
      const made = { ...this.#made(draft, changed), place: this.#placeOf(draft.at) }
      if (entry === undefined) return this.#completed(made, undefined)
      const exact = this.#completed(made, entry)
      if (fingerprintOf(draft) === entry.of) return exact
      return editedObject(exact, draft, { ...context, keyPath: this.#keyPath })
    } catch (error) {
      if (!(error instanceof PolagentError)) throw error
      const field = error.place.field === undefined ? '' : `${error.place.field}: `
      problems.add(draft.at, `${field}${error.what ?? error.message}`)
      return undefined
    }
  }

  /** `changed` is false when the objects of the area do not say when they were changed. */
  #made(draft: ObjectDraft, changed: number | false): StoredObject {
    const context = { ...this.#input.context, keyPath: this.#keyPath, whenChanged: Number(changed) }
    return madeObject(draft, context, this.#spelling, changed !== false)
  }

  /** The object with what its entry adds; without an entry, with what most objects have. */
  #completed(made: StoredObject, entry: StoredEntry | undefined, changed?: number): StoredObject {
    const key = entry?.object ?? made.key
    const keyInfo = keyInfoFrom(entry?.key, this.#objectKeys)
    return {
      ...made,
      key,
      values: entry === undefined ? made.values : withDifference(made.values, wholeDifference(entry, changed)),
      subkeys: (entry?.keys ?? []).map((subkey) => registryKeyOf(subkey, this.#stored?.key)),
      ...(keyInfo === undefined ? {} : { keyInfo }),
      ...(this.#spelling.isDirectory
        ? {
            directory: {
              dn: entry?.dn ?? `CN=${key},${this.#spelling.references}`,
              attributes: attributesOf(entry?.attributes),
            },
          }
        : {}),
    }
  }

  #areaValues(drafts: AreaDrafts): readonly RegistryValue[] {
    const made = areaValues(drafts.assigned, this.#keyPath, this.#spelling)
    const difference = this.#stored?.area
    if (difference === undefined) return made
    if (difference.of === assignmentFingerprint(drafts.assigned)) return withDifference(made, difference)
    // Another policy was assigned, or none: what was stored for the old one is past.
    return withDifference(made, {
      values: (difference.values ?? []).filter((value) => isNoAssignment(value.name)),
      absent: (difference.absent ?? []).filter(isNoAssignment),
    })
  }

  #reportUnused(used: ReadonlySet<string>): void {
    for (const [key, entry] of this.#completing) {
      if (!used.has(key)) {
        const line = this.#placeOf(entry.at).line
        this.#input.report(documentFinding('DOCUMENT_STORED_UNUSED', entry.object, line))
      }
    }
  }

  #placeOf(at: number): { line?: number } {
    const { lines } = this.#input
    return lines === undefined || at < 0 ? {} : { line: lines.lineOf(at) }
  }
}

function isNoAssignment(name: string): boolean {
  return name.toLowerCase() !== activePolicyValue.toLowerCase()
}

/** Values of an entry, those with fields of their own included. */
function wholeDifference(entry: StoredEntry, changed: number | undefined): ValueDifference {
  const own = [
    ...(entry.data === undefined ? [] : [binaryValue('ipsecData', entry.data)]),
    ...(changed === undefined ? [] : [dwordValue('whenChanged', changed)]),
  ]
  return {
    values: [...own.map(({ name, type, data }) => ({ at: entry.at, name, type, data })), ...(entry.values ?? [])],
    ...(entry.absent === undefined ? {} : { absent: entry.absent }),
  }
}

function attributesOf(attributes: readonly StoredAttribute[] | undefined) {
  return (attributes ?? []).map(({ name, values }) => ({ name, values }))
}

/** As a registry keeps them, by name in capitals; their order has no meaning otherwise. */
function inKeyOrder(objects: readonly StoredObject[]): StoredObject[] {
  const named = objects.map((object) => ({ name: object.key.toUpperCase(), object }))
  named.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return named.map(({ object }) => object)
}
