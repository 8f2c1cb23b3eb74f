import { referenceAttributes, type ReferenceAttribute } from '../../../policy/attributes.ts'
import { type ObjectReference, parseReference } from '../../../policy/reference.ts'
import { findValue, textsOfValue } from '../../../policy/registryValue.ts'
import type { StoredObject } from '../../../policy/storedObject.ts'
import { referenceValue } from '../author/objectValues.ts'
import { containerDnOf, referencePath, referenceText } from '../referenceText.ts'
import { type Values, withValue, withValues } from './editValues.ts'

const attributeNames = Object.keys(referenceAttributes) as ReferenceAttribute[]

/** Writes references as they are written in an area, optionally to other objects. */
export interface Respelling {
  readonly keyPath: readonly string[]
  /** What a reference shall lead to instead; the same when it stays. */
  readonly rename?: (reference: ObjectReference) => ObjectReference
  /** Told of texts that name no object; they are kept. */
  readonly onMalformed?: (object: StoredObject, name: string, text: string) => void
}

/** The object with its references as the area has them; those that fit already keep their text. */
export function respelled(object: StoredObject, how: Respelling): StoredObject {
  let values: Values = object.values
  for (const name of attributeNames) {
    const value = findValue(values, name)
    if (value === undefined) continue
    const texts = textsOfValue(value)
    const changed = texts.map((text) => {
      const fresh = respelledText(text, how)
      if (fresh === undefined) how.onMalformed?.(object, name, text)
      return fresh ?? text
    })
    if (changed.every((text, index) => text === texts[index])) continue
    values = withValue(values, referenceValue(name, changed))
  }
  return withValues(object, values)
}

/** `undefined` when the text names no object. */
export function respelledText(text: string, how: Respelling): string | undefined {
  const reference = parseReference(text)
  if (reference === undefined) return undefined
  const target = how.rename?.(reference) ?? reference
  if (target.id === reference.id && isSpelledFor(text, how.keyPath)) return text
  return referenceText(how.keyPath, target)
}

/** Whether a text leads into the area, without regard to case (registry-store.md 1). */
function isSpelledFor(text: string, keyPath: readonly string[]): boolean {
  const container = containerDnOf(keyPath)
  if (container !== undefined) return text.toLowerCase().endsWith(`,${container.toLowerCase()}`)
  return text.toLowerCase().startsWith(`${referencePath(keyPath).toLowerCase()}\\`)
}
