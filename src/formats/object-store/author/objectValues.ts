import type { Guid } from '../../../base/guid.ts'
import type { ReferenceAttribute } from '../../../policy/attributes.ts'
import type { ObjectClass } from '../../../policy/objectClass.ts'
import type { ObjectReference } from '../../../policy/reference.ts'
import {
  binaryValue,
  dwordValue,
  multiStringValue,
  type RegistryValue,
  stringValue,
} from '../../../policy/registryValue.ts'
import type { StoredObject } from '../../../policy/storedObject.ts'
import { ipsecDataType } from '../../../policy/wellKnown.ts'
import { containerDnOf, referenceText } from '../referenceText.ts'
import type { AuthorContext } from './authorContext.ts'
import { storableText } from './storable.ts'

/** What the values of an object say, whatever its class. */
export interface ObjectContent {
  readonly class: ObjectClass
  readonly id: Guid
  readonly name?: string
  readonly description?: string
  readonly data: Uint8Array
  readonly action?: Guid
  readonly type?: Guid
  readonly references?: Partial<Record<ReferenceAttribute, readonly ObjectReference[]>>
}

/** The order in which Windows 10 stores the values of an object, taken from real exports [X]; description is [R]. */
export const valueOrder = [
  'className',
  'name',
  'ipsecName',
  'description',
  'ipsecID',
  'ipsecNegotiationPolicyAction',
  'ipsecNegotiationPolicyType',
  'ipsecDataType',
  'ipsecData',
  'ipsecISAKMPReference',
  'ipsecNegotiationPolicyReference',
  'ipsecFilterReference',
  'whenChanged',
  'ipsecOwnersReference',
  'ipsecNFAReference',
] as const

/** A new object with the values Windows 10 and 11 write, in their order (registry-store.md 2.2, 2.3). */
export function newObject(content: ObjectContent, context: AuthorContext): StoredObject {
  const key = `${content.class}${content.id}`
  const isInDirectory = containerDnOf(context.keyPath) !== undefined
  const values: (RegistryValue | undefined)[] = [
    isInDirectory ? undefined : stringValue('className', content.class),
    isInDirectory ? undefined : stringValue('name', key),
    optionalText('ipsecName', content.name),
    optionalText('description', content.description),
    stringValue('ipsecID', content.id),
    optionalText('ipsecNegotiationPolicyAction', content.action),
    optionalText('ipsecNegotiationPolicyType', content.type),
    dwordValue('ipsecDataType', ipsecDataType),
    binaryValue('ipsecData', content.data),
    ...referenceValues(content, ['ipsecISAKMPReference', 'ipsecNegotiationPolicyReference'], context),
    ...referenceValues(content, ['ipsecFilterReference'], context),
    dwordValue('whenChanged', context.whenChanged),
    ...referenceValues(content, ['ipsecOwnersReference', 'ipsecNFAReference'], context),
  ]
  return {
    class: content.class,
    id: content.id,
    key,
    values: values.filter((value) => value !== undefined),
    subkeys: [],
    place: {},
  }
}

function optionalText(name: string, text: string | undefined): RegistryValue | undefined {
  return text === undefined || text === '' ? undefined : stringValue(name, storableText(text, name))
}

function referenceValues(
  content: ObjectContent,
  names: readonly ReferenceAttribute[],
  context: AuthorContext,
): RegistryValue[] {
  return names.flatMap((name) => {
    const texts = (content.references?.[name] ?? []).map((reference) => referenceText(context.keyPath, reference))
    const [first] = texts
    return first === undefined ? [] : [referenceValue(name, texts)]
  })
}

/** REG_SZ for the attributes that have one value, REG_MULTI_SZ for the others (registry-store.md 2.3). */
export function referenceValue(name: ReferenceAttribute, texts: readonly string[]): RegistryValue {
  const isSingle = name === 'ipsecISAKMPReference' || name === 'ipsecNegotiationPolicyReference'
  return isSingle && texts.length === 1 ? stringValue(name, texts[0] ?? '') : multiStringValue(name, texts)
}
