import { ipv4, maxIpv4 } from '../../../policy/ip.ts'
import { shown } from '../fault.ts'
import { readAddress, readMask } from '../parse/addresses.ts'
import { type Reading, read, refused } from '../parse/reading.ts'
import type { AddressValue, MaskValue } from '../table/tagTypes.ts'
import type { TrafficArgs } from '../static/traffic.ts'

/** What happens to the traffic of a filter: as the rule says, or at once by its brackets (netsh-ipsec.md 9.2). */
export type FilterUse = 'negotiate' | 'permit' | 'block'

export type FilterSpec =
  | { readonly kind: 'default' }
  | { readonly kind: 'filter'; readonly use: FilterUse; readonly traffic: TrafficArgs }

/** cmd.exe takes lines of 8191 characters. */
const mostFilters = 4096

const protocols = { TCP: 6, UDP: 17, ICMP: 1, RAW: 255, ANY: 0 } as const

/** The words of `-f`: filters, several of them within `( )` to permit or `[ ]` to block. */
export function readFilterSpecs(words: readonly string[]): Reading<readonly FilterSpec[]> {
  if (words.length > mostFilters) return refused(`-f names ${words.length} filters, more than a command line holds`)
  const specs: FilterSpec[] = []
  let use: FilterUse = 'negotiate'
  for (const word of words) {
    let rest = word
    if (/^[([]/.test(rest)) {
      use = rest.startsWith('(') ? 'permit' : 'block'
      rest = rest.slice(1)
    }
    const closes = /[)\]]$/.test(rest)
    if (closes) rest = rest.slice(0, -1)
    if (rest !== '') {
      const spec = filterSpec(rest, use)
      if (!spec.ok) return spec
      specs.push(spec.value)
    }
    if (closes) use = 'negotiate'
  }
  return specs.length === 0 ? refused('-f names no filter') : read(specs)
}

function filterSpec(text: string, use: FilterUse): Reading<FilterSpec> {
  if (text.toUpperCase() === 'DEFAULT') return read({ kind: 'default' })
  const joint = text.search(/[=+]/)
  if (joint < 0) return refused(`"${shown(text)}" has no = or + between source and destination`)
  const source = sideOf(text.slice(0, joint).split(':'))
  if (!source.ok) return source
  const [address = '', port = '', protocolText = '', ...more] = text.slice(joint + 1).split(':')
  const destination = sideOf([address, port])
  if (!destination.ok) return destination
  const protocol = protocolOf(protocolText)
  if (protocol === undefined || more.length > 0) return refused(`the protocol of "${shown(text)}" is not known`)
  return read({
    kind: 'filter',
    use,
    traffic: {
      srcaddr: source.value.address,
      dstaddr: destination.value.address,
      ...(source.value.mask === undefined ? {} : { srcmask: source.value.mask }),
      ...(destination.value.mask === undefined ? {} : { dstmask: destination.value.mask }),
      srcport: source.value.port,
      dstport: destination.value.port,
      protocol,
      mirrored: text.charAt(joint) === '+',
    },
  })
}

interface Side {
  readonly address: AddressValue
  readonly mask?: MaskValue
  readonly port: number
}

function sideOf([text = '', portText = '', ...more]: readonly string[]): Reading<Side> {
  const port = portText === '' || portText === '*' ? 0 : /^\d{1,5}$/.test(portText) ? Number(portText) : undefined
  if (port === undefined || port > 0xffff || more.length > 0) return refused(`"${shown(portText)}" is no port`)
  if (text === '0') return read({ address: { kind: 'me' }, port })
  if (text === '*') return read({ address: { kind: 'any' }, port })
  const wild = wildcards(text)
  if (wild !== undefined) return read({ ...wild, port })
  const slash = text.indexOf('/')
  const address = readAddress(slash < 0 ? text : text.slice(0, slash))
  if (!address.ok) return address
  if (slash < 0) return read({ address: address.value, port })
  const mask = readMask(text.slice(slash + 1))
  return mask.ok ? read({ address: address.value, mask: mask.value, port }) : mask
}

/** `10.1.*.*` is the subnet of the octets before the stars. */
function wildcards(text: string): Pick<Side, 'address' | 'mask'> | undefined {
  const match = /^(\d{1,3})\.(\d{1,3}|\*)\.(\d{1,3}|\*)\.\*$/.exec(text)
  if (match === null) return undefined
  const octets = match.slice(1)
  const fixed = octets.findIndex((octet) => octet === '*')
  const known = fixed < 0 ? octets : octets.slice(0, fixed)
  if (octets.slice(known.length).some((octet) => octet !== '*') || known.some((octet) => Number(octet) > 255)) {
    return undefined
  }
  const bits = [...known, '0', '0', '0', '0'].slice(0, 4).reduce((sum, octet) => sum * 256 + Number(octet), 0)
  const mask = (maxIpv4 << (32 - 8 * known.length)) >>> 0
  return { address: { kind: 'address', ip: ipv4(bits) }, mask: { kind: 'dotted', bits: mask } }
}

function protocolOf(text: string): number | undefined {
  if (text === '') return 0
  if (/^\d{1,3}$/.test(text)) return Number(text) <= 255 ? Number(text) : undefined
  const name = text.toUpperCase()
  return Object.hasOwn(protocols, name) ? protocols[name as keyof typeof protocols] : undefined
}
