import type { Guid } from '../../../base/guid.ts'
import { parseGuid } from '../../../base/guid.ts'
import type { ReferenceAttribute } from '../../../policy/attributes.ts'
import { PolagentError } from '../../../base/errors.ts'
import type { ObjectReference } from '../../../policy/reference.ts'
import { binaryValue, dwordValue, findValue, stringValue, textOfValue } from '../../../policy/registryValue.ts'
import type { StoredObject } from '../../../policy/storedObject.ts'
import type { AuthorContext } from '../author/authorContext.ts'
import { storableText } from '../author/storable.ts'
import { type Values, withReferences, withText, withValue, withValues } from '../edit/editValues.ts'
import { referenceText } from '../referenceText.ts'

/** What a draft says about an object, whatever its class; the data with what was not understood kept. */
export interface UpdatedContent {
  readonly name?: string | undefined
  readonly description?: string | undefined
  readonly data: Uint8Array
  readonly action?: Guid
  readonly type?: Guid
  readonly references: Partial<Record<ReferenceAttribute, readonly ObjectReference[]>>
}

/**
 * The object with this content. Values that say the same already stay as stored, unknown values, subkeys and key
 * properties stay in any case; whenChanged is set when anything changed.
 */
export function updatedObject(object: StoredObject, content: UpdatedContent, context: AuthorContext): StoredObject {
  let values: Values = object.values
  values = withText(values, 'ipsecName', checkedText(content.name, 'ipsecName'))
  values = withText(values, 'description', checkedText(content.description, 'description'))
  values = withGuid(values, 'ipsecNegotiationPolicyAction', content.action)
  values = withGuid(values, 'ipsecNegotiationPolicyType', content.type)
  values = withData(values, content.data)
  const spell = (reference: ObjectReference): string => referenceText(context.keyPath, reference)
  for (const [name, references] of Object.entries(content.references)) {
    const attribute = name as ReferenceAttribute
    values = withReferences(values, attribute, references, { spell, keepMalformed: false })
  }
  if (values === object.values) return object
  return withValues(object, withValue(values, dwordValue('whenChanged', context.whenChanged)))
}

function checkedText(text: string | undefined, field: string): string | undefined {
  return text === undefined ? undefined : storableText(text, field)
}

function withGuid(values: Values, name: string, id: Guid | undefined): Values {
  if (id === undefined) return values
  const value = findValue(values, name)
  if (value !== undefined && parseGuid(textOfValue(value)) === id) return values
  return withValue(values, stringValue(name, id))
}

/** Data that is the same stays whatever type it is stored with. */
function withData(values: Values, data: Uint8Array): Values {
  const value = findValue(values, 'ipsecData')
  return value?.data === data ? values : withValue(values, binaryValue('ipsecData', data))
}

/** The decoded data of an object, or `undefined` when it is missing or cannot be read and is written anew. */
export function presentBlob<T>(object: StoredObject, decode: (bytes: Uint8Array) => T): T | undefined {
  const value = findValue(object.values, 'ipsecData')
  if (value === undefined) return undefined
  try {
    return decode(value.data)
  } catch (error) {
    if (error instanceof PolagentError) return undefined
    throw error
  }
}

export function presentData(object: StoredObject): Uint8Array {
  return findValue(object.values, 'ipsecData')?.data ?? new Uint8Array(0)
}
