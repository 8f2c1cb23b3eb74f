import type { Filter } from '../../policy/filter.ts'
import { anyPort, type Port } from '../../policy/filter.ts'
import { formatIp, type Ip, parseIp } from '../../policy/ip.ts'
import { hasPorts, parseProtocol, protocolName, protocolNames } from '../../policy/protocol.ts'
import { familiesBeside, parseSide, type Side, sidesText, unquoted } from './addressWords.ts'
import { suggestion } from './nearestWord.ts'
import { isFault, type Parsed } from './parsed.ts'
import { parsePort, portsText } from './portWords.ts'

/** A filter without its id, which the document keeps elsewhere. */
export type FilterWords = Omit<Filter, 'id'>

/** UTF-16 units; no address or description of a person comes near. */
const longestLine = 16_384

/**
 * One filter on one line:
 *
 *     SOURCE <-> DESTINATION [PROTOCOL [SOURCEPORT:DESTINATIONPORT]] [tunnel=ADDRESS] ["description"]
 *
 * `<->` is mirrored (the answer is meant as well), `->` goes one way.
 *
 * parseFilterLine('10.0.0.0/8 -> me tcp :443 "web"')
 */
export function parseFilterLine(line: string): Parsed<FilterWords> {
  if (line.length > longestLine) return { fault: `a filter has at most ${longestLine} characters`, at: 0 }
  const words = wordsOf(line)
  if ('fault' in words) return words
  const [sourceWord, arrow, destinationWord, ...rest] = words.value
  if (sourceWord === undefined) return { fault: 'a filter is expected: SOURCE <-> DESTINATION', at: 0 }
  if (arrow === undefined || (arrow.text !== '<->' && arrow.text !== '->')) {
    return { fault: 'after the source comes <-> (mirrored) or -> (one way)', at: arrow?.at ?? line.length }
  }
  if (destinationWord === undefined) return { fault: 'after the arrow comes the destination', at: line.length }
  const source = parseSide(sourceWord.text)
  if (isFault(source)) return moved(source, sourceWord.at)
  const destination = parseSide(destinationWord.text)
  if (isFault(destination)) return moved(destination, destinationWord.at)
  const traffic = trafficOf(rest)
  if ('fault' in traffic) return traffic
  return filterWords({
    source: source.value,
    destination: destination.value,
    mirrored: arrow.text === '<->',
    ...traffic.value,
  })
}

interface Traffic {
  readonly protocol: number
  readonly sourcePort: Port
  readonly destinationPort: Port
  readonly legacyTunnel?: Ip
  readonly description?: string
}

/** Puts the parts of a filter together and checks what must fit together. */
export function filterWords(
  parts: Traffic & { readonly source: Side; readonly destination: Side; readonly mirrored: boolean },
): Parsed<FilterWords> {
  const { source, destination, ...rest } = parts
  if (!hasPorts(rest.protocol) && (rest.sourcePort.kind !== 'any' || rest.destinationPort.kind !== 'any')) {
    return { fault: 'ports go with a protocol that has them: write tcp or udp before them', at: 0 }
  }
  return {
    value: {
      ...rest,
      source: closed(source, destination),
      destination: closed(destination, source),
      ...(source.name === undefined ? {} : { sourceName: source.name }),
      ...(destination.name === undefined ? {} : { destinationName: destination.name }),
    },
  }
}

function closed(side: Side, other: Side): Side['address'] {
  if (side.isOpen !== true) return side.address
  const families = familiesBeside(other)
  return families === 'ipv4' ? side.address : ({ ...side.address, families } as Side['address'])
}

interface Word {
  readonly text: string
  readonly at: number
}

const wordPattern = /(?:"(?:[^"\\]|\\.)*"|[^\s"])+/y
const blankPattern = /\s*/y

/** Words are parted by blanks, except inside double quotes. */
function wordsOf(line: string): Parsed<Word[]> {
  const words: Word[] = []
  for (let at = 0; ; ) {
    blankPattern.lastIndex = at
    blankPattern.exec(line)
    at = blankPattern.lastIndex
    if (at >= line.length) return { value: words }
    wordPattern.lastIndex = at
    const text = wordPattern.exec(line)?.[0]
    if (text === undefined) return { fault: 'the closing quote of the description is missing', at }
    words.push({ text, at })
    at += text.length
  }
}

