import type { Report } from '../../base/finding.ts'
import { findValue } from '../../policy/registryValue.ts'
import type { DirectoryAttribute, GpoAssignment, ObjectStore, StoredObject } from '../../policy/storedObject.ts'
import { attributeValuesOf, equalValues, formOf, isReference, valueOfAttribute } from './attributeForms.ts'
import { referencesOf } from './directoryStores.ts'
import { dnKey } from './dn.ts'
import { ldifFinding } from './ldifFindingTable.ts'
import { textOfBytes } from './readLdif.ts'
import { type LdifOutput, writeLdif } from './writeLdif.ts'

/**
 * LDIF of directory stores. Stores read from LDIF go out as content, attributes as they were read. New ones go out as
 * changes in the order a server accepts them (policy-objects.md 1.8): all objects first, then the references between
 * them, since a directory refuses references to what is not there yet. `ldapmodify` and `ldbmodify` import both.
 */
export function ldifOfStores(stores: readonly ObjectStore[], report: Report = () => undefined): Uint8Array {
  return writeLdif(stores.flatMap((store) => recordsOf(store, report)))
}

function recordsOf(store: ObjectStore, report: Report): LdifOutput[] {
  if (store.area !== 'directory') throw new TypeError('convertArea makes a directory area of registry objects')
  reportLost(store, report)
  const entries = [
    ...store.objects.map((object) => ({
      dn: object.directory?.dn ?? `CN=${object.key},${store.keyPath[0] ?? ''}`,
      attributes: attributesOfObject(object, report),
    })),
    ...(store.gpoAssignments ?? []).map((assignment) => ({
      dn: assignment.entry.dn,
      attributes: attributesOfAssignment(assignment),
    })),
  ]
  if (store.objects.every(isFromDirectory)) return entries.map((entry) => ({ kind: 'content', ...entry }))
  return [
    ...entries.map(({ dn, attributes }) => ({
      kind: 'add' as const,
      dn,
      attributes: attributes.filter(({ name }) => !isReference(name)),
    })),
    ...entries.flatMap(({ dn, attributes }) => {
      const references = attributes.filter(({ name }) => isReference(name))
      return references.length === 0 ? [] : [{ kind: 'replace' as const, dn, attributes: references }]
    }),
  ]
}

/** What an object made here is given; an entry that was read has more, or shows nothing at all. */
const givenAttributes = new Set(['objectclass', 'cn'])

function isFromDirectory({ directory, values }: StoredObject): boolean {
  if (directory === undefined) return false
  return values.length === 0 || directory.attributes.some(({ name }) => !givenAttributes.has(name.toLowerCase()))
}

function reportLost(store: ObjectStore, report: Report): void {
  for (const value of store.values) {
    report(ldifFinding('LDIF_VALUE_NOT_WRITTEN', value.name, { object: store.keyPath.join('\\'), field: value.name }))
  }
  const keys = [...store.otherKeys, ...store.objects.flatMap((object) => object.subkeys)]
  for (const key of keys) report(ldifFinding('LDIF_VALUE_NOT_WRITTEN', `the key ${key.name}`, { object: key.name }))
}

/** Values that the class and the RDN of an entry say already. */
const impliedValues = new Set(['classname', 'name', 'whenchanged'])

function attributesOfObject(object: StoredObject, report: Report): DirectoryAttribute[] {
  const written: DirectoryAttribute[] = []
  const done = new Set<string>()
  const read = object.directory?.attributes ?? []
  if (!isFromDirectory(object)) written.push(...newEntryAttributes(object))
  for (const attribute of read) {
    const row = formOf(attribute.name)
    const current = row === undefined || done.has(row.value) ? attribute : currentAttribute(object, attribute, report)
    if (row !== undefined) done.add(row.value)
    if (current !== undefined) written.push(current)
  }
  for (const value of object.values) {
    const row = formOf(value.name)
    if (impliedValues.has(value.name.toLowerCase()) || (row !== undefined && done.has(row.value))) continue
    const values = row === undefined ? undefined : attributeValuesOf(row, value)
    if (row === undefined || values === undefined) reportValue(object, value.name, report)
    else written.push({ name: row.attribute ?? row.value, values })
  }
  return written
}

function newEntryAttributes(object: StoredObject): DirectoryAttribute[] {
  const encoder = new TextEncoder()
  const given = new Set(object.directory?.attributes.map(({ name }) => name.toLowerCase()))
  const own: DirectoryAttribute[] = [
    { name: 'objectClass', values: [encoder.encode('top'), encoder.encode(object.class)] },
    { name: 'cn', values: [encoder.encode(object.key)] },
  ]
  return own.filter(({ name }) => !given.has(name.toLowerCase()))
}

/** An attribute that was read, with the values it has now; `undefined` when it was removed since. */
function currentAttribute(
  object: StoredObject,
  attribute: DirectoryAttribute,
  report: Report,
): DirectoryAttribute | undefined {
  const row = formOf(attribute.name)
  const identity = identityOf(object, attribute.name)
  if (identity !== undefined && attribute.values.length > 0) return withText(attribute, identity)
  // A time is the server's; it stays as it was read.
  if (row === undefined || row.form === 'time') return attribute
  const value = findValue(object.values, row.value)
  if (attribute.values.length > 0) {
    const asRead = valueOfAttribute(row, attribute.values).value
    if (asRead === undefined) return attribute
    if (value !== undefined && value.type === asRead.type && equalValues([value.data], [asRead.data])) return attribute
  }
  if (value === undefined) return undefined
  const values = attributeValuesOf(row, value)
  if (values === undefined) reportValue(object, value.name, report)
  return values === undefined ? undefined : { name: attribute.name, values }
}

/** What the attributes that repeat the name of an entry must be. */
function identityOf(object: StoredObject, name: string): string | undefined {
  switch (name.toLowerCase()) {
    case 'cn':
    case 'name':
      return object.key
    case 'distinguishedname':
      return object.directory?.dn
    default:
      return undefined
  }
}

/** The attribute as it was read when it says that text, in whatever spelling. */
function withText(attribute: DirectoryAttribute, text: string): DirectoryAttribute {
  const [first] = attribute.values
  const asRead = first === undefined ? undefined : textOfBytes(first)
  if (asRead !== undefined && dnKey(asRead) === dnKey(text)) return attribute
  return { name: attribute.name, values: [new TextEncoder().encode(text)] }
}

function reportValue(object: StoredObject, field: string, report: Report): void {
  report(ldifFinding('LDIF_VALUE_NOT_WRITTEN', field, { ...object.place, object: object.key, field }))
}

function attributesOfAssignment(assignment: GpoAssignment): readonly DirectoryAttribute[] {
  const { attributes } = assignment.entry
  const asRead = referencesOf(attributes)
  const { references } = assignment
  if (asRead.length === references.length && asRead.every((text, index) => text === references[index]))
    return attributes
  const encoder = new TextEncoder()
  const name = 'ipsecOwnersReference'
  const current = { name, values: references.map((text) => encoder.encode(text)) }
  const others = attributes.filter((attribute) => attribute.name.toLowerCase() !== name.toLowerCase())
  return references.length === 0 ? others : [...others, current]
}
