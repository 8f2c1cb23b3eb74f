import type { Report } from '../../../base/finding.ts'
import { integrityFinding } from '../../../policy/integrityFinding.ts'
import type { DirectoryAttribute, StoredObject } from '../../../policy/storedObject.ts'
import { valueOrder } from '../author/objectValues.ts'
import { objectRdn } from '../referenceText.ts'

/** In a directory objectClass and cn say these (policy-objects.md 1.5). */
const registryOnly: ReadonlySet<string> = new Set(['classname', 'name'])
/** Attributes the schema has for these classes (policy-objects.md 1.4). */
const inSchema: ReadonlySet<string> = new Set(valueOrder.map((name) => name.toLowerCase()))

const utf8 = new TextEncoder()

/** A registry object as a directory entry; values the schema does not know and subkeys are left out and reported. */
export function toDirectoryObject(object: StoredObject, containerDn: string, report: Report): StoredObject {
  const key = objectRdn(object)
  const values = object.values.filter((value) => {
    const name = value.name.toLowerCase()
    if (registryOnly.has(name)) return false
    if (inSchema.has(name)) return true
    report(integrityFinding('LEFT_OUT', object, `value "${value.name}"`))
    return false
  })
  for (const subkey of object.subkeys) report(integrityFinding('LEFT_OUT', object, `key "${subkey.name}"`))
  return {
    class: object.class,
    id: object.id,
    key,
    values,
    subkeys: [],
    directory: {
      dn: `CN=${key},${containerDn}`,
      attributes: [textAttribute('objectClass', 'top', 'ipsecBase', object.class), textAttribute('cn', key)],
    },
    place: object.place,
  }
}

function textAttribute(name: string, ...texts: readonly string[]): DirectoryAttribute {
  return { name, values: texts.map((text) => utf8.encode(text)) }
}
