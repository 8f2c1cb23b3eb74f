import { encodeUtf16Terminated } from '../../base/utf16.ts'
import { multiStringValue, RegistryType } from '../../policy/registryValue.ts'
import { longestValueName, readKeyPath } from '../reg/registryNames.ts'

/** What a `reg add` or `reg delete` wants. */
export type RegCommand =
  | { readonly kind: 'add-key'; readonly path: readonly string[] }
  | {
      readonly kind: 'set'
      readonly path: readonly string[]
      readonly name: string
      readonly type: number
      readonly data: Uint8Array
    }
  | { readonly kind: 'delete-key'; readonly path: readonly string[] }
  | { readonly kind: 'delete-all-values'; readonly path: readonly string[] }
  | { readonly kind: 'delete-value'; readonly path: readonly string[]; readonly name: string }
  /** `path` and `name` tell what the command was about, as far as that could be read. */
  | { readonly kind: 'bad'; readonly what: string; readonly path?: readonly string[]; readonly name?: string }

interface Switches {
  name?: string
  type?: string
  data?: string
  separator?: string
  is32: boolean
  allValues: boolean
}

/** Reads the arguments after `add` or `delete`; in any order and case after the key. */
export function readRegCommand(verb: 'add' | 'delete', args: readonly string[]): RegCommand {
  const [keyText, ...rest] = args
  if (keyText === undefined) return { kind: 'bad', what: 'no key' }
  if (keyText.startsWith('\\\\')) return { kind: 'bad', what: 'the key is on another machine' }
  const reading = readKeyPath(keyText)
  if (reading.kind === 'bad') return { kind: 'bad', what: `the key: ${reading.what}` }
  if (reading.notice === 'unknown-root' || keyText.startsWith('\\')) return { kind: 'bad', what: 'no such root key' }
  const switches = readSwitches(verb, rest)
  if (typeof switches === 'string') return { kind: 'bad', what: switches, path: reading.names, ...nameIn(rest) }
  const path = switches.is32 ? path32(reading.names) : reading.names
  const { name } = switches
  if (name !== undefined && name.length > longestValueName) return { kind: 'bad', what: 'the name is too long', path }
  if (verb === 'delete') {
    if (switches.allValues) return { kind: 'delete-all-values', path }
    return name === undefined ? { kind: 'delete-key', path } : { kind: 'delete-value', path, name }
  }
  const { type, data } = switches
  if (name === undefined && type === undefined && data === undefined) return { kind: 'add-key', path }
  const typeNumber = typeNumbers.get((type ?? 'REG_SZ').toUpperCase())
  if (typeNumber === undefined) return { kind: 'bad', what: 'no type that reg.exe knows', path, name: name ?? '' }
  const bytes = dataOf(typeNumber, data, switches.separator ?? '\\0')
  if (typeof bytes === 'string') return { kind: 'bad', what: bytes, path, name: name ?? '' }
  return { kind: 'set', path, name: name ?? '', type: typeNumber, data: bytes }
}

/** The name a command that cannot be read was about: a value it meant to replace must not stay. */
function nameIn(args: readonly string[]): { name?: string } {
  if (args.some((arg) => /^[/-]ve$/i.test(arg))) return { name: '' }
  const at = args.findIndex((arg) => /^[/-]v$/i.test(arg))
  const name = at < 0 ? undefined : args[at + 1]
  return name === undefined ? {} : { name }
}

