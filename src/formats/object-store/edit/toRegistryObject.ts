import type { Report } from '../../../base/finding.ts'
import { attributeNumber, referenceAttributes, type ReferenceAttribute } from '../../../policy/attributes.ts'
import { integrityFinding } from '../../../policy/integrityFinding.ts'
import {
  dwordValue,
  RegistryType,
  type RegistryValue,
  stringValue,
  textOfValue,
  textsOfValue,
} from '../../../policy/registryValue.ts'
import type { StoredObject } from '../../../policy/storedObject.ts'
import { referenceValue, valueOrder } from '../author/objectValues.ts'
import { withValue } from './editValues.ts'

/** Attributes every entry of a directory has and no registry object needs; losing them loses nothing. */
const bookkeeping: ReadonlySet<string> = new Set(
  [
    'objectClass cn name distinguishedName dn instanceType whenCreated whenChanged uSNChanged uSNCreated objectGUID',
    'objectCategory showInAdvancedViewOnly dSCorePropagationData nTSecurityDescriptor isCriticalSystemObject',
  ].flatMap((names) => names.toLowerCase().split(' ')),
)

const properNames = new Map<string, string>(valueOrder.map((name) => [name.toLowerCase(), name]))

/** A directory entry as a registry object: className and name added, types as the registry has them, values in order. */
export function toRegistryObject(
  object: StoredObject,
  report: Report,
  onLost: (attributeName: string) => void,
): StoredObject {
  for (const attribute of object.directory?.attributes ?? []) {
    // An attribute without values is one that a registry value says in full; only its place is kept there.
    const isSaid = attribute.values.length === 0
    if (!isSaid && !bookkeeping.has(attribute.name.toLowerCase())) onLost(attribute.name)
  }
  const key = `${object.class}${object.id}`
  const named = [stringValue('className', object.class), stringValue('name', key)]
  const values = [...named, ...object.values.flatMap((value) => registryForm(value, object, report))].reduce<
    readonly RegistryValue[]
  >((done, value) => withValue(done, value), [])
  return { class: object.class, id: object.id, key, values, subkeys: object.subkeys, place: object.place }
}

function registryForm(value: RegistryValue, object: StoredObject, report: Report): RegistryValue[] {
  const name = properNames.get(value.name.toLowerCase())
  if (name === undefined) return [value]
  if (name in referenceAttributes) {
    return [referenceValue(name as ReferenceAttribute, textsOfValue(value))]
  }
  switch (name) {
    case 'className':
    case 'name':
      return []
    case 'ipsecData':
      return [{ ...value, name, type: RegistryType.binary }]
    case 'ipsecDataType':
      return [dwordValue(name, attributeNumber(object, name) ?? 0)]
    case 'whenChanged':
      return [dwordValue(name, secondsOf(value))]
    default: {
      const [first, ...others] = textsOfValue(value)
      for (const other of others) report(integrityFinding('LEFT_OUT', object, `${name}: ${other}`, { field: name }))
      return first === undefined ? [] : [stringValue(name, first)]
    }
  }
}

/** Generalized time (`20240102030405.0Z`) as seconds since 1970; a number stays. */
function secondsOf(value: RegistryValue): number {
  if (value.type === RegistryType.dword && value.data.length === 4) {
    return new DataView(value.data.buffer, value.data.byteOffset, 4).getUint32(0, true)
  }
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(textOfValue(value))
  if (match === null) return 0
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number)
  return Math.min(0xffff_ffff, Math.max(0, Math.floor(Date.UTC(year, month - 1, day, hour, minute, second) / 1000)))
}
