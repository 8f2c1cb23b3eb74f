import { fromBase64 } from '../../base/base64.ts'
import { RegistryType } from '../../policy/registryValue.ts'
import type { DocumentNode } from './documentNode.ts'
import {
  anyText,
  either,
  integer,
  type JsonSchema,
  list,
  mapped,
  named,
  no,
  object,
  optional,
  parsed,
  refined,
  required,
  type Shape,
  text,
  word,
} from './shape.ts'
import type {
  KeyProperties,
  StoredAssignment,
  StoredAttribute,
  StoredDifference,
  StoredEntry,
  StoredKey,
  StoredPart,
  StoredValue,
} from './storedPart.ts'
import { fileTimePattern, parseFileTime, parseSeconds, secondsPattern } from './timeWords.ts'

/** Names of registry types as registry editors show them. */
export const registryTypeNames = new Map<string, number>([
  ['REG_NONE', RegistryType.none],
  ['REG_SZ', RegistryType.string],
  ['REG_EXPAND_SZ', RegistryType.expandString],
  ['REG_BINARY', RegistryType.binary],
  ['REG_DWORD', RegistryType.dword],
  ['REG_DWORD_BIG_ENDIAN', RegistryType.dwordBigEndian],
  ['REG_LINK', RegistryType.link],
  ['REG_MULTI_SZ', RegistryType.multiString],
  ['REG_QWORD', RegistryType.qword],
])

const base64 = parsed<Uint8Array>(
  (value) => {
    const bytes = fromBase64(value)
    return bytes === undefined ? { fault: 'bytes in base64 are expected', at: 0 } : { value: bytes }
  },
  { wants: 'a text in base64', pattern: '^[A-Za-z0-9+/\\s]*={0,2}\\s*$' },
)

const seconds = parsed(parseSeconds, { wants: 'a text like 2024-05-01T12:00:00Z', pattern: secondsPattern })
const fingerprint = text({ wants: 'a text of 16 hex digits', pattern: '^[0-9a-f]{16}$' })

