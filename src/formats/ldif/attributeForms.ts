import { equalBytes } from '../../base/bytes.ts'
import {
  binaryValue,
  dwordValue,
  multiStringValue,
  numberOfValue,
  RegistryType,
  type RegistryValue,
  stringValue,
  textOfValue,
  textsOfValue,
} from '../../policy/registryValue.ts'
import { secondsOfGeneralizedTime } from './generalizedTime.ts'
import { textOfBytes } from './readLdif.ts'

type Form = 'text' | 'number' | 'bytes' | 'references' | 'reference' | 'time'

interface FormRow {
  /** Name of the registry value. */
  readonly value: string
  readonly form: Form
  /** Name in the schema, where it is spelled otherwise. */
  readonly attribute?: string
  /** Only a server writes it. */
  readonly isServerOwned?: true
}

/** Attributes of the directory with a form in the registry (policy-objects.md 1.4 and 4.7). */
const formTable: readonly FormRow[] = [
  { value: 'name', form: 'text', isServerOwned: true },
  { value: 'ipsecName', form: 'text' },
  { value: 'description', form: 'text' },
  { value: 'ipsecID', form: 'text' },
  { value: 'ipsecDataType', form: 'number' },
  { value: 'ipsecData', form: 'bytes' },
  { value: 'ipsecNegotiationPolicyAction', form: 'text', attribute: 'iPSECNegotiationPolicyAction' },
  { value: 'ipsecNegotiationPolicyType', form: 'text', attribute: 'iPSECNegotiationPolicyType' },
  { value: 'ipsecISAKMPReference', form: 'reference' },
  { value: 'ipsecNegotiationPolicyReference', form: 'reference' },
  { value: 'ipsecNFAReference', form: 'references' },
  { value: 'ipsecFilterReference', form: 'references' },
  { value: 'ipsecOwnersReference', form: 'references' },
  { value: 'whenChanged', form: 'time', isServerOwned: true },
]

const rowByName = new Map(formTable.map((row) => [row.value.toLowerCase(), row]))

/** The row of an attribute or value, options such as `;binary` aside. */
export function formOf(name: string): FormRow | undefined {
  return rowByName.get(name.replace(/;binary$/i, '').toLowerCase())
}

export function isReference(name: string): boolean {
  const form = formOf(name)?.form
  return form === 'reference' || form === 'references'
}

export interface ValueReading {
  readonly value?: RegistryValue
  readonly problem?: 'LDIF_VALUE_UNREADABLE' | 'LDIF_SEVERAL_VALUES'
}

/** The registry form of an attribute's values; a problem when they are not what the attribute should have. */
export function valueOfAttribute(row: FormRow, values: readonly Uint8Array[]): ValueReading {
  const [first, ...others] = values
  if (first === undefined) return {}
  if (row.form === 'bytes') {
    return others.length > 0 ? { problem: 'LDIF_VALUE_UNREADABLE' } : { value: binaryValue(row.value, first) }
  }
  const texts = values.map(textOfBytes)
  if (texts.some((text) => text === undefined || text === '' || text.includes('\0'))) {
    return { problem: 'LDIF_VALUE_UNREADABLE' }
  }
  const known = texts as string[]
  const text = known[0] as string
  const several = others.length > 0 ? { problem: 'LDIF_SEVERAL_VALUES' as const } : {}
  switch (row.form) {
    case 'text':
      return { value: stringValue(row.value, text), ...several }
    case 'number':
      return { value: numberValue(row.value, text), ...several }
    case 'references':
      return { value: multiStringValue(row.value, known) }
    case 'reference':
      return others.length > 0 ? { value: multiStringValue(row.value, known) } : { value: stringValue(row.value, text) }
    case 'time': {
      const seconds = secondsOfGeneralizedTime(text)
      return seconds === undefined ? { problem: 'LDIF_VALUE_UNREADABLE' } : { value: dwordValue(row.value, seconds) }
    }
  }
}

function numberValue(name: string, text: string): RegistryValue {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY
  return number <= 0xffff_ffff ? dwordValue(name, number) : stringValue(name, text)
}

const encoder = new TextEncoder()
const textTypes: readonly number[] = [RegistryType.string, RegistryType.expandString, RegistryType.multiString]

/** The values an attribute gets from a registry value; `undefined` when the value cannot be said in the directory. */
export function attributeValuesOf(row: FormRow, value: RegistryValue): readonly Uint8Array[] | undefined {
  if (row.form === 'bytes') return value.data.length === 0 ? undefined : [value.data]
  if (row.form === 'time') return undefined
  if (row.form === 'number' && !textTypes.includes(value.type)) {
    const number = numberOfValue(value)
    return number === undefined ? undefined : [encoder.encode(`${number}`)]
  }
  if (!textTypes.includes(value.type)) return undefined
  const texts = row.form === 'text' || row.form === 'number' ? [textOfValue(value)] : textsOfValue(value)
  if (texts.length === 0 || texts.includes('') || texts.some((text) => !text.isWellFormed())) return undefined
  return texts.map((text) => encoder.encode(text))
}

export function equalValues(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((value, index) => equalBytes(value, b[index] as Uint8Array))
}
