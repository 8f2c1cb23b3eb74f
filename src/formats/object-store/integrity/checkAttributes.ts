import type { Report } from '../../../base/finding.ts'
import { parseGuid } from '../../../base/guid.ts'
import { referenceAttributes } from '../../../policy/attributes.ts'
import { integrityFinding } from '../../../policy/integrityFinding.ts'
import { parseObjectClass } from '../../../policy/objectClass.ts'
import { findValue, RegistryType, textOfValue } from '../../../policy/registryValue.ts'
import type { StoredObject } from '../../../policy/storedObject.ts'

/** Values every object of a registry store has (registry-store.md 2.2); the blob is looked for where it is read. */
const requiredInRegistry = ['className', 'name', 'ipsecID', 'ipsecDataType'] as const
/** In a directory the class and the RDN stand for the first two (policy-objects.md 1.5). */
const requiredInDirectory = ['ipsecID', 'ipsecDataType'] as const

const textTypes: readonly number[] = [RegistryType.string, RegistryType.expandString]

/** Types each value may have; the first is the proper one. */
const properTypes: ReadonlyMap<string, readonly number[]> = new Map([
  ['classname', textTypes],
  ['name', textTypes],
  ['ipsecid', textTypes],
  ['ipsecname', textTypes],
  ['description', textTypes],
  ['ipsecdatatype', [RegistryType.dword]],
  ['ipsecdata', [RegistryType.binary]],
  ['whenchanged', [RegistryType.dword]],
  ['ipsecnegotiationpolicyaction', textTypes],
  ['ipsecnegotiationpolicytype', textTypes],
  ...Object.entries(referenceAttributes).map(
    ([name, count]) => [name.toLowerCase(), count === 'many' ? [RegistryType.multiString] : textTypes] as const,
  ),
])

export function checkAttributes(object: StoredObject, report: Report): void {
  if (object.directory !== undefined && object.values.length === 0) return // hidden: reported where the blob is read
  const required = object.directory === undefined ? requiredInRegistry : requiredInDirectory
  for (const field of required) {
    if (findValue(object.values, field) === undefined)
      report(integrityFinding('VALUE_MISSING', object, field, { field }))
  }
  // Types of directory attributes are those of the schema; the registry form is made by the reader.
  if (object.directory === undefined) checkTypes(object, report)
  checkIdentity(object, report)
}

function checkTypes(object: StoredObject, report: Report): void {
  for (const value of object.values) {
    const proper = properTypes.get(value.name.toLowerCase())
    if (proper === undefined || proper.includes(value.type)) continue
    const isListAsText = proper[0] === RegistryType.multiString && value.type === RegistryType.string
    const what = isListAsText ? value.name : `${value.name} is of type ${value.type}, ${proper[0]} is proper`
    report(integrityFinding(isListAsText ? 'REFERENCE_TYPE' : 'VALUE_TYPE', object, what, { field: value.name }))
  }
}

function checkIdentity(object: StoredObject, report: Report): void {
  const name = findValue(object.values, 'name')
  if (name !== undefined && textOfValue(name).toLowerCase() !== object.key.toLowerCase()) {
    report(integrityFinding('NAME_MISMATCH', object, textOfValue(name), { field: 'name' }))
  }
  const id = findValue(object.values, 'ipsecID')
  if (id !== undefined && parseGuid(textOfValue(id)) !== object.id) {
    report(integrityFinding('ID_MISMATCH', object, textOfValue(id), { field: 'ipsecID' }))
  }
  const className = findValue(object.values, 'className')
  if (className !== undefined && parseObjectClass(textOfValue(className)) !== object.class) {
    report(integrityFinding('CLASS_MISMATCH', object, textOfValue(className), { field: 'className' }))
  }
}
