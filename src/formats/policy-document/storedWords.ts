import { PolagentError } from '../../base/errors.ts'
import type { Report } from '../../base/finding.ts'
import type { Guid } from '../../base/guid.ts'
import { dwordValue, findValue, numberOfValue, RegistryType, type RegistryValue } from '../../policy/registryValue.ts'
import type { DirectoryEntry, ObjectStore, StoredObject } from '../../policy/storedObject.ts'
import type { AuthorContext } from '../object-store/index.ts'
import { fingerprintOf } from './authorObject.ts'
import { type AreaContent, nowhere } from './document.ts'
import { documentFinding } from './documentFindings.ts'
import { draftArea, type ObjectDraft } from './draftArea.ts'
import { filterIdBytes, FilterIds, filtersWithIds } from './filterIds.ts'
import { Problems } from './problems.ts'
import { mostFrequent, type Spelling, spellingOf, usualSpelling } from './spelling.ts'
import type { KeyProperties, StoredAttribute, StoredEntry, StoredPart } from './storedPart.ts'
import {
  differenceOf,
  keyInfoFrom,
  keyPropertiesBeside,
  keyPropertiesOf,
  keyPropertyNames,
  sameValue,
  storedKeyOf,
  storedValueOf,
} from './storedValues.ts'
import { areaPlace, areaValues, assignmentFingerprint, madeObject } from './storeOfArea.ts'
import type { AreaWords } from './areaWords.ts'
/** Finds what the words do not give back, by making the objects of them and comparing. */
export class StoredWords {
  readonly #store: ObjectStore
  readonly #words: AreaWords
  readonly #content: AreaContent
  readonly #report: Report
  readonly #spelling: Spelling
  readonly #changed: number | false | undefined
  readonly #areaKey: KeyProperties | undefined
  readonly #objectKeys: KeyProperties | undefined
  readonly #drafts: readonly ObjectDraft[]
  readonly #assigned: Guid | undefined
  readonly #refused: StoredObject[] = []
  readonly #entries: StoredEntry[] = []

  constructor(store: ObjectStore, words: AreaWords, content: AreaContent, report: Report) {
    this.#store = store
    this.#words = words
    this.#content = content
    this.#report = report
    this.#spelling = spellingOf(store)
    this.#changed = usualChange(store.objects)
    this.#areaKey = keyPropertiesOf(store.keyInfo)
    this.#objectKeys = store.objects.length === 0 ? this.#areaKey : usualKeyProperties(store.objects)
    const problems = new Problems()
    const drafts = draftArea(content, store.area, (list) => this.#knownIds(list), problems)
    if (problems.count > 0) throw new TypeError(`words chosen for a store are wrong: ${problems.kept[0]?.message}`)
    this.#drafts = drafts.objects
    this.#assigned = drafts.assigned
    this.#compare()
  }

  #knownIds(list: Guid): FilterIds | undefined {
    const found = this.#words.filterList(list)
    return found && FilterIds.ofFilters(found.filters)
  }

  /** Objects whose words cannot be stored; another attempt leaves them without words. */
  refused(): readonly StoredObject[] {
    return this.#refused
  }

  #compare(): void {
    const said = new Set<StoredObject>()
    for (const draft of this.#drafts) {
      const object = this.#words.sayable.get(`${draft.class}${draft.draft.id}`)
      if (object === undefined) throw new TypeError('words chosen for a store make an object it does not have')
      said.add(object)
      const made = this.#made(draft, object)
      if (made !== undefined) this.#addDifference(object, draft, made)
    }
    const whole = this.#store.objects.filter((object) => !said.has(object))
    for (const object of whole) this.#entries.push(this.#wholeEntry(object))
    if (whole.length > 0 && this.#refused.length === 0)
      this.#report(documentFinding('DOCUMENT_STORED_ONLY', `${whole.length}`))
  }