export function storedShape(definitions: Map<string, JsonSchema>): Shape<StoredPart> {
  const registryType = either(
    mapped(word([...registryTypeNames.keys()]), (name) => registryTypeNames.get(name) ?? 0),
    integer(0, 0xffff_ffff),
  )
  const value = named<StoredValue>(
    'storedValue',
    refined(
      object<StoredValue>({
        name: required(anyText, 'Name of the value; empty for the default value.'),
        type: required(registryType, 'Type of the value.'),
        text: optional(anyText, 'A terminated string.'),
        texts: optional(list(anyText), 'The strings of a REG_MULTI_SZ.'),
        number: optional(integer(0, 0xffff_ffff), 'A DWORD.'),
        data: optional(base64, 'Any other bytes.'),
      }),
      (found, fault) => {
        const given = [found.text, found.texts, found.number, found.data].filter((part) => part !== undefined)
        if (given.length !== 1) fault('exactly one of text, texts, number and data is needed')
      },
    ),
    definitions,
  )
  const keyProperties = named<KeyProperties>(
    'keyProperties',
    object<KeyProperties>({
      written: optional(
        either(
          no,
          parsed(parseFileTime, { wants: 'a text like 2024-05-01T12:00:00.1234567Z', pattern: fileTimePattern }),
        ),
        'When the key was last written.',
      ),
      class: optional(either(no, base64), 'Class name of the key.'),
      security: optional(either(no, base64), 'Security descriptor, self-relative.'),
      flags: optional(either(no, integer(0, 0xffff)), 'Flags of the key beyond those every key has.'),
    }),
    definitions,
  )
  const key: Shape<StoredKey> = named<StoredKey>(
    'storedKey',
    object<StoredKey>({
      name: required(anyText, 'Name of the key.'),
      values: optional(list(value), 'Its values.'),
      keys: optional(list(later(() => key, '#/$defs/storedKey')), 'Its subkeys.'),
      key: optional(keyProperties, 'Its properties in a hive.'),
    }),
    definitions,
  )
  const attribute = named<StoredAttribute>(
    'directoryAttribute',
    object<StoredAttribute>({
      name: required(anyText, 'Name of the attribute.'),
      values: required(list(attributeValue), 'Its values: texts, or bytes in base64 after "base64:".'),
    }),
    definitions,
  )
  const assignment = object<StoredAssignment>({
    dn: required(anyText, 'DN of the IPSEC object of a GPO.'),
    attributes: optional(list(attribute), 'Its attributes.'),
    references: required(list(anyText), 'The policies it names.'),
  })
  const difference = object<StoredDifference>({
    of: required(fingerprint, 'Fingerprint of the words this belongs to.'),
    values: optional(list(value), 'Values that are stored in another way.'),
    absent: optional(list(anyText), 'Values that are not stored.'),
  })
  const entry = named<StoredEntry>(
    'storedObject',
    object<StoredEntry>({
      object: required(anyText, 'Key name of the object, for example ipsecNFA{…}.'),
      of: optional(fingerprint, 'Fingerprint of the words this completes; absent when the object has no words.'),
      data: optional(base64, 'The value ipsecData.'),
      filterIds: optional(base64, 'Ids of filters, each after a check of its filter.'),
      changed: optional(seconds, 'When the object was changed.'),
      values: optional(list(value), 'Values that are stored in another way.'),
      absent: optional(list(anyText), 'Values that are not stored.'),
      keys: optional(list(key), 'Subkeys.'),
      key: optional(keyProperties, 'Properties of the key in a hive.'),
      dn: optional(anyText, 'DN in a directory.'),
      attributes: optional(list(attribute), 'Attributes in a directory that have no registry form.'),
    }),
    definitions,
  )
  return named(
    'stored',
    object<StoredPart>(
      {
        keyPath: optional(list(anyText, 1), 'Where the area lies, when not at its usual place.'),
        rootPath: optional(list(anyText), 'The root it was found at, when not HKEY_LOCAL_MACHINE\\SOFTWARE.'),
        references: optional(anyText, 'What references to objects begin with, or the DN of their container.'),
        guids: optional(word(['upper', 'lower']), 'How GUIDs are spelled, when not as usual.'),
        ids: optional(word(['upper', 'lower']), 'How ids in values are spelled, when not as in keys.'),
        changed: optional(either(no, seconds), 'When most objects were changed; false when they do not say.'),
        key: optional(keyProperties, 'Properties of the area key in a hive, and of all keys that say nothing else.'),
        objectKeys: optional(
          keyProperties,
          'Properties most objects have in a hive, where they differ from those of the area.',
        ),
        area: optional(difference, 'Values of the area key.'),
        otherKeys: optional(list(key), 'Keys in the area that are no policy objects.'),
        surroundings: optional(key, 'What lies beside the areas below the IPSec key.'),
        gpoAssignments: optional(list(assignment), 'GPOs that assign a policy of the directory.'),
        objects: optional(list(entry), 'What single objects have beyond their words.'),
      },
      {
        wants: 'the stored part as polagent writes it',
        description:
          'Written by polagent where the readable part does not say exactly what is stored. Not for editing.',
      },
    ),
    definitions,
  )
}

const attributeValue = parsed<Uint8Array>(
  (value) => {
    if (!value.startsWith('base64:')) return { value: new TextEncoder().encode(value) }
    const bytes = fromBase64(value.slice('base64:'.length))
    return bytes === undefined ? { fault: 'bytes in base64 are expected', at: 0 } : { value: bytes }
  },
  { wants: 'a text' },
)

/** A shape that refers to itself. */
function later<T>(shape: () => Shape<T>, reference: string): Shape<T> {
  return {
    wants: 'fields',
    accepts: (node: DocumentNode) => shape().accepts(node),
    read: (node, context) => shape().read(node, context),
    schema: { $ref: reference },
  }
}
