import { parseGuid } from '../../../base/guid.ts'
import { shown } from '../fault.ts'
import type { TagRow, TagType, TagValues } from '../table/tagTypes.ts'
import { readAddress, readEndpoint, readMask } from './addresses.ts'
import { readAuthority, readKerberos, readPresharedKey } from './authentication.ts'
import { matchWord } from './matchWord.ts'
import { readMainModeMethods, readQuickModeMethods } from './methods.ts'
import { type Reading, read, refused } from './reading.ts'

/** Longest name of an object [R], in UTF-16 units. */
export const longestName = 255

const protocolWords = { ANY: 0, ICMP: 1, TCP: 6, UDP: 17, RAW: 255 } as const

type Readers = { readonly [T in TagType]: (text: string, tag: TagRow) => Reading<TagValues[T]> }

/** How the text of each type of tag is read (netsh-ipsec.md 3). */
const readers: Readers = {
  name: (text) => {
    if (text.length > longestName) return refused(`a name has at most ${longestName} characters, not ${text.length}`)
    return text.includes('\0') ? refused('a name cannot hold the character U+0000') : read(text)
  },
  text: (text) => (text.includes('\0') ? refused('the text holds the character U+0000') : read(text)),
  file: read,
  'yes-no': (text) => wordIn(text, ['yes', 'no'], (word) => word === 'yes'),
  number: readNumber,
  port: readPort,
  guid: (text) => {
    const id = /^\{.{36}\}$/.test(text) ? parseGuid(text) : undefined
    return id === undefined ? refused(`"${shown(text)}" is no id in braces`) : read(id)
  },
  protocol: readProtocol,
  address: readAddress,
  mask: readMask,
  endpoint: readEndpoint,
  'main-mode-methods': readMainModeMethods,
  'quick-mode-methods': readQuickModeMethods,
  word: (text, tag) => wordIn(text, tag.words ?? [], (word) => word),
  kerberos: readKerberos,
  psk: readPresharedKey,
  rootca: readAuthority,
}

export function readValue(text: string, tag: TagRow): Reading<TagValues[TagType]> {
  return readers[tag.type](text, tag)
}

function wordIn<T>(text: string, words: readonly string[], valueOf: (word: string) => T): Reading<T> {
  const match = matchWord(text, words, (word) => word)
  switch (match.kind) {
    case 'match':
      return read(valueOf(match.item))
    case 'ambiguous':
      return refused(`"${shown(text)}" may be ${match.items.join(' or ')}`)
    case 'none':
      return refused(`"${shown(text)}" is none of ${words.join(', ')}`, { nearest: match.nearest })
  }
}

function readNumber(text: string, tag: TagRow): Reading<number> {
  const least = tag.least ?? 0
  const most = tag.most ?? 0xffff_ffff
  const number = /^\d{1,10}$/.test(text) ? Number(text) : undefined
  if (number === undefined || number < least || number > most) {
    return refused(`"${shown(text)}" is no whole number from ${least} to ${most}`)
  }
  return read(number)
}

/** 0 and the word `any` are any port. */
function readPort(text: string): Reading<number> {
  if (text.toLowerCase() === 'any') return read(0)
  const port = /^\d{1,5}$/.test(text) ? Number(text) : undefined
  return port === undefined || port > 0xffff ? refused(`"${shown(text)}" is no port from 0 to 65535`) : read(port)
}

function readProtocol(text: string): Reading<number> {
  if (/^\d{1,3}$/.test(text) && Number(text) <= 255) return read(Number(text))
  const names = Object.keys(protocolWords) as (keyof typeof protocolWords)[]
  const match = matchWord(text, names, (name) => name)
  if (match.kind === 'match') return read(protocolWords[match.item])
  return refused(`"${shown(text)}" is none of ${names.join(', ')} and no number from 0 to 255`, {
    nearest: match.kind === 'none' ? match.nearest : undefined,
  })
}