  #made(draft: ObjectDraft, object: StoredObject): StoredObject | undefined {
    const changed = changeOf(object) ?? this.#changed ?? 0
    const context: AuthorContext = {
      keyPath: this.#store.keyPath,
      whenChanged: Number(changed),
      newId: () => object.id,
    }
    try {
      return madeObject(draft, context, this.#spelling, changed !== false)
    } catch (error) {
      if (!(error instanceof PolagentError)) throw error
      this.#refused.push(object)
      return undefined
    }
  }

  #addDifference(object: StoredObject, draft: ObjectDraft, made: StoredObject): void {
    const difference = differenceOf(object.values, made.values)
    const data = findValue(object.values, 'ipsecData')
    const isDataOther = difference.values?.some((value) => value.name.toLowerCase() === 'ipsecdata') === true
    const isPlainData =
      isDataOther && data !== undefined && data.type === RegistryType.binary && data.name === 'ipsecData'
    const values = isPlainData ? difference.values?.filter((value) => value.name !== 'ipsecData') : difference.values
    const entry = {
      ...(isPlainData ? { data: data.data } : {}),
      ...(isDataOther ? {} : this.#filterIdsOf(draft)),
      ...this.#changeField(object),
      ...(values === undefined || values.length === 0 ? {} : { values }),
      ...(difference.absent === undefined ? {} : { absent: difference.absent }),
      ...this.#beyondValues(object),
    }
    if (Object.keys(entry).length === 0 && object.key === made.key) return
    this.#entries.push({ at: nowhere, object: object.key, of: fingerprintOf(draft), ...entry })
  }