function readSwitches(verb: 'add' | 'delete', args: readonly string[]): Switches | string {
  const switches: Switches = { is32: false, allValues: false }
  for (let at = 0; at < args.length; at += 1) {
    const word = (args[at] as string).toLowerCase().replace(/^-/, '/')
    switch (word) {
      case '/f':
      case '/reg:64':
        break
      case '/reg:32':
        switches.is32 = true
        break
      case '/ve':
        if (switches.name !== undefined) return 'two value names'
        switches.name = ''
        break
      case '/va':
        if (verb !== 'delete') return '/va with add'
        switches.allValues = true
        break
      case '/v':
      case '/t':
      case '/d':
      case '/s': {
        const field = fieldOfSwitch[word]
        at += 1
        const text = args[at]
        if (text === undefined) return `nothing after ${word}`
        if (switches[field] !== undefined) return `${word} twice`
        if (verb === 'delete' && word !== '/v') return `${word} with delete`
        switches[field] = text
        break
      }
      default:
        return `${shown(args[at] as string)} is no switch of reg ${verb}`
    }
  }
  if (switches.separator !== undefined && switches.separator.length !== 1 && switches.separator !== '\\0') {
    return 'the separator is more than one character'
  }
  return switches
}

const fieldOfSwitch = { '/v': 'name', '/t': 'type', '/d': 'data', '/s': 'separator' } as const

/** A word that strayed may be part of key material; only what looks like a switch is shown. */
function shown(text: string): string {
  return /^\/[a-z]{1,8}$/i.test(text) ? text : 'a word'
}

const typeNumbers: ReadonlyMap<string, number> = new Map([
  ['REG_NONE', RegistryType.none],
  ['REG_SZ', RegistryType.string],
  ['REG_EXPAND_SZ', RegistryType.expandString],
  ['REG_BINARY', RegistryType.binary],
  ['REG_DWORD', RegistryType.dword],
  ['REG_DWORD_LITTLE_ENDIAN', RegistryType.dword],
  ['REG_DWORD_BIG_ENDIAN', RegistryType.dwordBigEndian],
  ['REG_MULTI_SZ', RegistryType.multiString],
  ['REG_QWORD', RegistryType.qword],
  ['REG_QWORD_LITTLE_ENDIAN', RegistryType.qword],
])

/** The bytes of a value, or why the text is none. */
function dataOf(type: number, text: string | undefined, separator: string): Uint8Array | string {
  switch (type) {
    case RegistryType.dword:
    case RegistryType.dwordBigEndian:
      return numberBytes(text ?? '0', 4)
    case RegistryType.qword:
      return numberBytes(text ?? '0', 8)
    case RegistryType.binary:
      return binaryBytes(text ?? '')
    case RegistryType.multiString:
      return multiStringBytes(text ?? '', separator)
    case RegistryType.none:
      return text === undefined ? new Uint8Array(0) : encodeUtf16Terminated(text)
    default:
      return encodeUtf16Terminated(text ?? '')
  }
}

function numberBytes(text: string, length: 4 | 8): Uint8Array | string {
  if (!/^(?:0x[0-9a-f]{1,16}|\d{1,20})$/i.test(text)) return 'the data is no number'
  const number = BigInt(text)
  if (number >= 1n << BigInt(length * 8)) return 'the number is too large for its type'
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, number, true)
  return bytes.slice(0, length)
}

function binaryBytes(text: string): Uint8Array | string {
  if (text.length % 2 !== 0) return 'the data has an odd number of hex digits'
  if (/[^0-9a-f]/i.test(text)) return 'the data is not all hex digits'
  const bytes = new Uint8Array(text.length / 2)
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Number.parseInt(text.slice(at * 2, at * 2 + 2), 16)
  return bytes
}

function multiStringBytes(text: string, separator: string): Uint8Array | string {
  const texts = text.split(separator)
  while (texts.at(-1) === '') texts.pop()
  if (texts.includes('')) return 'an empty string lies between others'
  return multiStringValue('', texts).data
}

/** Keys below SOFTWARE that 32-bit programs share with 64-bit ones; policies are among them. */
const shared = new Set(['classes', 'policies', 'wow6432node', 'microsoft\\systemcertificates'])

/** Where the 32-bit view of the registry has a key. */
function path32(path: readonly string[]): readonly string[] {
  const [root, first, second] = path
  if (root !== 'HKEY_LOCAL_MACHINE' || first?.toLowerCase() !== 'software') return path
  if (second !== undefined && shared.has(second.toLowerCase())) return path
  return [root, first, 'WOW6432Node', ...path.slice(2)]
}