/** What follows the two sides: each part at most once, in this order. */
function trafficOf(words: readonly Word[]): Parsed<Traffic> {
  let index = 0
  let protocol = 0
  let ports: readonly [Port, Port] = [anyPort, anyPort]
  let legacyTunnel: Ip | undefined
  let description: string | undefined
  let word = words[index]
  if (word !== undefined && /^[A-Za-z0-9]/.test(word.text) && !word.text.startsWith('tunnel=')) {
    const parsed = /^[\d-]+:|^\d+-\d+$/.test(word.text) ? undefined : parseProtocol(word.text)
    if (parsed === undefined) return { fault: protocolFault(word.text), at: word.at }
    protocol = parsed
    word = words[(index += 1)]
  }
  if (word !== undefined && !word.text.startsWith('"') && !word.text.startsWith('tunnel=')) {
    const parsed = parsePorts(word)
    if ('fault' in parsed) return parsed
    ports = parsed.value
    word = words[(index += 1)]
  }
  if (word?.text.startsWith('tunnel=') === true) {
    legacyTunnel = parseIp(word.text.slice('tunnel='.length))
    if (legacyTunnel?.family !== 'ipv4') return { fault: 'after "tunnel=" comes an IPv4 address', at: word.at }
    word = words[(index += 1)]
  }
  if (word?.text.startsWith('"') === true) {
    description = unquoted(word.text)
    if (description === undefined || description.includes('\0')) {
      return { fault: 'the description is no text in double quotes with the escapes of JSON', at: word.at }
    }
    word = words[(index += 1)]
  }
  if (word !== undefined) {
    const what = index > 0 && word.text !== '#' ? 'nothing more is expected here' : 'this is no part of a filter'
    return { fault: `${what}; a description goes in double quotes at the end`, at: word.at }
  }
  return {
    value: {
      protocol,
      sourcePort: ports[0],
      destinationPort: ports[1],
      ...(legacyTunnel === undefined ? {} : { legacyTunnel }),
      ...(description === undefined || description === '' ? {} : { description }),
    },
  }
}

function parsePorts(word: Word): Parsed<readonly [Port, Port]> {
  const colon = word.text.indexOf(':')
  if (colon < 0) {
    const isPort = /^\d+(?:-\d+)?$/.test(word.text)
    return {
      fault: isPort
        ? `a port has a colon: ":${word.text}" is the destination port, "${word.text}:any" the source port`
        : 'ports are written SOURCE:DESTINATION; a description goes in double quotes',
      at: word.at,
    }
  }
  const source = parsePort(word.text.slice(0, colon))
  if (isFault(source)) return moved(source, word.at)
  const destination = parsePort(word.text.slice(colon + 1))
  if (isFault(destination)) return moved(destination, word.at + colon + 1)
  return { value: [source.value, destination.value] }
}

function protocolFault(text: string): string {
  if (/^\d+(?:-\d+)?:/.test(text)) return 'ports go with a protocol that has them: write tcp or udp before them'
  return `"${text}" is no protocol${suggestion(text, protocolNames())}; a name or a number 0-255 is expected`
}

function moved(fault: { readonly fault: string; readonly at: number }, by: number): Parsed<never> {
  return { fault: fault.fault, at: fault.at + by }
}

/** The line of a filter; `undefined` when the document cannot say it. */
export function filterLine(filter: FilterWords): string | undefined {
  const sides = sidesText(
    { address: filter.source, ...(filter.sourceName === undefined ? {} : { name: filter.sourceName }) },
    { address: filter.destination, ...(filter.destinationName === undefined ? {} : { name: filter.destinationName }) },
  )
  const ports = portsText(filter.sourcePort, filter.destinationPort)
  if (sides === undefined || ports === undefined) return undefined
  if (ports !== '' && !hasPorts(filter.protocol)) return undefined
  let line = `${sides[0]} ${filter.mirrored ? '<->' : '->'} ${sides[1]}`
  if (filter.protocol !== 0) line += ` ${protocolName(filter.protocol)}`
  if (ports !== '') line += ` ${ports}`
  if (filter.legacyTunnel !== undefined) {
    if (filter.legacyTunnel.family !== 'ipv4') return undefined
    line += ` tunnel=${formatIp(filter.legacyTunnel)}`
  }
  if (filter.description !== undefined) line += ` ${JSON.stringify(filter.description)}`
  return line.length > longestLine ? undefined : line
}