  #filterIdsOf(draft: ObjectDraft): { filterIds?: Uint8Array } {
    if (draft.class !== 'ipsecFilter') return {}
    const { filters, id } = draft.draft
    const derived = filtersWithIds(
      filters.map(({ id: _id, ...words }) => ({ value: words })),
      id,
      undefined,
    )
    const isDerived = filters.every((filter, index) => derived[index]?.id === filter.id)
    return isDerived ? {} : { filterIds: filterIdBytes(filters) }
  }

  #changeField(object: StoredObject): { changed?: number } {
    const changed = changeOf(object)
    return changed === undefined || changed === this.#changed ? {} : { changed }
  }

  #beyondValues(object: StoredObject): Partial<StoredEntry> {
    const key = keyPropertiesBeside(object.keyInfo, this.#objectKeys)
    const keys = object.subkeys.map((subkey) => storedKeyOf(subkey, this.#areaKey, this.#lost))
    return {
      ...(keys.length === 0 ? {} : { keys }),
      ...(key === undefined ? {} : { key }),
      ...this.#directoryFields(object),
    }
  }

  readonly #lost = (name: string): void => this.#report(documentFinding('DOCUMENT_KEY_LOST', name))

  #directoryFields(object: StoredObject): Partial<StoredEntry> {
    const { directory } = object
    if (directory === undefined) return {}
    const attributes = attributesOf(directory)
    return {
      ...(directory.dn === `CN=${object.key},${this.#spelling.references}` ? {} : { dn: directory.dn }),
      ...(attributes.length === 0 ? {} : { attributes }),
    }
  }

  #wholeEntry(object: StoredObject): StoredEntry {
    const data = only(object.values, 'ipsecData')
    const changed = changeOf(object)
    const isOwnField = (value: RegistryValue): boolean =>
      (value === data && value.type === RegistryType.binary) || (changed !== undefined && value.name === 'whenChanged')
    const values = object.values.filter((value) => !isOwnField(value)).map(storedValueOf)
    return {
      at: nowhere,
      object: object.key,
      ...(data !== undefined && data.type === RegistryType.binary ? { data: data.data } : {}),
      ...(changed === undefined ? {} : { changed }),
      ...(values.length === 0 ? {} : { values }),
      ...this.#beyondValues(object),
    }
  }

  content(): AreaContent {
    const stored = this.#storedPart()
    return Object.keys(stored).length === 1 ? this.#content : { ...this.#content, stored }
  }

  #storedPart(): StoredPart {
    const store = this.#store
    const usualPlace = areaPlace(store.area, undefined)
    const isUsualPath = equalTexts(store.keyPath, usualPlace.keyPath)
    const usual = usualSpelling(store.area, store.keyPath)
    const key = this.#areaKey
    const objectKeys = keyPropertiesBeside(keyInfoFrom(this.#objectKeys), key)
    return {
      at: nowhere,
      ...(isUsualPath ? {} : { keyPath: store.keyPath }),
      ...(store.rootPath === undefined ? {} : { rootPath: store.rootPath }),
      ...(this.#spelling.references === usual.references ? {} : { references: this.#spelling.references }),
      ...(this.#spelling.guids === usual.guids ? {} : { guids: this.#spelling.guids }),
      ...(this.#spelling.ids === this.#spelling.guids ? {} : { ids: this.#spelling.ids }),
      ...(this.#changed === undefined ? {} : { changed: this.#changed }),
      ...(key === undefined ? {} : { key }),
      ...(objectKeys === undefined ? {} : { objectKeys }),
      ...this.#areaDifference(),
      ...(store.otherKeys.length === 0
        ? {}
        : { otherKeys: store.otherKeys.map((other) => storedKeyOf(other, this.#areaKey, this.#lost)) }),
      ...(store.surroundings === undefined
        ? {}
        : { surroundings: storedKeyOf(store.surroundings, this.#areaKey, this.#lost) }),
      ...(store.gpoAssignments === undefined
        ? {}
        : {
            gpoAssignments: store.gpoAssignments.map(({ entry, references }) => ({
              at: nowhere,
              dn: entry.dn,
              attributes: attributesOf(entry),
              references,
            })),
          }),
      ...(this.#entries.length === 0 ? {} : { objects: this.#entries }),
    }
  }

  #areaDifference(): Pick<StoredPart, 'area'> {
    const made = areaValues(this.#assigned, this.#store.keyPath, this.#spelling)
    const difference = differenceOf(this.#store.values, made)
    if (difference.values === undefined && difference.absent === undefined) return {}
    return { area: { at: nowhere, of: assignmentFingerprint(this.#assigned), ...difference } }
  }
}

function attributesOf(entry: DirectoryEntry): StoredAttribute[] {
  return entry.attributes.map(({ name, values }) => ({ at: nowhere, name, values }))
}

/** The one value of that name in that spelling. */
function only(values: readonly RegistryValue[], name: string): RegistryValue | undefined {
  const found = values.filter((value) => value.name.toLowerCase() === name.toLowerCase())
  return found.length === 1 && found[0]?.name === name ? found[0] : undefined
}

/** whenChanged when it is stored as it should be. */
function changeOf(object: StoredObject): number | undefined {
  const value = only(object.values, 'whenChanged')
  const number = value === undefined ? undefined : numberOfValue(value)
  return value !== undefined && number !== undefined && sameValue(value, dwordValue('whenChanged', number))
    ? number
    : undefined
}

function usualChange(objects: readonly StoredObject[]): number | false | undefined {
  const counts = new Map<number, number>()
  let without = 0
  for (const object of objects) {
    const changed = changeOf(object)
    if (changed !== undefined) counts.set(changed, (counts.get(changed) ?? 0) + 1)
    else if (findValue(object.values, 'whenChanged') === undefined) without += 1
  }
  return without * 2 > objects.length ? false : mostFrequent(counts)
}

/** Of each property of keys, what most objects have; a property that most do not have is left out. */
function usualKeyProperties(objects: readonly StoredObject[]): KeyProperties | undefined {
  const usual: Record<string, unknown> = {}
  for (const name of keyPropertyNames) {
    const counts = new Map<string, number>()
    const values = new Map<string, unknown>()
    for (const object of objects) {
      const value = keyPropertiesOf(object.keyInfo)?.[name]
      if (value === undefined) continue
      const text = String(value)
      values.set(text, value)
      counts.set(text, (counts.get(text) ?? 0) + 1)
    }
    const most = mostFrequent(counts)
    if (most !== undefined && (counts.get(most) ?? 0) * 2 > objects.length) usual[name] = values.get(most)
  }
  return Object.keys(usual).length === 0 ? undefined : { at: nowhere, ...usual }
}

function equalTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index])
}
