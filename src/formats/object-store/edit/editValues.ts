import type { ReferenceAttribute } from '../../../policy/attributes.ts'
import { equalBytes } from '../../../base/bytes.ts'
import type { ObjectClass } from '../../../policy/objectClass.ts'
import { type ObjectReference, parseReference, referenceKey } from '../../../policy/reference.ts'
import { findValue, type RegistryValue, stringValue, textOfValue, textsOfValue } from '../../../policy/registryValue.ts'
import type { StoredObject } from '../../../policy/storedObject.ts'
import { referenceValue, valueOrder } from '../author/objectValues.ts'

export type Values = readonly RegistryValue[]

const placeOf = new Map<string, number>(valueOrder.map((name, index) => [name.toLowerCase(), index]))

/** With the value of that name replaced where it stands, or put in at the place Windows gives it. */
export function withValue(values: Values, value: RegistryValue): Values {
  const wanted = value.name.toLowerCase()
  const at = values.findIndex((candidate) => candidate.name.toLowerCase() === wanted)
  if (at >= 0) {
    const old = values[at] as RegistryValue
    if (old.type === value.type && equalBytes(old.data, value.data)) return values
    return values.with(at, { ...value, name: old.name })
  }
  const place = placeOf.get(wanted) ?? valueOrder.length
  const before = values.findLastIndex((candidate) => (placeOf.get(candidate.name.toLowerCase()) ?? -1) < place)
  return values.toSpliced(place === valueOrder.length ? values.length : before + 1, 0, value)
}

export function withoutValue(values: Values, name: string): Values {
  const wanted = name.toLowerCase()
  return values.some((value) => value.name.toLowerCase() === wanted)
    ? values.filter((value) => value.name.toLowerCase() !== wanted)
    : values
}

/** A text that says the same already stays as it is stored; no text and empty text are one. */
export function withText(values: Values, name: string, text: string | undefined): Values {
  const value = findValue(values, name)
  const present = value === undefined ? '' : textOfValue(value)
  if (present === (text ?? '')) return values
  return text === undefined || text === '' ? withoutValue(values, name) : withValue(values, stringValue(name, text))
}

export interface ReferenceChange {
  /** How a reference that is not there yet is written. */
  readonly spell: (reference: ObjectReference) => string
  /** Whether texts that lead to nothing of use stay when the references change. */
  readonly keepMalformed: boolean
}

/** What an attribute may lead to; owners may be of several classes. */
const targetClass: Partial<Record<ReferenceAttribute, ObjectClass>> = {
  ipsecISAKMPReference: 'ipsecISAKMPPolicy',
  ipsecNFAReference: 'ipsecNFA',
  ipsecNegotiationPolicyReference: 'ipsecNegotiationPolicy',
  ipsecFilterReference: 'ipsecFilter',
}

/**
 * References that lead to the objects given, each once. Those that are there already keep their text and order; when
 * they lead to these objects already the value stays as stored, whatever its type and whatever else it says.
 */
export function withReferences(
  values: Values,
  name: ReferenceAttribute,
  wanted: readonly ObjectReference[],
  change: ReferenceChange,
): Values {
  const value = findValue(values, name)
  const missing = new Map(wanted.map((reference) => [referenceKey(reference), reference]))
  const texts: string[] = []
  let isChanged = false
  for (const text of value === undefined ? [] : textsOfValue(value)) {
    const reference = parseReference(text)
    if (reference === undefined || reference.class !== (targetClass[name] ?? reference.class)) {
      if (change.keepMalformed) texts.push(text)
    } else if (missing.delete(referenceKey(reference))) {
      texts.push(text)
    } else {
      isChanged = true
    }
  }
  if (!isChanged && missing.size === 0) return values
  for (const reference of missing.values()) texts.push(change.spell(reference))
  return texts.length === 0 ? withoutValue(values, name) : withValue(values, referenceValue(name, texts))
}

/** The object with these values; the same object when they are the same. */
export function withValues(object: StoredObject, values: Values): StoredObject {
  return values === object.values ? object : { ...object, values }
}
