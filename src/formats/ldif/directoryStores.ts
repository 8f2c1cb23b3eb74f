import type { Report } from '../../base/finding.ts'
import { findValue, type RegistryValue } from '../../policy/registryValue.ts'
import { parseObjectClass } from '../../policy/objectClass.ts'
import { parseObjectName } from '../../policy/reference.ts'
import type { DirectoryAttribute, GpoAssignment, ObjectStore, StoredObject } from '../../policy/storedObject.ts'
import { attributeValuesOf, equalValues, formOf, valueOfAttribute } from './attributeForms.ts'
import { dnKey, parentDn, rdnsOf, rdnValue } from './dn.ts'
import type { LdifEntry } from './entryBuilder.ts'
import { ldifFinding } from './ldifFindingTable.ts'
import { textOfBytes } from './readLdif.ts'

/** Where a GPO keeps its assignment (policy-objects.md 4.1), as a key of dnKey. */
const assignmentStart = 'cn=ipsec,cn=windows,cn=microsoft,cn=machine,'
/** Where the objects of a domain lie (policy-objects.md 1.3). */
const containerStart = 'cn=ip security,cn=system,'

interface StoreBuilder {
  readonly containerDn: string
  readonly objects: StoredObject[]
  readonly gpoAssignments: GpoAssignment[]
}

/**
 * The policy objects among the entries of a directory: one store a container, in the order of first mention. Attributes
 * become registry values, references keep their DN; `directory` holds all attributes in order, the ones that are fully
 * said by a registry value as names without values.
 */
export function directoryStoresOf(entries: readonly LdifEntry[], report: Report): ObjectStore[] {
  const stores = new Map<string, StoreBuilder>()
  const storeAt = (containerDn: string): StoreBuilder => {
    const key = dnKey(containerDn)
    let store = stores.get(key)
    if (store === undefined) {
      store = { containerDn, objects: [], gpoAssignments: [] }
      stores.set(key, store)
    }
    return store
  }
  const assignments: GpoAssignment[] = []
  const ignored: LdifEntry[] = []
  for (const entry of entries) {
    const name = parseObjectName(rdnValue(rdnsOf(entry.dn)[0] ?? '') ?? '')
    const key = dnKey(entry.dn)
    if (name !== undefined) {
      storeAt(parentDn(entry.dn)).objects.push(objectOfEntry(entry, name, report))
    } else if (key.startsWith(assignmentStart)) {
      assignments.push(assignmentOf(entry))
    } else if (!key.startsWith(containerStart)) ignored.push(entry)
  }
  for (const assignment of assignments) {
    storeAt(containerOfAssignment(assignment, stores)).gpoAssignments.push(assignment)
  }
  reportIgnored(ignored, report)
  return Array.from(stores.values(), (store) => ({
    area: 'directory' as const,
    keyPath: [store.containerDn],
    values: [],
    objects: store.objects,
    otherKeys: [],
    ...(store.gpoAssignments.length === 0 ? {} : { gpoAssignments: store.gpoAssignments }),
  }))
}

function reportIgnored(ignored: readonly LdifEntry[], report: Report): void {
  const [first] = ignored
  if (first === undefined) return
  const shown = first.dn.length > 120 ? `${first.dn.slice(0, 120)}…` : first.dn
  const what = ignored.length === 1 ? shown : `${shown} and ${ignored.length - 1} more`
  report(ldifFinding('LDIF_ENTRIES_IGNORED', what, { line: first.line }))
}

function objectOfEntry(
  entry: LdifEntry,
  name: NonNullable<ReturnType<typeof parseObjectName>>,
  report: Report,
): StoredObject {
  const key = rdnValue(rdnsOf(entry.dn)[0] ?? '') ?? ''
  const place = { object: key, line: entry.line }
  const values: RegistryValue[] = []
  const attributes = entry.attributes.map((attribute): DirectoryAttribute => {
    if (/;range=/i.test(attribute.name)) report(ldifFinding('LDIF_VALUE_RANGE', attribute.name, place))
    const row = formOf(attribute.name)
    if (row === undefined) return attribute
    if (findValue(values, row.value) !== undefined) {
      report(ldifFinding('LDIF_SEVERAL_VALUES', attribute.name, { ...place, field: attribute.name }))
      return attribute
    }
    const { value, problem } = valueOfAttribute(row, attribute.values)
    if (problem !== undefined) report(ldifFinding(problem, attribute.name, { ...place, field: attribute.name }))
    if (value === undefined) return attribute
    values.push(value)
    const again = attributeValuesOf(row, value)
    const isSaid = again !== undefined && equalValues(again, attribute.values)
    return isSaid ? { name: attribute.name, values: [] } : attribute
  })
  checkClass(entry, name.class, place, report)
  const directory = { dn: entry.dn, attributes }
  return { ...name, key, values, subkeys: [], directory, place: { line: entry.line } }
}

function checkClass(entry: LdifEntry, expected: string, place: { object: string; line: number }, report: Report): void {
  const attribute = entry.attributes.find((each) => each.name.toLowerCase() === 'objectclass')
  const classes = attribute?.values.map((value) => parseObjectClass(textOfBytes(value) ?? ''))
  if (classes === undefined || classes.includes(expected as never)) return
  report(ldifFinding('LDIF_CLASS_MISMATCH', undefined, { ...place, field: 'objectClass' }))
}

function assignmentOf(entry: LdifEntry): GpoAssignment {
  return { entry: { dn: entry.dn, attributes: entry.attributes }, references: referencesOf(entry.attributes) }
}

/** DNs in ipsecOwnersReference as written. */
export function referencesOf(attributes: readonly DirectoryAttribute[]): readonly string[] {
  const attribute = attributes.find((each) => each.name.toLowerCase() === 'ipsecownersreference')
  return (attribute?.values ?? []).map((value) => textOfBytes(value) ?? '').filter((text) => text !== '')
}

function isDomainPart(rdn: string): boolean {
  return /^dc\s*=/i.test(rdn)
}

/** The container its reference lies in, else the one of the GPO's own domain. */
function containerOfAssignment(assignment: GpoAssignment, stores: ReadonlyMap<string, StoreBuilder>): string {
  const [reference] = assignment.references
  if (reference !== undefined && parentDn(reference) !== '') return parentDn(reference)
  const domain = rdnsOf(assignment.entry.dn).filter(isDomainPart).join(',')
  const own = stores.get(containerStart + dnKey(domain))
  return own?.containerDn ?? `CN=IP Security,CN=System,${domain}`
}
