import { type Guid, upperGuid } from '../../base/guid.ts'
import {
  attributeReferences,
  attributeText,
  type ReferenceAttribute,
  referenceAttributes,
} from '../../policy/attributes.ts'
import { parseReference } from '../../policy/reference.ts'
import { multiStringValue, type RegistryValue, stringValue, textsOfValue } from '../../policy/registryValue.ts'
import type { ObjectStore, StoreArea, StoredObject } from '../../policy/storedObject.ts'
import { RegistryType } from '../../policy/registryValue.ts'
import { referencePath } from '../object-store/index.ts'

/** How the objects of an area spell what means the same in many spellings. */
export interface Spelling {
  readonly guids: 'upper' | 'lower'
  /** In the values that hold a GUID alone. */
  readonly ids: 'upper' | 'lower'
  /** What references begin with, or the DN of the container in a directory. */
  readonly references: string
  readonly isDirectory: boolean
}

/** As Windows and directories spell it today. */
export function usualSpelling(area: StoreArea, keyPath: readonly string[]): Spelling {
  if (area === 'directory') return { guids: 'upper', ids: 'upper', references: keyPath[0] ?? '', isDirectory: true }
  return { guids: 'lower', ids: 'lower', references: referencePath(keyPath), isDirectory: false }
}

/** The spelling most objects of a store use. */
export function spellingOf(store: ObjectStore): Spelling {
  const usual = usualSpelling(store.area, store.keyPath)
  const beginnings = new Map<string, number>()
  for (const object of usual.isDirectory ? [] : store.objects) {
    const text = firstReference(object)
    const end = text?.lastIndexOf('\\') ?? -1
    if (text === undefined || end < 0) continue
    const beginning = text.slice(0, end)
    beginnings.set(beginning, (beginnings.get(beginning) ?? 0) + 1)
  }
  const keys = store.objects.map((object) => object.key.slice(object.key.indexOf('{')))
  const ids = store.objects.map((object) => attributeText(object, 'ipsecID') ?? '')
  const guids = lettersOf(keys) ?? usual.guids
  return {
    ...usual,
    guids,
    ids: lettersOf(ids) ?? guids,
    references: mostFrequent(beginnings) ?? usual.references,
  }
}

/** Which letters most texts have; `undefined` when neither do. */
function lettersOf(texts: readonly string[]): 'upper' | 'lower' | undefined {
  let balance = 0
  for (const text of texts) balance += Number(/[A-F]/.test(text)) - Number(/[a-f]/.test(text))
  return balance === 0 ? undefined : balance > 0 ? 'upper' : 'lower'
}

function firstReference(object: StoredObject): string | undefined {
  for (const name of Object.keys(referenceAttributes)) {
    const [first] = attributeReferences(object, name as ReferenceAttribute)
    if (first !== undefined) return first
  }
  return undefined
}

export function mostFrequent<T>(counts: ReadonlyMap<T, number>): T | undefined {
  let best: T | undefined
  let most = 0
  for (const [value, count] of counts) {
    if (count > most) {
      most = count
      best = value
    }
  }
  return best
}

/** A new object in the spelling of its area. */
export function spelled(object: StoredObject, spelling: Spelling): StoredObject {
  const key = `${object.class}${spelledGuid(object.id, spelling.guids)}`
  return { ...object, key, values: object.values.map((value) => spelledValue(value, key, spelling)) }
}

const guidValues: ReadonlySet<string> = new Set([
  'ipsecID',
  'ipsecNegotiationPolicyAction',
  'ipsecNegotiationPolicyType',
])

function spelledValue(value: RegistryValue, key: string, spelling: Spelling): RegistryValue {
  if (value.name === 'name') return stringValue(value.name, key)
  if (guidValues.has(value.name))
    return stringValue(value.name, spelledGuid(textsOfValue(value)[0] as Guid, spelling.ids))
  if (!(value.name in referenceAttributes)) return value
  const texts = textsOfValue(value).map((text) => spelledReference(text, spelling))
  return value.type === RegistryType.multiString
    ? multiStringValue(value.name, texts)
    : stringValue(value.name, texts[0] ?? '')
}

export function spelledReference(text: string, spelling: Spelling): string {
  const target = parseReference(text)
  if (target === undefined) return text
  const key = `${target.class}${spelledGuid(target.id, spelling.guids)}`
  return spelling.isDirectory ? `CN=${key},${spelling.references}` : `${spelling.references}\\${key}`
}

function spelledGuid(id: Guid, letters: 'upper' | 'lower'): string {
  return letters === 'upper' ? upperGuid(id) : id.toLowerCase()
}
